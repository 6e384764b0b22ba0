import { PROCESS_TOKEN, startServerProcess } from "#/server/testing/server-process.ts";
import { type BenchPlace, makePlaces } from "../places.ts";
import { printTable } from "../report.ts";
import { alertBodies, send } from "./send.ts";

const ROUNDS = 5;
const CONNECTIONS = 16;
const KILL_AFTER_MS = [300, 1_500];

/** SIGKILL in the middle of a storm: every delivery that was answered with 202 is there after the restart. */
async function measure(place: BenchPlace) {
  const environment = { ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN };
  const found = { engine: place.engine, acknowledged: 0, lost: 0 };
  let url = "";
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await startServerProcess(environment);
    if (!url) {
      const made = await server.ask<{ key: string }>("POST", "/api/v1/integrations", {
        name: "kill",
        source: "generic-json",
      });
      url = `/hooks/${made.body.key}`;
    }
    const [least = 0, most = 0] = KILL_AFTER_MS;
    const killAt = performance.now() + least + Math.random() * (most - least);
    const bodies = alertBodies(100_000, (n) => ({
      title: `Kill ${round} ${n}`,
      dedupKey: `${round}-${n}`,
      severity: "info",
      service: "kill",
    }));
    const sending = send(server.url + url, bodies, {
      connections: CONNECTIONS,
      until: () => performance.now() > killAt,
    });
    await new Promise((resolve) => setTimeout(resolve, killAt - performance.now() - 20));
    await server.killHard();
    const sent = await sending;
    const again = await startServerProcess(environment);
    for (const delivery of sent.acknowledged) {
      const { status } = await again.ask("GET", `/api/v1/deliveries/${delivery}`);
      if (status !== 200) found.lost += 1;
    }
    found.acknowledged += sent.acknowledged.length;
    await again.killHard();
  }
  return found;
}

/** @throws Error when an acknowledged delivery is lost */
export async function measureKills() {
  const results = [];
  for (const place of await makePlaces()) {
    try {
      results.push(await measure(place));
    } finally {
      await place.close();
    }
  }
  process.stdout.write(`\n  SIGKILL in a storm, ${ROUNDS} times\n`);
  printTable(
    results.map(({ engine, acknowledged, lost }) => ({
      database: engine,
      "answered 202": acknowledged,
      "lost (allowed 0)": lost,
    })),
  );
  if (results.some(({ lost }) => lost > 0)) throw new Error("A delivery that was answered with 202 is gone.");
  return results;
}
