import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";

let s: TestServer;
let key: string;
beforeAll(async () => {
  s = await startTestServer();
  const made = await s.ask<{ key: string }>("POST", "/api/v1/integrations", {
    name: "am",
    source: "prometheus-alertmanager",
  });
  expect(made.status).toBe(201);
  key = made.body.key;
});
afterAll(() => s.stop());

const send = (body: unknown, path = `/hooks/${key}`) => s.ask("POST", path, body, { token: null });

describe("bad input at a hook", () => {
  test("an unknown key is 404", async () => {
    expect((await send({ a: 1 }, "/hooks/nope")).status).toBe(404);
  });

  test("a body that cannot be parsed is 400 with the reason", async () => {
    const answer = await send('{"a":');
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(String(answer.body.detail)).toContain("not valid JSON");
  });

  test("a body of exactly 1 MiB is taken, one byte more is 413 and the sender sees it", async () => {
    const frame = '{"title":""}'.length;
    const fits = `{"title":"${"x".repeat(1024 * 1024 - frame)}"}`;
    expect((await send(fits)).status).toBe(202);
    expect((await send(`${fits} `)).status).toBe(413);
    expect((await send(`{"title":"${"x".repeat(5 * 1024 * 1024)}"}`)).status).toBe(413);
  });

  test("a surprising shape is 202, kept whole and raised as an unrecognised alert", async () => {
    const answer = await send({ hello: 1, more: [1, 2] });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 0 } });
    await expect
      .poll(async () => (await s.ask("GET", `/api/v1/deliveries/${answer.body.delivery}`)).body)
      .toMatchObject({
        state: "processed",
        recognised: false,
        accepted: 0,
        alerts: [{ rule: "open-incident-of-group" }],
        preview: '{"hello":1,"more":[1,2]}',
      });
    const { body } = await s.ask<{ items: { title: string; recognised: boolean }[] }>(
      "GET",
      "/api/v1/alerts?q=unrecognised",
    );
    expect(body.items.some((alert) => !alert.recognised)).toBe(true);
  });

  test("unknown fields are ignored, a NUL and a lone surrogate are stored safely", async () => {
    const body = `{"version":"4","surprise":true,"alerts":[{"status":"firing","fingerprint":"nul","extra":{"a":1},
      "labels":{"alertname":"Nul\\u0000Alert","service":"odd"},"annotations":{"summary":"broken \\ud800 text"},"startsAt":"2026-11-21T09:00:00Z"}]}`;
    expect((await send(body)).body).toMatchObject({ accepted: 1 });
    await expect
      .poll(async () => (await s.ask<{ items: { title: string }[] }>("GET", "/api/v1/alerts?service=odd")).body.items)
      .toMatchObject([{ title: "broken \uFFFD text" }]);
  });

  test("a trailing slash is no redirect, and a GET with a query string is a delivery", async () => {
    expect((await send({ title: "x" }, `/hooks/${key}/`)).status).toBe(202);
    expect((await s.ask("GET", `/hooks/${key}?alertType=1&monitorID=7`, undefined, { token: null })).status).toBe(202);
  });

  test("gzip is unpacked, within the same limit; other encodings are 415", async () => {
    const { gzipSync } = await import("node:zlib");
    const options = { token: null, headers: { "content-encoding": "gzip", "content-type": "application/json" } };
    expect((await s.ask("POST", `/hooks/${key}`, gzipSync('{"title":"packed"}'), options)).status).toBe(202);
    expect((await s.ask("POST", `/hooks/${key}`, gzipSync(`"${"x".repeat(20_000_000)}"`), options)).status).toBe(413);
    const brotli = { token: null, headers: { "content-encoding": "br" } };
    expect((await s.ask("POST", `/hooks/${key}`, "{}", brotli)).status).toBe(415);
  });

  test("deep and wide JSON is refused", async () => {
    expect((await send("[".repeat(100_000))).status).toBe(400);
    expect((await send(`{${Array.from({ length: 10_001 }, (_, n) => `"k${n}":1`).join()}}`)).status).toBe(400);
  });
});
