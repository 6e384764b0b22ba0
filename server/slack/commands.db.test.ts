import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  audiences,
  deliveries,
  incidents,
  invitations,
  rosterRoles,
  slackRequests,
  updates,
  users,
} from "#/db/schema/index.ts";
import { createAudience } from "#/server/audience/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { offerRole } from "#/server/roster/index.ts";
import { createService } from "#/server/services/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { type TestSlack, testSlack } from "#/server/testing/test-slack.ts";
import { openPlanned } from "#/server/updates/index.ts";

let t: TestSlack;
let ada: Awaited<ReturnType<TestSlack["person"]>>;
let lin: typeof ada;
beforeAll(async () => {
  t = await testSlack();
  ada = await t.person("Ada", "owner");
  lin = await t.person("Lin");
  await t.person("Vic", "viewer");
});
afterAll(() => t.close());
beforeEach(() => t.reset());
// Whatever is answered, posted or opened, Slack would take it.
afterEach(() => expect(t.slack.workspace.problems).toEqual([]));

const q = () => t.core.db.read;
const LIN = "U-lin@example.com";
const VIC = "U-vic@example.com";
const declare = (extra = {}) => createIncident(t.ctx(ada), { title: "Checkout is slow", ...extra });
const state = async (id: string) => (await q().select().from(incidents).where(eq(incidents.id, id)))[0];
const holderOf = async (id: string, role: string) =>
  (await q().select().from(rosterRoles).where(eq(rosterRoles.incidentId, id))).find((row) => row.role === role);
/** All that an answer says. */
const said = async (answer: Promise<unknown>) => JSON.stringify(await answer);
const lastView = () => t.slack.workspace.views.at(-1)?.view;

describe("who types a command", () => {
  it("is their account here, by the address that Slack says", async () => {
    const answer = await t.slash("declare sev2 Checkout &amp; cart are slow", { user: LIN });
    expect(answer).toMatchObject({ response_type: "ephemeral" });
    const [row] = await q().select().from(incidents);
    expect(row).toMatchObject({ title: "Checkout & cart are slow", severity: "SEV2", createdById: lin.userId });
    expect(JSON.stringify(answer)).toContain(`You declared ${row?.reference} as SEV2`);
  });

  it.each([
    [{ id: "U9", name: "Stranger", email: "stranger@example.com" }, "Nobody in Muster has the address"],
    [{ id: "U91", name: "Ada", email: "ada@example.com", isStranger: true }, "Slack does not say yours"],
    [{ id: "U92", name: "Ada", email: "ada@example.com", isBot: true }, "Slack does not say yours"],
    [{ id: "U93", name: "Nobody" }, "Slack does not say yours"],
  ])("is refused kindly and told why: %j", async (user, words) => {
    t.slack.workspace.people.set(user.id, user);
    expect(await said(t.slash("declare Fire", { user: user.id }))).toContain(words);
    expect(await q().select().from(incidents)).toEqual([]);
  });

  it("may do what the account may", async () => {
    const row = await declare();
    const before = await state(row.id);
    for (const text of [
      "declare Fire",
      "status monitoring",
      "severity sev1",
      "role commander",
      "resolve done",
      "update",
    ]) {
      expect(await said(t.slash(text, { user: VIC }))).toContain("Your role does not allow this");
    }
    expect(await said(t.slash("page <@U-LIN>", { user: VIC }))).not.toContain("asked to come");
    expect(await state(row.id)).toEqual(before);
    expect(await said(t.slash("status", { user: VIC }))).toContain("Checkout is slow");
    expect(await said(t.slash("who", { user: VIC }))).toContain("Nobody is on");
  });

  it("is nobody once the account is disabled, though Slack's answer is remembered", async () => {
    expect(await said(t.slash("status", { user: LIN }))).toContain("No incident is open");
    await q().update(users).set({ disabledAt: t.clock.at }).where(eq(users.id, lin.userId));
    expect(await said(t.slash("status", { user: LIN }))).toContain("was disabled");
    await q().update(users).set({ disabledAt: null }).where(eq(users.id, lin.userId));
  });
});

describe("which incident a command means", () => {
  it("is the one it names, the only open one, or asks back", async () => {
    const one = await declare();
    await t.slash("status identified");
    expect(await state(one.id)).toMatchObject({ status: "identified" });
    t.wait(1_000);
    const two = await declare({ title: "Login fails" });
    const answer = await said(t.slash("status monitoring"));
    expect(answer).toContain(`as ${two.reference}, ${one.reference}`);
    await t.slash(`status ${two.reference.toLowerCase()} monitoring`);
    expect(await state(two.id)).toMatchObject({ status: "monitoring" });
    expect(await state(one.id)).toMatchObject({ status: "identified" });
    expect(await said(t.slash("status"))).toContain(two.title);
  });

  it.each([{ visibility: "private" as const }, { mode: "drill" as const }])(
    "is none of %j, for the owner too",
    async (extra) => {
      const row = await declare({ title: "Hush", ...extra });
      for (const text of ["status", `status ${row.reference}`, `who ${row.reference}`, `update ${row.reference} x`]) {
        const answer = await said(t.slash(text));
        expect(answer).not.toContain("Hush");
        expect(answer).toMatch(/no such incident|No incident is open/);
      }
      expect(await said(t.slash(`resolve ${row.reference} done`))).toContain("no such incident");
      expect(await state(row.id)).toMatchObject({ status: "investigating" });
      expect(t.slack.workspace.views).toEqual([]);
    },
  );
});

describe("/muster", () => {
  it.each(["", "help", "HELP"])("names every command for %j", async (text) => {
    const answer = await said(t.slash(text));
    for (const verb of ["declare", "update", "status", "role", "who", "page", "resolve"]) {
      expect(answer).toContain(`/muster ${verb}`);
    }
  });

  it("says so when it does not know a command", async () => {
    expect(await said(t.slash("explode"))).toContain("/muster help");
  });

  it("declare asks in a dialog when there is no title, and says what is wrong with it", async () => {
    expect(await t.slash("declare")).toBeNull();
    expect(lastView()).toMatchObject({ callback_id: "incident.declare" });
    expect(await t.submit({ title: " ", severity: { chosen: "SEV1" } })).toMatchObject({
      errors: { title: "A title is needed." },
    });
    expect(await t.submit({ title: "Fire", severity: { chosen: "SEV1" }, summary: "It burns" })).toBeNull();
    const [row] = await q().select().from(incidents);
    expect(row).toMatchObject({ title: "Fire", severity: "SEV1", summary: "It burns" });
  });

  it("declare refuses a title that is too long, whole", async () => {
    expect(await said(t.slash(`declare ${"x".repeat(151)}`))).toMatch(/150/);
    expect(await q().select().from(incidents)).toEqual([]);
  });

  it("update shows in a dialog where it goes, and publishes once it is sent", async () => {
    const row = await declare({ severity: "SEV2" });
    expect(await t.slash("update identified A bad <deploy> &amp; config")).toBeNull();
    const view = JSON.stringify(lastView());
    expect(view).toContain("A bad deploy & config");
    expect(view).toContain('"initial_option":{"value":"identified"');
    expect(view).toContain('"initial_option":{"value":"internal"');
    expect(await q().select().from(updates)).toEqual([]);
    const values = {
      status: { chosen: "identified" },
      body: "A bad deploy.",
      audience: { chosen: "internal" },
      channels: ["slack"],
      next: { chosen: "30" },
    };
    expect(await t.submit({ ...values, channels: [] })).toMatchObject({ errors: { channels: expect.any(String) } });
    expect(await t.submit({ ...values, channels: ["status_page"] })).toMatchObject({
      errors: { channels: expect.stringContaining("internal") },
    });
    expect(await t.submit(values)).toBeNull();
    const [update] = await q().select().from(updates);
    expect(update).toMatchObject({
      body: "A bad deploy. Next update at 10:30 UTC.",
      audience: "internal",
      publishedByName: "Ada",
    });
    expect((await state(row.id))?.nextUpdateDueAt?.getTime()).toBe(t.clock.at.getTime() + 30 * 60_000);
    // The next one begins as this one went out.
    await t.slash("update");
    expect(JSON.stringify(lastView())).toContain('"initial_option":{"value":"identified"');
  });

  it("update names the groups that hear by themselves", async () => {
    await declare({ severity: "SEV2" });
    await t.slash("update");
    expect(JSON.stringify(lastView())).not.toContain("hear by themselves");
    await createAudience(t.ctx(ada), { name: "Partners", kind: "public" });
    await createAudience(t.ctx(ada), { name: "Directors", kind: "internal" });
    await createAudience(t.ctx(ada), { name: "Board", kind: "internal", severities: ["SEV1"] });
    await t.slash("update");
    await q().delete(audiences);
    expect(JSON.stringify(lastView())).toContain("Groups that hear by themselves: Directors, Partners (PUBLIC)");
  });

  it("update asks for the approval that it needs, and says so before and after", async () => {
    const row = await declare({ severity: "SEV1" });
    await changeSettings(t.ctx(ada), { approval: { public: { SEV1: "commander" } } });
    await t.slash("update", { user: LIN });
    const view = JSON.stringify(lastView());
    expect(view).toContain("A PUBLIC update waits for approval first. At SEV1 the commander approves what goes out.");
    expect(view).not.toContain("An internal update waits");
    const text = { status: { chosen: "identified" }, body: "We know why.", channels: ["status_page"] };
    expect(await t.submit({ ...text, audience: { chosen: "public" } }, LIN)).toBeNull();
    expect(await q().select().from(updates)).toEqual([]);
    expect(await openPlanned(q(), row)).toMatchObject([
      { state: "waiting", body: "We know why.", askedBy: { id: lin.userId } },
    ]);
    const whisper = () => t.slack.calls.find((call) => call.method === "chat.postEphemeral")?.args;
    await expect.poll(whisper, { timeout: 5_000 }).toMatchObject({
      user: LIN,
      text: expect.stringContaining(`your update about ${row.reference} waits for it`),
    });
    expect(await t.submit({ ...text, audience: { chosen: "internal" }, channels: ["slack"] }, LIN)).toBeNull();
    expect(await q().select().from(updates)).toMatchObject([{ audience: "internal" }]);
  });

  it("update says what is wrong at a field that its dialog has", async () => {
    await declare({ severity: "SEV2" });
    await t.slash("update");
    const ends = {
      status: { chosen: "resolved" },
      body: "Over.",
      audience: { chosen: "internal" },
      next: { chosen: "30" },
    };
    const answer = await t.submit({ ...ends, channels: ["slack"] });
    const blocks = (lastView()?.blocks ?? []) as { type: string; block_id: string }[];
    const fields = blocks.filter((block) => block.type === "input").map((block) => block.block_id);
    const { errors } = answer as { errors: Record<string, string> };
    expect(fields).toEqual(expect.arrayContaining(Object.keys(errors)));
    expect(Object.values(errors)).toEqual(["A resolved incident has no next update."]);
  });

  it("status refuses what is none", async () => {
    await declare();
    expect(await said(t.slash("status broken"))).toContain("There is no status broken");
  });

  it("severity changes it", async () => {
    const row = await declare();
    await t.slash("sev sev3");
    expect(await state(row.id)).toMatchObject({ severity: "SEV3" });
    expect(await said(t.slash("severity"))).toContain("SEV1, SEV2");
  });

  it("role takes a free one, gives it to others, gives it back, and never takes it from its holder", async () => {
    const row = await declare();
    await t.slash("role commander", { user: LIN });
    expect((await holderOf(row.id, "commander"))?.holderId).toBe(lin.userId);
    await t.slash("role operations <@U-lin@example.com|lin>");
    const linInSlack = { id: "U7LIN", name: "Lin", email: "lin@example.com" };
    t.slack.workspace.people.set("U7LIN", linInSlack);
    await t.slash("role operations <@U7LIN|lin>");
    expect((await holderOf(row.id, "operations"))?.holderId).toBe(lin.userId);
    await t.person("Moe");
    expect(await said(t.slash("role commander", { user: "U-moe@example.com" }))).toContain("Somebody holds the role");
    expect(await said(t.slash("role commander ada@example.com", { user: LIN }))).toContain("has to accept");
    expect(await said(t.slash("role commander"))).toContain("You are commander");
    expect((await holderOf(row.id, "commander"))?.holderId).toBe(ada.userId);
    expect(await said(t.slash("role"))).toContain("*commander*  Ada");
    await t.slash("role commander release");
    expect((await holderOf(row.id, "commander"))?.holderId).toBeNull();
    await offerRole(t.ctx(ada), { incident: row.id, role: "scribe", userId: lin.userId });
    await t.slash("role scribe me", { user: LIN });
    expect((await holderOf(row.id, "scribe"))?.holderId).toBe(lin.userId);
  });

  it("page asks a person or a service's people to come, with a message", async () => {
    const row = await declare();
    expect(await said(t.slash("page lin@example.com please &lt;look&gt;"))).toContain("Lin: asked to come");
    const [asked] = await q().select().from(invitations).where(eq(invitations.incidentId, row.id));
    expect(asked).toMatchObject({ userId: lin.userId, message: "please <look>", invitedByName: "Ada" });
    expect(await said(t.slash("page lin@example.com"))).toMatch(/Lin/);
    await createService(t.ctx(ada), { name: "payments", ownerId: ada.userId });
    expect(await said(t.slash("page Payments: now", { user: LIN }))).toContain("Ada: asked to come");
    expect(await said(t.slash("page nobody here"))).toContain("Neither a service nor a person");
    expect(await said(t.slash("page"))).toContain("Say whom");
    expect(await said(t.slash(`page lin@example.com ${"x".repeat(501)}`))).toContain("at most 500");
    expect(await said(t.slash("who"))).toContain("*Lin*  asked to come");
  });

  it("resolve takes what fixed it, or asks for it", async () => {
    const row = await declare();
    expect(await t.slash("resolve")).toBeNull();
    expect(await t.submit({ summary: "Rolled back" })).toBeNull();
    expect(await state(row.id)).toMatchObject({ status: "resolved", resolution: "Rolled back" });
    const other = await declare();
    expect(await said(t.slash("resolve Restarted it"))).toContain("You resolved");
    expect(await state(other.id)).toMatchObject({ status: "resolved", resolution: "Restarted it" });
  });
});

describe("a request", () => {
  it("that Slack repeats is done once, and gets the first answer", async () => {
    const body = new URLSearchParams({
      text: "declare Once",
      user_id: "U-ada@example.com",
      trigger_id: "once",
      channel_id: "C1",
    }).toString();
    const first = await t.door.command(t.sign(body));
    t.wait(60_000);
    const again = await t.door.command(t.sign(body));
    expect(again).toEqual(first);
    expect(await q().select().from(incidents)).toHaveLength(1);
  });

  it("that failed for a reason of ours is tried again when Slack repeats it", async () => {
    const body = new URLSearchParams({ text: "status", user_id: "U-ada@example.com", trigger_id: "f" }).toString();
    await t.door.command(t.sign(body));
    await q().update(slackRequests).set({ doneAt: null, answer: null });
    expect(await t.door.command(t.sign(body))).toBeNull();
    t.wait(31_000);
    expect(await said(t.door.command(t.sign(body)))).toContain("No incident is open");
  });

  it("is forgotten after hours", async () => {
    await t.slash("help");
    t.wait(3 * 3_600_000);
    await t.slash("help");
    expect(await q().select().from(slackRequests)).toHaveLength(1);
  });

  it("that takes longer than Slack waits is answered in time, and once more when it is done", async () => {
    t.slack.script.answer = ({ method }) => (method === "users.info" ? "silence" : {});
    const started = performance.now();
    expect(await said(t.slash("declare Slow", { user: "U-slow@example.com" }))).toContain("Muster is at it");
    expect(performance.now() - started).toBeLessThan(3_000);
    await expect
      .poll(() => t.slack.calls.find((call) => call.method === "response")?.args.json, { timeout: 5_000 })
      .toContain("Muster could not find out who you are");
    expect(await q().select().from(deliveries)).toEqual([]);
  });

  it("to publish that is refused after Slack closed its dialog is told to whoever sent it, with what they wrote", async () => {
    await declare();
    await t.slash("update");
    t.slack.script.answer = ({ method }) => (method === "users.info" ? "silence" : {});
    const sent = { status: { chosen: "identified" }, body: "We found the cause.", channels: ["slack"] };
    expect(await t.submit(sent, "U-slow@example.com")).toBeNull();
    const whisper = () => t.slack.calls.find((call) => call.method === "chat.postEphemeral")?.args;
    await expect.poll(whisper, { timeout: 5_000 }).toBeDefined();
    expect(whisper()).toMatchObject({ channel: "C1", user: "U-slow@example.com" });
    expect(whisper()?.text).toContain("Nothing was done: Muster could not find out who you are");
    expect(whisper()?.blocks).toContain("We found the cause.");
    expect(await q().select().from(updates)).toEqual([]);
  });
});
