import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";

type Incident = { id: string; reference: string; status: string; mergedInto: string | null; mergedFrom?: string };
type Role = { role: string; holder: { id: string } | null; offeredTo: { id: string } | null };
type Task = { id: string; title: string; status: string; dueAt: string | null; doneAt: string | null };
type Person = { id: string; token: string };

let s: TestServer;
let ada: Person;
let lin: Person;
let admin: Person;

async function person(name: string, role: string): Promise<Person> {
  const user = await s.ask<{ id: string }>("POST", "/api/v1/users", { email: `${name}@example.com`, name, role });
  const made = await s.ask<{ token: string }>("POST", "/api/v1/tokens", { name, userId: user.body.id });
  return { id: user.body.id, token: made.body.token };
}
beforeAll(async () => {
  s = await startTestServer();
  ada = await person("ada", "responder");
  lin = await person("lin", "responder");
  admin = await person("root", "admin");
});
afterAll(() => s.stop());

async function declare(body: object = {}): Promise<Incident> {
  const made = await s.ask<Incident>("POST", "/api/v1/incidents", { title: "Slow", ...body });
  expect(made.status).toBe(201);
  return made.body;
}
const read = async (key: string) => (await s.ask<Incident>("GET", `/api/v1/incidents/${key}`)).body;
const step = (key: string, name: string, body: object = {}) =>
  s.ask<Incident>("POST", `/api/v1/incidents/${key}/${name}`, body);
const patch = (key: string, body: object) => s.ask<Incident>("PATCH", `/api/v1/incidents/${key}`, body);

/** An incident in a status, brought there the way people do. */
async function inStatus(status: string): Promise<Incident> {
  if (["investigating", "identified", "monitoring"].includes(status)) return declare({ status });
  if (status === "resolved" || status === "closed") {
    const incident = await declare();
    await step(incident.id, "resolve", { summary: "Rolled back" });
    if (status === "closed") await step(incident.id, "close");
    return incident;
  }
  const incident = await declare({ status: "triage" });
  if (status === "declined") await step(incident.id, "decline", { reason: "noise" });
  if (status === "merged") await step(incident.id, "merge", { into: (await declare()).reference });
  return incident;
}

const active = ["investigating", "identified", "monitoring"];
/** For each step, from where it leads where; from everywhere else it is a conflict. */
const steps: [name: string, body: object, allowed: Record<string, string>][] = [
  [
    "accept",
    {},
    { triage: "investigating", investigating: "investigating", identified: "identified", monitoring: "monitoring" },
  ],
  ["decline", { reason: "noise" }, { triage: "declined", declined: "declined" }],
  [
    "resolve",
    { summary: "Done" },
    { ...Object.fromEntries(active.map((from) => [from, "resolved"])), resolved: "resolved" },
  ],
  [
    "reopen",
    {},
    { resolved: "investigating", closed: "investigating", declined: "investigating", investigating: "investigating" },
  ],
  ["close", {}, { resolved: "closed", closed: "closed" }],
  ["unmerge", {}, { merged: "triage" }],
];
const statuses = ["triage", ...active, "resolved", "closed", "declined", "merged"];

describe("the life of an incident", () => {
  const cases = steps.flatMap(([name, body, allowed]) =>
    statuses.map((from) => ({ name, body, from, to: allowed[from] })),
  );
  test.each(cases)("$name from $from → $to", async ({ name, body, from, to }) => {
    const incident = await inStatus(from);
    const answer = await step(incident.id, name, body);
    if (to) {
      expect(answer).toMatchObject({ status: 200, body: { status: to } });
    } else {
      expect(answer.status, answer.text).toBe(409);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
    }
  });

  test("the three active statuses change freely by PATCH; no other takes or gives one", async () => {
    for (const from of active) {
      for (const to of active) {
        const incident = await declare({ status: from });
        expect(await patch(incident.id, { status: to })).toMatchObject({ status: 200, body: { status: to } });
      }
    }
    for (const from of ["triage", "resolved", "closed", "declined"]) {
      expect((await patch((await inStatus(from)).id, { status: "monitoring" })).status, from).toBe(409);
    }
    for (const to of ["triage", "resolved", "closed", "declined", "merged"]) {
      expect((await patch((await declare()).id, { status: to })).status, to).toBe(400);
    }
  });

  test("reopening forgets when it was resolved, closed or why it was declined", async () => {
    const declined = await inStatus("declined");
    expect(await read(declined.id)).toMatchObject({ declineReason: "noise" });
    await step(declined.id, "reopen");
    expect(await read(declined.id)).toMatchObject({ status: "investigating", declineReason: null });
    const closed = await inStatus("closed");
    expect(await read(closed.id)).toMatchObject({ resolvedAt: expect.any(String), closedAt: expect.any(String) });
    await step(closed.id, "reopen");
    expect(await read(closed.id)).toMatchObject({ resolvedAt: null, closedAt: null });
  });
});

describe("merging", () => {
  test("leads the reference to the target, and unmerging takes it back", async () => {
    const target = await declare({ title: "Database" });
    const source = await declare({ title: "Checkout", status: "triage" });
    expect(await step(source.reference, "merge", { into: target.reference })).toMatchObject({
      status: 200,
      body: { id: target.id },
    });
    expect(await read(source.reference)).toMatchObject({ id: target.id, mergedFrom: source.reference });
    expect(await read(target.reference)).not.toHaveProperty("mergedFrom");
    const further = await declare({ title: "Network" });
    await step(target.reference, "merge", { into: further.reference });
    expect(await read(source.reference)).toMatchObject({ id: further.id, mergedFrom: source.reference });
    await step(target.reference, "unmerge");
    expect(await step(source.reference, "unmerge")).toMatchObject({ status: 200, body: { status: "triage" } });
    expect(await read(source.reference)).toMatchObject({ id: source.id, mergedInto: null });
  });

  test("goes into open incidents only, and never in a circle", async () => {
    const one = await declare();
    const two = await declare();
    expect((await step(one.id, "merge", { into: one.reference })).status).toBe(409);
    expect((await step(one.id, "merge", { into: (await inStatus("resolved")).reference })).status).toBe(409);
    expect((await step(one.id, "merge", { into: "INC-999999" })).status).toBe(404);
    await step(one.id, "merge", { into: two.reference });
    expect((await step(two.id, "merge", { into: one.reference })).status).toBe(409);
    expect((await read(two.id)).status).toBe("investigating");
  });

  test("two merges into each other at once leave one incident to work in", async () => {
    for (let round = 0; round < 3; round += 1) {
      const [one, two] = [await declare(), await declare()];
      const answers = await Promise.all([
        step(one.id, "merge", { into: two.reference }),
        step(two.id, "merge", { into: one.reference }),
      ]);
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
      expect((await read(one.reference)).id).toBe((await read(two.reference)).id);
    }
  });
});

describe("the roster", () => {
  const role = (incident: Incident, method: string, path: string, body: object | undefined, who: Person) =>
    s.ask<Role>(method, `/api/v1/incidents/${incident.id}/roles/${path}`, body, { token: who.token });

  test("an empty role is claimed, a filled one is 409; offer and accept hand it over", async () => {
    const incident = await declare();
    expect(await role(incident, "PUT", "commander", {}, ada)).toMatchObject({
      status: 200,
      body: { holder: { id: ada.id } },
    });
    expect((await role(incident, "PUT", "commander", {}, ada)).status).toBe(200);
    expect((await role(incident, "PUT", "commander", {}, lin)).status).toBe(409);
    expect((await role(incident, "POST", "commander/offer", { userId: lin.id }, lin)).status).toBe(409);
    expect((await role(incident, "POST", "commander/accept", undefined, lin)).status).toBe(409);
    expect(await role(incident, "POST", "commander/offer", { userId: lin.id }, ada)).toMatchObject({
      status: 200,
      body: { holder: { id: ada.id }, offeredTo: { id: lin.id } },
    });
    expect(await role(incident, "POST", "commander/accept", undefined, lin)).toMatchObject({
      status: 200,
      body: { holder: { id: lin.id }, offeredTo: null },
    });
  });

  test("taking over needs a reason; an administrator replaces; only the holder or an administrator gives it up", async () => {
    const incident = await declare();
    await role(incident, "PUT", "scribe", {}, ada);
    expect((await role(incident, "POST", "scribe/take-over", { reason: " " }, lin)).status).toBe(400);
    expect((await role(incident, "POST", "scribe/take-over", { reason: "Ada is on a plane" }, lin)).status).toBe(409);
    const reason = { reason: "Ada is on a plane" };
    expect((await role(incident, "POST", "scribe/take-over", reason, admin)).body.holder).not.toMatchObject({
      id: ada.id,
    });
    expect((await role(incident, "DELETE", "scribe", undefined, ada)).status).toBe(409);
    expect(await role(incident, "PUT", "scribe", { userId: ada.id }, admin)).toMatchObject({
      body: { holder: { id: ada.id } },
    });
    expect(await role(incident, "DELETE", "scribe", undefined, ada)).toMatchObject({ body: { holder: null } });
    expect((await role(incident, "PUT", "No Such Role!", {}, ada)).status).toBe(400);
    expect((await role(incident, "PUT", "database-lead", {}, ada)).status).toBe(200);
    expect((await role(incident, "PUT", "operations", { userId: "nobody" }, admin)).status).toBe(404);
  });

  test("of five who claim at once one holds it", async () => {
    const incident = await declare();
    const people = [ada, lin, ada, lin, ada];
    const answers = await Promise.all(people.map((who) => role(incident, "PUT", "operations", {}, who)));
    const winners = answers.filter(({ status }) => status === 200).map(({ body }) => body.holder?.id);
    expect(new Set(winners).size).toBe(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  });
});

describe("tasks", () => {
  test("are added, given to somebody, acknowledged and done", async () => {
    const path = `/api/v1/incidents/${(await declare()).id}/tasks`;
    const made = await s.ask<Task>("POST", path, { title: "Look at db-7", ownerId: ada.id, minutes: 10 });
    expect(made).toMatchObject({ status: 201, body: { title: "Look at db-7", status: "open", owner: { id: ada.id } } });
    expect(made.body.dueAt).toMatch(/Z$/);
    const own = (body: object) => s.ask<Task>("PATCH", `${path}/${made.body.id}`, body, { token: ada.token });
    expect(await own({ acknowledged: true })).toMatchObject({
      status: 200,
      body: { acknowledgedAt: expect.any(String) },
    });
    expect(await own({ status: "done" })).toMatchObject({ body: { status: "done", doneAt: expect.any(String) } });
    expect(await own({ status: "open" })).toMatchObject({ body: { status: "open", doneAt: null } });
    expect((await own({ status: "perhaps" })).status).toBe(400);
    expect((await s.ask<{ items: Task[] }>("GET", path)).body.items).toHaveLength(1);
    const elsewhere = `/api/v1/incidents/${(await declare()).id}/tasks/${made.body.id}`;
    expect((await s.ask("PATCH", elsewhere, { status: "done" })).status).toBe(404);
  });
});
