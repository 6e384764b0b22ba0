import { setTimeout as pause } from "node:timers/promises";
import { PROCESS_TOKEN, type ServerProcess, startServerProcess } from "#/server/testing/server-process.ts";
import { Client } from "#/server/testing/test-sync.ts";
import { type BenchPlace, makePlaces } from "../places.ts";
import { printTable, quantile } from "../report.ts";
import { alertBodies, type LoadAlert, type Sent, send } from "./send.ts";

const DISTINCT = 10_000;
const DISTINCT_MS = 60_000;
const REPEATED = 10_000;
const FINGERPRINTS = 50;
/** The storm is of this many services, so of this many groups. */
const SERVICES = 20;
const CONNECTIONS = 16;
const TYPISTS = 5;
const EDIT_PAUSE_MS = 200;
const DRAIN_MS_MAX = 240_000;
const LIMITS = { ackP99Ms: 500, editP95Ms: 200, drainMs: 120_000 };

type Alerts = { items: { count: number }[]; nextCursor: string | null };

const distinct = (n: number): LoadAlert => ({
  title: `Storm alert ${n}`,
  dedupKey: `storm-${n}`,
  severity: "error",
  service: `service-${n % SERVICES}`,
});
const repeated = (n: number): LoadAlert => ({
  title: `Repeated alert ${n % FINGERPRINTS}`,
  dedupKey: `repeated-${n % FINGERPRINTS}`,
  severity: "warning",
  service: `service-${n % SERVICES}`,
});

/** Bodies that differ in their bytes, as those of real repeats do by their times. */
function* repeats(): Generator<string> {
  for (let n = 0; n < REPEATED; n += 1) yield JSON.stringify({ ...repeated(n), attempt: n });
}

/** People who type in a room of their own meanwhile, and how long *Saved* takes them. */
function startTyping(server: ServerProcess, incidentId: string) {
  const latencies: number[] = [];
  let isOver = false;
  const typist = async () => {
    const client = new Client(
      `${server.url.replace(/^http/, "ws")}/sync`,
      `incidents/${incidentId}/summary`,
      PROCESS_TOKEN,
    );
    while (!isOver) {
      if (client.provider.synced) {
        client.doc.getText("text").insert(0, "word ");
        const startedAt = performance.now();
        const isAnswered = client.barrier();
        while (!isAnswered() && performance.now() - startedAt < 30_000) await pause(5);
        latencies.push(performance.now() - startedAt);
      }
      await pause(EDIT_PAUSE_MS);
    }
    client.leave();
  };
  const all = Array.from({ length: TYPISTS }, typist);
  return {
    latencies,
    async stop() {
      isOver = true;
      await Promise.all(all);
    },
  };
}

async function countAlerts(server: ServerProcess, q: string): Promise<{ alerts: number; reports: number }> {
  const found = { alerts: 0, reports: 0 };
  let cursor = "";
  do {
    const { body } = await server.ask<Alerts>("GET", `/api/v1/alerts?limit=200&q=${encodeURIComponent(q)}${cursor}`);
    found.alerts += body.items.length;
    for (const { count } of body.items) found.reports += count;
    cursor = body.nextCursor ? `&cursor=${encodeURIComponent(body.nextCursor)}` : "";
    if (!body.nextCursor) return found;
  } while (cursor);
  return found;
}

async function isProcessed(server: ServerProcess, delivery: string | undefined): Promise<boolean> {
  const { body } = await server.ask<{ state: string }>("GET", `/api/v1/deliveries/${delivery}`);
  return body.state === "processed";
}

/** Milliseconds until the last of what was sent was read. */
async function drained(server: ServerProcess, sent: Sent): Promise<number> {
  const startedAt = performance.now();
  while (!(await isProcessed(server, sent.acknowledged.at(-1)))) {
    if (performance.now() - startedAt > DRAIN_MS_MAX) break;
    await pause(500);
  }
  return performance.now() - startedAt;
}

async function memoryMb(server: ServerProcess): Promise<number> {
  const { text } = await server.ask("GET", "/metrics");
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1_024 / 1_024;
}

function added(a: Sent, b: Sent): { acknowledged: number; latenciesMs: number[]; refused: string } {
  const counts = [...a.refused, ...b.refused].map(([status, count]) => `${count} × ${status || "no answer"}`);
  const refused = counts.join(", ") || "0";
  return {
    acknowledged: a.acknowledged.length + b.acknowledged.length,
    latenciesMs: [...a.latenciesMs, ...b.latenciesMs],
    refused,
  };
}

async function measure(place: BenchPlace) {
  const server = await startServerProcess({ ...place.environment, MUSTER_API_TOKEN: PROCESS_TOKEN });
  try {
    const made = await server.ask<{ key: string }>("POST", "/api/v1/integrations", {
      name: "storm",
      source: "generic-json",
    });
    const room = await server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "A room of its own" });
    const url = `${server.url}/hooks/${made.body.key}`;
    const typing = startTyping(server, room.body.id);
    const before = await memoryMb(server);
    const first = await send(url, alertBodies(DISTINCT, distinct), {
      connections: CONNECTIONS,
      perSecond: DISTINCT / (DISTINCT_MS / 1_000),
    });
    const second = await send(url, repeats(), { connections: CONNECTIONS });
    const sent = added(first, second);
    const drainMs = await drained(server, second);
    await typing.stop();
    const after = await memoryMb(server);
    const storm = await countAlerts(server, "Storm alert");
    const again = await countAlerts(server, "Repeated alert");
    const triage = await server.ask<{ items: unknown[] }>("GET", "/api/v1/incidents?status=triage&limit=200");
    // What a server takes once is no leak: the same storm again has to do with the memory that is there.
    await drained(server, await send(url, repeats(), { connections: CONNECTIONS }));
    return {
      engine: place.engine,
      acknowledged: sent.acknowledged,
      refused: sent.refused,
      lost: sent.acknowledged - storm.alerts - again.reports,
      doubled: Math.max(0, again.alerts - FINGERPRINTS),
      ackP99Ms: Math.round(quantile(sent.latenciesMs, 0.99)),
      repeatedPerSecond: Math.round(second.acknowledged.length / (second.durationMs / 1_000)),
      incidents: triage.body.items.length,
      groups: SERVICES,
      editP95Ms: Math.round(quantile(typing.latencies, 0.95)),
      edits: typing.latencies.length,
      drainMs: Math.round(drainMs),
      memoryMb: [before, after, await memoryMb(server)].map(Math.round),
    };
  } finally {
    await server.killHard();
  }
}

/** Ten thousand problems in a minute, then as many repeats of fifty, while others type. */
export async function measureStorm() {
  const results = [];
  for (const place of await makePlaces()) {
    try {
      results.push(await measure(place));
    } finally {
      await place.close();
    }
  }
  process.stdout.write("\n  A storm: 10,000 alerts in a minute, then 10,000 reports of 50\n");
  printTable(
    results.map((result) => ({
      database: result.engine,
      "acknowledged (202)": result.acknowledged,
      refused: result.refused,
      "lost / doubled": `${result.lost} / ${result.doubled}`,
      "ack p99 ms": `${result.ackP99Ms} (<= ${LIMITS.ackP99Ms})`,
      "repeats acknowledged/s": result.repeatedPerSecond,
      "triage incidents": `${result.incidents} for ${result.groups} groups`,
      "others' Saved p95 ms": `${result.editP95Ms} (<= ${LIMITS.editP95Ms})`,
      "drained s": `${(result.drainMs / 1_000).toFixed(1)} (<= ${LIMITS.drainMs / 1_000})`,
      "memory MB before, after, after 10,000 more": result.memoryMb.join(", "),
    })),
  );
  return { limits: LIMITS, results };
}
