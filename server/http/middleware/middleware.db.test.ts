import { Hono } from "hono";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apiTokens, idempotencyKeys, services, sessions, users } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type ApiEnv, createApi } from "#/server/http/api.ts";
import { answerProblem } from "#/server/http/problem.ts";
import { registerAuditRoutes } from "#/server/http/routes/audit.ts";
import { registerServiceRoutes } from "#/server/http/routes/services.ts";
import { registerSessionRoutes } from "#/server/http/routes/session.ts";
import { registerSettingsRoutes } from "#/server/http/routes/settings.ts";
import { registerTokenRoutes } from "#/server/http/routes/tokens.ts";
import { registerUserRoutes } from "#/server/http/routes/users.ts";
import { createToken, setupLink } from "#/server/people/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { API_BODY_BYTES_MAX } from "./body-limit.ts";
import { IDEMPOTENCY_HOURS, RUNNING_MAX_MS } from "./idempotency.ts";
import { apiBodyLimit, apiHeaders, authenticate, csrf, idempotency, rateLimit, requestId } from "./index.ts";
import { API_BURST } from "./rate-limit.ts";

let t: TestCore;
let app: Hono<ApiEnv>;
let owner: UserActor;
let token: string;
let cookie: string;
/** Holds `POST /echo` back while it is set. */
let gate: Promise<void> | undefined;
let runs = 0;

function createApp(): Hono<ApiEnv> {
  const { core } = t;
  const api = createApi();
  for (const register of [
    registerAuditRoutes,
    registerServiceRoutes,
    registerSessionRoutes,
    registerSettingsRoutes,
    registerTokenRoutes,
    registerUserRoutes,
  ]) {
    register(api);
  }
  const made = new Hono<ApiEnv>();
  made.onError((error, c) => answerProblem(c, error, core.log));
  made.use(requestId());
  made.use(
    "/api/v1/*",
    apiHeaders(),
    apiBodyLimit(),
    authenticate(core),
    rateLimit(core),
    csrf(core),
    idempotency(core),
  );
  made.post("/api/v1/echo", async (c) => {
    runs++;
    await gate;
    const body: unknown = await c.req.json();
    if (c.req.query("fail")) throw new Error("on purpose");
    return c.json({ body, run: runs }, 201, { etag: '"1"' });
  });
  made.route("/api/v1", api);
  return made;
}

beforeAll(async () => {
  t = await testCore();
});
afterAll(() => t.close());
beforeEach(async () => {
  t.clock.at = new Date("2026-11-21T10:00:00.000Z");
  for (const table of [users, services, idempotencyKeys]) await t.core.db.read.delete(table);
  owner = await t.person("Olga", "owner");
  ({ token } = await createToken(t.ctx(owner), { name: "script" }));
  const expiresAt = new Date("2026-12-21T10:00:00.000Z");
  const [session] = await t.core.db.read
    .insert(sessions)
    .values({ userId: owner.userId, expiresAt })
    .returning({ id: sessions.id });
  const claims = { sub: owner.userId, sessionId: session?.id };
  cookie = `next-auth.session-token=${await encode({ token: claims, secret: t.core.config.authSecret })}`;
  app = createApp();
  gate = undefined;
  runs = 0;
});

type Send = { body?: unknown; headers?: Record<string, string>; raw?: string };
function send(method: string, path: string, { body, headers = {}, raw }: Send = {}): Promise<Response> {
  const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const init: RequestInit = {
    method,
    headers: {
      ...(headers.cookie === undefined && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(text !== undefined && { body: text }),
  };
  return Promise.resolve(app.request(`http://localhost:3000/api/v1${path}`, init));
}

describe("every answer", () => {
  test("has an id and the safe headers, good or not", async () => {
    const good = await send("GET", "/session", { headers: { "x-request-id": "from-the-proxy" } });
    expect(good.status).toBe(200);
    const none = await app.request("/api/v1/session");
    expect(none.status).toBe(401);
    expect(await none.json()).toMatchObject({ status: 401, type: "/api/docs#problem-unauthenticated" });
    for (const answer of [good, none]) {
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    expect(good.headers.get("x-request-id")).toBe("from-the-proxy");
    expect(none.headers.get("x-request-id")).toMatch(/^[\w-]{12}$/);
  });
});

describe("the body", () => {
  test("may have so many bytes and not one more", async () => {
    const fits = `{"a":"${"x".repeat(API_BODY_BYTES_MAX - 8)}"}`;
    expect((await send("POST", "/echo", { raw: fits })).status).toBe(201);
    const over = await send("POST", "/echo", { raw: `${fits} ` });
    expect(over.status).toBe(413);
    expect(runs).toBe(1);
  });

  test("becomes storable, and is refused when it is too deep or not JSON", async () => {
    const answer = await send("POST", "/services", { raw: '{"name":"check\\u0000out \\ud800"}' });
    expect(await answer.json()).toMatchObject({ name: "check\uFFFDout \uFFFD" });
    expect((await send("POST", "/services", { raw: "[".repeat(100) })).status).toBe(400);
    expect((await send("POST", "/services", { raw: '{"name":' })).status).toBe(400);
    expect((await send("GET", "/services?q=%00")).status).toBe(400);
    const wrong = await send("POST", "/services", { body: { name: "", tellEmails: ["x"] } });
    expect(await wrong.json()).toMatchObject({
      errors: [{ pointer: "/name" }, { pointer: "/tellEmails/0" }],
    });
  });
});

describe("with a cookie", () => {
  const body = { name: "checkout" };
  test.each<[string, Record<string, string>, number]>([
    ["our origin", { origin: "http://localhost:3000" }, 201],
    ["a loopback name", { origin: "http://127.0.0.1:3000" }, 201],
    ["the browser's word", { "sec-fetch-site": "same-origin" }, 201],
    ["another origin", { origin: "https://evil.example" }, 403],
    ["another site by the browser's word", { "sec-fetch-site": "cross-site" }, 403],
    ["no origin", {}, 403],
    ["a form", { origin: "http://localhost:3000", "content-type": "text/plain" }, 415],
  ])("a change from %s", async (_, headers, status) => {
    expect((await send("POST", "/services", { body, headers: { cookie, ...headers } })).status).toBe(status);
  });

  test("reading needs no origin, and a change without a body no type", async () => {
    expect(await (await send("GET", "/session", { headers: { cookie } })).json()).toEqual({
      user: { id: owner.userId, name: "Olga", email: "olga@example.com", role: "owner" },
      scopes: [],
    });
    const { items } = (await (await send("GET", "/sessions", { headers: { cookie } })).json()) as {
      items: { id: string; isCurrent: boolean }[];
    };
    expect(items).toMatchObject([{ isCurrent: true }]);
    const headers = { cookie, origin: "http://localhost:3000" };
    expect((await send("DELETE", `/sessions/${items[0]?.id}`, { headers })).status).toBe(204);
    expect((await send("GET", "/session", { headers: { cookie } })).status).toBe(401);
  });
});

describe("an Idempotency-Key", () => {
  const once = (body: unknown, key = "key-1", path = "/echo") =>
    send("POST", path, { body, headers: { "idempotency-key": key } });

  test("repeats the first answer for a day", async () => {
    const first = await once({ a: 1 });
    const again = await once({ a: 1 });
    expect(runs).toBe(1);
    expect([again.status, await again.text()]).toEqual([first.status, await first.text()]);
    expect(again.headers.get("etag")).toBe('"1"');
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    await once({ a: 1 }, "key-2");
    expect(runs).toBe(2);
    t.clock.at = new Date(t.clock.at.getTime() + IDEMPOTENCY_HOURS * 3_600_000);
    await once({ a: 1 });
    expect(runs).toBe(3);
  });

  test("is refused with another request, and belongs to one person", async () => {
    await once({ a: 1 });
    expect((await once({ a: 2 })).status).toBe(422);
    expect((await once({ a: 1 }, "key-1", "/echo?x=1")).status).toBe(422);
    const other = await t.person("Otto", "owner");
    ({ token } = await createToken(t.ctx(other), { name: "script" }));
    expect((await once({ a: 2 })).status).toBe(201);
  });

  test("answers 409 while the first still runs, also to many at once", async () => {
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    let ended = 0;
    const all = Array.from({ length: 5 }, async () => {
      const answer = await once({ a: 1 });
      ended++;
      // The one that runs is let go when all others have their answer.
      if (ended === 4) open();
      return answer.status;
    });
    const statuses = await Promise.all(all);
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409]);
    expect(runs).toBe(1);
  });

  test("is free again after an error, and after its process died", async () => {
    expect((await once({ a: 1 }, "key-1", "/echo?fail=1")).status).toBe(500);
    expect((await once({ a: 1 })).status).toBe(201);
    await t.core.db.read.update(idempotencyKeys).set({ status: null, body: null });
    expect((await once({ a: 1 })).status).toBe(409);
    t.clock.at = new Date(t.clock.at.getTime() + RUNNING_MAX_MS + 1);
    expect((await once({ a: 1 })).status).toBe(201);
    expect(runs).toBe(3);
  });

  test("is not carried out again when its process died after the commit, before the answer", async () => {
    const asked = () => once({ name: "ci" }, "key-1", "/tokens");
    expect((await asked()).status).toBe(201);
    // What lies there when the process dies between the two: the command's own transaction has left its mark.
    await t.core.db.read.update(idempotencyKeys).set({ status: null, body: null });
    for (const later of [0, RUNNING_MAX_MS + 1]) {
      t.clock.at = new Date(t.clock.at.getTime() + later);
      const answer = await asked();
      expect(answer.status).toBe(409);
      expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("carried out already") });
    }
    expect(await t.core.db.read.select().from(apiTokens)).toHaveLength(2);
  });

  test("keeps no secret in clear", async () => {
    const first = (await (await once({ name: "ci" }, "key-1", "/tokens")).json()) as { token: string };
    const again = (await (await once({ name: "ci" }, "key-1", "/tokens")).json()) as { token: string };
    expect(again).toEqual(first);
    expect(await t.core.db.read.select().from(apiTokens)).toHaveLength(2);
    expect(JSON.stringify(await t.core.db.read.select().from(idempotencyKeys))).not.toContain(first.token);
  });
});

test("one token that asks too often is slowed down", async () => {
  const answers = [];
  for (let i = 0; i <= API_BURST; i++) answers.push((await send("GET", "/session")).status);
  expect(answers.filter((status) => status !== 200)).toEqual([429]);
  const headers = (await send("GET", "/session")).headers;
  expect(headers.get("retry-after")).toBe("1");
  expect((await send("GET", "/session", { headers: { cookie } })).status).toBe(200);
});

test("administration by HTTP: people, tokens, settings, audit, and the set-up link", async () => {
  const user = { email: "lin@example.com", name: "Lin", role: "responder" };
  const made = await send("POST", "/users", { body: user });
  expect(made.status).toBe(201);
  const lin = (await made.json()) as { id: string };
  expect(JSON.stringify(lin)).not.toMatch(/password/i);
  const patch = { body: { role: "viewer" } };
  expect(await (await send("PATCH", `/users/${lin.id}`, patch)).json()).toMatchObject({ role: "viewer" });
  expect((await send("PATCH", "/users/not-an-id", patch)).status).toBe(404);
  const made2 = await send("POST", "/tokens", { body: { name: "ci", userId: lin.id, scopes: ["incidents:read"] } });
  expect(made2.status).toBe(201);
  const { id } = (await made2.json()) as { id: string };
  expect((await send("POST", "/tokens", { body: { name: "ci", scopes: ["everything"] } })).status).toBe(400);
  expect((await send("DELETE", `/tokens/${id}`)).status).toBe(204);
  expect((await send("DELETE", `/users/${lin.id}`)).status).toBe(204);
  const settings = await send("PATCH", "/settings", { body: { organisation: { timeZone: "Europe/Berlin" } } });
  expect(await settings.json()).toMatchObject({ organisation: { timeZone: "Europe/Berlin" } });
  const page = (await (await send("GET", "/audit?limit=2")).json()) as { items: unknown[]; nextCursor: string };
  expect(page.items).toHaveLength(2);
  const next = await send("GET", `/audit?limit=200&cursor=${page.nextCursor}`);
  expect(((await next.json()) as { items: unknown[] }).items.length).toBeGreaterThan(2);
  expect((await send("GET", "/audit?cursor=rubbish")).status).toBe(400);

  const setup = { token: "wrong", name: "Ada", email: "ada@example.com", password: "correct horse" };
  const headers = { authorization: "" };
  expect((await send("POST", "/setup", { body: setup, headers })).status).toBe(404);
  expect(await setupLink(t.core)).toBeNull();
  await t.core.db.read.delete(users);
  const link = await setupLink(t.core);
  const body = { ...setup, token: link?.split("/").at(-1) };
  expect((await send("POST", "/setup", { body, headers })).status).toBe(201);
  expect((await send("POST", "/setup", { body, headers })).status).toBe(404);
});
