import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { type BenchPlace, makePlaces } from "./places.ts";
import { printTable, quantile, recordResult } from "./report.ts";

/** The promise: alerts a second, on and on, each acknowledged only when it is stored. */
const PROMISED_PER_SECOND = 500;
/** Connections that send without a pause; the sender runs on the same machine and takes its share of it. */
const SENDERS = 16;
const WARM_UP_MS = 2_000;
const MEASURED_MS = 8_000;
/** After the load this long is waited for the backlog. */
const DRAIN_MS = 8_000;

type Run = { acknowledged: string[]; latenciesMs: number[]; refused: number; durationMs: number };

function post(agent: Agent, url: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Sends single alerts, each of its own, as fast as they are answered. */
async function load(url: string, name: string, forMs: number): Promise<Run> {
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  const run: Run = { acknowledged: [], latenciesMs: [], refused: 0, durationMs: 0 };
  const startedAt = performance.now();
  let serial = 0;
  const sender = async () => {
    while (performance.now() - startedAt < forMs) {
      serial += 1;
      const alert = { title: `Load ${name} ${serial}`, dedupKey: `${name}-${serial}`, severity: "warning" };
      const sentAt = performance.now();
      const { status, text } = await post(agent, url, JSON.stringify(alert));
      if (status === 202) {
        run.latenciesMs.push(performance.now() - sentAt);
        run.acknowledged.push((JSON.parse(text) as { delivery: string }).delivery);
      } else {
        run.refused += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  run.durationMs = performance.now() - startedAt;
  agent.destroy();
  return run;
}

/** How many of the deliveries, in their order, are processed: they are taken one after the other. */
async function processedOf(server: ServerProcess, deliveries: readonly string[]): Promise<number> {
  let low = 0;
  let high = deliveries.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { body } = await server.ask<{ state: string }>("GET", `/api/v1/deliveries/${deliveries[middle]}`);
    if (body.state === "processed") low = middle + 1;
    else high = middle;
  }
  return low;
}

async function measure(place: BenchPlace) {
  const server = await startServerProcess({ ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN });
  try {
    const made = await server.ask<{ key: string }>("POST", "/api/v1/integrations", {
      name: "load",
      source: "generic-json",
      service: "checkout",
    });
    const url = `${server.url}/hooks/${made.body.key}`;
    const warm = await load(url, "warm", WARM_UP_MS);
    const run = await load(url, "measured", MEASURED_MS);
    const all = [...warm.acknowledged, ...run.acknowledged];
    const before = await processedOf(server, all);
    const drainStartedAt = performance.now();
    while (performance.now() - drainStartedAt < DRAIN_MS) await pause(500);
    const processed = (await processedOf(server, all)) - before;
    const drainMs = performance.now() - drainStartedAt;
    return {
      engine: place.engine,
      perSecond: Math.round(run.acknowledged.length / (run.durationMs / 1000)),
      p50Ms: Number(quantile(run.latenciesMs, 0.5).toFixed(1)),
      p99Ms: Number(quantile(run.latenciesMs, 0.99).toFixed(1)),
      refused: run.refused,
      acknowledged: all.length,
      processedUnderLoad: before,
      processedPerSecondAfter: Math.round(processed / (drainMs / 1000)),
      isDrained: before + processed === all.length,
    };
  } finally {
    await server.killHard();
  }
}

/** Acknowledged deliveries a second, and how long a sender waits, against the promise. */
export async function benchIntake(): Promise<boolean> {
  const places = await makePlaces();
  const results = [];
  for (const place of places) {
    try {
      results.push(await measure(place));
    } finally {
      await place.close();
    }
  }
  printTable(
    results.map((result) => ({
      database: result.engine,
      "acknowledged/s": result.perSecond,
      promised: `>= ${PROMISED_PER_SECOND}`,
      "p50 ms": result.p50Ms,
      "p99 ms": result.p99Ms,
      refused: result.refused,
      "processed under load": `${result.processedUnderLoad} of ${result.acknowledged}`,
      "processed/s after": result.isDrained ? `>= ${result.processedPerSecondAfter}` : result.processedPerSecondAfter,
    })),
  );
  recordResult("intake", { promisedPerSecond: PROMISED_PER_SECOND, senders: SENDERS, results });
  return results.every((result) => result.perSecond >= PROMISED_PER_SECOND);
}
