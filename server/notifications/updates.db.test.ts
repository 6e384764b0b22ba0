import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliveries, notifications, settings, users } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { changeIncident, createIncident, type IncidentRow, resolveIncident } from "#/server/incidents/index.ts";
import { claimRole, recordPresence, releaseRole } from "#/server/roster/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { remindOfUpdate } from "#/server/updates/clock/review-clock.ts";
import { reminderIn } from "#/server/updates/clock/store.ts";
import type { PublishUpdateInput } from "#/server/updates/contract.ts";
import {
  approvePlanned,
  bypassApproval,
  changePlanned,
  declinePlanned,
  planUpdate,
  publishUpdate,
  registerUpdateClock,
} from "#/server/updates/index.ts";
import type { Channel } from "#/server/updates/shared/lists.ts";
import { BYPASS_AFTER_MS } from "#/server/updates/shared/planned.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { approvalLink } from "./approval-link.ts";
import { decideByApprovalLink, showApprovalLink } from "./approve-by-link.ts";
import { listNotifications, registerNotifications, registerUpdateNotifications } from "./index.ts";
import { reachPerson } from "./reach-person.ts";

const MINUTE_MS = 60_000;
let t: TestOutbox;
let ada: UserActor;
let lin: UserActor;
let sam: UserActor;
let viewer: UserActor;
let admin: UserActor;
let incident: IncidentRow;

beforeAll(async () => {
  t = await testOutbox();
  registerUpdateClock(t.core);
  registerNotifications(t.core);
  registerUpdateNotifications(t.core);
  t.workers.set("notify.reach", (data) => reachPerson(t.core, String(data.notificationId)));
  t.workers.set("updates.remind", (data) => remindOfUpdate(t.core, reminderIn(data)));
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  sam = await t.person("Sam");
  viewer = await t.person("Vic", "viewer");
  admin = await t.person("Root", "admin");
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.reset();
  await t.core.db.read.delete(settings);
  await t.core.db.read.update(users).set({ disabledAt: null, role: "responder" }).where(eq(users.id, ada.userId));
  t.slack.script.answer = ({ method, args }) => {
    if (method === "users.lookupByEmail") return { body: { ok: true, user: { id: `U-${args.email}` } } };
    return method === "conversations.open" ? { body: { ok: true, channel: { id: `D-${args.users}` } } } : {};
  };
  incident = await createIncident(t.ctx(lin), { title: "Checkout is slow", severity: "SEV1" });
});

const text = (body: string) => ({ status: "identified", body, channels: ["status_page"] }) satisfies PublishUpdateInput;
const rule = (rule: "commander" | "two_people") =>
  changeSettings(t.ctx(admin), { approval: { public: { SEV1: rule } } });
const role = (who: UserActor, name: string) => claimRole(t.ctx(who), { incident: incident.id, role: name });
const ask = (body = "We found it.") => planUpdate(t.ctx(lin), incident.id, { update: text(body) });
const bell = async (who: UserActor) =>
  (await listNotifications(t.ctx(who), { limit: 50 })).items.filter((one) => ["approval", "update"].includes(one.kind));
const open = async (who: UserActor) => (await bell(who)).filter((one) => !one.settledAt).map((one) => one.title);
const pass = async (ms: number) => {
  t.wait(ms);
  await t.runJobs();
};
const mailsTo = (who: UserActor) => t.mail.mails.filter((mail) => mail.to === who.email);
const linkOf = async (who: UserActor) => {
  const [row] = await t.core.db.read
    .select()
    .from(notifications)
    .where(and(eq(notifications.userId, who.userId), eq(notifications.kind, "approval")));
  return approvalLink(t.core.config, row?.id ?? "", row?.createdAt ?? t.clock.at).split("/approve/")[1] ?? "";
};

describe("whoever can approve", () => {
  it("is told at once, in the browser and outside, and only they are", async () => {
    await rule("commander");
    await role(ada, "commander");
    await ask();
    await t.runJobs();
    expect(await open(ada)).toEqual([`Lin asks you to approve an update of ${incident.reference}`]);
    expect(await open(lin)).toEqual([]);
    expect(await open(sam)).toEqual([]);
    expect(mailsTo(ada)).toHaveLength(1);
    expect(mailsTo(ada)[0]?.source.replaceAll("=\r\n", "")).toContain(`/approve/${await linkOf(ada)}`);
    const direct = t.slack.calls.filter((call) => call.method === "chat.postMessage");
    expect(direct.map((call) => call.args.channel)).toEqual([`D-U-${ada.email}`]);
    expect(direct[0]?.args.blocks).toContain("Read and approve");
  });

  it("hears nothing outside while they are in the room, and nothing more once it is settled", async () => {
    await rule("commander");
    await role(ada, "commander");
    const here = { incidentId: incident.id, userId: ada.userId, isHere: true, isIdle: false };
    await t.core.db.transaction((tx) => recordPresence(tx, t.ctx(ada), here));
    const plan = await ask();
    await changePlanned(t.ctx(lin), incident.id, plan.id, { update: text("Another text.") });
    await t.runJobs();
    expect(await open(ada)).toHaveLength(1);
    expect(mailsTo(ada)).toEqual([]);
    await approvePlanned(t.ctx(ada), incident.id, plan.id, { version: 2 });
    expect(await open(ada)).toEqual([]);
    expect(await open(lin)).toEqual([`Ada approved your update of ${incident.reference}`]);
  });

  it("is the next commander when the role changes hands", async () => {
    await rule("commander");
    await role(ada, "commander");
    await ask();
    await releaseRole(t.ctx(ada), { incident: incident.id, role: "commander" });
    await claimRole(t.ctx(admin), { incident: incident.id, role: "commander", userId: sam.userId });
    expect(await open(sam)).toContain(`Lin asks you to approve an update of ${incident.reference}`);
    expect((await open(ada)).filter((title) => title.includes("approve"))).toEqual([]);
  });

  it("is anybody near but who asked, where two people are needed; never a viewer", async () => {
    await rule("two_people");
    await role(ada, "commander");
    await role(lin, "communications");
    await ask();
    expect(await open(ada)).toHaveLength(1);
    expect(await open(lin)).toEqual([]);
    expect(await open(viewer)).toEqual([]);
  });

  it("hears that it was passed over, and whoever asked that it was declined", async () => {
    await rule("commander");
    await role(ada, "commander");
    const plan = await ask();
    await declinePlanned(t.ctx(ada), incident.id, plan.id, { reason: "No host names." });
    expect((await bell(lin))[0]).toMatchObject({ title: /Ada declined your update/, body: "No host names." });
    const again = await changePlanned(t.ctx(lin), incident.id, plan.id, { update: text("Without them.") });
    t.wait(BYPASS_AFTER_MS);
    await bypassApproval(t.ctx(lin), incident.id, plan.id, { version: again.version, reason: "Nobody answers." });
    expect(await open(ada)).toEqual([`Lin let an update of ${incident.reference} out without approval`]);
  });
});

describe("the link of the message", () => {
  const waiting = async () => {
    await rule("commander");
    await role(ada, "commander");
    const plan = await ask("We found <b>it</b>.");
    return { plan, token: await linkOf(ada) };
  };

  it("shows the text and what changed, changes nothing by itself, and approves with one press", async () => {
    await publishUpdate(t.ctx(lin), incident.id, {
      ...text("We look for it."),
      audience: "internal",
      channels: ["slack"],
    });
    const { plan, token } = await waiting();
    const worded = { ...text("We found <i>it</i>."), channels: ["status_page", "slack"] satisfies Channel[] };
    const changed = await changePlanned(t.ctx(lin), incident.id, plan.id, {
      update: { ...worded, wordings: { slack: "We found <u>it</u>." }, title: "Slow & late" },
    });
    const page = await showApprovalLink(t.core, token);
    expect(page.html).toContain("Update · Identified · Public · Status page, Slack · goes out as soon as");
    expect(page.html).toContain("<dt>Slack says instead</dt><dd>We found &lt;u&gt;it&lt;/u&gt;.</dd>");
    expect(page.html).toContain("<dt>Public title</dt><dd>Slow &amp; late</dd>");
    expect(page.status).toBe(200);
    expect(page.html).toContain("We found &lt;i&gt;it&lt;/i&gt;.");
    expect(page.html).toContain("Changed from what was asked before");
    expect(page.html).toContain("<del>b</del><ins>i</ins>");
    expect(page.html).toContain("You act as Ada.");
    const old = await decideByApprovalLink(t.core, token, { act: "approve", version: "1" });
    expect(old).toMatchObject({ status: 409, html: expect.stringContaining("changed after you read it") });
    const done = await decideByApprovalLink(t.core, token, { act: "approve", version: String(changed.version) });
    expect(done).toMatchObject({ status: 200, html: expect.stringContaining("It is published") });
    const again = await decideByApprovalLink(t.core, token, { act: "approve", version: "2" });
    expect(again).toMatchObject({ status: 200, html: expect.stringContaining("Nothing is left to do") });
  });

  it("declines with a reason, and asks for one", async () => {
    const { token } = await waiting();
    expect(await decideByApprovalLink(t.core, token, { act: "decline", reason: " " })).toMatchObject({ status: 409 });
    const done = await decideByApprovalLink(t.core, token, { act: "decline", reason: "Too early" });
    expect(done.html).toContain("It was declined");
    expect(done.html).toContain("Too early");
  });

  it("gives nobody more than their account may now", async () => {
    const { token } = await waiting();
    expect((await showApprovalLink(t.core, `${token}x`)).status).toBe(404);
    await releaseRole(t.ctx(ada), { incident: incident.id, role: "commander" });
    const refused = await decideByApprovalLink(t.core, token, { act: "approve", version: "1" });
    expect(refused).toMatchObject({ status: 409, html: expect.stringContaining("Nobody commands this incident") });
    await t.core.db.read.update(users).set({ role: "viewer" }).where(eq(users.id, ada.userId));
    expect((await showApprovalLink(t.core, token)).status).toBe(404);
    await t.core.db.read.update(users).set({ role: "responder" }).where(eq(users.id, ada.userId));
    await changeIncident(t.ctx(lin), { incident: incident.id, change: { visibility: "private" } });
    const hidden = await showApprovalLink(t.core, token);
    expect(hidden.status).toBe(404);
    expect(hidden.html).not.toContain("We found");
    expect(hidden.html).not.toContain(incident.title);
  });

  it("is good for a day", async () => {
    const { token } = await waiting();
    t.wait(24 * 60 * MINUTE_MS);
    expect((await showApprovalLink(t.core, token)).status).toBe(410);
  });
});

describe("an update that is due", () => {
  it("calls who writes updates, then the commander, then everyone", async () => {
    await changeSettings(t.ctx(admin), { tellEmails: ["boss@example.com"] });
    await role(lin, "communications");
    await role(ada, "commander");
    await pass(5 * MINUTE_MS);
    expect([await open(lin), await open(ada)]).toEqual([[`The next update of ${incident.reference} is due`], []]);
    await pass(5 * MINUTE_MS);
    expect(await open(ada)).toEqual([`The next update of ${incident.reference} is 5 min late`]);
    const toChannel = () => t.core.db.read.select().from(deliveries).where(eq(deliveries.destination, "C1"));
    expect(await toChannel()).toEqual([]);
    await pass(5 * MINUTE_MS);
    expect(await toChannel()).toHaveLength(1);
    expect(t.mail.mails.filter((mail) => mail.to === "boss@example.com")).toHaveLength(1);
    await publishUpdate(t.ctx(lin), incident.id, text("We found it."));
    expect([await open(lin), await open(ada)]).toEqual([[], []]);
  });

  it("goes to the commander while nobody writes updates, and is over with the incident", async () => {
    await role(ada, "commander");
    await pass(5 * MINUTE_MS);
    expect(await open(ada)).toHaveLength(1);
    await resolveIncident(t.ctx(lin), { incident: incident.id, summary: "Rolled back" });
    expect(await open(ada)).toEqual([]);
    await pass(60 * MINUTE_MS);
    expect(await bell(ada)).toHaveLength(1);
  });

  it("never leaves the building for a drill or a private incident", async () => {
    await changeSettings(t.ctx(admin), { tellEmails: ["boss@example.com"] });
    const due = new Date(t.clock.at.getTime() + MINUTE_MS).toISOString();
    for (const input of [{ mode: "drill" }, { visibility: "private" }] as const) {
      await t.reset();
      incident = await createIncident(t.ctx(lin), { title: "Secret name", ...input });
      await role(lin, "communications");
      await changeIncident(t.ctx(lin), { incident: incident.id, change: { nextUpdateDueAt: due } });
      await pass(20 * MINUTE_MS);
      await pass(5 * MINUTE_MS);
      const sent = [...t.slack.calls, ...t.mail.mails].map((each) => JSON.stringify(each)).join("\n");
      expect(sent).not.toContain("Secret name");
      expect(t.mail.mails.filter((mail) => mail.to === "boss@example.com")).toEqual([]);
      if ("mode" in input) expect(t.mail.mails).toEqual([]);
    }
  });
});
