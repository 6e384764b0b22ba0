import Parser from "rss-parser";
import { Statuspage } from "statuspage.io";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";

let test: TestServer;
let checkout: { id: string; publicId: string };
const readers = new Parser();

beforeAll(async () => {
  test = await startTestServer();
  checkout = (
    await test.ask<{ id: string; publicId: string }>("POST", "/api/v1/components", { name: "Checkout & cart" })
  ).body;
  const incident = await test.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "internal", severity: "SEV1" });
  for (const [status, body] of [
    ["investigating", "Payments <fail>.\nWe are on it."],
    ["identified", "Rolling back & watching."],
  ]) {
    await test.ask("POST", `/api/v1/incidents/${incident.body.id}/updates`, {
      status,
      body,
      channels: ["status_page"],
      title: "Payments <fail>",
      components: [{ id: checkout.id, status: "major_outage" }],
    });
  }
});
afterAll(() => test.stop());

it("the npm client of Statuspage reads everything it asks for", async () => {
  await expect.poll(async () => (await test.ask("GET", "/status")).text).toContain("Rolling back");
  const client = new Statuspage("ours");
  client.setApiUrl(test.url);
  const summary = await client.api.getSummary();
  expect(summary.status).toEqual({ indicator: "critical", description: "Major System Outage" });
  expect(summary.page.name).toBe("Muster status");
  expect(summary.components.map((one) => [one.name, one.status])).toEqual([["Checkout & cart", "major_outage"]]);
  expect((await client.api.getStatus()).status.indicator).toBe("critical");
  expect((await client.api.getComponents()).components).toHaveLength(1);
  const all = await client.api.incidents.getAll();
  expect(all.incidents[0]).toMatchObject({ name: "Payments <fail>", impact: "critical", status: "identified" });
  expect(all.incidents[0]?.incident_updates.map((one) => one.body)).toEqual([
    "Rolling back & watching.",
    "Payments <fail>.\nWe are on it.",
  ]);
  expect((await client.api.incidents.getUnresolved()).incidents).toHaveLength(1);
  expect((await client.api.scheduledMaintenances.getAll()).scheduled_maintenances).toEqual([]);
  expect((await client.api.scheduledMaintenances.getUpcoming()).scheduled_maintenances).toEqual([]);
  expect((await client.api.scheduledMaintenances.getActive()).scheduled_maintenances).toEqual([]);
});

it.each(["/status/feed.atom", "/status/feed.rss", "/history.atom", "/history.rss"])(
  "rss-parser reads %s",
  async (path) => {
    const feed = await readers.parseURL(`${test.url}${path}`);
    expect(feed.title).toBe("Muster status: incidents");
    expect(feed.items).toHaveLength(1);
    const [item] = feed.items;
    expect(item?.title).toBe("Payments <fail>");
    expect(item?.link).toMatch(/\/status\/incidents\/[0-9a-z]{12}$/);
    expect(item?.contentSnippet).toContain("Identified - Rolling back & watching.");
    expect(item?.contentSnippet).toContain("Payments <fail>.");
    expect(Number.isNaN(Date.parse(item?.isoDate ?? ""))).toBe(false);
  },
);

it("rss-parser reads a component's own feeds", async () => {
  for (const kind of ["atom", "rss"]) {
    const feed = await readers.parseURL(`${test.url}/status/components/${checkout.publicId}/feed.${kind}`);
    expect(feed.title).toBe("Muster status: Checkout & cart");
    expect(feed.items).toHaveLength(1);
  }
});

it("answers HEAD, 304 by tag and by time, and pages of other origins", async () => {
  const paths = [
    "/status",
    "/api/v2/summary.json",
    "/api/v2/incidents/unresolved.json",
    "/status/feed.atom",
    "/history.rss",
  ];
  for (const path of paths) {
    const full = await fetch(test.url + path);
    const body = await full.arrayBuffer();
    const etag = full.headers.get("etag") ?? "";
    const since = full.headers.get("last-modified") ?? "";
    const head = await fetch(test.url + path, { method: "HEAD" });
    expect([head.status, (await head.arrayBuffer()).byteLength, head.headers.get("etag")]).toEqual([200, 0, etag]);
    expect(full.status).toBe(200);
    expect(body.byteLength).toBeGreaterThan(100);
    for (const headers of [
      { "if-none-match": etag },
      { "if-none-match": `W/${etag}, "other"` },
      { "if-modified-since": since },
    ]) {
      const known = await fetch(test.url + path, { headers: headers as Record<string, string> });
      expect([path, known.status, (await known.text()).length]).toEqual([path, 304, 0]);
      expect(known.headers.get("etag")).toBe(etag);
    }
    // A tag that is not ours counts for more than a time that would be.
    const other = await fetch(test.url + path, { headers: { "if-none-match": '"other"', "if-modified-since": since } });
    expect(other.status).toBe(200);
    expect((await fetch(test.url + path, { headers: { "if-modified-since": new Date(0).toUTCString() } })).status).toBe(
      200,
    );
    expect(full.headers.get("set-cookie")).toBeNull();
    expect(full.headers.get("access-control-allow-origin")).toBe(path === "/status" ? null : "*");
  }
  const asked = await fetch(`${test.url}/api/v2/summary.json`, {
    method: "OPTIONS",
    headers: {
      origin: "https://elsewhere.example",
      "access-control-request-method": "GET",
      "access-control-request-headers": "if-none-match",
    },
  });
  expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  expect(asked.headers.get("access-control-allow-headers")).toBe("*");
});

it("a page that becomes private is private for every client within seconds, also with a session of nobody", async () => {
  await test.ask("PATCH", "/api/v1/settings", { statusPage: { access: "sign_in" } });
  await expect.poll(async () => (await fetch(`${test.url}/api/v2/summary.json`)).status).toBe(401);
  for (const path of ["/status", "/status/feed.atom", "/history.rss", "/api/v2/components.json", "/subscribe"]) {
    const answer = await fetch(test.url + path, { headers: { cookie: "next-auth.session-token=forged" } });
    expect([path, answer.status]).toEqual([path, 401]);
    expect(await answer.text()).not.toMatch(/Payments|Checkout/);
  }
  const read = await test.ask<{ status: unknown }>("GET", "/api/v2/status.json");
  expect([read.status, read.headers.get("cache-control")]).toEqual([200, "private, no-cache"]);
  expect((await test.ask("HEAD", "/status")).status).toBe(200);
  expect((await test.ask("GET", "/api/v2/alerts", undefined, { token: null })).status).not.toBe(200);
});
