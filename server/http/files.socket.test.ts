import { request } from "node:http";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { files, idempotencyKeys } from "#/db/schema/index.ts";
import type { FileView } from "#/server/files/contract.ts";
import { FILE_BYTES_MAX, FILE_NAME_LENGTH_MAX, UPLOAD_BURST } from "#/server/files/shared/lists.ts";
import { startTestServer, TEST_OWNER_TOKEN, type TestServer } from "#/server/testing/start-test-server.ts";
import { FILE_BODY_BYTES_MAX } from "./middleware/file-body.ts";
import { RUNNING_MAX_MS } from "./middleware/idempotency.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const HTML = Buffer.from("<!doctype html><script>alert(1)</script>");

let s: TestServer;
let path: string;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  s = await startTestServer();
  for (const [name, role] of [
    ["ada", "responder"],
    ["lin", "responder"],
    ["sam", "responder"],
    ["vera", "viewer"],
  ]) {
    const user = await s.ask<{ id: string }>("POST", "/api/v1/users", { email: `${name}@example.com`, name, role });
    const made = await s.ask<{ token: string }>("POST", "/api/v1/tokens", { name, userId: user.body.id });
    tokens[String(name)] = made.body.token;
  }
  const incident = await s.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Checkout is slow" });
  path = `/api/v1/incidents/${incident.body.id}/files`;
});
afterAll(() => s.stop());

function formOf(bytes: Uint8Array, name = "app.log", type = "application/octet-stream"): FormData {
  const form = new FormData();
  form.append("file", new Blob([bytes as Uint8Array<ArrayBuffer>], { type }), name);
  return form;
}
const upload = (bytes: Uint8Array, name?: string, type?: string, options = {}) =>
  s.ask<FileView & { detail: string }>("POST", path, formOf(bytes, name, type), options);
const raw = (url: string, headers: Record<string, string> = {}, method = "GET") =>
  fetch(s.url + url, { method, headers: { authorization: `Bearer ${TEST_OWNER_TOKEN}`, ...headers } });

describe("what is served", () => {
  test.each([
    ["a screenshot", PNG, "shot.png", "image/png", "inline", "image/png"],
    ["a log", Buffer.from("ERROR\n"), "app.log", "text/plain", "inline", "text/plain; charset=utf-8"],
    ["a PNG that is said to be HTML", PNG, "x.html", "text/html", "inline", "image/png"],
    ["HTML that is said to be a PNG", HTML, "x.png", "image/png", "attachment", "application/octet-stream"],
    ["SVG", SVG, "x.svg", "image/svg+xml", "attachment", "application/octet-stream"],
    ["SVG that is said to be text", SVG, "x.txt", "text/plain", "attachment", "application/octet-stream"],
    ["HTML in a PNG", Buffer.concat([PNG, HTML]), "x.html", "text/html", "inline", "image/png"],
    ["a PNG in HTML", Buffer.concat([HTML, PNG]), "x.png", "image/png", "attachment", "application/octet-stream"],
    ["a PDF", Buffer.from("%PDF-1.7"), "x.pdf", "application/pdf", "attachment", "application/octet-stream"],
  ])("%s", async (_what, bytes, name, said, kind, type) => {
    const added = await upload(bytes, name, said);
    expect(added.status).toBe(201);
    expect(added.headers.get("location")).toBe(added.body.url);
    const answer = await raw(added.body.url);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.headers.get("content-length")).toBe(String(bytes.byteLength));
    expect(answer.headers.get("content-disposition")).toBe(`${kind}; filename="${name}"; filename*=UTF-8''${name}`);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(answer.headers.get("cache-control")).toBe("private, no-cache");
  });

  test("a name that no header can hold as it is", async () => {
    const { body } = await upload(Buffer.from("x"), 'Störung "100%" (neu)\'s;🔥.log');
    expect(body.name).toBe('Störung "100%" (neu)\'s;🔥.log');
    const answer = await raw(body.url);
    expect(answer.headers.get("content-disposition")).toBe(
      "inline; filename=\"St_rung _100__ (neu)'s;__.log\"; filename*=UTF-8''St%C3%B6rung%20%22100%25%22%20%28neu%29%27s%3B%F0%9F%94%A5.log",
    );
  });

  test("HEAD, and an ETag that spares the bytes", async () => {
    const { body } = await upload(PNG, "shot.png");
    const head = await raw(body.url, {}, "HEAD");
    expect(head.status).toBe(200);
    expect(head.headers.get("content-length")).toBe(String(PNG.byteLength));
    expect(await head.text()).toBe("");
    const etag = head.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const answer = await raw(body.url, { "if-none-match": known });
      expect(answer.status).toBe(304);
      expect(answer.headers.get("etag")).toBe(etag);
    }
    expect((await raw(body.url, { "if-none-match": '"other"' })).status).toBe(200);
  });
});

describe("limits", () => {
  test("ten megabytes come back whole, one byte more is refused", async () => {
    const bytes = Buffer.alloc(FILE_BYTES_MAX, "0123456789abcdef\n");
    const { status, body } = await upload(bytes, "ten.log");
    expect(status).toBe(201);
    expect(body.size).toBe(FILE_BYTES_MAX);
    expect(Buffer.from(await (await raw(body.url)).arrayBuffer()).equals(bytes)).toBe(true);
    const over = await upload(Buffer.alloc(FILE_BYTES_MAX + 1, "x"));
    expect([over.status, over.body.detail]).toEqual([413, "A file has at most 10 MiB."]);
    const far = await upload(Buffer.alloc(FILE_BODY_BYTES_MAX + 1, "x"));
    expect([far.status, far.body.detail]).toEqual([413, "A file has at most 10 MiB."]);
  });

  test("an empty file and a long name are refused with the reason", async () => {
    const empty = await upload(Buffer.alloc(0));
    expect([empty.status, empty.body.detail]).toEqual([400, "The file is empty."]);
    expect((await upload(Buffer.from("x"), "x".repeat(FILE_NAME_LENGTH_MAX))).status).toBe(201);
    const long = await upload(Buffer.from("x"), "x".repeat(FILE_NAME_LENGTH_MAX + 1));
    expect([long.status, long.body.detail]).toEqual([400, "A file's name has at most 255 characters."]);
  });

  test("so many uploads of one person at once, then a pause", async () => {
    const statuses: number[] = [];
    let last: Awaited<ReturnType<typeof upload>> | undefined;
    while (statuses.length < UPLOAD_BURST * 2 && statuses.at(-1) !== 429) {
      last = await upload(Buffer.from("x"), "x.log", "", { token: tokens.sam });
      statuses.push(last.status);
    }
    expect(statuses.slice(0, UPLOAD_BURST)).toEqual(Array(UPLOAD_BURST).fill(201));
    expect(last?.status).toBe(429);
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
    // Another person goes on.
    expect((await upload(Buffer.from("x"), "x.log", "", { token: tokens.lin })).status).toBe(201);
  });
});

describe("forms that are none", () => {
  const send = (body: string | Uint8Array, type: string) =>
    s.ask<{ detail: string }>("POST", path, body, { headers: { "content-type": type } });

  test.each([
    ["nothing of a form", "hello", "multipart/form-data; boundary=b"],
    [
      "cut off in the file",
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
      "multipart/form-data; boundary=b",
    ],
    ["cut off in the head", '--b\r\nContent-Disposition: form-data; name="fi', "multipart/form-data; boundary=b"],
    [
      "another field",
      '--b\r\nContent-Disposition: form-data; name="x"; filename="a"\r\n\r\nabc\r\n--b--\r\n',
      "multipart/form-data; boundary=b",
    ],
    [
      "a field without a file",
      '--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc\r\n--b--\r\n',
      "multipart/form-data; boundary=b",
    ],
    ["no boundary", "--b--", "multipart/form-data"],
    [
      "another boundary",
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc\r\n--b--\r\n',
      "multipart/form-data; boundary=c",
    ],
    ["JSON", "{}", "application/json"],
    ["the bytes themselves", "abc", "text/plain"],
  ])("%s", async (_what, body, type) => {
    const before = (await s.ask<{ items: unknown[] }>("GET", `${path}?limit=200`)).body.items.length;
    const answer = await send(body, type);
    expect([400, 415]).toContain(answer.status);
    expect(answer.body.detail).not.toBe("");
    expect((await s.ask<{ items: unknown[] }>("GET", `${path}?limit=200`)).body.items).toHaveLength(before);
  });

  test("a sender that goes away in the middle leaves nothing", async () => {
    const before = (await s.ask<{ items: unknown[] }>("GET", `${path}?limit=200`)).body.items.length;
    await new Promise<void>((resolve) => {
      const asked = request(s.url + path, {
        method: "POST",
        headers: {
          authorization: `Bearer ${TEST_OWNER_TOKEN}`,
          "content-type": "multipart/form-data; boundary=b",
          "content-length": "100000",
        },
      });
      asked.on("error", () => resolve());
      asked.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc', () => asked.destroy());
    });
    const after = await s.ask<{ items: unknown[] }>("GET", `${path}?limit=200`);
    expect(after.status).toBe(200);
    expect(after.body.items).toHaveLength(before);
  });
});

describe("rights", () => {
  test("nobody without signing in, and ten megabytes of a stranger are not read into memory", async () => {
    const { body } = await upload(PNG, "shot.png");
    for (const method of ["GET", "HEAD", "DELETE"]) {
      expect((await fetch(s.url + body.url, { method })).status, method).toBe(401);
    }
    const answer = await upload(Buffer.alloc(FILE_BYTES_MAX), "x", "", { token: null });
    expect(answer.status).toBe(401);
  });

  test("a viewer reads; a foreign responder does not remove; what is removed says so", async () => {
    const added = await upload(PNG, "shot.png", "image/png", { token: tokens.ada });
    const { url } = added.body;
    expect((await s.ask("GET", url, undefined, { token: tokens.vera ?? null })).status).toBe(200);
    expect((await upload(PNG, "x", "", { token: tokens.vera })).status).toBe(403);
    expect((await s.ask("DELETE", url, undefined, { token: tokens.lin ?? null })).status).toBe(403);
    expect((await s.ask("DELETE", url, undefined, { token: tokens.ada ?? null })).status).toBe(204);
    const gone = await s.ask<{ detail: string }>("GET", url);
    expect([gone.status, gone.body.detail]).toEqual([404, "The file shot.png was removed."]);
  });

  test("a private incident's file is absent for outsiders", async () => {
    const secret = await s.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Secret", visibility: "private" });
    const files = `/api/v1/incidents/${secret.body.id}/files`;
    const { body } = await s.ask<FileView>("POST", files, formOf(PNG, "plan.png"));
    expect((await raw(body.url)).status).toBe(200);
    for (const name of ["ada", "vera"]) {
      const answer = await s.ask("GET", body.url, undefined, { token: tokens[name] ?? null });
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain("plan.png");
      // Nor by the address of an incident that they may see.
      const id = body.url.split("/").at(-1);
      expect((await s.ask("GET", `${path}/${id}`, undefined, { token: tokens[name] ?? null })).status).toBe(404);
    }
  });
});

test("the same upload with the same Idempotency-Key is one file", async () => {
  const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="once.log"\r\n\r\nabc\r\n--b--\r\n';
  const send = () =>
    s.ask<FileView>("POST", path, form, {
      headers: { "content-type": "multipart/form-data; boundary=b", "idempotency-key": "once" },
    });
  const [first, second] = [await send(), await send()];
  expect([first.status, second.status]).toEqual([201, 201]);
  expect(second.body).toEqual(first.body);
});

describe("when the process died before the answer was kept", () => {
  const dieBeforeTheAnswer = (key: string) =>
    s.server.core.db.read
      .update(idempotencyKeys)
      .set({ status: null, body: null, createdAt: new Date(Date.now() - 2 * RUNNING_MAX_MS) })
      .where(eq(idempotencyKeys.key, key));

  test("an upload is carried out again: half of one is no file", async () => {
    const form = '--b\r\nContent-Disposition: form-data; name="file"; filename="half.log"\r\n\r\nabc\r\n--b--\r\n';
    const headers = { "content-type": "multipart/form-data; boundary=b", "idempotency-key": "half" };
    const first = await s.ask<FileView>("POST", path, form, { headers });
    await s.server.core.db.read.update(files).set({ storedAt: null }).where(eq(files.id, first.body.id));
    await dieBeforeTheAnswer("half");
    const again = await s.ask<FileView>("POST", path, form, { headers });
    expect(again.status).toBe(201);
    expect((await raw(again.body.url)).status).toBe(200);
  });

  test("a note that was written is not written a second time", async () => {
    const timeline = path.replace(/files$/, "timeline");
    const headers = { "idempotency-key": "noted" };
    const first = await s.ask<{ id: string }>("POST", timeline, { body: "db-7 was restarted" }, { headers });
    await dieBeforeTheAnswer("noted");
    const again = await s.ask<{ id: string }>("POST", timeline, { body: "db-7 was restarted" }, { headers });
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    const { body } = await s.ask<{ items: { body: string }[] }>("GET", timeline);
    expect(body.items.filter((one) => one.body === "db-7 was restarted")).toHaveLength(1);
  });
});
