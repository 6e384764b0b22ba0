import { afterAll, beforeAll, expect, test } from "vitest";
import type { UserActor } from "#/server/access/index.ts";
import { createDocuments, type Documents } from "#/server/documents/index.ts";
import { type Api, createApi } from "#/server/http/api.ts";
import { answerProblem } from "#/server/http/problem.ts";
import { createIncident, resolveIncident } from "#/server/incidents/index.ts";
import { registerPostmortem } from "#/server/postmortem/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { registerActionItemRoutes } from "./action-items.ts";
import { registerMeasureRoutes } from "./measures.ts";
import { registerPostmortemRoutes } from "./postmortem.ts";
import { registerSearchRoutes } from "./search.ts";

let muster: TestCore;
let documents: Documents;
let ada: UserActor;
let asAda: Api;
let reference: string;

function apiFor(actor: UserActor): Api {
  const api = createApi();
  api.use("*", async (c, next) => {
    c.set("ctx", muster.ctx(actor));
    await next();
  });
  api.onError((error, c) => answerProblem(c, error, muster.core.log));
  registerPostmortemRoutes(api, documents);
  registerActionItemRoutes(api);
  registerSearchRoutes(api);
  registerMeasureRoutes(api);
  return api;
}

beforeAll(async () => {
  muster = await testCore();
  documents = createDocuments(muster.core);
  registerPostmortem(muster.core, documents);
  ada = await muster.person("Ada");
  asAda = apiFor(ada);
  const incident = await createIncident(muster.ctx(ada), { title: "Checkout is slow", severity: "SEV2" });
  await resolveIncident(muster.ctx(ada), { incident: incident.id, summary: "Rolled back release 42." });
  reference = incident.reference;
});
afterAll(async () => {
  await documents.stop();
  await muster.close();
});

const json = (method: string, body: unknown) => ({
  method,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

test("the postmortem comes as JSON, or as Markdown when that is asked for first", async () => {
  const path = `/incidents/${reference}/postmortem`;
  const plain = await asAda.request(path);
  expect(plain.headers.get("content-type")).toContain("application/json");
  expect(await plain.json()).toMatchObject({ state: "draft", incident: { reference }, content: { type: "doc" } });
  const markdown = await asAda.request(path, { headers: { accept: "text/markdown" } });
  expect(markdown.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
  const text = await markdown.text();
  expect(text).toContain("Rolled back release 42.");
  expect(text.length).toBeGreaterThan(400);
  const both = await asAda.request(path, { headers: { accept: "application/json, text/markdown;q=0.5" } });
  expect(both.headers.get("content-type")).toContain("application/json");
});

test("an incident without one is a 404 that helps, and POST opens it", async () => {
  const incident = await createIncident(muster.ctx(ada), { title: "Still going" });
  const path = `/incidents/${incident.reference}/postmortem`;
  const missing = await asAda.request(path);
  expect(missing.status).toBe(404);
  expect(missing.headers.get("content-type")).toBe("application/problem+json");
  expect(await missing.json()).toMatchObject({ detail: expect.stringContaining("POST") });
  expect((await asAda.request(path, { method: "POST" })).status).toBe(201);
  const changed = await asAda.request(path, json("PATCH", { state: "reviewed" }));
  expect(await changed.json()).toMatchObject({ state: "reviewed" });
  expect((await asAda.request(path, json("PATCH", { state: "burnt" }))).status).toBe(400);
});

test("action items are made, listed, changed and deleted", async () => {
  const made = await asAda.request(
    "/action-items",
    json("POST", { incidentId: reference, title: "Alert on pool use" }),
  );
  expect(made.status).toBe(201);
  const item = (await made.json()) as { id: string };
  const path = `/action-items/${item.id}`;
  expect(await (await asAda.request(`/action-items?incident=${reference}`)).json()).toMatchObject({
    items: [{ id: item.id, incident: { reference }, owner: null, dueOn: null, doneAt: null }],
    nextCursor: null,
  });
  expect((await asAda.request(path, json("PATCH", { done: true, dueOn: "2026-11-30" }))).status).toBe(200);
  expect((await asAda.request(path, json("PATCH", { dueOn: "30 November" }))).status).toBe(400);
  expect((await asAda.request(path, { method: "DELETE" })).status).toBe(204);
  expect((await asAda.request("/action-items/1", { method: "DELETE" })).status).toBe(404);
});

test("action items take a title up to its limit, and a viewer's none", async () => {
  const add = (api: Api, title: string) => api.request("/action-items", json("POST", { incidentId: reference, title }));
  expect((await add(asAda, "x".repeat(300))).status).toBe(201);
  expect((await add(asAda, "x".repeat(301))).status).toBe(400);
  const viewer = apiFor(await muster.person("Vera", "viewer"));
  expect((await add(viewer, "x")).status).toBe(403);
});

test("search and measures answer", async () => {
  expect(await (await asAda.request("/search?q=slow")).json()).toMatchObject({
    items: [{ kind: "incident", incident: { reference }, matches: [{ start: 12, end: 16 }] }],
    nextCursor: null,
  });
  expect((await asAda.request("/search?q=")).status).toBe(400);
  expect((await asAda.request(`/search?q=${"x".repeat(201)}`)).status).toBe(400);
  expect((await asAda.request("/search?q=slow&limit=1000")).status).toBe(200);
  expect(await (await asAda.request("/measures?to=2026-11-22&by=severity")).json()).toMatchObject({
    by: "severity",
    total: { count: 2 },
  });
  expect((await asAda.request("/measures?by=mood")).status).toBe(400);
});
