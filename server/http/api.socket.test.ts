import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sessions } from "#/db/schema/index.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { createApiRoutes } from "./app.ts";

type Made = { id: string; reference: string; version: number };
type Page<T = Made> = { items: T[]; nextCursor: string | null };
type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { pointer: string; detail: string }[];
};
type Person = { id: string; token: string };

const PARALLEL = 20;

let s: TestServer;
let viewer: Person;
let responder: Person;
let admin: Person;

async function person(role: string): Promise<Person> {
  const user = await s.ask<Made>("POST", "/api/v1/users", { email: `${role}@example.com`, name: role, role });
  const made = await s.ask<{ token: string }>("POST", "/api/v1/tokens", { name: role, userId: user.body.id });
  return { id: user.body.id, token: made.body.token };
}
beforeAll(async () => {
  s = await startTestServer();
  viewer = await person("viewer");
  responder = await person("responder");
  admin = await person("admin");
});
afterAll(() => s.stop());

const declare = (body: object = {}) => s.ask<Made>("POST", "/api/v1/incidents", { title: "Slow", ...body });

function expectProblem(answer: { status: number; headers: Headers; body: unknown }, status: number): Problem {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  const problem = answer.body as Problem;
  expect(problem).toMatchObject({
    status,
    type: expect.any(String),
    title: expect.any(String),
    detail: expect.any(String),
  });
  return problem;
}

describe("references", () => {
  test("count up from 1 without gap or reuse under parallel creates; private ones are drawn", async () => {
    const bodies = Array.from({ length: PARALLEL }, (_, n) => ({ title: `Parallel ${n}` }));
    const secret = { title: "Secret", visibility: "private" };
    const made = await Promise.all([...bodies, secret, secret].map((body) => declare(body)));
    expect(made.map((answer) => answer.status)).toEqual(made.map(() => 201));
    const references = made.map((answer) => answer.body.reference);
    const numbers = references.flatMap((reference) => /^INC-(\d+)$/.exec(reference)?.[1] ?? []).map(Number);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: PARALLEL }, (_, n) => n + 1));
    const drawn = references.filter((reference) => /^PRV-[A-Z]{6}$/.test(reference));
    expect(new Set(drawn).size).toBe(2);
    expect((await declare()).body.reference).toBe(`INC-${PARALLEL + 1}`);
  });

  test("an incident is addressed by its id or its reference, in any case", async () => {
    const { body } = await declare();
    for (const key of [body.id, body.reference, body.reference.toLowerCase()]) {
      expect((await s.ask("GET", `/api/v1/incidents/${key}`)).body).toMatchObject({ id: body.id });
    }
  });
});

describe("an incident", () => {
  test("created with a title alone is whole, and its times are RFC 3339 UTC with milliseconds", async () => {
    const { status, body, headers } = await declare();
    expect(status).toBe(201);
    expect(headers.get("etag")).toBe(`"v${body.version}"`);
    expect(body).toMatchObject({
      title: "Slow",
      status: "investigating",
      severity: null,
      visibility: "public",
      summary: "",
      impactText: "",
      hypothesis: "",
      services: [],
      resolvedAt: null,
      declaredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });
});

describe("problems", () => {
  test.each([
    ["a missing field", {}, "/title"],
    ["a wrong value", { title: "x", severity: "SEV9" }, "/severity"],
    ["a place in a list", { title: "x", services: ["ok", ""] }, "/services/1"],
    ["a field too long", { title: "x".repeat(1_000) }, "/title"],
  ])("name %s by a pointer", async (_, body, pointer) => {
    const problem = expectProblem(await s.ask("POST", "/api/v1/incidents", body), 400);
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
  });

  test("reach into what is nested", async () => {
    const { body } = await declare();
    const change = {
      links: [{ url: "https://example.com" }, { url: "javascript:alert(1)" }],
      times: { detectedAt: "x" },
    };
    const problem = expectProblem(await s.ask("PATCH", `/api/v1/incidents/${body.id}`, change), 400);
    expect(problem.errors?.map((error) => error.pointer)).toEqual(
      expect.arrayContaining(["/links/1/url", "/times/detectedAt"]),
    );
  });

  test("also for what is no JSON, an address that nobody has, no sign-in, and too much", async () => {
    expectProblem(await s.ask("POST", "/api/v1/incidents", "{"), 400);
    expectProblem(await s.ask("GET", "/api/v1/nothing"), 404);
    expectProblem(await s.ask("GET", "/api/v1/incidents/INC-999999"), 404);
    expectProblem(await s.ask("GET", "/nothing"), 404);
    expectProblem(await s.ask("GET", "/api/v1/incidents", undefined, { token: null }), 401);
    expectProblem(await s.ask("GET", "/api/v1/incidents", undefined, { token: "mst_wrong" }), 401);
    expectProblem(await s.ask("POST", "/api/v1/incidents", { title: "x", summary: "x".repeat(300 * 1024) }), 413);
  });
});

describe("lists", () => {
  test("page by cursor, each row once, newest first", async () => {
    await declare({ title: "zeppelin 1" });
    for (let n = 2; n <= 5; n += 1) await declare({ title: `zeppelin ${n}` });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const path: string = `/api/v1/incidents?q=zeppelin&limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await s.ask<Page<{ title: string }>>("GET", path);
      expect(body.items.length).toBeLessThanOrEqual(2);
      seen.push(...body.items.map((item) => item.title));
      cursor = body.nextCursor;
    }
    expect([...seen].sort()).toEqual([1, 2, 3, 4, 5].map((n) => `zeppelin ${n}`));
    expect(seen).toHaveLength(5);
  });

  test("clamp the limit to 1–200 and refuse what is no number", async () => {
    await Promise.all(Array.from({ length: 201 }, (_, n) => declare({ title: `clamp ${n}` })));
    const count = async (limit: string) =>
      (await s.ask<Page>("GET", `/api/v1/incidents?q=clamp&limit=${limit}`)).body.items.length;
    expect(await count("1000")).toBe(200);
    expect(await count("200")).toBe(200);
    expect(await count("0")).toBe(1);
    expect(await count("-5")).toBe(1);
    expect((await s.ask<Page>("GET", "/api/v1/incidents?q=clamp")).body.items).toHaveLength(50);
    const problem = expectProblem(await s.ask("GET", "/api/v1/incidents?limit=many"), 400);
    expect(problem.errors?.[0]?.pointer).toBe("/limit");
  });

  test.each([
    ["no cursor at all", "%%%"],
    ["one of another list", Buffer.from('["x"]').toString("base64url")],
    ["a forged one", Buffer.from('["yesterday","me"]').toString("base64url")],
  ])("refuse %s with 400", async (_, cursor) => {
    for (const list of ["incidents", "alerts", "users", "audit", "subscribers", "tokens", "deliveries"]) {
      const answer = await s.ask("GET", `/api/v1/${list}?cursor=${encodeURIComponent(cursor)}`);
      expect(answer.status, list).toBe(400);
    }
  });

  test("no status means all; statuses and services narrow", async () => {
    const one = await declare({ title: "narrow", services: ["narrow-service"], severity: "SEV1" });
    await s.ask("POST", `/api/v1/incidents/${one.body.id}/resolve`, {});
    const ids = async (query: string) =>
      (await s.ask<Page>("GET", `/api/v1/incidents?q=narrow&${query}`)).body.items.map((item) => item.id);
    expect(await ids("")).toEqual([one.body.id]);
    expect(await ids("status=resolved")).toEqual([one.body.id]);
    expect(await ids("status=open")).toEqual([]);
    expect(await ids("service=narrow-service&severity=SEV1")).toEqual([one.body.id]);
    expect(await ids("severity=SEV2")).toEqual([]);
  });
});

describe("Idempotency-Key", () => {
  const post = (key: string, body: object, token?: string) =>
    s.ask<Made>("POST", "/api/v1/incidents", body, {
      headers: { "idempotency-key": key },
      ...(token !== undefined && { token }),
    });

  test("gives the first answer again; another body is 422", async () => {
    const first = await post("k1", { title: "Once" });
    const again = await post("k1", { title: "Once" });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("etag")).toBe(first.headers.get("etag"));
    expectProblem(await post("k1", { title: "Twice" }), 422);
    expect((await s.ask<Page>("GET", "/api/v1/incidents?q=Once")).body.items).toHaveLength(1);
  });

  test("belongs to whoever sent it, and a refused request does not use it up", async () => {
    const own = await post("k2", { title: "Mine" });
    const other = await post("k2", { title: "Mine" }, responder.token);
    expect(other.body.id).not.toBe(own.body.id);
    expectProblem(await post("k3", { title: "" }), 400);
    expect((await post("k3", { title: "Better" })).status).toBe(201);
  });

  test("of ten at once one creates", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post("k4", { title: "Flood of one" })));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id)).size).toBe(1);
    expect((await s.ask<Page>("GET", "/api/v1/incidents?q=Flood")).body.items).toHaveLength(1);
  });
});

describe("If-Match", () => {
  test("stale is 412, permission comes first, and the version rises only when something changed", async () => {
    const { body, headers } = await declare();
    const path = `/api/v1/incidents/${body.id}`;
    const patch = (change: object, etag: string, token?: string) =>
      s.ask<Made>("PATCH", path, change, { headers: { "if-match": etag }, ...(token !== undefined && { token }) });
    const seen = headers.get("etag") ?? "";
    const changed = await patch({ title: "Slower" }, seen);
    expect(changed).toMatchObject({ status: 200, body: { title: "Slower", version: body.version + 1 } });
    expectProblem(await patch({ title: "Slowest" }, seen), 412);
    expectProblem(await patch({ title: "Slowest" }, '"nonsense"'), 412);
    expectProblem(await patch({ title: "Slowest" }, seen, viewer.token), 403);
    const now = changed.headers.get("etag") ?? "";
    expect(await patch({ title: "Slower" }, now)).toMatchObject({ status: 200, body: { version: body.version + 1 } });
    expect((await patch({ hypothesis: "cache" }, "*")).status).toBe(200);
    await s.ask("POST", `${path}/tasks`, { title: "Look" });
    await s.ask("POST", `${path}/timeline`, { body: "a note" });
    expect((await s.ask("GET", path)).body).toMatchObject({ version: body.version + 2, title: "Slower" });
  });
});

describe("the description", () => {
  test("is OpenAPI 3.1 and lists every route with answers and parameters", async () => {
    const { status, body } = await s.ask<{
      openapi: string;
      info: object;
      paths: Record<string, Record<string, { responses: object; parameters?: { name: string; in: string }[] }>>;
      components: { securitySchemes: object };
    }>("GET", "/api/v1/openapi.json", undefined, { token: null });
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\.1\.\d+$/);
    expect(body.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    expect(body.components.securitySchemes).toHaveProperty("bearer");
    const described = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = createApiRoutes({} as never)
      .routes.filter((route) => route.method !== "ALL")
      .map((route) => `${route.method} ${route.path.replace(/:(\w+)/g, "{$1}")}`);
    expect(described.sort()).toEqual([...new Set(served)].sort());
    for (const [path, methods] of Object.entries(body.paths)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const [method, operation] of Object.entries(methods)) {
        const parameters = (operation.parameters ?? []).filter((each) => each.in === "path").map((each) => each.name);
        expect(parameters.sort(), `${method} ${path}`).toEqual(named.sort());
        expect(Object.keys(operation.responses).length, `${method} ${path}`).toBeGreaterThan(1);
      }
    }
  });

  test("is there for people, too", async () => {
    const { status, text, headers } = await s.ask("GET", "/api/docs", undefined, { token: null });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toContain("text/html");
    expect(text).toContain("/api/v1/incidents/{id}/merge");
  });
});

describe("health and metrics", () => {
  test("answer to anybody nearby; what comes through a proxy needs an administrator", async () => {
    expect((await s.ask("GET", "/healthz", undefined, { token: null })).status).toBe(200);
    expect(await s.ask("GET", "/readyz", undefined, { token: null })).toMatchObject({
      status: 200,
      body: { database: "ok" },
    });
    const metrics = await s.ask("GET", "/metrics", undefined, { token: null });
    expect(metrics.status).toBe(200);
    expect(metrics.headers.get("content-type")).toContain("text/plain");
    expect(metrics.text).toContain("muster_http_request_duration_seconds_bucket");
    const forwarded = (token: string | null) =>
      s.ask("GET", "/metrics", undefined, { token, headers: { "x-forwarded-for": "203.0.113.9" } });
    expect((await forwarded(null)).status).toBe(401);
    expect((await forwarded(responder.token)).status).toBe(403);
    expect((await forwarded(admin.token)).status).toBe(200);
  });
});

describe("a browser's session", () => {
  test("changes things only from our own origin, and as JSON", async () => {
    const { core } = s.server;
    const expiresAt = new Date(Date.now() + 3_600_000);
    const [row] = await core.db.read
      .insert(sessions)
      .values({ userId: responder.id, expiresAt })
      .returning({ id: sessions.id });
    const claims = { sub: responder.id, sessionId: String(row?.id) };
    const sealed = await encode({ token: claims, secret: core.config.authSecret });
    const cookie = `next-auth.session-token=${sealed}`;
    const post = (headers: Record<string, string>) =>
      s.ask("POST", "/api/v1/incidents", { title: "By cookie" }, { token: null, headers: { cookie, ...headers } });
    const own = core.config.publicUrl;
    expect((await post({ origin: own })).status).toBe(201);
    expectProblem(await post({ origin: "https://evil.example" }), 403);
    expectProblem(await post({ origin: "null" }), 403);
    expectProblem(await post({}), 403);
    expectProblem(await post({ origin: own, "content-type": "text/plain" }), 415);
    expect((await s.ask("GET", "/api/v1/session", undefined, { token: null, headers: { cookie } })).status).toBe(200);
    const byToken = { token: responder.token, headers: { origin: "https://evil.example" } };
    expect((await s.ask("POST", "/api/v1/incidents", { title: "By token" }, byToken)).status).toBe(201);
  });
});
