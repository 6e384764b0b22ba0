import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { incidents, users } from "#/db/schema/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { hmacSha256 } from "#/server/platform/crypto.ts";
import { type TestTriage, testTriage } from "#/server/testing/test-triage.ts";
import { createSlackDoor, type SlackDoor } from "./slack-door.ts";

const SECRET = "slack-signing-secret";
/** Buttons and dialogs write no prose. */
const noDocuments = {} as Documents;
let door: SlackDoor;
let presses = 0;
let test: TestTriage;
let ada: Awaited<ReturnType<TestTriage["person"]>>;
/** Whose address Slack says for each of its users. */
const addresses: Record<string, string> = {
  U1: "resa@example.com",
  U2: "stranger@example.com",
  U3: "vera@example.com",
};

beforeAll(async () => {
  test = await testTriage({ slack: { botToken: "xoxb-1", channel: "C1", signingSecret: SECRET } });
  Object.assign(test.core.config.slack ?? {}, { apiUrl: test.slack.apiUrl });
  door = createSlackDoor(test.core, noDocuments);
  ada = await test.person("Ada", "owner");
  await test.person("Resa", "responder");
  await test.person("Vera", "viewer");
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  test.slack.script.answer = ({ method, args }) =>
    method === "users.info"
      ? { body: { ok: true, user: { id: args.user, profile: { email: addresses[args.user ?? ""] } } } }
      : {};
});

function signed(payload: unknown, options: { ageMs?: number; secret?: string } = {}) {
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor((test.clock.at.getTime() - (options.ageMs ?? 0)) / 1000));
  const mac = hmacSha256(options.secret ?? SECRET, `v0:${timestamp}:${body}`).toString("hex");
  return { body, timestamp, signature: `v0=${mac}` };
}
const press = (id: string, incidentId: string, user = "U1") => ({
  type: "block_actions",
  user: { id: user },
  channel: { id: "C1" },
  trigger_id: `t${++presses}`,
  actions: [{ action_id: id, value: incidentId }],
});
const submit = (callback: string, incidentId: string, values: Record<string, unknown>, user = "U1") => ({
  type: "view_submission",
  user: { id: user },
  view: { callback_id: callback, private_metadata: JSON.stringify({ incidentId }), state: { values } },
});
const handle = (payload: unknown) => door.interaction(signed(payload));
const triage = (extra = {}) => createIncident(test.ctx(ada), { title: "Checkout & co", status: "triage", ...extra });
const state = async (id: string) => (await test.core.db.read.select().from(incidents).where(eq(incidents.id, id)))[0];
const callsOf = (method: string) => test.slack.calls.filter((call) => call.method === method);

describe("a request to the door of Slack", () => {
  it("counts when it is signed and at most five minutes old", async () => {
    const incident = await triage();
    const payload = press("triage.accept", incident.id);
    const refused = [
      signed(payload, { ageMs: 5 * 60_000 + 1_000 }),
      signed(payload, { ageMs: -5 * 60_000 - 1_000 }),
      signed(payload, { secret: "another" }),
      { ...signed(payload), signature: undefined },
      { ...signed(payload), timestamp: undefined },
      { ...signed(payload), timestamp: "soon" },
      { ...signed(payload), body: `${signed(payload).body}&x=1` },
    ];
    for (const request of refused) {
      await expect(door.interaction(request)).rejects.toMatchObject({ code: "unauthenticated" });
    }
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
    await door.interaction(signed(payload, { ageMs: 5 * 60_000 }));
    expect(await state(incident.id)).toMatchObject({ status: "investigating" });
  });

  it("is refused while no signing secret is set", async () => {
    const { slack } = test.core.config;
    Object.assign(test.core.config, { slack: { ...slack, signingSecret: undefined } });
    await expect(handle(press("triage.accept", "x"))).rejects.toMatchObject({ code: "unauthenticated" });
    Object.assign(test.core.config, { slack });
  });

  it.each([
    { type: "shortcut" },
    { type: "block_actions" },
    null,
    "x",
    press("other.button", "x"),
    submit("other", "x", {}),
  ])("of a kind that is not ours is answered with nothing: %j", async (payload) => {
    expect(await handle(payload)).toBeNull();
  });
});

describe("Accept", () => {
  it("acts as the account of whoever pressed, and the card says so in place", async () => {
    const incident = await triage();
    await test.runJobs();
    expect(await handle(press("triage.accept", incident.id))).toBeNull();
    expect((await test.entriesOf(incident.id, "incident.accepted"))[0]).toMatchObject({ actorName: "Resa" });
    await test.runJobs();
    expect(callsOf("chat.update")[0]?.args).toMatchObject({
      channel: "C1",
      blocks: expect.stringContaining("by Resa"),
    });
    // Slack sends again what was answered late.
    await handle(press("triage.accept", incident.id));
    expect(await test.entriesOf(incident.id, "incident.accepted")).toHaveLength(1);
    expect(callsOf("chat.postEphemeral")[0]?.args.text).toContain("decided already");
  });

  it.each([
    ["U2", "Nobody in Muster has the address stranger@example.com"],
    ["U3", "Your role does not allow this"],
    ["U4", "Slack does not say yours"],
  ])("of %s is refused kindly, to them alone, with a link", async (user, words) => {
    const incident = await triage();
    await handle(press("triage.accept", incident.id, user));
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
    const [whisper] = callsOf("chat.postEphemeral");
    expect(whisper?.args).toMatchObject({ channel: "C1", user });
    expect(whisper?.args.text).toContain(words);
    expect(whisper?.args.blocks).toContain(`/incidents/${incident.reference}|Open ${incident.reference}>`);
  });

  it("of somebody whose account is disabled is refused", async () => {
    const incident = await triage();
    const disable = (at: Date | null) =>
      test.core.db.read.update(users).set({ disabledAt: at }).where(eq(users.email, "resa@example.com"));
    await disable(test.clock.at);
    await handle(press("triage.accept", incident.id));
    await disable(null);
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
  });

  it.each([{ visibility: "private" as const }, { mode: "drill" as const }])(
    "on what is never told in Slack (%j) finds nothing",
    async (extra) => {
      const incident = await triage(extra);
      await handle(press("triage.accept", incident.id));
      expect(await state(incident.id)).toMatchObject({ status: "triage" });
      expect(callsOf("chat.postEphemeral")[0]?.args.text).not.toContain(incident.reference);
    },
  );
});

describe("Decline and Merge", () => {
  it("ask in a dialog before anything else", async () => {
    const incident = await triage();
    await handle(press("triage.decline", incident.id, "U2"));
    const [opened] = callsOf("views.open");
    const view = JSON.parse(opened?.args.view ?? "{}");
    expect(opened?.args.trigger_id).toBe(`t${presses}`);
    expect(view).toMatchObject({ type: "modal", callback_id: "triage.decline" });
    expect(JSON.parse(view.private_metadata)).toEqual({ incidentId: incident.id, channelId: "C1" });
    expect(JSON.stringify(view)).toContain("Checkout &amp; co");
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
  });

  it("decline with the reason", async () => {
    const incident = await triage();
    const values = {
      reason: { reason: { selected_option: { value: "A test" } } },
      words: { words: { value: " of the alarm " } },
    };
    expect(await handle(submit("triage.decline", incident.id, values, "U2"))).toMatchObject({
      response_action: "errors",
      errors: { reason: expect.stringContaining("Nobody in Muster") },
    });
    expect(await handle(submit("triage.decline", incident.id, values))).toBeNull();
    expect(await state(incident.id)).toMatchObject({ status: "declined", declineReason: "A test: of the alarm" });
  });

  it("merge into the likeliest, or into any other by its reference", async () => {
    const target = await createIncident(test.ctx(ada), { title: "Checkout and company" });
    const other = await createIncident(test.ctx(ada), { title: "Login" });
    const incident = await triage({ title: "Checkout company" });
    // Titles of other incidents are for those who may read them.
    await handle(press("triage.merge", incident.id, "U2"));
    expect(callsOf("views.open")).toEqual([]);
    expect(callsOf("chat.postEphemeral")[0]?.args.text).toContain("Nobody in Muster has the address");
    await handle(press("triage.merge", incident.id));
    const view = callsOf("views.open")[0]?.args.view ?? "";
    expect(view).toContain(target.reference);
    expect(view).not.toContain(other.reference);
    const into = (reference: string) => ({ into: { into: { selected_option: { value: reference } } } });
    expect(await handle(submit("triage.merge", incident.id, {}))).toMatchObject({
      errors: { other: expect.any(String) },
    });
    const unknown = { ...into(target.reference), other: { other: { value: "INC-9999" } } };
    expect(await handle(submit("triage.merge", incident.id, unknown))).toMatchObject({
      errors: { other: "There is no such incident." },
    });
    expect(await handle(submit("triage.merge", incident.id, into(target.reference)))).toBeNull();
    expect(await state(incident.id)).toMatchObject({ status: "merged", mergedIntoId: target.id });
  });
});
