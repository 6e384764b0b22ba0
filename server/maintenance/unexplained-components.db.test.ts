import { eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { components, incidents, notifications, updates, users } from "#/db/schema/index.ts";
import { createComponent, listComponents, UNEXPLAINED_JOB } from "#/server/audience/index.ts";
import {
  changeIncident,
  createIncident,
  mergeIncident,
  reopenIncident,
  resolveIncident,
} from "#/server/incidents/index.ts";
import { claimRole } from "#/server/roster/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { publishUpdate } from "#/server/updates/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { listUnexplained, mendComponent, registerUnexplainedComponents, remindOfComponent } from "./index.ts";

let test: TestOutbox;
let ada: Awaited<ReturnType<TestOutbox["person"]>>;
let lin: typeof ada;
let root: typeof ada;
let viewer: typeof ada;
let checkout: string;
let search: string;
const MINUTE = 60_000;

beforeAll(async () => {
  test = await testOutbox();
  ada = await test.person("Ada");
  lin = await test.person("Lin");
  root = await test.person("Root", "admin");
  viewer = await test.person("Vic", "viewer");
  registerUnexplainedComponents(test.core);
  test.workers.set(UNEXPLAINED_JOB, (data) => {
    return remindOfComponent(test.core, data as Parameters<typeof remindOfComponent>[1]);
  });
  checkout = (await createComponent(test.ctx(root), { name: "Checkout" })).id;
  search = (await createComponent(test.ctx(root), { name: "Search" })).id;
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  await test.core.db.read.update(components).set({
    status: "operational",
    leftStatus: "operational",
    unexplainedSince: null,
    unexplainedReminded: 0,
  });
});

const ctx = () => test.ctx(ada);
const stateOf = async (id: string) =>
  (await listComponents(test.core.db.read, ctx())).find((one) => one.id === id)?.status;
const unexplained = async () => (await listUnexplained(ctx())).map((one) => [one.name, one.status, one.isDue]);
const saidOf = (incidentId: string) =>
  test.core.db.read.select().from(updates).where(eq(updates.incidentId, incidentId)).orderBy(updates.publishedAt);
async function told() {
  const found = await test.core.db.read
    .select({ name: users.name, title: notifications.title, settledAt: notifications.settledAt })
    .from(notifications)
    .innerJoin(users, eq(users.id, notifications.userId))
    .where(inArray(notifications.kind, ["alarm"]))
    .orderBy(notifications.createdAt, users.name);
  return found;
}
async function brokenIncident() {
  const incident = await createIncident(ctx(), { title: "Payments fail" });
  await claimRole(test.ctx(lin), { incident: incident.id, role: "communications" });
  await publishUpdate(ctx(), incident.id, {
    status: "investigating",
    body: "Payments fail.",
    channels: ["status_page"],
    components: [
      { id: checkout, status: "major_outage" },
      { id: search, status: "degraded_performance" },
    ],
  });
  return incident;
}
async function pass(minutes: number): Promise<void> {
  test.wait(minutes * MINUTE);
  await test.runJobs();
}

describe("a resolving update", () => {
  it("leaves components as it says, what it does not name operational, and says of data in its text", async () => {
    const incident = await brokenIncident();
    const update = await publishUpdate(ctx(), incident.id, {
      status: "resolved",
      body: "Payments work.",
      channels: ["status_page"],
      components: [{ id: search, status: "degraded_performance" }],
      dataLost: "yes",
    });
    expect(update).toMatchObject({ dataLost: "yes", body: "Payments work.\n\nSome data was lost." });
    expect(update.components.map((one) => [one.name, one.oldStatus, one.newStatus])).toEqual([
      ["Search", "degraded_performance", "degraded_performance"],
      ["Checkout", "major_outage", "operational"],
    ]);
    expect([await stateOf(checkout), await stateOf(search)]).toEqual(["operational", "degraded_performance"]);
  });

  it("refuses what makes no sense at the end, or at another time than the end", async () => {
    const incident = await brokenIncident();
    const input = { status: "resolved" as const, body: "Done.", channels: ["status_page" as const] };
    const refused = { code: "invalid" };
    const worked = [{ id: search, status: "under_maintenance" as const }];
    await expect(publishUpdate(ctx(), incident.id, { ...input, components: worked })).rejects.toMatchObject(refused);
    const early = { ...input, status: "monitoring" as const, dataLost: "no" as const };
    await expect(publishUpdate(ctx(), incident.id, early)).rejects.toMatchObject(refused);
    const long = { ...input, body: "x".repeat(3_500), dataLost: "no" as const };
    await expect(publishUpdate(ctx(), incident.id, long)).rejects.toMatchObject(refused);
    const fits = { ...long, body: "x".repeat(3_500 - "\n\nNo data was lost.".length) };
    await expect(publishUpdate(ctx(), incident.id, fits)).resolves.toMatchObject({ dataLost: "no" });
  });
});

describe("a red component", () => {
  it("without an open incident is told after 15 minutes to liaison and administrators, again, and no more once mended", async () => {
    const incident = await brokenIncident();
    expect(await unexplained()).toEqual([]);
    await publishUpdate(ctx(), incident.id, {
      status: "resolved",
      body: "Payments work, slowly.",
      channels: ["status_page"],
      components: [{ id: checkout, status: "partial_outage" }],
    });
    expect(await unexplained()).toEqual([["Checkout", "partial_outage", false]]);
    await pass(14);
    expect(await told()).toEqual([]);
    await pass(1);
    const title = "Checkout is shown as partial outage, and nobody works on it";
    expect(await told()).toEqual([
      { name: "Lin", title, settledAt: null },
      { name: "Root", title, settledAt: null },
    ]);
    expect(await unexplained()).toEqual([["Checkout", "partial_outage", true]]);
    await pass(44);
    expect(await told()).toHaveLength(2);
    await pass(1);
    expect(await told()).toHaveLength(4);

    await mendComponent(ctx(), checkout);
    expect(await stateOf(checkout)).toBe("operational");
    expect(await unexplained()).toEqual([]);
    expect((await told()).every((one) => one.settledAt !== null)).toBe(true);
    await pass(24 * 60);
    expect(await told()).toHaveLength(4);
    expect((await mendComponent(ctx(), checkout)).status).toBe("operational");
  });

  it("whose incident ended while the page says otherwise is mended by publishing the end", async () => {
    const incident = await brokenIncident();
    await resolveIncident(ctx(), { incident: incident.id, summary: "Rolled back" });
    expect(await unexplained()).toEqual([
      ["Checkout", "major_outage", false],
      ["Search", "degraded_performance", false],
    ]);
    expect((await listUnexplained(ctx()))[0]?.incident?.reference).toBe(incident.reference);
    await mendComponent(ctx(), checkout);
    expect([await stateOf(checkout), await stateOf(search)]).toEqual(["operational", "degraded_performance"]);
    expect(await unexplained()).toEqual([["Search", "degraded_performance", false]]);
    await mendComponent(ctx(), search);
    expect(await stateOf(search)).toBe("operational");
    expect(await unexplained()).toEqual([]);
    const said = await saidOf(incident.id);
    expect(said.map((one) => [one.status, one.components.map((each) => [each.name, each.newStatus])])).toEqual([
      [
        "investigating",
        [
          ["Checkout", "major_outage"],
          ["Search", "degraded_performance"],
        ],
      ],
      [
        "resolved",
        [
          ["Checkout", "operational"],
          ["Search", "degraded_performance"],
        ],
      ],
    ]);
  });

  it("is mended wholly or not at all while an open incident holds it too, or one that became private", async () => {
    const incident = await brokenIncident();
    await resolveIncident(ctx(), { incident: incident.id, summary: "" });
    const open = await brokenIncident();
    await expect(mendComponent(ctx(), checkout)).rejects.toMatchObject({
      code: "conflict",
      message: "An incident holds it: publish there how it is.",
    });
    await resolveIncident(ctx(), { incident: open.id, summary: "" });
    await changeIncident(ctx(), { incident: open.id, change: { visibility: "private" } });
    for (const person of [ada, lin]) {
      await expect(mendComponent(test.ctx(person), checkout)).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("private now"),
      });
    }
    expect((await saidOf(incident.id)).map((one) => one.status)).toEqual(["investigating"]);
    await changeIncident(ctx(), { incident: open.id, change: { visibility: "public" } });
    await mendComponent(test.ctx(lin), checkout);
    expect(await stateOf(checkout)).toBe("operational");
    for (const { id } of [incident, open]) {
      expect((await saidOf(id)).map((one) => one.status)).toEqual(["investigating", "resolved"]);
    }
  });

  it("whose end somebody else has to approve is mended by nobody alone, and says where to ask", async () => {
    const resolved = await brokenIncident();
    await resolveIncident(ctx(), { incident: resolved.id, summary: "" });
    await changeSettings(test.ctx(root), { approval: { public: { SEV1: "two_people" } } });
    await changeIncident(ctx(), { incident: resolved.id, change: { severity: "SEV1" } });
    const refusedWith = (text: string) => ({ code: "conflict", message: expect.stringContaining(text) });
    await expect(mendComponent(ctx(), checkout)).rejects.toMatchObject(
      refusedWith(`Say in ${resolved.reference} how it ended, and ask for approval there.`),
    );
    await changeSettings(test.ctx(root), { approval: { public: { SEV1: "none" } } });
    await mendComponent(ctx(), checkout);
    await mendComponent(ctx(), search);
    const merged = await brokenIncident();
    await changeIncident(ctx(), { incident: merged.id, change: { severity: "SEV1" } });
    const other = await createIncident(ctx(), { title: "The same elsewhere" });
    await mergeIncident(ctx(), { incident: merged.id, into: other.id });
    await changeSettings(test.ctx(root), { approval: { public: { SEV1: "two_people" } } });
    await expect(mendComponent(ctx(), checkout)).rejects.toMatchObject(
      refusedWith(`Unmerge it first, then say in ${merged.reference} how it ended`),
    );
    expect((await saidOf(merged.id)).map((one) => one.status)).toEqual(["investigating"]);
  });

  it("whose incident was merged while the page tells of it is mended on the page, and the incident stays merged", async () => {
    const incident = await brokenIncident();
    const other = await createIncident(ctx(), { title: "The same elsewhere" });
    await mergeIncident(ctx(), { incident: incident.id, into: other.id });
    expect(await unexplained()).toHaveLength(2);
    await mendComponent(ctx(), checkout);
    await mendComponent(ctx(), checkout);
    expect([await stateOf(checkout), await stateOf(search)]).toEqual(["operational", "degraded_performance"]);
    expect((await saidOf(incident.id)).map((one) => one.status)).toEqual(["investigating", "resolved"]);
    const [row] = await test.core.db.read.select().from(incidents).where(eq(incidents.id, incident.id));
    expect(row?.status).toBe("merged");
  });

  it("is explained again as soon as somebody works on it, and is nobody's to mend then", async () => {
    const incident = await brokenIncident();
    await resolveIncident(ctx(), { incident: incident.id, summary: "" });
    expect(await unexplained()).toHaveLength(2);
    await reopenIncident(ctx(), { incident: incident.id });
    expect(await unexplained()).toEqual([]);
    await pass(15);
    expect(await told()).toEqual([]);
    await expect(mendComponent(ctx(), checkout)).rejects.toMatchObject({ code: "conflict" });
    expect(await stateOf(checkout)).toBe("major_outage");
  });

  it("tells each reminder once, however often its job runs", async () => {
    const incident = await brokenIncident();
    await resolveIncident(ctx(), { incident: incident.id, summary: "" });
    const job = test.jobs.find((one) => one.name === UNEXPLAINED_JOB && one.data.componentId === checkout);
    const data = job?.data as Parameters<typeof remindOfComponent>[1];
    await pass(15);
    expect((await told()).length).toBeGreaterThan(0);
    const before = (await told()).length;
    test.wait(MINUTE);
    await remindOfComponent(test.core, data);
    await remindOfComponent(test.core, { ...data, since: "2020-01-01T00:00:00.000Z" });
    await remindOfComponent(test.core, { ...data, componentId: incident.id });
    expect(await told()).toHaveLength(before);
  });

  it("is a responder's to mend, and everybody's to see", async () => {
    const incident = await brokenIncident();
    await resolveIncident(ctx(), { incident: incident.id, summary: "" });
    await expect(mendComponent(test.ctx(viewer), checkout)).rejects.toMatchObject({ code: "forbidden" });
    expect(await listUnexplained(test.ctx(viewer))).toHaveLength(2);
    await expect(mendComponent(ctx(), incident.id)).rejects.toMatchObject({ code: "not_found" });
  });
});
