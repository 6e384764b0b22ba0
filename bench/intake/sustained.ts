import { setTimeout as pause } from "node:timers/promises";
import { PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { type BenchPlace, makePlaces } from "../places.ts";
import { printTable, quantile } from "../report.ts";
import { measureAlertmanager } from "./alertmanager-peer.ts";
import { measureBareLoop } from "./bare-loop.ts";
import { alertBodies, type LoadAlert, send } from "./send.ts";

const CONNECTIONS = 32;
const WARM_UP = 1_000;
const MEASURED_MS = 8_000;
const PEER_ALERTS = 10_000;
const SHARE_MIN = 0.5;
const PROMISED_PER_SECOND = 500;
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

async function measure(place: BenchPlace) {
  const server = await startServerProcess({ ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN });
  try {
    const made = await server.ask<{ id: string; key: string }>("POST", "/api/v1/integrations", {
      name: "load",
      source: "generic-json",
    });
    const url = `${server.url}/hooks/${made.body.key}`;
    const warm = await send(url, alertBodies(WARM_UP, alert("warm")), { connections: CONNECTIONS });
    await drained(server, warm.acknowledged.at(-1) ?? "");
    const before = await cpuMs(server);
    const endsAt = performance.now() + MEASURED_MS;
    const run = await send(url, alertBodies(Number.POSITIVE_INFINITY, alert("load")), {
      connections: CONNECTIONS,
      until: () => performance.now() > endsAt,
    });
    const acknowledging = (await cpuMs(server)) - before;
    const drainStartedAt = performance.now();
    await drained(server, run.acknowledged.at(-1) ?? "");
    const drainSeconds = (performance.now() - drainStartedAt) / 1_000;
    const all = (await cpuMs(server)) - before;
    const count = run.acknowledged.length;
    const seconds = run.durationMs / 1_000;
    await server.killHard();
    const bare = place.environment.DATABASE_URL
      ? await measureBareLoop(
          place.environment.DATABASE_URL,
          made.body.id,
          JSON.stringify(alert("bare")(1)),
          MEASURED_MS,
        )
      : null;
    return {
      engine: place.engine,
      perSecond: Math.round(count / seconds),
      barePerSecond: bare === null ? null : Math.round(bare),
      p99Ms: Math.round(quantile(run.latenciesMs, 0.99)),
      refused: [...run.refused.values()].reduce((sum, one) => sum + one, 0),
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
      "p99 ms": result.p99Ms,
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
