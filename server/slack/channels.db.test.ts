import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { slackChannels, timelineEntries } from "#/db/schema/index.ts";
import {
  changeIncident,
  closeIncident,
  createIncident,
  declineIncident,
  mergeIncident,
  reopenIncident,
  resolveIncident,
} from "#/server/incidents/index.ts";
import { invitePeople } from "#/server/invitations/index.ts";
import { claimRole } from "#/server/roster/index.ts";
import { BOT_USER } from "#/server/testing/slack-workspace.ts";
import { type TestSlack, testSlack } from "#/server/testing/test-slack.ts";
import { CHANNEL_ATTEMPTS_MAX, channelName } from "./channel-rules.ts";
import { readChat } from "./message-queries.ts";
import { archiveChannel, openSlackChannel } from "./open-channel.ts";
import { registerSlack } from "./register-slack.ts";

let t: TestSlack;
let ada: Awaited<ReturnType<TestSlack["person"]>>;
let lin: typeof ada;
let vic: typeof ada;
beforeAll(async () => {
  t = await testSlack();
  ada = await t.person("Ada", "owner");
  lin = await t.person("Lin");
  vic = await t.person("Vic", "viewer");
});
afterAll(() => t.close());
beforeEach(() => t.reset());
afterEach(() => expect(t.slack.workspace.problems).toEqual([]));

const declare = (extra = {}) => createIncident(t.ctx(ada), { title: "Checkout is slow", severity: "SEV2", ...extra });
type Incident = Awaited<ReturnType<typeof declare>>;
const rowOf = async ({ id }: Incident) =>
  (await t.core.db.read.select().from(slackChannels).where(eq(slackChannels.incidentId, id)))[0];
const channels = () => [...t.slack.workspace.channels.values()];
const open = async (incident: Incident) => {
  await openSlackChannel(t.ctx(ada), incident.id);
  await t.runJobs();
  const row = await rowOf(incident);
  return t.slack.workspace.channels.get(row?.channelId ?? "");
};
const callsOf = (method: string) => t.slack.calls.filter((call) => call.method === method);

describe("opening a channel", () => {
  it("makes one with a good name, its people, its topic and the card, and says so", async () => {
    const incident = await declare();
    await claimRole(t.ctx(lin), { incident: incident.id, role: "commander" });
    const channel = await open(incident);
    expect(channel).toMatchObject({ name: channelName(incident, 0), creator: BOT_USER });
    expect([...(channel?.members ?? [])].sort()).toEqual([`U-ada@example.com`, "U-lin@example.com", BOT_USER]);
    expect(channel?.topic).toContain("SEV2 · Investigating · Commander Lin");
    expect(channel?.topic).toContain(`http://localhost:3000/incidents/${incident.reference}`);
    const chat = await readChat(t.core.db.read, t.ctx(ada), incident);
    expect(chat.channel).toMatchObject({
      state: "open",
      name: channel?.name,
      url: `https://acme.slack.com/archives/${channel?.id}`,
      error: null,
    });
    expect(t.slack.workspace.posts.some((post) => post.channel === channel?.id)).toBe(true);
    // The card of everybody leads there.
    const [card] = t.slack.workspace.posts;
    expect(JSON.stringify(card?.blocks)).toContain(`|#${channel?.name}>`);
    const [entry] = await t.entriesOf(incident.id, "slack.channel_opened");
    expect(entry).toMatchObject({ actorName: "Ada", data: { name: `#${channel?.name}` } });
    await openSlackChannel(t.ctx(ada), incident.id);
    await t.runJobs();
    expect(channels()).toHaveLength(1);
  });

  it("takes the next name when one is taken by somebody else", async () => {
    const incident = await declare();
    t.slack.workspace.addChannel(channelName(incident, 0), "U1");
    const channel = await open(incident);
    expect(channel?.name).toBe(channelName(incident, 1));
    expect(channel?.name).toMatch(/-2$/);
  });

  it("finds the one it made when the answer was lost", async () => {
    const incident = await declare();
    let isLost = true;
    t.slack.script.answer = ({ method, args }) => {
      if (method !== "conversations.create" || !isLost) return {};
      isLost = false;
      const { channel } = t.slack.workspace.answer(method, args) as unknown as { channel: { id: string } };
      // The clock of the tests is not that of the workspace.
      const made = t.slack.workspace.channels.get(channel.id);
      if (made) made.created = Math.floor(t.clock.at.getTime() / 1000);
      return "hang up";
    };
    await open(incident);
    t.wait(10_000);
    await t.runJobs();
    expect(channels()).toHaveLength(1);
    expect(await rowOf(incident)).toMatchObject({ state: "open", channelId: channels()[0]?.id });
  });

  it("waits as long as Slack asks, and gives up with the reason where it cannot", async () => {
    const incident = await declare();
    t.slack.script.answer = ({ method }) =>
      method === "conversations.create"
        ? { status: 429, headers: { "retry-after": "30" }, body: { ok: false, error: "ratelimited" } }
        : {};
    await open(incident);
    const job = t.jobs.find((one) => one.name === "slack.channel");
    expect(job?.options.startAt?.getTime()).toBe(t.clock.at.getTime() + 30_000);
    t.slack.script.answer = ({ method }) =>
      method === "conversations.create" ? { body: { ok: false, error: "missing_scope" } } : {};
    t.wait(30_000);
    await t.runJobs();
    const chat = await readChat(t.core.db.read, t.ctx(ada), incident);
    expect(chat.channel).toMatchObject({ state: "failed", error: expect.stringContaining("lacks a permission") });
    t.slack.script.answer = () => ({});
    expect(await open(incident)).toBeDefined();
  });

  it("gives up after enough tries", async () => {
    const incident = await declare();
    t.slack.script.answer = ({ method }) => (method === "auth.test" ? { status: 503 } : {});
    await open(incident);
    for (let n = 1; n < CHANNEL_ATTEMPTS_MAX; n += 1) {
      expect((await rowOf(incident))?.state).toBe("opening");
      t.wait(5 * 60_000);
      await t.runJobs();
    }
    expect(await rowOf(incident)).toMatchObject({ state: "failed", attempts: CHANNEL_ATTEMPTS_MAX });
  });

  it.each([
    [{ visibility: "private" as const }, "private incident has no channel"],
    [{ mode: "drill" as const }, "drills never leave the building"],
  ])("is refused for %j", async (extra, words) => {
    const incident = await declare(extra);
    await expect(openSlackChannel(t.ctx(ada), incident.id)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(words),
    });
    expect(t.jobs.filter((job) => job.name === "slack.channel")).toEqual([]);
  });

  it("is for those who may work on the incident, and while Slack is connected", async () => {
    const incident = await declare();
    await expect(openSlackChannel(t.ctx(vic), incident.id)).rejects.toMatchObject({ code: "forbidden" });
    const { slack } = t.core.config;
    Object.assign(t.core.config, { slack: undefined });
    await expect(openSlackChannel(t.ctx(ada), incident.id)).rejects.toMatchObject({ code: "conflict" });
    Object.assign(t.core.config, { slack });
  });

  it("is done by a press on the card, and by /muster channel", async () => {
    const incident = await declare();
    await t.press("card.channel", incident.id);
    expect(callsOf("chat.postEphemeral")[0]?.args.text).toContain("is being opened");
    await t.runJobs();
    expect(channels()).toHaveLength(1);
    expect(JSON.stringify(await t.slash("channel"))).toContain("has a channel already");
  });
});

describe("the channel follows its incident", () => {
  it("in its topic and its people, each brought in once", async () => {
    const incident = await declare();
    const channel = await open(incident);
    await claimRole(t.ctx(lin), { incident: incident.id, role: "commander" });
    await changeIncident(t.ctx(ada), { incident: incident.id, change: { status: "monitoring", severity: "SEV1" } });
    await t.runJobs();
    expect(channel?.topic).toContain("SEV1 · Monitoring · Commander Lin");
    expect(channel?.members.has("U-lin@example.com")).toBe(true);
    channel?.members.delete("U-lin@example.com");
    await changeIncident(t.ctx(ada), { incident: incident.id, change: { status: "identified" } });
    await t.runJobs();
    // Whoever leaves stays away.
    expect(channel?.members.has("U-lin@example.com")).toBe(false);
    const topics = callsOf("conversations.setTopic").length;
    await invitePeople(t.ctx(ada), { incident: incident.id, userId: vic.userId });
    await t.runJobs();
    expect(channel?.members.has("U-vic@example.com")).toBe(true);
    expect(callsOf("conversations.setTopic")).toHaveLength(topics);
  });

  it("keeps going when Slack does not know somebody, and says whom", async () => {
    t.slack.script.answer = ({ method, args }) =>
      method === "users.lookupByEmail" && args.email === "lin@example.com"
        ? { body: { ok: false, error: "users_not_found" } }
        : {};
    const incident = await declare();
    await claimRole(t.ctx(lin), { incident: incident.id, role: "commander" });
    const channel = await open(incident);
    expect(channel?.members.has("U-ada@example.com")).toBe(true);
    const chat = await readChat(t.core.db.read, t.ctx(ada), incident);
    expect(chat.channel?.unknownPeople).toEqual(["lin@example.com"]);
  });

  it.each([
    ["declined", (id: string) => declineIncident(t.ctx(ada), { incident: id, reason: "noise" }), "triage" as const],
    [
      "merged",
      async (id: string) => mergeIncident(t.ctx(ada), { incident: id, into: (await declare()).id }),
      "triage" as const,
    ],
    [
      "closed",
      async (id: string) => {
        await resolveIncident(t.ctx(ada), { incident: id, summary: "" });
        await closeIncident(t.ctx(ada), { incident: id });
      },
      undefined,
    ],
    [
      "made private",
      (id: string) => changeIncident(t.ctx(ada), { incident: id, change: { visibility: "private" } }),
      undefined,
    ],
  ])("into the archive when it is %s, and the topic says nothing new", async (_word, end, status) => {
    const incident = await declare(status ? { status } : {});
    const channel = await open(incident);
    const topic = channel?.topic;
    await end(incident.id);
    await t.runJobs();
    expect(channel?.isArchived).toBe(true);
    expect(channel?.topic).toBe(topic);
    expect(await t.entriesOf(incident.id, "slack.channel_archived")).toHaveLength(1);
    await expect(openSlackChannel(t.ctx(ada), incident.id)).rejects.toMatchObject({ code: "conflict" });
  });

  it.each([true, false])("back when it is reopened (Slack gives it back: %s)", async (canUnarchive) => {
    const incident = await declare({ status: "triage" });
    const channel = await open(incident);
    await declineIncident(t.ctx(ada), { incident: incident.id, reason: "noise" });
    await t.runJobs();
    t.slack.workspace.state.canUnarchive = canUnarchive;
    await reopenIncident(t.ctx(ada), { incident: incident.id });
    await t.runJobs();
    const row = await rowOf(incident);
    expect(row).toMatchObject({ state: "open" });
    expect(row?.channelId === channel?.id).toBe(canUnarchive);
    const now = t.slack.workspace.channels.get(row?.channelId ?? "");
    expect(now?.isArchived).toBe(false);
    expect(now?.members.has("U-ada@example.com")).toBe(true);
  });

  it("into the archive when somebody asks for it, also while it is being opened", async () => {
    const incident = await declare();
    await openSlackChannel(t.ctx(ada), incident.id);
    await archiveChannel(t.ctx(ada), incident.id);
    await t.runJobs();
    expect(channels().filter((one) => !one.isArchived)).toEqual([]);
    const channel = await open(incident);
    await expect(archiveChannel(t.ctx(vic), incident.id)).rejects.toMatchObject({ code: "forbidden" });
    await archiveChannel(t.ctx(ada), incident.id);
    await t.runJobs();
    expect(channel?.isArchived).toBe(true);
  });

  it("when it is renamed, archived or taken back in Slack itself", async () => {
    const incident = await declare();
    const channel = await open(incident);
    const id = channel?.id ?? "";
    await t.event({ type: "channel_rename", channel: { id, name: "fire", created: 1 } });
    await t.runJobs();
    expect(await rowOf(incident)).toMatchObject({ name: "fire" });
    await t.event({ type: "channel_archive", channel: id, user: "U1" });
    await t.runJobs();
    expect(await rowOf(incident)).toMatchObject({ state: "archived" });
    await t.event({ type: "channel_unarchive", channel: id, user: "U1" });
    await t.runJobs();
    expect(await rowOf(incident)).toMatchObject({ state: "open" });
  });
});

it("what a restored database left undone is taken up at the start", async () => {
  const incident = await declare();
  await openSlackChannel(t.ctx(ada), incident.id);
  t.jobs.length = 0;
  await registerSlack(t.core, t.documents).recover();
  await t.runJobs();
  expect(await rowOf(incident)).toMatchObject({ state: "open" });
  expect(await t.core.db.read.$count(timelineEntries)).toBeGreaterThan(0);
});
