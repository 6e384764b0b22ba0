import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ServerRole, serverRoles } from "#/server/access/index.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { createApiRoutes, openApiDocument } from "./app.ts";
import { type MatrixRow, permissionMatrix } from "./permission-matrix.ts";

type Person = { id: string; token: string };
const absent = "00000000-0000-4000-8000-000000000000";
const objects = ["own", "other", "private", "member"] as const;
type ObjectKind = (typeof objects)[number];

/** Every route that exists, from the description that the API makes of itself. */
const described = openApiDocument(createApiRoutes({} as never), "http://localhost");
const routes = Object.entries(described.paths ?? {})
  .flatMap(([path, methods]) => Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`))
  .sort();

let s: TestServer;
const people = {} as Record<ServerRole, Person>;
let serial = 0;

beforeAll(async () => {
  s = await startTestServer();
  for (const role of serverRoles) {
    const user = await s.ask<{ id: string }>("POST", "/api/v1/users", {
      email: `${role}@example.com`,
      name: role,
      role,
    });
    const token = await s.ask<{ token: string }>("POST", "/api/v1/tokens", { name: role, userId: user.body.id });
    people[role] = { id: user.body.id, token: token.body.token };
    expect(token.status).toBe(201);
  }
});
afterAll(() => s.stop());

/** A fresh incident of a kind, as an actor sees it. */
async function incidentFor(role: ServerRole, kind: ObjectKind): Promise<string> {
  const visibility = kind === "private" || kind === "member" ? "private" : "public";
  const creator = kind === "own" && role !== "viewer" ? people[role].token : undefined;
  const made = await s.ask<{ id: string }>(
    "POST",
    "/api/v1/incidents",
    { title: "Secret plan", visibility },
    creator ? { token: creator } : {},
  );
  expect(made.status).toBe(201);
  if (kind === "member") {
    const added = await s.ask("PUT", `/api/v1/incidents/${made.body.id}/members/${people[role].id}`);
    expect(added.status).toBe(204);
  }
  return made.body.id;
}

const readOnly = new Map<string, Promise<string>>();

/** The incident of a call: reading leaves it as it is, so that all calls which only read share one. */
function incidentOfCall(route: string, role: ServerRole, kind: ObjectKind): Promise<string> {
  if (!route.startsWith("GET ")) return incidentFor(role, kind);
  const key = `${role} ${kind}`;
  const known = readOnly.get(key) ?? incidentFor(role, kind);
  readOnly.set(key, known);
  return known;
}

async function filled(value: unknown, role: ServerRole): Promise<unknown> {
  let text = JSON.stringify(value);
  if (text.includes("{other}")) text = text.replace("{other}", await incidentFor("owner", "other"));
  return JSON.parse(text.replace("{self}", people[role].id).replaceAll("{unique}", `unique-${++serial}`));
}

function oneFile(): FormData {
  const form = new FormData();
  form.append("file", new Blob(["a log"]), "a.log");
  return form;
}

async function call(route: string, row: MatrixRow, role: ServerRole | null, incident: string) {
  const [method = "", template = ""] = route.split(" ");
  const path = template
    .replace("{id}", row.incident ? incident : absent)
    .replace("{role}", "scribe")
    .replace("{userId}", people.responder.id)
    .replace(/\{\w+\}/g, absent);
  const query = template === "/search" ? "?q=secret" : "";
  const body = row.file ? oneFile() : row.body === undefined ? undefined : await filled(row.body, role ?? "viewer");
  return s.ask(method, `/api/v1${path}${query}`, body, { token: role ? people[role].token : null });
}

const rank = (role: ServerRole) => serverRoles.length - serverRoles.indexOf(role);

test("every route has a row, and every row a route", () => {
  expect(Object.keys(permissionMatrix).sort()).toEqual(routes);
});

describe.each(Object.entries(permissionMatrix))("%s", (route, row) => {
  test("nobody without signing in", async () => {
    const { status } = await call(route, row, null, absent);
    if (row.open) expect(status).toBeGreaterThanOrEqual(400);
    else expect(status).toBe(401);
  });

  const kinds = row.incident ? objects : (["own"] as const);
  const cases = serverRoles.flatMap((role) => kinds.map((kind) => [role, kind] as const));
  test.each(cases)("%s, %s", async (role, kind) => {
    const incident = row.incident ? await incidentOfCall(route, role, kind) : absent;
    const answer = await call(route, row, role, incident);
    if (row.incident && kind === "private" && role !== "owner") {
      expect(answer.status).toBe(404);
      expect(answer.text).not.toContain("Secret plan");
    } else if (rank(role) < rank(row.least)) {
      expect(answer.status).toBe(403);
    } else {
      expect([401, 403, 500]).not.toContain(answer.status);
      if (row.incident) expect(answer.text).not.toContain("There is no such incident.");
    }
  });
});

test("a private incident is in no list of somebody who may not see it", async () => {
  const made = await s.ask<{ id: string; reference: string }>("POST", "/api/v1/incidents", {
    title: "Canary zebra",
    summary: "Canary zebra",
    visibility: "private",
    services: ["canary-service"],
  });
  await s.ask("POST", `/api/v1/incidents/${made.body.id}/timeline`, { body: "Canary zebra note" });
  const lists = [
    "/incidents?q=zebra",
    "/incidents?service=canary-service",
    "/incidents",
    "/alerts",
    "/search?q=zebra",
    "/action-items",
    "/measures",
    "/changes",
    "/services",
  ];
  for (const role of ["admin", "responder", "viewer"] as const) {
    for (const path of lists) {
      const answer = await s.ask("GET", `/api/v1${path}`, undefined, { token: people[role].token });
      expect(answer.status, path).toBe(200);
      expect(answer.text, path).not.toContain("zebra");
      expect(answer.text, path).not.toContain(made.body.reference);
    }
  }
});
