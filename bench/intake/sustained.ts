import { setTimeout as pause } from "node:timers/promises";
import { PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { type BenchPlace, makePlaces } from "../places.ts";
import { printTable, quantile } from "../report.ts";
import { measureAlertmanager } from "./alertmanager-peer.ts";
import { measureBareLoop } from "./bare-loop.ts";
import { alertBodies, type LoadAlert, type Sent, send } from "./send.ts";

const CONNECTIONS = 32;
/** One key may send a thousand a second: what is measured here is the server, so several send. */
const SENDERS = 4;
const WARM_UP = 1_000;
const MEASURED_MS = 8_000;
const PEER_ALERTS = 10_000;
const SHARE_MIN = 0.5;
const PROMISED_PER_SECOND = 500;
const ACK_P99_MS = 500;
const DRAIN_MS_MAX = 300_000;

const alert =
  (name: string) =>
  (n: number): LoadAlert => ({
    title: `Load ${name} ${n}`,
    dedupKey: `${name}-${n}`,
    severity: "warning",
    service: "checkout",
  });

async function cpuMs(server: ServerProcess): Promise<number> {
  const { text } = await server.ask("GET", "/metrics");
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]) * 1_000;
}

async function drained(server: ServerProcess, delivery: string): Promise<void> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < DRAIN_MS_MAX) {
    const { body } = await server.ask<{ state: string }>("GET", `/api/v1/deliveries/${delivery}`);
    if (body.state === "processed") return;
    await pause(200);
  }
}

async function addSender(server: ServerProcess, name: string): Promise<{ id: string; url: string }> {
  const { body } = await server.ask<{ id: string; key: string }>("POST", "/api/v1/integrations", {
    name,
    source: "generic-json",
  });
  return { id: body.id, url: `${server.url}/hooks/${body.key}` };
}

/** The connections are shared by all senders. */
async function sendAll(urls: readonly string[], bodies: Iterator<string>, until: () => boolean): Promise<Sent[]> {
  return Promise.all(urls.map((url) => send(url, bodies, { connections: CONNECTIONS / urls.length, until })));
}

async function allDrained(server: ServerProcess, runs: readonly Sent[]): Promise<void> {
  for (const run of runs) await drained(server, run.acknowledged.at(-1) ?? "");
}

async function measure(place: BenchPlace) {
  const server = await startServerProcess({ ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN });
  try {
    const senders = [];
    for (let n = 0; n < SENDERS; n += 1) senders.push(await addSender(server, `load ${n}`));
    const urls = senders.map(({ url }) => url);
    await allDrained(server, await sendAll(urls, alertBodies(WARM_UP, alert("warm")), () => false));
    const before = await cpuMs(server);
    const endsAt = performance.now() + MEASURED_MS;
    const load = alertBodies(Number.POSITIVE_INFINITY, alert("load"));
    const runs = await sendAll(urls, load, () => performance.now() > endsAt);
    const count = runs.reduce((sum, run) => sum + run.acknowledged.length, 0);
    const seconds = Math.max(...runs.map((run) => run.durationMs)) / 1_000;
    const acknowledging = (await cpuMs(server)) - before;
    const drainStartedAt = performance.now();
    await allDrained(server, runs);
    const drainSeconds = (performance.now() - drainStartedAt) / 1_000;
    const all = (await cpuMs(server)) - before;
    await server.killHard();
    const bare = place.environment.DATABASE_URL
      ? await measureBareLoop(
          place.environment.DATABASE_URL,
          senders[0]?.id ?? "",
          JSON.stringify(alert("bare")(1)),
          MEASURED_MS,
        )
      : null;
    return {
      engine: place.engine,
      perSecond: Math.round(count / seconds),
      barePerSecond: bare === null ? null : Math.round(bare),
      p99Ms: Math.round(
        quantile(
          runs.flatMap((run) => run.latenciesMs),
          0.99,
        ),
      ),
      refused: runs.flatMap((run) => [...run.refused.values()]).reduce((sum, one) => sum + one, 0),
      cpuMsPerAck: acknowledging / count,
      cpuMsPerAlert: all / count,
      processedPerSecond: Math.round(count / (seconds + drainSeconds)),
    };
  } finally {
    await server.killHard();
  }
}

/** Single alerts as fast as they are acknowledged, beside a bare loop on the same tables and Alertmanager's own API. */
export async function measureSustained() {
  const peer = await measureAlertmanager(PEER_ALERTS);
  const results = [];
  for (const place of await makePlaces()) {
    try {
      results.push(await measure(place));
    } finally {
      await place.close();
    }
  }
  process.stdout.write("\n  Single alerts, as fast as they are acknowledged\n");
  printTable([
    ...results.map((result) => ({
      "": result.engine,
      "acknowledged/s": result.perSecond,
      "bare loop/s": result.barePerSecond ?? "-",
      limit: result.barePerSecond
        ? `>= ${SHARE_MIN} of it: ${(result.perSecond / result.barePerSecond).toFixed(2)}`
        : `>= ${PROMISED_PER_SECOND}`,
      "p99 ms": `${result.p99Ms} (<= ${ACK_P99_MS})`,
      refused: result.refused,
      "processed/s": result.processedPerSecond,
      "CPU ms an alert": result.cpuMsPerAlert.toFixed(2),
    })),
    ...(peer
      ? [
          {
            "": "Alertmanager, in memory",
            "acknowledged/s": Math.round(peer.perSecond),
            "bare loop/s": "-",
            limit: "-",
            "p99 ms": "-",
            refused: 0,
            "processed/s": "-",
            "CPU ms an alert": peer.cpuMsPerAlert.toFixed(2),
          },
        ]
      : []),
  ]);
  if (!peer) process.stdout.write("  Without ALERTMANAGER_PATH its API is left out.\n");
  return { peer, results };
}
