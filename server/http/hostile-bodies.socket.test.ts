import { request } from "node:http";
import { createConnection } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gzipBomb, hostileBody } from "#/server/testing/hostile-bodies.ts";
import { seeded } from "#/server/testing/seeded.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";

/** Ten thousand are read in `server/alerts/hostile-bodies.test.ts`; these go the whole way, on both databases. */
const BODIES = 1_000;
const SENDERS = 12;
const GOOD_EVERY = 50;
const SOURCES = ["prometheus-alertmanager", "generic-json", "custom"];

let s: TestServer;
const urls: string[] = [];
let goodUrl = "";
beforeAll(async () => {
  s = await startTestServer();
  for (const source of [...SOURCES, "generic-json"]) {
    const made = await s.ask<{ url: string; key: string }>("POST", "/api/v1/integrations", { name: source, source });
    urls.push(`${s.url}/hooks/${made.body.key}`);
  }
  goodUrl = urls.pop() ?? "";
});
afterAll(() => s.stop());

/** On a connection of its own: one that the server closes takes no other request with it. */
function post(url: string, body: Uint8Array, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", agent: false, headers: { ...headers, "content-length": body.length } });
    sent.on("response", (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function sendGood(n: number): Promise<void> {
  const body = { title: `Good alert ${n}`, dedupKey: `good-${n}`, service: `good-${n % 5}` };
  const status = await post(goodUrl, Buffer.from(JSON.stringify(body)), { "content-type": "application/json" });
  expect(status).toBe(202);
}

describe("bad bodies over HTTP", () => {
  test(`${BODIES} spoilt ones: never a 5xx, and no good alert beside them is lost`, { timeout: 300_000 }, async () => {
    const random = seeded(20261121);
    const statuses = new Map<number, number>();
    let sent = 0;
    let good = 0;
    const sender = async () => {
      while (sent < BODIES) {
        sent += 1;
        const { bytes, contentType, encoding } = hostileBody(random);
        const headers = { "content-type": contentType, ...(encoding && { "content-encoding": encoding }) };
        const status = await post(urls[sent % urls.length] ?? "", bytes, headers);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (sent % GOOD_EVERY === 0) {
          good += 1;
          await sendGood(good);
        }
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    expect([...statuses.keys()].filter((status) => ![202, 400, 413, 415].includes(status))).toEqual([]);
    expect(statuses.get(202)).toBeGreaterThan(BODIES / 10);
    expect(statuses.get(400)).toBeGreaterThan(BODIES / 10);
    await expect.poll(async () => countOf("Good alert"), { timeout: 240_000, interval: 1_000 }).toBe(good);
  });

  test("bombs, bodies without end and bodies that never come keep nobody else waiting", async () => {
    const url = urls[0] ?? "";
    const packed = { "content-type": "application/json", "content-encoding": "gzip" };
    const bomb = gzipBomb(200 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    const bombs = await Promise.all(Array.from({ length: 8 }, () => post(url, bomb, packed)));
    expect(new Set(bombs)).toEqual(new Set([413]));
    expect(await post(url, Buffer.alloc(6 * 1024 * 1024, 0x20), { "content-type": "application/json" })).toBe(413);
    const slow = Array.from({ length: 20 }, () => halfSent(url));
    await sendGood(1_000_000);
    for (const socket of slow) socket.destroy();
    const rise = (process.memoryUsage().rss - before) / 1024 / 1024 / bombs.length;
    expect(rise).toBeLessThan(25);
    await expect.poll(() => countOf("Good alert 1000000"), { timeout: 60_000 }).toBe(1);
  });
});

async function countOf(title: string): Promise<number> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const page: { items: unknown[]; nextCursor: string | null } = (
      await s.ask<{ items: unknown[]; nextCursor: string | null }>(
        "GET",
        `/api/v1/alerts?limit=200&q=${encodeURIComponent(title)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`,
      )
    ).body;
    count += page.items.length;
    cursor = page.nextCursor;
  } while (cursor);
  return count;
}

/** A sender that promises a body and stops in the middle. */
function halfSent(url: string) {
  const { hostname, port, pathname } = new URL(url);
  const socket = createConnection(Number(port), hostname);
  socket.on("error", () => {});
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"title":`,
  );
  return socket;
}
