import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  deliveries,
  incidentMembers,
  incidentServices,
  notifications,
  services,
  settings,
  users,
} from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type EventType, recordEvent } from "#/server/events/index.ts";
import { createIncident, type IncidentRow, reopenIncident, resolveIncident } from "#/server/incidents/index.ts";
import { declineInvitation, invitePeople, listInvitations } from "#/server/invitations/index.ts";
import { claimRole, offerRole, recordPresence, registerRoleReminders, withdrawOffer } from "#/server/roster/index.ts";
import { remindOfRoles } from "#/server/roster/review-roles.ts";
import { COMMANDER_REMINDER_MS } from "#/server/roster/shared/lists.ts";
import { type SlackCall, type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import {
  chooseReach,
  countUnseen,
  listNotifications,
  markShown,
  readNotification,
  registerNotifications,
  seeAllNotifications,
  seeNotification,
  waitingNotifications,
} from "./index.ts";
import { reachPerson } from "./reach-person.ts";
import { ALARM_PEOPLE_MAX, MESSAGES_MAX, MESSAGES_WINDOW_MS, REACH_AFTER_MS, SAME_ACT_MS } from "./rules.ts";

let t: TestOutbox;
let ada: UserActor;
let lin: UserActor;
let ann: UserActor;
let incident: IncidentRow;
beforeAll(async () => {
  t = await testOutbox();
  registerNotifications(t.core);
  registerRoleReminders(t.core);
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  ann = await t.person("Ann", "admin");
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.reset();
  await t.core.db.read.update(users).set({ reachBy: "both", disabledAt: null });
  t.slack.script.answer = knowsEverybody;
  incident = await createIncident(t.ctx(ada), { title: "Checkout is slow" });
});

function knowsEverybody(call: SlackCall) {
  if (call.method === "users.lookupByEmail") return { body: { ok: true, user: { id: `U-${call.args.email}` } } };
  if (call.method === "conversations.open") return { body: { ok: true, channel: { id: `D-${call.args.users}` } } };
  return {};
}

/** Runs what is due, in order: this domain's jobs here, the sending by the outbox. */
async function runJobs(): Promise<void> {
  const isDue = (job: (typeof t.jobs)[number]) => !job.options.startAt || job.options.startAt <= t.clock.at;
  for (;;) {
    const index = t.jobs.findIndex((job) => isDue(job) && /^(notify|roster)\./.test(job.name));
    const [job] = index < 0 ? [] : t.jobs.splice(index, 1);
    if (!job) break;
    if (job.name === "notify.reach") await reachPerson(t.core, String(job.data.notificationId));
    if (job.name === "roster.remind") await remindOfRoles(t.core, String(job.data.incidentId));
  }
  await t.runJobs();
}
const pass = async (ms: number) => {
  t.wait(ms);
  await runJobs();
};
const record = (type: EventType, data: Record<string, unknown>, by = ada) =>
  t.core.db.transaction((tx) => recordEvent(tx, t.ctx(by), { incidentId: incident.id, type, data }));
const bell = async (who: UserActor) => (await listNotifications(t.ctx(who), { limit: 200 })).items;
const offer = (to = lin) => offerRole(t.ctx(ada), { incident: incident.id, role: "commander", userId: to.userId });
const presence = (who: UserActor, isHere: boolean, isIdle = false) =>
  t.core.db.transaction((tx) =>
    recordPresence(tx, t.ctx(who), { incidentId: incident.id, userId: who.userId, isHere, isIdle }),
  );
const posts = () => t.slack.calls.filter((call) => call.method === "chat.postMessage");

describe("somebody who is not here", () => {
  test("is reached by Slack and by mail, once, after half a minute", async () => {
    await offer();
    await pass(REACH_AFTER_MS.role - 1);
    expect(t.mail.mails).toEqual([]);
    await pass(1);
    await pass(60_000);
    expect(t.mail.mails).toHaveLength(1);
    expect(t.mail.mails[0]).toMatchObject({ to: "lin@example.com" });
    expect(t.mail.mails[0]?.source).toContain(`Subject: [${incident.reference}] Ada offers you commander`);
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.args).toMatchObject({ channel: "D-U-lin@example.com" });
    const [row] = await bell(lin);
    expect(row).toMatchObject({
      kind: "role",
      title: `Ada offers you commander of ${incident.reference}`,
      seenAt: null,
      channels: expect.arrayContaining([
        { channel: "email", state: "sent", error: null },
        { channel: "slack", state: "sent", error: null },
      ]),
    });
    expect(t.mail.mails[0]?.source.replaceAll("=\r\n", "").replaceAll("=3D", "=")).toContain(
      `/incidents/${incident.reference}?notification=${row?.id}#t=`,
    );
  });

  test("is left alone when they saw it, it was taken back, or they are at it in the room", async () => {
    await offer();
    const [first] = await bell(lin);
    await seeNotification(t.ctx(lin), first?.id ?? "");
    await withdrawOffer(t.ctx(ada), { incident: incident.id, role: "commander" });
    t.wait(SAME_ACT_MS);
    await offer();
    await withdrawOffer(t.ctx(ada), { incident: incident.id, role: "commander" });
    await presence(lin, true);
    t.wait(SAME_ACT_MS);
    await offer();
    await pass(REACH_AFTER_MS.role);
    expect(await t.rows()).toEqual([]);
    expect((await bell(lin)).map((row) => [row.seenAt !== null, row.settledAt !== null, row.withheld])).toEqual([
      [false, false, "They were in the room."],
      [false, true, null],
      [true, false, null],
    ]);
  });

  test("counts as away when the room is open and nobody is at it", async () => {
    await presence(lin, true);
    await offer();
    await pass(REACH_AFTER_MS.role);
    expect((await bell(lin))[0]?.withheld).toBe("They were in the room.");
    await presence(lin, true, true);
    t.wait(SAME_ACT_MS);
    await withdrawOffer(t.ctx(ada), { incident: incident.id, role: "commander" });
    await offer();
    await pass(REACH_AFTER_MS.role);
    expect(t.mail.mails).toHaveLength(1);
  });

  test("is not mailed what became settled between the decision and the sending", async () => {
    await offer();
    t.wait(REACH_AFTER_MS.role);
    const job = t.jobs.find((each) => each.name === "notify.reach");
    await reachPerson(t.core, String(job?.data.notificationId));
    await seeAllNotifications(t.ctx(lin));
    await t.runJobs();
    expect(t.mail.mails).toEqual([]);
    expect((await t.rows()).map((row) => row.state)).toEqual(["cancelled", "cancelled"]);
  });

  test("chooses by which way", async () => {
    await chooseReach(t.ctx(lin), "email");
    await offer();
    await pass(REACH_AFTER_MS.role);
    expect((await t.rows()).map((row) => row.channel)).toEqual(["email"]);
    await chooseReach(t.ctx(ann), "none");
    await offer(ann);
    await pass(REACH_AFTER_MS.role);
    expect((await bell(ann))[0]?.withheld).toContain("chose");
    expect(await t.rows()).toHaveLength(1);
  });

  test("is tried again when the mail server is away, and not twice when it comes back", async () => {
    await chooseReach(t.ctx(lin), "email");
    let refusals = 2;
    t.mail.script.refuse = () => (refusals-- > 0 ? 451 : undefined);
    await offer();
    await pass(REACH_AFTER_MS.role);
    expect((await t.rows())[0]).toMatchObject({ state: "retrying", attempts: 1 });
    for (let count = 0; count < 6; count += 1) await pass(60_000);
    expect((await t.rows())[0]).toMatchObject({ state: "sent", attempts: 3 });
    expect(t.mail.mails).toHaveLength(1);
  });

  test("whom Slack does not know gets the mail, and the row says why Slack did not", async () => {
    t.slack.script.answer = (call) =>
      call.method === "users.lookupByEmail" ? { body: { ok: false, error: "users_not_found" } } : {};
    await offer();
    await pass(REACH_AFTER_MS.role);
    expect(posts()).toEqual([]);
    expect(t.mail.mails).toHaveLength(1);
    expect((await bell(lin))[0]?.channels).toContainEqual({
      channel: "slack",
      state: "failed",
      error: "Slack knows nobody with this person's e-mail address.",
    });
  });

  test("gets no more than ten messages in ten minutes; the rest waits in the bell", async () => {
    for (let count = 0; count < MESSAGES_MAX + 1; count += 1) {
      await record("task.assigned", { taskId: `t${count}`, title: `Task ${count}`, ownerId: lin.userId });
    }
    await pass(REACH_AFTER_MS.task);
    expect(t.mail.mails).toHaveLength(MESSAGES_MAX);
    expect((await bell(lin)).filter((row) => row.withheld?.includes("waits in the bell"))).toHaveLength(1);
    t.wait(MESSAGES_WINDOW_MS);
    await record("task.assigned", { taskId: "later", title: "Later", ownerId: lin.userId });
    await pass(REACH_AFTER_MS.task);
    expect(t.mail.mails).toHaveLength(MESSAGES_MAX + 1);
  });
});

describe("what stays in the building", () => {
  test("everything of a drill", async () => {
    incident = await createIncident(t.ctx(ada), { title: "Exercise", mode: "drill" });
    await offer();
    await pass(REACH_AFTER_MS.role);
    expect(await t.rows()).toEqual([]);
    expect(await bell(lin)).toMatchObject([{ withheld: "A drill stays in the building." }]);
  });

  test("a private incident's words, and all of it for those who may not see it", async () => {
    incident = await createIncident(t.ctx(ada), { title: "Salaries leaked", visibility: "private" });
    await record("task.assigned", { taskId: "t", title: "Call Vera", ownerId: lin.userId });
    expect(await bell(lin)).toEqual([]);
    await invitePeople(t.ctx(ada), { incident: incident.id, userId: lin.userId, message: "Salaries" });
    await pass(REACH_AFTER_MS.invitation);
    expect(t.mail.mails).toHaveLength(1);
    const source = t.mail.mails[0]?.source ?? "";
    expect(source).toContain(incident.reference);
    expect(source).not.toMatch(/salaries|leaked/i);
    expect(JSON.stringify(posts())).not.toMatch(/salaries|leaked/i);
    await record("task.assigned", { taskId: "t", title: "Call Vera", ownerId: lin.userId });
    await t.core.db.read.delete(incidentMembers).where(eq(incidentMembers.userId, lin.userId));
    expect(await bell(lin)).toEqual([]);
    expect(await countUnseen(t.ctx(lin))).toBe(0);
    await pass(REACH_AFTER_MS.task);
    expect(t.mail.mails).toHaveLength(1);
  });
});

describe("what tells whom", () => {
  test("a task tells its owner once, also when it is made and given in one act; giving it on settles it", async () => {
    const task = { taskId: "t1", title: "Roll back" };
    await record("task.created", { ...task, ownerId: lin.userId });
    await record("task.assigned", { ...task, ownerId: lin.userId });
    expect(await bell(lin)).toMatchObject([{ kind: "task", title: `Ada gave you a task in ${incident.reference}` }]);
    await record("task.assigned", { ...task, ownerId: ann.userId });
    expect((await bell(lin))[0]?.settledAt).not.toBeNull();
    await record("task.done", task);
    expect((await bell(ann))[0]?.settledAt).not.toBeNull();
  });

  test("an overdue task tells its owner and the commander; nobody hears of their own act", async () => {
    await claimRole(t.ctx(ann), { incident: incident.id, role: "commander" });
    await record("task.overdue", { taskId: "t1", title: "Roll back", ownerId: lin.userId });
    expect(await bell(lin)).toMatchObject([{ kind: "overdue", body: "Roll back" }]);
    expect(await bell(ann)).toMatchObject([{ kind: "overdue" }]);
    await record("task.assigned", { taskId: "t2", title: "Mine", ownerId: ada.userId });
    expect(await bell(ada)).toEqual([]);
  });

  test("an invitation is delivered by the first channel that takes it, and seen by its link", async () => {
    await invitePeople(t.ctx(ada), { incident: incident.id, userId: lin.userId });
    const state = async () => (await listInvitations(t.core.db.read, incident.id))[0];
    expect(await state()).toMatchObject({ state: "invited" });
    await pass(REACH_AFTER_MS.invitation);
    expect(await state()).toMatchObject({ state: "delivered", deliveredBy: expect.stringMatching(/slack|email/) });
    const [row] = await bell(lin);
    await expect(seeNotification(t.ctx(ann), row?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
    await seeNotification(t.ctx(lin), row?.id ?? "");
    expect(await state()).toMatchObject({ state: "seen" });
  });

  test("a browser that got it delivers an invitation too, once", async () => {
    await invitePeople(t.ctx(ada), { incident: incident.id, userId: lin.userId });
    const [id = ""] = await waitingNotifications(t.ctx(lin), 10);
    await markShown(t.ctx(lin), id);
    expect(await waitingNotifications(t.ctx(lin), 10)).toEqual([]);
    expect(await listInvitations(t.core.db.read, incident.id)).toMatchObject([
      { state: "delivered", deliveredBy: "browser" },
    ]);
    expect(await readNotification(t.ctx(lin), id)).toMatchObject({ seenAt: null });
  });

  test("the end of the incident settles what called people to it", async () => {
    await invitePeople(t.ctx(ada), { incident: incident.id, userId: lin.userId });
    await resolveIncident(t.ctx(ada), { incident: incident.id, summary: "Rolled back" });
    await pass(REACH_AFTER_MS.invitation);
    expect(await t.rows()).toEqual([]);
    expect(await countUnseen(t.ctx(lin))).toBe(0);
  });
});

describe("what fires again after the end", () => {
  const hold = () =>
    t.core.db.transaction((tx) =>
      recordEvent(tx, t.ctx(ann), {
        incidentId: incident.id,
        type: "alert.held",
        data: { alertId: "a", alertTitle: "5xx on checkout" },
        parts: ["alerts"],
      }),
    );

  test("is told to the last commander, until the incident is reopened", async () => {
    await presence(ada, true);
    await claimRole(t.ctx(lin), { incident: incident.id, role: "commander" });
    await resolveIncident(t.ctx(ada), { incident: incident.id, summary: "Rolled back" });
    await hold();
    expect(await bell(lin)).toMatchObject([
      {
        kind: "alarm",
        title: `Fired again after ${incident.reference} ended`,
        body: expect.stringContaining("5xx on checkout"),
      },
    ]);
    expect(await bell(ada)).toEqual([]);
    await reopenIncident(t.ctx(ada), { incident: incident.id });
    expect(await countUnseen(t.ctx(lin))).toBe(0);
  });

  test("is told to whoever took part when nobody commanded", async () => {
    await presence(lin, true);
    await resolveIncident(t.ctx(ada), { incident: incident.id, summary: "Rolled back" });
    await hold();
    expect(await bell(lin)).toMatchObject([{ kind: "alarm" }]);
  });
});

describe("the alarm that nobody commands", () => {
  test("reaches who takes part, the services' people, the addresses and the channel, and ends with a claim", async () => {
    const values = { name: "checkout", ownerId: lin.userId, tellEmails: ["team@example.com", "ANN@example.com"] };
    const [service] = await t.core.db.read.insert(services).values(values).returning();
    await t.core.db.read.insert(incidentServices).values({ incidentId: incident.id, serviceId: service?.id ?? "" });
    await presence(ada, true);
    await pass(COMMANDER_REMINDER_MS);
    for (const who of [ada, lin, ann]) {
      expect(await bell(who)).toMatchObject([
        { kind: "alarm", title: `Nobody commands ${incident.reference}`, body: "For 5 min: Checkout is slow" },
      ]);
    }
    expect(t.mail.mails.map((mail) => mail.to)).toEqual(["team@example.com"]);
    expect(posts().map((call) => call.args.channel)).toEqual(["C1"]);
    await claimRole(t.ctx(lin), { incident: incident.id, role: "commander" });
    await pass(REACH_AFTER_MS.alarm);
    expect(t.mail.mails).toHaveLength(1);
    expect(await countUnseen(t.ctx(ann))).toBe(0);
  });

  test("stays with those who may see a private incident", async () => {
    incident = await createIncident(t.ctx(ada), { title: "Leak", visibility: "private" });
    await t.core.db.read.insert(settings).values({ name: "tellEmails", value: ["ops@example.com", "ann@example.com"] });
    await pass(COMMANDER_REMINDER_MS);
    expect((await t.rows()).filter((row) => row.incidentId === incident.id)).toEqual([]);
    expect((await bell(ann)).filter((row) => row.incident.id === incident.id)).toEqual([]);
  });

  test("leaves out who cannot come", async () => {
    const [invitation] = await invitePeople(t.ctx(ada), { incident: incident.id, userId: lin.userId });
    await declineInvitation(t.ctx(lin), { incident: incident.id, invitationId: invitation?.id ?? "" });
    await pass(COMMANDER_REMINDER_MS);
    expect((await bell(lin)).map((row) => row.kind)).toEqual(["invitation"]);
  });

  test("calls fifty people at most", async () => {
    for (let count = 0; count < ALARM_PEOPLE_MAX + 1; count += 1) {
      const guest = await t.person(`Guest ${count}`);
      await presence(guest, true);
    }
    await pass(COMMANDER_REMINDER_MS);
    const rows = await t.core.db.read.select().from(notifications).where(eq(notifications.incidentId, incident.id));
    expect(rows).toHaveLength(ALARM_PEOPLE_MAX);
  });
});

test("the bell is paged, newest first", async () => {
  for (const id of ["a", "b", "c"]) {
    t.wait(1_000);
    await record("task.assigned", { taskId: id, title: id, ownerId: lin.userId });
  }
  const first = await listNotifications(t.ctx(lin), { limit: 2 });
  expect(first.items.map((row) => row.body)).toEqual(["c", "b"]);
  expect(first).toMatchObject({ unseen: 3, reachBy: "both" });
  const second = await listNotifications(t.ctx(lin), { limit: 2, cursor: first.nextCursor ?? "" });
  expect(second.items.map((row) => row.body)).toEqual(["a"]);
  await seeAllNotifications(t.ctx(lin));
  expect(await countUnseen(t.ctx(lin))).toBe(0);
  const left = await t.core.db.read.select().from(deliveries).orderBy(asc(deliveries.id));
  expect(left).toEqual([]);
});
