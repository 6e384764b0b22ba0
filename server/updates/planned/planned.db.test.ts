import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { auditEntries, plannedUpdates, timelineEntries, updates, users } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { createAudience, createComponent, removeAudience } from "#/server/audience/index.ts";
import { changeIncident, createIncident, type IncidentRow, resolveIncident } from "#/server/incidents/index.ts";
import type { Severity } from "#/server/incidents/shared/lists.ts";
import { claimRole, releaseRole } from "#/server/roster/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { changeDraft, readDraft } from "../change-draft.ts";
import type { RetryDeliveryInput } from "../contract.ts";
import { correctUpdate } from "../correct-update.ts";
import { publishUpdate } from "../publish-update.ts";
import { retryDelivery } from "../retry-delivery.ts";
import { BYPASS_AFTER_MS, PLANNED_MAX, SCHEDULE_AHEAD_MAX_MS, SCHEDULE_LATE_MAX_MS } from "../shared/planned.ts";
import { type TestOutbox, testOutbox } from "../test-outbox.ts";
import type { PlanUpdateInput } from "./contract.ts";
import { approvePlanned, bypassApproval, declinePlanned } from "./decide-planned.ts";
import { cancelPlanned, changePlanned, planUpdate } from "./plan-update.ts";
import { openPlanned, pagePlanned } from "./planned-queries.ts";
import { publishScheduled, registerPlannedUpdates } from "./publish-planned.ts";
import { PUBLISH_PLANNED_JOB } from "./release.ts";

const MINUTE_MS = 60_000;
let t: TestOutbox;
let ada: UserActor;
let lin: UserActor;
let sam: UserActor;
let admin: UserActor;
let viewer: UserActor;
let incident: IncidentRow;
let planned: ReturnType<typeof registerPlannedUpdates>;

beforeAll(async () => {
  t = await testOutbox();
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  sam = await t.person("Sam");
  admin = await t.person("Root", "admin");
  viewer = await t.person("Vic", "viewer");
  planned = registerPlannedUpdates(t.core);
  t.workers.set(PUBLISH_PLANNED_JOB, (data) =>
    publishScheduled(t.core, { plannedId: String(data.plannedId), publishAt: new Date(String(data.publishAt)) }),
  );
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.reset();
  await t.core.db.read.update(users).set({ disabledAt: null });
  incident = await createIncident(t.ctx(ada), { title: "Checkout is slow", severity: "SEV1" });
});

const text = (body = "We found the cause.") =>
  ({ status: "identified", body, channels: ["status_page"] }) satisfies NonNullable<PlanUpdateInput["update"]>;
const rule = (rule: "commander" | "two_people") =>
  changeSettings(t.ctx(admin), { approval: { public: { SEV1: rule } } });
const command = (who = ada) => claimRole(t.ctx(who), { incident: incident.id, role: "commander" });
const ask = (who = lin, input: Partial<PlanUpdateInput> = {}) =>
  planUpdate(t.ctx(who), incident.id, { update: text(), ...input });
const approve = (who: UserActor, plan: { id: string; version: number }) =>
  approvePlanned(t.ctx(who), incident.id, plan.id, { version: plan.version });
const bypass = (who: UserActor, plan: { id: string; version: number }, reason = "Nobody answers.") =>
  bypassApproval(t.ctx(who), incident.id, plan.id, { version: plan.version, reason });
const published = () => t.core.db.read.select().from(updates).where(eq(updates.incidentId, incident.id));
const events = async (type: string) =>
  t.core.db.read
    .select()
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incident.id), eq(timelineEntries.type, type)));
const soon = (ms = 10 * MINUTE_MS) => new Date(t.clock.at.getTime() + ms).toISOString();
const stateOf = async (id: string) =>
  (await t.core.db.read.select().from(plannedUpdates).where(eq(plannedUpdates.id, id)))[0];
const pass = async (ms: number) => {
  t.wait(ms);
  await t.runJobs();
};

describe("approval", () => {
  it("is asked for another text of a delivery that failed, and not for the same one to another place", async () => {
    t.slack.script.answer = () => ({ body: { ok: false, error: "channel_not_found" } });
    const said = await publishUpdate(t.ctx(ada), incident.id, { ...text(), channels: ["slack"] });
    await t.runJobs();
    await rule("commander");
    await command();
    const again = (who: UserActor, input: RetryDeliveryInput) =>
      retryDelivery(t.ctx(who), incident.id, said.id, said.deliveries[0]?.id ?? "", input);
    await expect(again(lin, { body: "Nobody read this." })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("the commander approves"),
    });
    expect((await t.rows())[0]).toMatchObject({ state: "failed" });
    await again(lin, { body: said.body, destination: "C2" });
    await t.runJobs();
    expect((await t.rows())[0]).toMatchObject({ state: "failed", destination: "C2" });
    expect((await again(ada, { body: "The commander says so." })).deliveries[0]).toMatchObject({ state: "queued" });
  });

  it("is asked of nobody until an organisation says so, and never inside unless it does", async () => {
    await publishUpdate(t.ctx(lin), incident.id, text());
    expect(await published()).toHaveLength(1);
    await rule("commander");
    await publishUpdate(t.ctx(lin), incident.id, { ...text(), channels: ["slack"], audience: "internal" });
    await expect(publishUpdate(t.ctx(lin), incident.id, text())).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("At SEV1 the commander approves what goes out"),
    });
    expect(await published()).toHaveLength(2);
  });

  it("by the commander: what others ask for waits, the commander's own goes out", async () => {
    await rule("commander");
    await command(ada);
    await publishUpdate(t.ctx(ada), incident.id, text("By the commander."));
    const plan = await ask(lin);
    expect(plan).toMatchObject({
      state: "waiting",
      rule: "commander",
      version: 1,
      body: "We found the cause.",
      bodyOut: "By the commander.",
      askedBy: { id: lin.userId, name: "Lin" },
      bypassFrom: new Date(t.clock.at.getTime() + BYPASS_AFTER_MS).toISOString(),
    });
    await expect(approve(sam, plan)).rejects.toMatchObject({ code: "conflict", message: /Only the commander, Ada/ });
    await expect(approve(lin, plan)).rejects.toMatchObject({ code: "conflict" });
    await expect(approve(viewer, plan)).rejects.toMatchObject({ code: "forbidden" });
    expect(await published()).toHaveLength(1);
    const done = await approve(ada, plan);
    expect(done).toMatchObject({ state: "published", approvedBy: { name: "Ada" } });
    const [, second] = await published();
    expect(second).toMatchObject({ body: "We found the cause.", publishedByName: "Lin" });
    expect(await approve(ada, plan)).toMatchObject({ state: "published" });
    expect(await published()).toHaveLength(2);
    expect(await events("update.approved")).toMatchObject([{ actorName: "Ada", data: { askedBy: "Lin" } }]);
  });

  it("without a commander says that somebody has to take the role", async () => {
    await rule("commander");
    const plan = await ask(lin);
    await expect(approve(sam, plan)).rejects.toMatchObject({ message: /Nobody commands this incident/ });
    await command(sam);
    expect(await approve(sam, plan)).toMatchObject({ state: "published" });
  });

  it("by two people: whoever asked is not the second of them, also as commander and by a token", async () => {
    await rule("two_people");
    await command(lin);
    const plan = await ask(lin);
    expect(plan.state).toBe("waiting");
    await expect(approve(lin, plan)).rejects.toMatchObject({ message: /somebody else has to approve/ });
    await expect(approve({ ...lin, tokenId: "t" }, plan)).rejects.toMatchObject({ code: "conflict" });
    expect(await approve(sam, plan)).toMatchObject({ state: "published" });
  });

  it("is withdrawn by a change of the text, which is then another's to approve", async () => {
    await rule("two_people");
    const plan = await ask(lin, { publishAt: soon() });
    const approved = await approve(sam, plan);
    expect(approved).toMatchObject({ state: "scheduled", approvedBy: { name: "Sam" } });
    const changed = await changePlanned(t.ctx(sam), incident.id, plan.id, { update: text("Another text.") });
    expect(changed).toMatchObject({
      state: "waiting",
      version: 2,
      approvedBy: null,
      body: "Another text.",
      bodyBefore: "We found the cause.",
      askedBy: { name: "Sam" },
    });
    await expect(approve(lin, plan)).rejects.toMatchObject({ message: /changed after you read it/ });
    await expect(approve(sam, changed)).rejects.toMatchObject({ code: "conflict" });
    await pass(20 * MINUTE_MS);
    expect(await published()).toHaveLength(0);
    expect(await approve(lin, changed)).toMatchObject({ state: "published" });
  });

  it("stays when only the time changes", async () => {
    await rule("two_people");
    const plan = await ask(lin, { publishAt: soon() });
    await approve(sam, plan);
    const moved = await changePlanned(t.ctx(lin), incident.id, plan.id, { publishAt: soon(20 * MINUTE_MS) });
    expect(moved).toMatchObject({ state: "scheduled", version: 1, approvedBy: { name: "Sam" } });
    await pass(10 * MINUTE_MS);
    expect(await published()).toHaveLength(0);
    await pass(10 * MINUTE_MS);
    expect(await published()).toHaveLength(1);
  });

  it("stays when the same content comes back with another time", async () => {
    await rule("two_people");
    const pay = await createComponent(t.ctx(admin), { name: `Pay ${incident.reference}` });
    const update: PlanUpdateInput["update"] = {
      status: "resolved",
      body: "Over.",
      channels: ["status_page", "slack", "email"],
      wordings: { slack: "Well in Slack.", email: "Well by mail." },
      components: [{ status: "degraded_performance", id: pay.id }],
      dataLost: "no",
      title: "Payments",
    };
    const plan = await ask(lin, { publishAt: soon(), update });
    await approve(sam, plan);
    const publishAt = soon(20 * MINUTE_MS);
    const wordings = { email: "Well by mail.", slack: "Well in Slack." };
    for (const same of [update, { ...plan.update, wordings }, plan.update]) {
      const moved = await changePlanned(t.ctx(lin), incident.id, plan.id, { update: same as typeof update, publishAt });
      expect(moved).toMatchObject({ state: "scheduled", version: 1, approvedBy: { name: "Sam" }, publishAt });
    }
    expect(await events("update.plan_changed")).toHaveLength(1);
  });

  it("can be bypassed by name after three minutes, not a second before", async () => {
    await rule("commander");
    await command(ada);
    const plan = await ask(lin);
    t.wait(BYPASS_AFTER_MS - 1_000);
    await expect(bypass(lin, plan)).rejects.toMatchObject({ code: "conflict", message: /only just asked for/ });
    await expect(bypass(viewer, plan)).rejects.toMatchObject({ code: "forbidden" });
    t.wait(1_000);
    expect(await bypass(lin, plan)).toMatchObject({ state: "published", isBypassed: true, reason: "Nobody answers." });
    expect(await events("update.approval_bypassed")).toMatchObject([
      { actorName: "Lin", data: { reason: "Nobody answers." } },
    ]);
    const audit = await t.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, incident.id));
    expect(audit).toMatchObject([
      { action: "update.approval_bypass", actorName: "Lin", detail: { reason: "Nobody answers." } },
    ]);
  });

  it("is declined with a reason, and asked for again after a change", async () => {
    await rule("commander");
    await command(ada);
    const plan = await ask(lin);
    const declined = await declinePlanned(t.ctx(ada), incident.id, plan.id, { reason: "No host names." });
    expect(declined).toMatchObject({ state: "declined", reason: "No host names.", endedBy: "Ada" });
    await expect(approve(ada, plan)).rejects.toMatchObject({ message: /was declined by Ada/ });
    const again = await changePlanned(t.ctx(lin), incident.id, plan.id, { update: text("Without them.") });
    expect(again).toMatchObject({ state: "waiting", version: 2, reason: "", endedBy: null });
    expect(await approve(ada, again)).toMatchObject({ state: "published" });
  });

  it("holds for corrections by the same rule", async () => {
    const update = await publishUpdate(t.ctx(lin), incident.id, text("Worng."));
    await rule("commander");
    await command(ada);
    await expect(correctUpdate(t.ctx(lin), incident.id, update.id, { body: "Wrong." })).rejects.toMatchObject({
      code: "conflict",
    });
    const correction = { updateId: update.id, body: "Wrong.", notify: false };
    const plan = await planUpdate(t.ctx(lin), incident.id, { correction });
    expect(plan).toMatchObject({ kind: "correction", state: "waiting", bodyOut: "Worng.", correction });
    await approve(ada, plan);
    expect(await published()).toMatchObject([{ body: "Wrong.", correctedAt: expect.any(Date) }]);
    await correctUpdate(t.ctx(ada), incident.id, update.id, { body: "Wrong again." });
    expect(await published()).toMatchObject([{ body: "Wrong again." }]);
  });

  it("does not overwrite a status that moved on, until it is asked for anew", async () => {
    await rule("commander");
    await command(ada);
    const plan = await ask(lin);
    await changeIncident(t.ctx(ada), { incident: incident.id, change: { status: "monitoring" } });
    const [shown] = await openPlanned(t.core.db.read, { ...incident, status: "monitoring" });
    expect(shown?.hindrance).toMatch(/went from investigating to monitoring/);
    await expect(approve(ada, plan)).rejects.toMatchObject({ message: /went from investigating to monitoring/ });
    const again = await changePlanned(t.ctx(lin), incident.id, plan.id, {});
    expect(again).toMatchObject({ state: "waiting", version: 2, hindrance: null });
    expect(await approve(ada, again)).toMatchObject({ state: "published" });
  });

  it("takes over the draft that it was asked from: its choices are not the next update's", async () => {
    await rule("commander");
    const choose = () => changeDraft(t.ctx(lin), incident.id, { title: "Checkout", wordings: { slack: "Old words." } });
    const draft = () => readDraft(t.core.db.read, incident.id);
    await choose();
    await ask(lin);
    expect(await draft()).not.toBeNull();
    expect((await ask(lin, { update: { ...text(), isDraft: true } })).update).not.toHaveProperty("isDraft");
    expect(await draft()).toBeNull();
    await choose();
    await ask(lin, { update: { ...text(), isDraft: true }, publishAt: soon() });
    expect(await draft()).toBeNull();
    await command(ada);
    await choose();
    expect(await ask(ada, { update: { ...text(), isDraft: true } })).toMatchObject({ state: "published" });
    expect(await draft()).toBeNull();
  });

  it("shows all that goes out with the text, as things stand", async () => {
    const pay = await createComponent(t.ctx(admin), { name: `Pay ${incident.reference}` });
    const find = await createComponent(t.ctx(admin), { name: `Find ${incident.reference}` });
    const group = (name: string, severities: Severity[] = []) =>
      createAudience(t.ctx(admin), { name: `${name} ${incident.reference}`, kind: "internal", severities });
    const [tools, board] = [await group("Tools"), await group("Board", ["SEV5"])];
    const out = await publishUpdate(t.ctx(lin), incident.id, {
      ...text(),
      channels: ["status_page", "slack"],
      wordings: { slack: "On the way." },
      components: [pay, find].map(({ id }) => ({ id, status: "major_outage" })),
    });
    await rule("commander");
    const resolving: PlanUpdateInput["update"] = {
      status: "resolved",
      body: "Over.",
      channels: ["status_page", "slack", "email"],
      wordings: { slack: "All well." },
      components: [{ id: pay.publicId, status: "degraded_performance" }],
      dataLost: "yes",
    };
    expect((await ask(lin, { update: resolving })).details).toEqual([
      { label: "Slack says instead", text: "All well." },
      { label: "Public title", text: out.title },
      { label: "Components", text: `${pay.name}: Degraded performance\n${find.name}: Operational` },
      { label: "At its end", text: "Some data was lost." },
      { label: "Named audiences", text: tools.name },
    ]);
    const nextUpdateAt = soon();
    const titled = await ask(lin, { update: { ...text(), title: "Payments", nextUpdateAt, audiences: [board.id] } });
    expect(titled.details).toEqual([
      { label: "Public title", text: "Payments" },
      { label: "Next update", text: expect.stringContaining(`${nextUpdateAt.slice(11, 16)} UTC`) },
      { label: "Named audiences", text: board.name },
    ]);
    const correct = (more: object) =>
      ask(lin, { update: undefined, correction: { updateId: out.id, body: "The cause.", ...more } });
    expect(await correct({ notify: true })).toMatchObject({
      correction: { updateId: out.id, body: "The cause.", notify: true },
      details: [{ label: "Slack" }, { label: "E-mail", text: "The mail is sent again." }],
    });
    const wordings = { slack: "Still on the way." };
    expect(await correct({ wordings })).toMatchObject({
      correction: { wordings, notify: false },
      details: [{ label: "Slack says instead", text: "Still on the way." }],
    });
    for (const { id } of [board, tools]) await removeAudience(t.ctx(admin), id);
    const open = await openPlanned(t.core.db.read, incident);
    expect(open.flatMap((one) => one.details.map((each) => each.label))).not.toContain("Named audiences");
    for (const { id } of open) await cancelPlanned(t.ctx(lin), incident.id, id);
    const { items } = await pagePlanned(t.ctx(lin), incident.id, { all: true, limit: 50 });
    expect(items.map((one) => one.details)).toEqual([[], [], [], []]);
  });

  it("goes out at once where nothing is needed", async () => {
    expect(await ask(lin)).toMatchObject({ state: "published", publishedId: expect.any(String) });
    await rule("commander");
    await command(ada);
    expect(await ask(ada)).toMatchObject({ state: "published" });
  });

  it("is not asked for by somebody who has not seen what changed meanwhile", async () => {
    await rule("commander");
    await command();
    const seen = { updateId: null, status: incident.status, severity: incident.severity };
    expect(await ask(lin, { update: { ...text(), seen } })).toMatchObject({ state: "waiting" });
    await changeIncident(t.ctx(ada), { incident: incident.id, change: { severity: "SEV2" } });
    await expect(ask(lin, { update: { ...text(), seen } })).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("the severity is SEV2"),
    });
  });

  it("is not asked for what could not be published, and only so often at once", async () => {
    const drill = await createIncident(t.ctx(ada), { title: "Practice", mode: "drill" });
    const hidden = await createIncident(t.ctx(ada), { title: "Secret", visibility: "private" });
    await expect(planUpdate(t.ctx(ada), drill.id, { update: text() })).rejects.toMatchObject({ code: "conflict" });
    await expect(planUpdate(t.ctx(ada), hidden.id, { update: text() })).rejects.toMatchObject({ code: "conflict" });
    await expect(planUpdate(t.ctx(lin), hidden.id, { update: text() })).rejects.toMatchObject({ code: "not_found" });
    await expect(pagePlanned(t.ctx(lin), hidden.id, { all: true, limit: 50 })).rejects.toMatchObject({
      code: "not_found",
    });
    for (let n = 0; n < PLANNED_MAX; n += 1) await ask(lin, { publishAt: soon() });
    await expect(ask(lin, { publishAt: soon() })).rejects.toMatchObject({ code: "conflict", message: /wait already/ });
    const [first] = await openPlanned(t.core.db.read, incident);
    await cancelPlanned(t.ctx(sam), incident.id, first?.id ?? "");
    await cancelPlanned(t.ctx(sam), incident.id, first?.id ?? "");
    expect(await events("update.plan_cancelled")).toHaveLength(1);
    await ask(lin, { publishAt: soon() });
  });
});

describe("what waits follows the severity", () => {
  const severity = (to: Severity) => changeIncident(t.ctx(lin), { incident: incident.id, change: { severity: to } });

  it("down to where nobody has to approve: it goes out, or is scheduled, and the record says why", async () => {
    await rule("commander");
    const [now, later] = [await ask(lin), await ask(lin, { publishAt: soon() })];
    const passed = await ask(lin, { publishAt: soon(MINUTE_MS) });
    const declined = await ask(lin);
    await command(ada);
    await declinePlanned(t.ctx(ada), incident.id, declined.id, { reason: "No." });
    t.wait(40 * MINUTE_MS);
    const ahead = await ask(lin, { publishAt: soon() });
    await severity("SEV3");
    expect(await published()).toHaveLength(0);
    expect(await events("update.approval_lifted")).toHaveLength(4);
    await pass(0);
    expect(await published()).toHaveLength(3);
    for (const { id } of [now, later, passed]) expect(await stateOf(id)).toMatchObject({ state: "published" });
    expect(await stateOf(declined.id)).toMatchObject({ state: "declined" });
    expect(await stateOf(ahead.id)).toMatchObject({ state: "scheduled" });
    await pass(10 * MINUTE_MS);
    expect(await stateOf(ahead.id)).toMatchObject({ state: "published" });
  });

  it("down, but cannot go out as things stand: it is refused, and the severity is changed all the same", async () => {
    await rule("commander");
    const plan = await ask(lin);
    await changeIncident(t.ctx(ada), { incident: incident.id, change: { status: "monitoring", severity: "SEV4" } });
    await pass(0);
    expect(await published()).toHaveLength(0);
    expect(await stateOf(plan.id)).toMatchObject({ state: "refused", reason: expect.stringMatching(/went from/) });
  });

  it("up to where it needs an approval: it is asked for at once, and has its three minutes", async () => {
    await rule("commander");
    incident = await createIncident(t.ctx(lin), { title: "Slow", severity: "SEV3" });
    const plan = await ask(lin, { publishAt: soon(60 * MINUTE_MS) });
    t.wait(10 * MINUTE_MS);
    await severity("SEV1");
    expect(await events("update.approval_asked")).toHaveLength(1);
    expect(await stateOf(plan.id)).toMatchObject({ state: "waiting", askedAt: t.clock.at });
    await expect(bypass(lin, plan)).rejects.toMatchObject({ message: /only just asked for/ });
    await severity("SEV1");
    await severity("SEV2");
    expect(await stateOf(plan.id)).toMatchObject({ state: "scheduled" });
  });

  it("and other people to ask: they are asked", async () => {
    await changeSettings(t.ctx(admin), { approval: { public: { SEV1: "commander", SEV2: "two_people" } } });
    const plan = await ask(lin);
    t.wait(BYPASS_AFTER_MS);
    await severity("SEV2");
    expect((await events("update.approval_asked")).map((each) => each.data.rule).toSorted()).toEqual([
      "commander",
      "two_people",
    ]);
    await expect(bypass(lin, plan)).rejects.toMatchObject({ message: /only just asked for/ });
    expect(await approve(sam, plan)).toMatchObject({ state: "published" });
  });

  it("anybody lets out what waits for an approval that the rules do not ask for any more", async () => {
    await rule("commander");
    const plan = await ask(lin);
    await changeSettings(t.ctx(admin), { approval: { public: { SEV1: "none" } } });
    expect(await approve(lin, plan)).toMatchObject({ state: "published" });
  });
});

describe("a scheduled update", () => {
  it("is published at its time, once, whoever runs the job and how often", async () => {
    const at = soon();
    const plan = await ask(lin, { publishAt: at });
    expect(plan).toMatchObject({ state: "scheduled", publishAt: at });
    expect(await events("update.planned")).toHaveLength(1);
    await pass(9 * MINUTE_MS);
    expect(await published()).toHaveLength(0);
    t.wait(MINUTE_MS);
    const due = { plannedId: plan.id, publishAt: new Date(at) };
    await Promise.all([publishScheduled(t.core, due), publishScheduled(t.core, due)]);
    await t.runJobs();
    expect(await published()).toMatchObject([{ publishedByName: "Lin" }]);
    expect(await stateOf(plan.id)).toMatchObject({ state: "published" });
    await expect(cancelPlanned(t.ctx(lin), incident.id, plan.id)).rejects.toMatchObject({
      message: /correct it instead/,
    });
  });

  it("takes times to come, up to a limit", async () => {
    await expect(ask(lin, { publishAt: t.clock.at.toISOString() })).rejects.toMatchObject({ code: "invalid" });
    await expect(ask(lin, { publishAt: soon(SCHEDULE_AHEAD_MAX_MS + 1) })).rejects.toMatchObject({ code: "invalid" });
    expect(await ask(lin, { publishAt: soon(SCHEDULE_AHEAD_MAX_MS) })).toMatchObject({ state: "scheduled" });
  });

  it("can be taken back", async () => {
    const plan = await ask(lin, { publishAt: soon() });
    await cancelPlanned(t.ctx(sam), incident.id, plan.id);
    await pass(20 * MINUTE_MS);
    expect(await published()).toHaveLength(0);
    expect(await openPlanned(t.core.db.read, incident)).toEqual([]);
  });

  it.each([
    [
      "ended",
      () => resolveIncident(t.ctx(ada), { incident: incident.id, summary: "Rolled back" }),
      /was resolved meanwhile/,
    ],
    [
      "moved on",
      () => changeIncident(t.ctx(ada), { incident: incident.id, change: { status: "monitoring" } }),
      /went from investigating to monitoring/,
    ],
    [
      "became private",
      () => changeIncident(t.ctx(ada), { incident: incident.id, change: { visibility: "private" } }),
      /private incident is not published/,
    ],
    [
      "lost its author",
      () => t.core.db.read.update(users).set({ disabledAt: t.clock.at }).where(eq(users.id, lin.userId)),
      /account of Lin was closed/,
    ],
  ])("is refused when the incident %s meanwhile, and the room says why", async (_, change, reason) => {
    const plan = await ask(lin, { publishAt: soon() });
    await change();
    await pass(10 * MINUTE_MS);
    expect(await published()).toHaveLength(0);
    expect(await stateOf(plan.id)).toMatchObject({ state: "refused", reason: expect.stringMatching(reason) });
    expect(await events("update.refused")).toHaveLength(1);
    await pass(10 * MINUTE_MS);
    expect(await events("update.refused")).toHaveLength(1);
    expect(await openPlanned(t.core.db.read, incident)).toMatchObject([{ state: "refused" }]);
  });

  it("is published when the incident is by then what it says", async () => {
    await ask(lin, { publishAt: soon() });
    await changeIncident(t.ctx(ada), { incident: incident.id, change: { status: "identified" } });
    await pass(10 * MINUTE_MS);
    expect(await published()).toHaveLength(1);
  });

  it("is published a little late after a sleep, and refused when it is old", async () => {
    await ask(lin, { publishAt: soon() });
    await pass(10 * MINUTE_MS + SCHEDULE_LATE_MAX_MS);
    expect(await published()).toHaveLength(1);
    const plan = await ask(lin, { publishAt: soon() });
    await pass(10 * MINUTE_MS + SCHEDULE_LATE_MAX_MS + 1);
    expect(await stateOf(plan.id)).toMatchObject({ state: "refused", reason: /not running when its time came/ });
    expect(await published()).toHaveLength(1);
  });

  it("waits for approval when the severity rose meanwhile", async () => {
    await rule("commander");
    const minor = await createIncident(t.ctx(lin), { title: "Slow", severity: "SEV3" });
    incident = minor;
    const plan = await ask(lin, { publishAt: soon() });
    await changeIncident(t.ctx(lin), { incident: minor.id, change: { severity: "SEV1" } });
    await pass(10 * MINUTE_MS);
    expect(await stateOf(plan.id)).toMatchObject({ state: "waiting" });
    await command(ada);
    expect(await approve(ada, plan)).toMatchObject({ state: "published" });
  });

  it("goes out also when this process's clock is behind the queue's", async () => {
    await ask(lin, { publishAt: soon() });
    const plan = await ask(sam, { publishAt: soon(), update: { ...text("And a second word."), nextUpdateAt: null } });
    t.wait(10 * MINUTE_MS - 5_000);
    await publishScheduled(t.core, { plannedId: plan.id, publishAt: new Date(plan.publishAt ?? "") });
    expect(await published()).toMatchObject([{ body: "And a second word." }]);
    await pass(5_000);
    expect(await published()).toHaveLength(2);
  });

  it("has its job again after a restore", async () => {
    await ask(lin, { publishAt: soon() });
    t.jobs.length = 0;
    await planned.recover();
    await pass(10 * MINUTE_MS);
    expect(await published()).toHaveLength(1);
  });
});

it("is listed page by page, newest first, and only with what is over when that is wanted", async () => {
  const made: string[] = [];
  for (let n = 0; n < 5; n += 1) made.unshift((await ask(lin, { publishAt: soon() })).id);
  await cancelPlanned(t.ctx(lin), incident.id, made[1] ?? "");
  const ids = async (page: Parameters<typeof pagePlanned>[2]) => {
    const { items, nextCursor } = await pagePlanned(t.ctx(viewer), incident.id, page);
    return { ids: items.map((each) => each.id), nextCursor };
  };
  expect((await ids({ all: false, limit: 50 })).ids).toHaveLength(4);
  const all = (await ids({ all: true, limit: 50 })).ids;
  expect(all.toSorted()).toEqual(made.toSorted());
  const first = await ids({ all: true, limit: 3 });
  const second = await ids({ all: true, limit: 3, cursor: first.nextCursor ?? "" });
  expect([...first.ids, ...second.ids]).toEqual(all);
  expect(second.nextCursor).toBeNull();
});

it("asks the commander who is one then, not the one who was", async () => {
  await rule("commander");
  await command(ada);
  const plan = await ask(lin);
  await releaseRole(t.ctx(ada), { incident: incident.id, role: "commander" });
  await command(sam);
  await expect(approve(ada, plan)).rejects.toMatchObject({ message: /Only the commander, Sam/ });
  expect(await approve(sam, plan)).toMatchObject({ state: "published" });
});
