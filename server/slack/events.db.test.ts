import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { rows } from "#/db/client.ts";
import { slackChannels, slackMessages, timelineEntries } from "#/db/schema/index.ts";
import { changeIncident, createIncident } from "#/server/incidents/index.ts";
import { search } from "#/server/search/index.ts";
import { BOT_USER } from "#/server/testing/slack-workspace.ts";
import { type TestSlack, testSlack } from "#/server/testing/test-slack.ts";
import { addNote, changeEntry } from "#/server/timeline/index.ts";
import { KEEP_REACTIONS } from "./events.ts";
import { listSlackMessages, readChat } from "./message-queries.ts";
import { openSlackChannel } from "./open-channel.ts";
import { MESSAGES_PAGE_MAX, MESSAGES_PER_INCIDENT_MAX } from "./shared/lists.ts";

let t: TestSlack;
let ada: Awaited<ReturnType<TestSlack["person"]>>;
let lin: typeof ada;
let incident: Awaited<ReturnType<typeof createIncident>>;
let channel: string;
beforeAll(async () => {
  t = await testSlack();
  ada = await t.person("Ada", "owner");
  lin = await t.person("Lin");
  await t.person("Vic", "viewer");
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.reset();
  t.run.isLastTry = false;
  t.slack.workspace.people.set("U1", { id: "U1", name: "ada", email: "ada@example.com" });
  t.slack.workspace.people.set("U2", { id: "U2", name: "Guest" });
  t.slack.workspace.people.set("U3", { id: "U3", name: "vic", email: "vic@example.com" });
  incident = await createIncident(t.ctx(ada), { title: "Checkout is slow" });
  await openSlackChannel(t.ctx(ada), incident.id);
  await t.runJobs();
  const [row] = await t.core.db.read.select().from(slackChannels);
  channel = row?.channelId ?? "";
});

let at = 1_800_000_000;
const nextTs = () => `${++at}.000100`;
const message = (text: string, extra: Record<string, unknown> = {}) => ({
  type: "message",
  channel,
  channel_type: "channel",
  user: "U1",
  text,
  ts: nextTs(),
  ...extra,
});
const say = async (text: string, extra: Record<string, unknown> = {}) => {
  const event = message(text, extra);
  await t.event(event);
  await t.runJobs();
  return event;
};
const list = async (query: Record<string, unknown> = {}) =>
  (await listSlackMessages(t.ctx(ada), { incident: incident.id, limit: MESSAGES_PAGE_MAX, ...query })).items;
const notes = async () =>
  (await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.incidentId, incident.id))).filter(
    (entry) => entry.kind === "note",
  );

describe("the door of events", () => {
  it("answers the challenge of whoever has the secret", async () => {
    const body = JSON.stringify({ type: "url_verification", token: "x", challenge: "3eZbrw1a" });
    expect(await t.door.event(t.sign(body))).toEqual({ challenge: "3eZbrw1a" });
    await expect(t.door.event({ ...t.sign(body), body: `${body} ` })).rejects.toMatchObject({
      code: "unauthenticated",
    });
    const old = t.sign(body);
    t.wait(5 * 60_000 + 1_000);
    await expect(t.door.event(old)).rejects.toMatchObject({ code: "unauthenticated" });
  });

  it.each([
    "not json",
    "[]",
    "null",
    "{}",
    '{"type":"event_callback","event_id":"e","event":{"type":"app_home_opened"}}',
  ])("takes %s without harm", async (body) => {
    const answer = await t.door.event(t.sign(body)).catch((error: { code: string }) => error.code);
    expect([null, "invalid"]).toContain(answer);
    expect(t.jobs.filter((job) => job.name === "slack.event")).toEqual([]);
  });

  it("keeps nothing of other channels", async () => {
    await t.event(message("secret plans", { channel: "C0OTHER" }));
    expect(t.jobs.filter((job) => job.name === "slack.event")).toEqual([]);
  });

  it("does an event once, however often Slack repeats it", async () => {
    const event = message("hello");
    await t.event(event, "EvA");
    t.wait(60_000);
    await t.event(event, "EvA");
    expect(t.jobs.filter((job) => job.name === "slack.event")).toHaveLength(1);
    await t.runJobs();
    // Under another name too it is the same message.
    await t.event(event, "EvB");
    await t.runJobs();
    expect(await list()).toHaveLength(1);
  });
});

describe("what is said in an incident's channel", () => {
  it("stands beside the timeline, by whom and when, as people read it", async () => {
    const first = await say("Look at <https://graph.example|the graph>, <@U2> &amp; all");
    await say("I see", { user: "U2", thread_ts: first.ts });
    const [second, one] = await list();
    expect(one).toMatchObject({
      text: "Look at the graph (https://graph.example), @Guest & all",
      author: { id: ada.userId, name: "Ada" },
      at: new Date(Number(first.ts) * 1000).toISOString(),
      isReply: false,
    });
    expect(second).toMatchObject({ text: "I see", author: { id: null, name: "Guest" }, isReply: true });
    const chat = await readChat(t.core.db.read, t.ctx(ada), incident);
    expect(chat).toMatchObject({ messages: 2, seq: second?.seq });
  });

  it("changes and goes when it does so in Slack, also when that is heard first", async () => {
    const said = await say("It is the cash");
    const seq = (await list())[0]?.seq ?? 0;
    const edited = (text: string, editedTs: string) => ({
      type: "message",
      subtype: "message_changed",
      hidden: true,
      channel,
      ts: nextTs(),
      message: { type: "message", user: "U1", text, ts: said.ts, edited: { user: "U1", ts: editedTs } },
      previous_message: { type: "message", user: "U1", text: "It is the cash", ts: said.ts },
    });
    const [older, newer] = [nextTs(), nextTs()];
    await t.event(edited("It is the cache!", newer));
    await t.event(edited("It is the cache", older));
    await t.runJobs();
    expect(await list()).toMatchObject([{ text: "It is the cache!", editedAt: expect.any(String) }]);
    expect(await list({ afterSeq: seq })).toHaveLength(1);
    const deleted = (ts: string) => ({
      type: "message",
      subtype: "message_deleted",
      hidden: true,
      channel,
      ts: nextTs(),
      deleted_ts: ts,
    });
    await t.event(deleted(said.ts));
    await t.event(edited("Back?", nextTs()));
    await t.runJobs();
    expect(await list()).toMatchObject([{ text: "", deletedAt: expect.any(String) }]);
    const early = message("too early");
    await t.event(deleted(early.ts));
    await t.event(early);
    await t.runJobs();
    expect((await list()).every((one) => one.text === "" && one.deletedAt)).toBe(true);
    expect((await readChat(t.core.db.read, t.ctx(ada), incident)).messages).toBe(0);
    expect(await t.core.db.read.$count(slackMessages)).toBe(2);
  });

  it.each([
    ["of Muster itself", { user: BOT_USER }],
    ["of its app", { user: undefined, subtype: "bot_message", bot_id: "B1", app_id: "A0MUSTER" }],
    ["of its app, by the profile", { user: undefined, bot_id: "B1", bot_profile: { app_id: "A0MUSTER" } }],
    ["about joining", { subtype: "channel_join" }],
    ["about the topic", { subtype: "channel_topic" }],
  ])("is not what %s", async (_word, extra) => {
    await say("x", extra);
    expect(await list()).toEqual([]);
  });

  it("is also what other bots say, what goes to the channel from a thread, and files", async () => {
    await say("Deployed 42", { user: undefined, subtype: "bot_message", bot_id: "B9", username: "deployer" });
    await say("Done", { subtype: "thread_broadcast", thread_ts: "1700000000.000100" });
    await say("", { subtype: "file_share", files: [{ id: "F1", name: "graph.png", title: "p99" }] });
    expect((await list()).map(({ text, author }) => [author.name, text])).toEqual([
      ["Ada", "[file: p99]"],
      ["Ada", "Done"],
      ["deployer", "Deployed 42"],
    ]);
  });

  it("waits for a name that Slack does not give at once, and does without in the end", async () => {
    t.slack.script.answer = ({ method, args }) =>
      method === "users.info" && args.user === "U7" ? { status: 503 } : {};
    await t.event(message("who am I", { user: "U7" }));
    await expect(t.runJobs()).rejects.toMatchObject({ code: "unavailable" });
    expect(await list()).toEqual([]);
    t.run.isLastTry = true;
    await say("who am I", { user: "U7" });
    expect(await list()).toMatchObject([{ author: { id: null, name: "U7" } }]);
  });

  it("is found by its words and by who said it, here and everywhere", async () => {
    await say("The 100% cache is *cold*");
    await say("Restarting it", { user: "U2" });
    expect((await list({ q: "CACHE 100%" })).map((one) => one.text)).toEqual(["The 100% cache is *cold*"]);
    expect((await list({ q: "guest" })).map((one) => one.text)).toEqual(["Restarting it"]);
    expect(await list({ q: "c_che" })).toEqual([]);
    const hits = await search(t.ctx(lin), { q: "cache", limit: 20 });
    expect(hits).toMatchObject([
      { kind: "message", incident: { reference: incident.reference }, title: `Ada in Slack, ${incident.reference}` },
    ]);
    await changeIncident(t.ctx(ada), { incident: incident.id, change: { visibility: "private" } });
    expect(await search(t.ctx(lin), { q: "cache", limit: 20 })).toEqual([]);
    await expect(listSlackMessages(t.ctx(lin), { incident: incident.id, limit: 10 })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("comes in pages, newest first, and as what was missed", async () => {
    for (const text of ["one", "two", "three"]) await say(text);
    const page = await listSlackMessages(t.ctx(ada), { incident: incident.id, limit: 2 });
    expect(page.items.map((one) => one.text)).toEqual(["three", "two"]);
    const cursor = page.nextCursor ?? "";
    const rest = await listSlackMessages(t.ctx(ada), { incident: incident.id, limit: 2, cursor });
    expect(rest).toMatchObject({ items: [{ text: "one" }], nextCursor: null });
    const missed = await listSlackMessages(t.ctx(ada), {
      incident: incident.id,
      limit: 1,
      afterSeq: rest.items[0]?.seq ?? 0,
    });
    expect(missed.items.map((one) => one.text)).toEqual(["two"]);
    const more = await listSlackMessages(t.ctx(ada), {
      incident: incident.id,
      limit: 1,
      afterSeq: rest.items[0]?.seq ?? 0,
      cursor: missed.nextCursor ?? "",
    });
    expect(more.items.map((one) => one.text)).toEqual(["three"]);
  });

  it("is kept up to a limit", async () => {
    await rows(
      t.core.db.read,
      sql`insert into slack_messages (incident_id, channel_id, ts, slack_user_id, author_name, text, at, seq)
        select ${incident.id}::uuid, ${channel}, '1.' || n, 'U1', 'Ada', 'x', now() - interval '1 year', 1
        from generate_series(1, ${sql.raw(String(MESSAGES_PER_INCIDENT_MAX - 1))}) n`,
    );
    await say("the last");
    await say("one too many");
    expect((await list({ limit: 3 })).map((one) => one.text)).toContain("the last");
    expect(await t.core.db.read.$count(slackMessages)).toBe(MESSAGES_PER_INCIDENT_MAX);
  });
});

describe("a message worth keeping", () => {
  const react = (ts: string, user = "U1", reaction = KEEP_REACTIONS[0]) =>
    t.event({ type: "reaction_added", user, reaction, item: { type: "message", channel, ts }, event_ts: nextTs() });

  it("becomes a note by a pushpin, once, at the time it was said", async () => {
    const said = await say("We roll back at 10:40", { user: "U2" });
    await react(said.ts);
    await react(said.ts, "U1", "thumbsup");
    await t.runJobs();
    await react(said.ts);
    await t.runJobs();
    const kept = await notes();
    expect(kept).toMatchObject([{ actorName: "Ada", body: "Guest in Slack:\n> We roll back at 10:40" }]);
    expect(kept[0]?.at.getTime()).toBe(Math.round(Number(said.ts) * 1000));
    expect(await list()).toMatchObject([{ noteId: kept[0]?.id }]);
  });

  it("becomes one by the shortcut, and whoever used it is told", async () => {
    const said = await say("The cache");
    const shortcut = (user: string) =>
      t.door.interaction(
        t.sign(
          new URLSearchParams({
            payload: JSON.stringify({
              type: "message_action",
              callback_id: "message.keep",
              user: { id: user },
              channel: { id: channel },
              trigger_id: nextTs(),
              response_url: "",
              message: { type: "message", user: "U2", ts: said.ts, text: "The cache" },
            }),
          }).toString(),
        ),
      );
    await shortcut("U3");
    expect(t.slack.calls.at(-1)?.args.text).toContain("Your role does not allow this");
    await shortcut("U1");
    expect(t.slack.calls.at(-1)?.args.text).toContain("Kept as a note");
    await shortcut("U1");
    expect(t.slack.calls.at(-1)?.args.text).toContain("It is a note already");
    expect(await notes()).toHaveLength(1);
  });

  it("is left alone for who may not write, and when it was deleted", async () => {
    const said = await say("x");
    await react(said.ts, "U3");
    await react(said.ts, "U2");
    await react("1.1");
    await t.event({ type: "message", subtype: "message_deleted", channel, ts: nextTs(), deleted_ts: said.ts });
    await react(said.ts);
    await t.runJobs();
    expect(await notes()).toEqual([]);
  });
});

describe("what is decided in the room", () => {
  const posted = () => t.slack.workspace.posts.filter((post) => post.text.includes("Decision by"));

  it("goes to the incident's channel, once", async () => {
    const note = await addNote(t.ctx(lin), t.documents, { incident: incident.id, body: "We <!channel> roll back" });
    const mark = (value: "decision" | null) =>
      changeEntry(t.ctx(ada), { incident: incident.id, entryId: note.id, change: { mark: value } });
    await mark("decision");
    await mark(null);
    await mark("decision");
    t.wait(5_000);
    await t.runJobs();
    expect(posted()).toMatchObject([
      { channel, threadTs: undefined, text: "◆ Decision by Lin: We &lt;!channel&gt; roll back" },
    ]);
  });

  it("goes there as it was written at once as one, and not when it was taken back", async () => {
    await addNote(t.ctx(lin), t.documents, { incident: incident.id, body: "Fail over", mark: "decision" });
    const undone = await addNote(t.ctx(lin), t.documents, { incident: incident.id, body: "No", mark: "decision" });
    await changeEntry(t.ctx(ada), { incident: incident.id, entryId: undone.id, change: { mark: null } });
    t.wait(5_000);
    await t.runJobs();
    expect(posted().map((post) => post.text)).toEqual(["◆ Decision by Lin: Fail over"]);
  });

  it("goes into the thread of the card when there is no channel, and nowhere of a private incident", async () => {
    const other = await createIncident(t.ctx(ada), { title: "Login fails" });
    const hidden = await createIncident(t.ctx(ada), { title: "Hush", visibility: "private" });
    await t.runJobs();
    for (const { id } of [other, hidden]) {
      await addNote(t.ctx(ada), t.documents, { incident: id, body: "Wait", mark: "decision" });
    }
    t.wait(5_000);
    await t.runJobs();
    const card = t.slack.workspace.posts.find((post) => JSON.stringify(post.blocks).includes("Login fails"));
    expect(posted()).toMatchObject([{ channel: "C1", threadTs: card?.ts, isBroadcast: false }]);
  });
});
