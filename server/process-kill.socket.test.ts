import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { PROCESS_TOKEN, type ServerProcess } from "#/server/testing/server-process.ts";
import { testProcesses, WAIT } from "#/server/testing/test-processes.ts";
import { Client } from "#/server/testing/test-sync.ts";

const TIME_LIMIT_MS = 180_000;
/** The contract's: an orchestrator kills after 30 s. */
const STOP_LIMIT_MS = 25_000;
const SENDERS = 4;
const ROUNDS = 5;

type Acknowledged = { delivery: string; title: string };
type Delivery = { state: string; alerts: { id: string }[] };
type Alert = { id: string; title: string; count: number };
type Page<T> = { items: T[]; nextCursor: string | null };

const processes = testProcesses();
const start = () => processes.start({ MUSTER_API_TOKEN: PROCESS_TOKEN });

async function addIntegration(server: ServerProcess): Promise<string> {
  const made = await server.ask<{ key: string }>("POST", "/api/v1/integrations", {
    name: "monitor",
    source: "generic-json",
    service: "checkout",
  });
  expect(made.status).toBe(201);
  return made.body.key;
}

/** Several senders at once, each until it gets no answer any more; what was acknowledged is written down. */
function sendUntilGone(server: ServerProcess, key: string, name: string, acknowledged: Acknowledged[]): Promise<void> {
  let serial = 0;
  const sender = async () => {
    for (;;) {
      serial += 1;
      const title = `${name}-${serial}.`;
      const answer = await server
        .ask<{ delivery: string }>("POST", `/hooks/${key}`, { title, dedupKey: title }, { token: null })
        .catch(() => null);
      if (!answer) return;
      if (answer.status === 202) acknowledged.push({ delivery: answer.body.delivery, title });
      await pause(5);
    }
  };
  return Promise.all(Array.from({ length: SENDERS }, sender)).then(() => {});
}

async function alertsOf(server: ServerProcess, name: string): Promise<Alert[]> {
  const alerts: Alert[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const path: string = `/api/v1/alerts?q=${name}-&limit=200${cursor && `&cursor=${cursor}`}`;
    const { body } = await server.ask<Page<Alert>>("GET", path);
    alerts.push(...body.items);
    cursor = body.nextCursor;
  }
  return alerts;
}

/** Every acknowledged delivery is processed, and its alert is there once. */
async function expectStored(server: ServerProcess, name: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  for (const { delivery } of acknowledged) {
    await expect
      .poll(async () => (await server.ask<Delivery>("GET", `/api/v1/deliveries/${delivery}`)).body.state, {
        timeout: 60_000,
      })
      .toBe("processed");
  }
  const alerts = await alertsOf(server, name);
  const titles = alerts.map((alert) => alert.title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles).toEqual(expect.arrayContaining(acknowledged.map(({ title }) => title)));
  expect(alerts.filter((alert) => alert.count !== 1)).toEqual([]);
  // What was stored while its answer was cut off: at most one a sender.
  expect(titles.length - acknowledged.length).toBeLessThanOrEqual(SENDERS);
}

describe("SIGTERM", () => {
  test("drains under load and exits 0; a second one changes nothing", { timeout: TIME_LIMIT_MS }, async () => {
    const server = await start();
    const key = await addIntegration(server);
    const incident = await server.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Slow" });
    const name = `incidents/${incident.body.id}/notes`;
    const editor = await new Client(`${server.url.replace("http", "ws")}/sync`, name, PROCESS_TOKEN).synced();
    const acknowledged: Acknowledged[] = [];
    const sending = sendUntilGone(server, key, "drain", acknowledged);
    await expect.poll(() => acknowledged.length, WAIT).toBeGreaterThan(20);
    editor.doc.getMap("notes").set(randomUUID(), new Y.Text("typed at the last moment"));
    await expect.poll(editor.barrier(), WAIT).toBe(true);
    editor.provider.shouldConnect = false;
    const stoppedAtMs = Date.now();
    server.signal("SIGTERM");
    await pause(50);
    server.signal("SIGTERM");
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(Date.now() - stoppedAtMs).toBeLessThan(STOP_LIMIT_MS);
    expect(server.stderr()).toBe("");
    await sending;
    editor.leave();

    const next = await start();
    await expectStored(next, "drain", acknowledged);
    const timeline = await next.ask("GET", `/api/v1/incidents/${incident.body.id}/timeline`);
    expect(timeline.text).toContain("typed at the last moment");
    expect(await next.stop()).toEqual({ code: 0, signal: null });
  });
});

describe("SIGKILL", () => {
  test("what was answered 202 is processed after the restart", { timeout: TIME_LIMIT_MS }, async () => {
    let server = await start();
    const key = await addIntegration(server);
    let total = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const name = `kill${round}`;
      const acknowledged: Acknowledged[] = [];
      const sending = sendUntilGone(server, key, name, acknowledged);
      await expect.poll(() => acknowledged.length, WAIT).toBeGreaterThan(0);
      await pause(Math.random() * 600);
      await server.killHard();
      await sending;
      server = await start();
      await expectStored(server, name, acknowledged);
      total += acknowledged.length;
    }
    expect(total).toBeGreaterThanOrEqual(ROUNDS);
  });
});
