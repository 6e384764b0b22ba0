import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { incidents, slackChannels } from "#/db/schema/index.ts";
import { createAudience, removeAudience } from "#/server/audience/index.ts";
import {
  changeIncident,
  closeIncident,
  createIncident,
  declineIncident,
  reopenIncident,
  resolveIncident,
} from "#/server/incidents/index.ts";
import { claimRole } from "#/server/roster/index.ts";
import { type TestTriage, testTriage } from "#/server/testing/test-triage.ts";
import { readTold, retryTold } from "#/server/triage/index.ts";
import { correctUpdate } from "./correct-update.ts";
import { publishUpdate } from "./publish-update.ts";

let test: TestTriage;
let ada: Awaited<ReturnType<TestTriage["person"]>>;

beforeAll(async () => {
  test = await testTriage({ slack: { botToken: "xoxb-1", channel: "C1", signingSecret: "s3cret" } });
  Object.assign(test.core.config.slack ?? {}, { apiUrl: test.slack.apiUrl });
  ada = await test.person("Ada", "owner");
});
afterAll(() => test.close());
beforeEach(() => test.reset());
// Whatever a story posts, Slack would take it.
afterEach(() => expect(test.slack.workspace.problems).toEqual([]));

const declare = async (extra = {}) => {
  const incident = await createIncident(test.ctx(ada), { title: "Checkout is slow", severity: "SEV2", ...extra });
  await test.runJobs();
  return incident;
};
const publish = (id: string, given: Partial<Parameters<typeof publishUpdate>[2]> = {}) =>
  publishUpdate(test.ctx(ada), id, { status: "identified", body: "A bad deploy.", channels: ["slack"], ...given });
const posts = () => test.slack.workspace.posts;
const card = () => posts()[0];
const blocksOf = (post: ReturnType<typeof card>) => JSON.stringify(post?.blocks);
const edits = () => test.slack.calls.filter((call) => call.method === "chat.update");

describe("the card of an incident", () => {
  it("is posted once when it is declared, and edited in place with every change", async () => {
    const incident = await declare();
    expect(posts()).toHaveLength(1);
    expect(blocksOf(card())).toContain("SEV2: Checkout is slow");
    expect(blocksOf(card())).toContain("Nobody yet");
    expect(blocksOf(card())).toContain("card.claim");
    await claimRole(test.ctx(ada), { incident: incident.id, role: "commander" });
    await test.runJobs();
    expect(blocksOf(card())).toContain("*Commander*\\nAda");
    expect(blocksOf(card())).not.toContain("card.claim");
    const due = new Date(test.clock.at.getTime() + 20 * 60_000).toISOString();
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { severity: "SEV1", nextUpdateDueAt: due } });
    await test.runJobs();
    expect(blocksOf(card())).toContain("SEV1: Checkout is slow");
    expect(blocksOf(card())).toContain(`<!date^${Math.floor(Date.parse(due) / 1000)}^`);
    expect(posts()).toHaveLength(1);
    // Several changes in one press are one edit.
    expect(edits()).toHaveLength(2);
  });

  it("is not posted where the public reads: what is published comes alone", async () => {
    const readers = await createAudience(test.ctx(ada), { name: "Partners", kind: "public", slackChannels: ["c1"] });
    const incident = await declare();
    expect(posts()).toEqual([]);
    const [card] = await test.rows();
    expect(card).toMatchObject({ kind: "card", state: "failed", lastError: expect.stringContaining("Partners") });
    await publish(incident.id);
    await test.runJobs();
    expect(posts()).toHaveLength(1);
    expect(blocksOf(posts()[0])).toContain("A bad deploy.");
    expect(blocksOf(posts()[0])).not.toContain("Checkout is slow");
    await removeAudience(test.ctx(ada), readers.id);
  });

  it("that failed for good stands in the room, and can be sent again, once", async () => {
    const told = async (id: string) => (await readTold(test.core.db.read, test.ctx(ada), id)).deliveries;
    test.slack.script.answer = () => ({ body: { ok: false, error: "channel_not_found" } });
    const incident = await declare();
    expect(await told(incident.id)).toMatchObject([{ kind: "card", state: "failed" }]);
    const [failed] = await told(incident.id);
    test.slack.script.answer = () => ({});
    await retryTold(test.ctx(ada), incident.id, failed?.id ?? "");
    await test.runJobs();
    expect(posts()).toHaveLength(1);
    expect(await told(incident.id)).toMatchObject([{ kind: "card", state: "sent" }]);
    // Of its edits the last one is enough.
    test.slack.script.answer = () => ({ body: { ok: false, error: "cant_update_message" } });
    for (const title of ["First", "Second"]) {
      test.wait(1_000);
      await changeIncident(test.ctx(ada), { incident: incident.id, change: { title } });
      await test.runJobs();
    }
    const troubles = (await told(incident.id)).filter((one) => one.state === "failed");
    expect(troubles).toHaveLength(1);
    test.slack.script.answer = () => ({});
    await retryTold(test.ctx(ada), incident.id, troubles[0]?.id ?? "");
    await test.runJobs();
    expect(blocksOf(card())).toContain("Second");
  });

  it("is not sent again where another one came meanwhile", async () => {
    test.slack.script.answer = () => ({ body: { ok: false, error: "channel_not_found" } });
    const incident = await declare();
    const [failed] = await test.rows();
    test.slack.script.answer = () => ({});
    test.wait(1_000);
    await publish(incident.id);
    await test.runJobs();
    test.wait(2_000);
    await test.runJobs();
    expect(posts()).toHaveLength(2);
    const view = await retryTold(test.ctx(ada), incident.id, failed?.id ?? "");
    await test.runJobs();
    expect(view.deliveries).toEqual([]);
    expect(posts()).toHaveLength(2);
  });

  it("says how the incident ended, and loses its buttons", async () => {
    const triage = await declare({ status: "triage" });
    expect(blocksOf(card())).toContain("triage.accept");
    await declineIncident(test.ctx(ada), { incident: triage.id, reason: "A <!channel> test" });
    await test.runJobs();
    expect(blocksOf(card())).toContain("✕ Declined by Ada: A &lt;!channel&gt; test");
    expect(blocksOf(card())).not.toContain("actions");
    const closed = await declare();
    await resolveIncident(test.ctx(ada), { incident: closed.id, summary: "Rolled back" });
    await closeIncident(test.ctx(ada), { incident: closed.id });
    await test.runJobs();
    const own = posts().find((post) => JSON.stringify(post.blocks).includes(closed.reference));
    expect(blocksOf(own)).toContain("■ Closed");
    expect(blocksOf(own)).not.toContain("actions");
  });

  it.each([{ visibility: "private" as const }, { mode: "drill" as const }, { mode: "retrospective" as const }])(
    "of %j is never posted",
    async (extra) => {
      await declare(extra);
      expect(test.slack.calls).toEqual([]);
    },
  );

  it("forgets everything when the incident becomes private, and nothing follows", async () => {
    const incident = await declare();
    await publish(incident.id, { audience: "internal" });
    await test.runJobs();
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { visibility: "private" } });
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { title: "The secret", severity: "SEV1" } });
    await test.runJobs();
    const said = blocksOf(card());
    for (const word of ["Checkout", "secret", "SEV", "Ada", "deploy"]) expect(said).not.toContain(word);
    expect(said).toContain("This incident is private now");
    expect(posts()).toHaveLength(2);
    await resolveIncident(test.ctx(ada), { incident: incident.id, summary: "Done" });
    await test.runJobs();
    expect(posts()).toHaveLength(2);
  });

  it("shows what was so last, though two edits wait while Slack is away", async () => {
    const incident = await declare();
    test.slack.script.answer = () => ({ status: 503 });
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { title: "First" } });
    await test.runJobs();
    test.wait(1);
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { title: "Second" } });
    test.slack.script.answer = () => ({});
    test.wait(10_000);
    test.slack.calls.length = 0;
    await test.runJobs();
    expect(blocksOf(card())).toContain("Second");
    expect(edits()).toHaveLength(1);
    const states = (await test.rows()).filter((row) => row.payload.corrects).map((row) => row.state);
    expect(states.sort()).toEqual(["sent", "superseded"]);
  });

  it("comes with the first update when there was none, and the update answers it", async () => {
    const { slack } = test.core.config;
    Object.assign(test.core.config, { slack: undefined });
    const incident = await declare();
    Object.assign(test.core.config, { slack });
    test.wait(60_000);
    await publish(incident.id);
    await test.runJobs();
    test.wait(2_000);
    await test.runJobs();
    expect(posts()).toHaveLength(2);
    expect(posts()[1]).toMatchObject({ threadTs: card()?.ts, isBroadcast: true });
  });
});

describe("the thread of a card", () => {
  it("has each update, shown in the channel too when the status changes", async () => {
    const incident = await declare();
    await publish(incident.id);
    await test.runJobs();
    test.wait(1_000);
    await publish(incident.id, { body: "Still rolling back." });
    await test.runJobs();
    test.wait(1_000);
    await publish(incident.id, { status: "resolved", body: "Fixed." });
    await test.runJobs();
    const ts = card()?.ts;
    expect(posts().slice(1)).toMatchObject([
      { threadTs: ts, isBroadcast: true },
      { threadTs: ts, isBroadcast: false },
      { threadTs: ts, isBroadcast: true },
    ]);
    // The update says the status: nothing says it twice.
    expect(posts()).toHaveLength(4);
    expect(blocksOf(card())).toContain("“Fixed.”");
    expect(blocksOf(card())).toContain("✓ Resolved");
  });

  it("has a change of status that no update told, for everybody to see", async () => {
    const incident = await declare();
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { status: "monitoring" } });
    await resolveIncident(test.ctx(ada), { incident: incident.id, summary: "Rolled <back>" });
    await reopenIncident(test.ctx(ada), { incident: incident.id });
    await test.runJobs();
    expect(
      posts()
        .slice(1)
        .map((post) => [post.text, post.threadTs, post.isBroadcast]),
    ).toEqual([
      ["◐ Ada changed the status to Monitoring.", card()?.ts, true],
      ["✓ Ada resolved the incident: Rolled &lt;back&gt;", card()?.ts, true],
      ["↺ Ada reopened the incident.", card()?.ts, true],
    ]);
  });

  it("is where an update is edited that was corrected", async () => {
    const incident = await declare();
    const view = await publish(incident.id);
    await test.runJobs();
    await correctUpdate(test.ctx(ada), incident.id, view.id, { body: "A bad config." });
    await test.runJobs();
    expect(posts()[1]?.text).toContain("A bad config.");
    expect(blocksOf(card())).toContain("A bad config.");
    expect(posts()).toHaveLength(2);
  });

  it("is looked through for an update whose answer was lost", async () => {
    const incident = await declare();
    test.slack.calls.length = 0;
    let isLost = true;
    test.slack.script.answer = ({ method, args }) => {
      if (method !== "chat.postMessage" || !isLost) return {};
      isLost = false;
      // Slack took it, and the answer never came.
      test.slack.workspace.answer(method, args);
      return "hang up";
    };
    await publish(incident.id);
    await test.runJobs();
    test.wait(60_000);
    await test.runJobs();
    expect(posts()).toHaveLength(2);
    expect(test.slack.calls.filter((call) => call.method === "chat.postMessage")).toHaveLength(1);
    expect(test.slack.calls.find((call) => call.method === "conversations.replies")?.args.ts).toBe(card()?.ts);
    expect((await test.rows()).find((row) => row.kind === "update")?.state).toBe("sent");
  });

  it("is done without when somebody deleted the card in Slack", async () => {
    const incident = await declare();
    test.slack.workspace.posts.length = 0;
    await publish(incident.id);
    await test.runJobs();
    expect(posts()).toMatchObject([{ threadTs: undefined, isBroadcast: false }]);
  });

  it("is waited for while the card is on its way", async () => {
    test.slack.script.answer = (_call, count) => (count === 1 ? { status: 503 } : {});
    const incident = await declare();
    await publish(incident.id);
    await test.runJobs();
    expect(posts()).toHaveLength(0);
    test.wait(5_000);
    await test.runJobs();
    test.wait(5_000);
    await test.runJobs();
    expect(posts()[1]).toMatchObject({ threadTs: card()?.ts });
  });
});

describe("the channel of an incident", () => {
  const openChannel = async (incident: { id: string }) => {
    const channel = test.slack.workspace.addChannel("inc-1", "U1");
    await test.core.db.read.insert(slackChannels).values({
      incidentId: incident.id,
      state: "open",
      channelId: channel.id,
      name: channel.name,
      url: `https://acme.slack.com/archives/${channel.id}`,
      requestedByName: "Ada",
      requestedAt: test.clock.at,
    });
    return channel;
  };

  it("says a corrected update in the right words, in place", async () => {
    const incident = await declare();
    const channel = await openChannel(incident);
    const update = await publish(incident.id);
    const correct = async (body: string) => {
      test.wait(1_000);
      await correctUpdate(test.ctx(ada), incident.id, update.id, { body });
    };
    await test.runJobs();
    const own = () => posts().filter((post) => post.channel === channel.id);
    expect(own().map((post) => post.text)).toEqual(["↗ Ada published an update, Identified: A bad deploy."]);
    await correct("A bad config.");
    await correct("A good deploy of a bad config.");
    await test.runJobs();
    expect(own().map((post) => post.text)).toEqual([
      "↗ Ada published an update, Identified (corrected): A good deploy of a bad config.",
    ]);
    expect(edits().filter((call) => call.args.channel === channel.id)).toHaveLength(1);
    expect(JSON.stringify(posts())).not.toContain("A bad deploy.");
  });

  it("has a card of its own, and hears by itself what the others hear in the thread", async () => {
    const incident = await declare();
    const channel = await openChannel(incident);
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { status: "monitoring" } });
    await publish(incident.id, { body: "It holds.", status: "monitoring" });
    await test.runJobs();
    const own = posts().filter((post) => post.channel === channel.id);
    expect(own.map((post) => [post.text, post.threadTs])).toEqual([
      ["◐ Ada changed the status to Monitoring.", undefined],
      ["↗ Ada published an update, Monitoring: It holds.", undefined],
    ]);
  });
});

it("an incident that is gone takes its card's jobs with it", async () => {
  const incident = await createIncident(test.ctx(ada), { title: "Short" });
  await test.core.db.read.delete(incidents).where(eq(incidents.id, incident.id));
  await test.runJobs();
  expect(posts()).toEqual([]);
});
