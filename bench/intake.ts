import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { type BenchPlace, makePlaces } from "./places.ts";
import { printTable, quantile, recordResult } from "./report.ts";

/** The promise: alerts a second, on and on, each acknowledged only when it is stored. */
const PROMISED_PER_SECOND = 500;
/** Connections that send without a pause; the sender runs on the same machine and takes its share of it. */
const SENDERS = 16;
/** The hardest case, and what a sender that groups its alerts makes of an outage. */
const ALERTS_PER_DELIVERY = [1, 20];
const WARM_UP_MS = 1_500;
const MEASURED_MS = 5_000;
/** After the load the backlog is watched this long. */
const DRAIN_MS = 4_000;

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

function alertsBody(name: string, count: number): string {
  const alerts = Array.from({ length: count }, (_, n) => ({
    title: `Load ${name} ${n}`,
    dedupKey: `${name}-${n}`,
    severity: "warning",
  }));
  return JSON.stringify({ alerts });
}

/** Sends deliveries, each of alerts of its own, as fast as they are answered. */
async function load(url: string, name: string, count: number, forMs: number): Promise<Run> {
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  const run: Run = { acknowledged: [], latenciesMs: [], refused: 0, durationMs: 0 };
  const startedAt = performance.now();
  let serial = 0;
  const sender = async () => {
    while (performance.now() - startedAt < forMs) {
      serial += 1;
      const body = alertsBody(`${name}-${serial}`, count);
      const sentAt = performance.now();
      const { status, text } = await post(agent, url, body);
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

/** Seconds of CPU that the server has used: what a delivery costs, however busy the machine is with other things. */
async function cpuSeconds(server: ServerProcess): Promise<number> {
  const { text } = await server.ask("GET", "/metrics");
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
}

async function measure(server: ServerProcess, url: string, count: number) {
  const warm = await load(url, `warm-${count}`, count, WARM_UP_MS);
  const cpuBefore = await cpuSeconds(server);
  const run = await load(url, `measured-${count}`, count, MEASURED_MS);
  const cpuMs = ((await cpuSeconds(server)) - cpuBefore) * 1_000;
  const all = [...warm.acknowledged, ...run.acknowledged];
  const before = await processedOf(server, all);
  const drainStartedAt = performance.now();
  await pause(DRAIN_MS);
  const processed = (await processedOf(server, all)) - before;
  const drainSeconds = (performance.now() - drainStartedAt) / 1_000;
  return {
    alertsPerDelivery: count,
    alertsPerSecond: Math.round((run.acknowledged.length * count) / (run.durationMs / 1_000)),
    p50Ms: Number(quantile(run.latenciesMs, 0.5).toFixed(1)),
    p99Ms: Number(quantile(run.latenciesMs, 0.99).toFixed(1)),
    refused: run.refused,
    cpuMsPerDelivery: Number((cpuMs / run.acknowledged.length).toFixed(2)),
    acknowledged: all.length,
    processedUnderLoad: before,
    processedAlertsPerSecondAfter: Math.round((processed * count) / drainSeconds),
    isDrained: before + processed === all.length,
  };
}

async function measurePlace(place: BenchPlace, count: number) {
  const server = await startServerProcess({ ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN });
  try {
    const made = await server.ask<{ key: string }>("POST", "/api/v1/integrations", {
      name: "load",
      source: "generic-json",
      service: "checkout",
    });
    return { engine: place.engine, ...(await measure(server, `${server.url}/hooks/${made.body.key}`, count)) };
  } finally {
    await server.killHard();
  }
}

/** Acknowledged alerts a second, how long a sender waits, and whether the jobs keep up, against the promise. */
export async function benchIntake(): Promise<void> {
  const results = [];
  for (const count of ALERTS_PER_DELIVERY) {
    // A state of its own for each: a backlog of the one must not be worked off in the other.
    for (const place of await makePlaces()) {
      try {
        results.push(await measurePlace(place, count));
      } finally {
        await place.close();
      }
    }
  }
  printTable(
    results.map((result) => ({
      database: result.engine,
      "alerts each": result.alertsPerDelivery,
      "acknowledged alerts/s": result.alertsPerSecond,
      promised: `>= ${PROMISED_PER_SECOND}`,
      kept: result.alertsPerSecond >= PROMISED_PER_SECOND ? "yes" : "no",
      "p50 ms": result.p50Ms,
      "p99 ms": result.p99Ms,
      "server CPU ms each": result.cpuMsPerDelivery,
      refused: result.refused,
      "processed under load": `${result.processedUnderLoad} of ${result.acknowledged}`,
      "alerts processed/s after": result.isDrained ? "all" : result.processedAlertsPerSecondAfter,
    })),
  );
  recordResult("intake", { promisedPerSecond: PROMISED_PER_SECOND, senders: SENDERS, results });
}
