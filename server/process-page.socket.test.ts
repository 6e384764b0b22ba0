import { readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import Parser from "rss-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { caddyPath, type RealCaddy, startCaddy } from "#/server/testing/real-caddy.ts";
import { freePort, PROCESS_TOKEN, type ServerProcess } from "#/server/testing/server-process.ts";
import { testProcesses, WAIT } from "#/server/testing/test-processes.ts";

const processes = testProcesses();
const PATHS = [
  "/status",
  "/status/history",
  "/status/feed.atom",
  "/status/feed.rss",
  "/history.atom",
  "/api/v2/summary.json",
  "/api/v2/status.json",
  "/api/v2/components.json",
  "/api/v2/incidents.json",
  "/api/v2/incidents/unresolved.json",
  "/api/v2/scheduled-maintenances/upcoming.json",
];
const TIME_LIMIT_MS = 120_000;
const HOUR_MS = 3_600_000;

let caddy: RealCaddy;
let server: ServerProcess;
let port: string;
beforeAll(async () => {
  if (!caddyPath) return;
  port = String(await freePort());
  caddy = await startCaddy({
    UPSTREAM: `127.0.0.1:${port}`,
    STATUS_FILES: join(processes.place.dataDir, "status", "current"),
  });
});
afterAll(() => caddy?.stop());

async function publish(body: string): Promise<void> {
  const incident = await server.ask<{ id: string }>("POST", "/api/v1/incidents", {
    title: "internal",
    severity: "SEV1",
  });
  const parts = { status: "investigating", body, channels: ["status_page"], title: "Payments fail" };
  expect((await server.ask("POST", `/api/v1/incidents/${incident.body.id}/updates`, parts)).status).toBe(201);
  await expect.poll(async () => (await server.ask("GET", "/status")).text, WAIT).toContain(body);
}
const start = () => processes.start({ PORT: port, MUSTER_API_TOKEN: PROCESS_TOKEN });
const read = (path: string, init: RequestInit = {}) => fetch(`${caddy.publicUrl}${path}`, init);
/** As after an hour without anybody there. */
function anHourPasses(): void {
  const root = join(processes.place.dataDir, "status", "current");
  for (const file of readdirSync(root, { recursive: true })) {
    const path = join(root, String(file));
    const before = new Date(statSync(path).mtimeMs - HOUR_MS);
    utimesSync(path, before, before);
  }
}

describe.runIf(caddyPath)("behind the Caddyfile of the repository", () => {
  const title = "page, JSON and feeds go on answering when server and database are gone, and say of when they are";
  test(title, { timeout: TIME_LIMIT_MS }, async () => {
    server = await start();
    await publish("We are looking into it.");
    const live = new Map<string, string>();
    for (const path of PATHS) {
      const answer = await read(path);
      expect([path, answer.status, answer.headers.get("x-status-page")]).toEqual([path, 200, null]);
      live.set(path, await answer.text());
    }
    await server.killHard();
    anHourPasses();
    for (const path of PATHS) {
      const answer = await read(path);
      expect([path, answer.status, answer.headers.get("x-status-page")]).toEqual([path, 200, "stored"]);
      const age = Date.now() - Date.parse(answer.headers.get("last-modified") ?? "");
      expect(age, path).toBeGreaterThanOrEqual(HOUR_MS);
      expect(answer.headers.get("content-security-policy"), path).toContain("default-src 'none'");
      expect(answer.headers.get("access-control-allow-origin")).toBe(/json|atom|rss/.test(path) ? "*" : null);
      const text = await answer.text();
      if (path.endsWith(".json")) expect(JSON.parse(text), path).toEqual(JSON.parse(live.get(path) ?? ""));
      else if (/atom|rss/.test(path)) expect((await new Parser().parseString(text)).items).toHaveLength(1);
      else
        expect(text).toMatch(/<p class="stored"><b>Stored copy\.<\/b> This is how things were at <time datetime="20/);
      expect((await read(path, { method: "HEAD" })).status).toBe(200);
    }
    const incident = JSON.parse(live.get("/api/v2/incidents.json") ?? "").incidents[0].id;
    expect(await (await read(`/status/incidents/${incident}`)).text()).toContain("We are looking into it.");
    // What is not stored may be there: nobody knows, until the server is back.
    expect([502, 503]).toContain((await read("/status/incidents/nothing00000")).status);
    expect([404, 502, 503]).toContain((await read("/status/%2e%2e/%2e%2e/%2e%2e/%2e%2e/auth-secret")).status);
    const [, style] = /href="(\/status\/style[^"]+)"/.exec(live.get("/status") ?? "") ?? [];
    expect((await read(style ?? "")).headers.get("content-type")).toContain("text/css");
    // What needs the server says so, and what is internal is not there.
    expect([502, 503]).toContain((await read("/subscribe", { method: "POST" })).status);
    expect((await read("/api/v1/incidents")).status).toBe(404);

    server = await start();
    await expect.poll(async () => (await read("/status")).headers.get("x-status-page"), WAIT).toBeNull();
    expect(await (await read("/status")).text()).toContain('<p class="stored" hidden>');

    // A page that became private is not there to be read when everything is gone again.
    await publish("zz-canary-private");
    await server.ask("PATCH", "/api/v1/settings", { statusPage: { access: "link" } });
    await expect.poll(async () => (await read("/status")).status, WAIT).toBe(401);
    await expect
      .poll(() => readFileSync(join(processes.place.dataDir, "status/current/status/index.html"), "utf8"), WAIT)
      .toContain("This status page is private");
    await server.killHard();
    for (const path of PATHS) {
      const answer = await read(path);
      expect(await answer.text(), path).not.toMatch(/zz-canary|Payments/);
      expect(path === "/status" ? [200] : [502, 503], path).toContain(answer.status);
    }
  });
});

if (!caddyPath) test.skip("the stored page behind Caddy (no caddy: set CADDY_PATH)", () => {});
