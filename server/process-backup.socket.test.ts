import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { encode } from "next-auth/jwt";
import { expect, test } from "vitest";
import type * as Y from "yjs";
import { openEmbedded, openPostgres } from "#/db/client.ts";
import { sessions } from "#/db/schema/index.ts";
import { testEngine } from "#/db/test-database.ts";
import { readConfig } from "#/server/platform/config.ts";
import { type Place, PROCESS_TOKEN, runToEnd, type ServerProcess } from "#/server/testing/server-process.ts";
import { testProcesses, WAIT } from "#/server/testing/test-processes.ts";
import { Client } from "#/server/testing/test-sync.ts";

const TIME_LIMIT_MS = 180_000;
const DAY_MS = 86_400_000;
/** Out of the database and into the other one, and back. */
const journey = testEngine === "postgres" ? (["embedded", "postgres"] as const) : (["embedded"] as const);

type Known = { token: string; cookie: string; key: string; incident: string; reference: string; delivery: string };
type Made = { id: string };

const processes = testProcesses();
let known: Known;

/** A session as signing in makes it: the pages that do it are not served here. The server must be stopped. */
async function addSession(place: Place, userId: string): Promise<string> {
  const config = readConfig(place.environment);
  const db = config.databaseUrl
    ? openPostgres(config.databaseUrl, 1)
    : await openEmbedded(join(config.dataDir, "database"));
  const expiresAt = new Date(Date.now() + DAY_MS);
  const [row] = await db.read.insert(sessions).values({ userId, expiresAt }).returning({ id: sessions.id });
  await db.close();
  const claims = { sub: userId, sessionId: String(row?.id) };
  return `next-auth.session-token=${await encode({ token: claims, secret: config.authSecret })}`;
}

/** A state with something of everything that must live on. */
async function fill(place: Place): Promise<Known> {
  const server = await processes.start({ MUSTER_API_TOKEN: PROCESS_TOKEN }, place);
  const user = await server.ask<Made>("POST", "/api/v1/users", {
    email: "ada@example.com",
    name: "Ada",
    role: "responder",
  });
  const made = await server.ask<{ token: string }>("POST", "/api/v1/tokens", { name: "ci", userId: user.body.id });
  const token = made.body.token;
  const integration = await server.ask<{ key: string }>("POST", "/api/v1/integrations", {
    name: "monitor",
    source: "generic-json",
  });
  const incident = await server.ask<Made & { reference: string }>(
    "POST",
    "/api/v1/incidents",
    { title: "Checkout is slow", severity: "SEV2", summary: "Ünïcödé summary" },
    { token },
  );
  const path = `/api/v1/incidents/${incident.body.id}`;
  expect((await server.ask("POST", `${path}/timeline`, { body: "db-7 restarted" }, { token })).status).toBe(201);
  expect((await server.ask("PUT", `${path}/roles/commander`, {}, { token })).status).toBe(200);
  const update = { status: "identified", title: "Payments fail", body: "We know why.", channels: ["status_page"] };
  expect((await server.ask("POST", `${path}/updates`, update, { token })).status).toBe(201);
  const { key } = integration.body;
  const hook = await server.ask<{ delivery: string }>("POST", `/hooks/${key}`, { title: "Disk full" }, { token: null });
  expect(hook.status).toBe(202);
  const { delivery } = hook.body;
  await expect
    .poll(async () => (await server.ask("GET", `/api/v1/deliveries/${delivery}`)).body.state, WAIT)
    .toBe("processed");
  await server.stop();
  const cookie = await addSession(place, user.body.id);
  return { token, cookie, key, incident: incident.body.id, reference: incident.body.reference, delivery };
}

async function expectAll(server: ServerProcess): Promise<void> {
  const { token, cookie, key, incident, reference } = known;
  const ask = (path: string) => server.ask("GET", path, undefined, { token });
  expect((await ask("/api/v1/session")).body).toMatchObject({ user: { name: "Ada", role: "responder" } });
  const bySession = await server.ask("GET", "/api/v1/session", undefined, { token: null, headers: { cookie } });
  expect(bySession).toMatchObject({ status: 200, body: { user: { name: "Ada" } } });
  expect((await ask(`/api/v1/incidents/${reference}`)).body).toMatchObject({
    id: incident,
    title: "Checkout is slow",
    summary: "Ünïcödé summary",
    status: "identified",
  });
  expect((await ask(`/api/v1/incidents/${reference}/timeline`)).text).toContain("db-7 restarted");
  const document = `incidents/${incident}/notes`;
  const editor = await new Client(`${server.url.replace("http", "ws")}/sync`, document, token).synced();
  const notes = [...editor.doc.getMap<Y.Text>("notes").values()].map(String);
  editor.leave();
  expect(notes).toEqual(["db-7 restarted"]);
  expect((await server.ask("GET", "/status", undefined, { token: null })).text).toContain("Payments fail");
  const hook = await server.ask<{ delivery: string }>(
    "POST",
    `/hooks/${key}`,
    { title: "Disk full", at: Date.now() },
    { token: null },
  );
  expect(hook.status).toBe(202);
  await expect
    .poll(async () => (await ask(`/api/v1/deliveries/${hook.body.delivery}`)).body, WAIT)
    .toMatchObject({ state: "processed", alerts: [{}] });
}

const backup = (file: string, place: Place) => runToEnd("scripts/backup.ts", [file], place.environment);
const restore = (file: string, place: Place) => runToEnd("scripts/restore.ts", [file], place.environment);
const oneLine = (text: string) => text.trimEnd().split("\n").length === 1;

test("backup, wipe, restore: everybody goes on as before", { timeout: TIME_LIMIT_MS }, async () => {
  let from = processes.place;
  known = await fill(from);
  for (const [step, engine] of journey.entries()) {
    const to = await processes.newPlace(engine);
    const file = join(to.dataDir, `step${step}.backup.gz`);
    const written = await backup(file, from);
    expect(written).toMatchObject({ code: 0, stderr: "" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(from.dataDir, { recursive: true });
    expect(await restore(file, to)).toMatchObject({ code: 0, stderr: "" });
    const server = await processes.start({}, to);
    await expectAll(server);
    expect(server.stdout()).not.toContain("/setup/");
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    const again = await restore(file, to);
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toContain("already holds");
    expect(oneLine(again.stderr)).toBe(true);
    from = to;
  }
});

test("a file that is no backup, or broken off, is refused and nothing is restored", {
  timeout: TIME_LIMIT_MS,
}, async () => {
  const place = await processes.newPlace();
  const missing = await restore(join(place.dataDir, "none.gz"), place);
  expect(missing).toMatchObject({ code: 1, stdout: "" });
  const wrong = await restore(join(import.meta.dirname, "main.ts"), place);
  expect(wrong).toMatchObject({ code: 1, stdout: "" });
  for (const { stderr } of [missing, wrong]) expect(oneLine(stderr), stderr).toBe(true);
});

test("a running server: refused when embedded, possible with PostgreSQL", { timeout: TIME_LIMIT_MS }, async () => {
  const place = await processes.newPlace();
  const server = await processes.start({ MUSTER_API_TOKEN: PROCESS_TOKEN }, place);
  const file = join(place.dataDir, "running.backup.gz");
  const written = await backup(file, place);
  if (testEngine === "postgres") {
    expect(written).toMatchObject({ code: 0, stderr: "" });
  } else {
    expect(written).toMatchObject({ code: 1, stdout: "" });
    expect(written.stderr).toContain(`DATA_DIR ${place.dataDir}`);
    expect(oneLine(written.stderr)).toBe(true);
    expect(existsSync(file)).toBe(false);
    expect((await restore(import.meta.filename, place)).stderr).toContain(`DATA_DIR ${place.dataDir}`);
  }
  expect((await server.ask("GET", "/readyz")).status).toBe(200);
});
