import { eq } from "drizzle-orm";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { audiences, destinations, incidents, updateDrafts, updateTemplates } from "#/db/schema/index.ts";
import { addSubscriber, createAudience, createComponent, createDestination } from "#/server/audience/index.ts";
import { changeIncident, createIncident } from "#/server/incidents/index.ts";
import { sendMattermostPost, sendTeamsCard } from "#/server/notify/index.ts";
import { previewPage } from "#/server/status-page/index.ts";
import { changeDraft, readDraft } from "./change-draft.ts";
import { registerUpdateClock } from "./clock/review-clock.ts";
import type { PreviewUpdateInput, PublishUpdateInput } from "./contract.ts";
import { correctUpdate } from "./correct-update.ts";
import { previewUpdate } from "./preview-update.ts";
import { publishUpdate } from "./publish-update.ts";
import { TEMPLATES_MAX } from "./shared/lists.ts";
import { shippedTemplates } from "./shared/templates.ts";
import { changeTemplate, createTemplate, listTemplates, removeTemplate } from "./templates/change-template.ts";
import { type TestOutbox, testOutbox } from "./test-outbox.ts";
import { listUpdates } from "./update-queries.ts";

let test: TestOutbox;
let ada: Awaited<ReturnType<TestOutbox["person"]>>;
let lin: typeof ada;
let viewer: typeof ada;
let incident: Awaited<ReturnType<typeof createIncident>>;

beforeAll(async () => {
  test = await testOutbox();
  registerUpdateClock(test.core);
  ada = await test.person("Ada", "admin");
  lin = await test.person("Lin");
  viewer = await test.person("Vic", "viewer");
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  for (const table of [audiences, destinations]) await test.core.db.read.delete(table);
  await addSubscriber(test.ctx(ada), { email: "cto@example.com", confirmed: true });
  incident = await createIncident(test.ctx(ada), { title: "db-7 replication lag", severity: "SEV2" });
});

const publish = (input: Partial<PublishUpdateInput> = {}) =>
  publishUpdate(test.ctx(ada), incident.id, {
    status: "identified",
    body: "Payments may fail.",
    channels: ["status_page", "slack", "email"],
    ...input,
  });
const row = async () => (await test.core.db.read.select().from(incidents).where(eq(incidents.id, incident.id)))[0];
const inMinutes = (minutes: number) => new Date(test.clock.at.getTime() + minutes * 60_000).toISOString();

describe("words of a channel's own", () => {
  it("go to that channel alone, and a correction reaches every channel", async () => {
    const view = await publish({ wordings: { slack: "Payments may fail, see the runbook." } });
    await test.runJobs();
    expect(JSON.stringify(test.slack.calls)).toContain("see the runbook");
    expect((await simpleParser(test.mail.mails[0]?.source ?? "")).text).toContain("Payments may fail.");
    expect(test.mail.mails[0]?.source).not.toContain("runbook");
    expect(view).toMatchObject({ body: "Payments may fail.", wordings: { slack: expect.stringContaining("runbook") } });
    await correctUpdate(test.ctx(ada), incident.id, view.id, { body: "Refunds may fail." });
    await test.runJobs();
    expect(test.slack.calls.at(-1)).toMatchObject({
      method: "chat.update",
      args: { text: expect.stringContaining("Refunds") },
    });
    const wordings = { slack: "Refunds may fail, see the runbook." };
    await correctUpdate(test.ctx(ada), incident.id, view.id, { body: "Refunds may fail.", wordings });
    await test.runJobs();
    expect(test.slack.calls.at(-1)?.args.text).toContain("see the runbook");
    await expect(
      correctUpdate(test.ctx(ada), incident.id, (await publish({ channels: ["email"] })).id, { body: "x", wordings }),
    ).rejects.toMatchObject({ code: "invalid", errors: [{ pointer: "/wordings/slack" }] });
  });
});

describe("the next update", () => {
  it("stands in the text, in the update and on the incident's clock", async () => {
    const at = inMinutes(20);
    const { version = 0 } = (await row()) ?? {};
    const view = await publish({ status: "investigating", nextUpdateAt: at });
    const time = at.slice(11, 16);
    expect(view).toMatchObject({ body: `Payments may fail. Next update at ${time} UTC.`, nextUpdateAt: at });
    expect(await row()).toMatchObject({ nextUpdateDueAt: new Date(at), version: version + 1 });
    await publish({ status: "investigating" });
    expect(await row()).toMatchObject({ nextUpdateDueAt: new Date(at), version: version + 1 });
    await publish({ nextUpdateAt: null });
    expect((await row())?.nextUpdateDueAt).toBeNull();
    await publish({ nextUpdateAt: inMinutes(20) });
    await publish({ status: "resolved" });
    expect((await row())?.nextUpdateDueAt).toBeNull();
  });

  it("in the past is refused, and nothing is published", async () => {
    await expect(publish({ nextUpdateAt: inMinutes(-1) })).rejects.toMatchObject({ code: "invalid" });
    expect(await listUpdates(test.ctx(ada), incident.id)).toEqual([]);
  });
});

describe("what the writer saw", () => {
  it("has to be so still", async () => {
    const seen = { updateId: null, status: "investigating", severity: "SEV2" } as const;
    const first = await publish({ seen });
    await expect(publish({ seen })).rejects.toMatchObject({ code: "stale" });
    const now = { updateId: first.id, status: "identified", severity: "SEV2" } as const;
    await changeIncident(test.ctx(ada), { incident: incident.id, change: { severity: "SEV1" } });
    await expect(publish({ seen: now })).rejects.toThrow(/the severity is SEV1/);
    await expect(publish({ seen: { ...now, severity: "SEV1" } })).resolves.toMatchObject({ status: "identified" });
    expect(await listUpdates(test.ctx(ada), incident.id)).toHaveLength(2);
  });
});

describe("the open draft", () => {
  it("is one for everybody: fields are merged, and null gives one back", async () => {
    await changeDraft(test.ctx(ada), incident.id, { status: "monitoring", title: "Payments" });
    const view = await changeDraft(test.ctx(lin), incident.reference, {
      title: "Card payments",
      next: { kind: "none" },
    });
    expect(view).toMatchObject({
      fields: { status: "monitoring", title: "Card payments", next: { kind: "none" } },
      changedBy: "Lin",
    });
    await changeDraft(test.ctx(lin), incident.id, { status: null });
    expect((await readDraft(test.core.db.read, incident.id))?.fields).not.toHaveProperty("status");
    await expect(changeDraft(test.ctx(viewer), incident.id, { title: "x" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("ends with its publishing, and only with its own", async () => {
    await changeDraft(test.ctx(ada), incident.id, { title: "Payments" });
    await publish({});
    expect(await readDraft(test.core.db.read, incident.id)).not.toBeNull();
    await publish({ isDraft: true });
    expect(await readDraft(test.core.db.read, incident.id)).toBeNull();
    expect(await test.core.db.read.select().from(updateDrafts)).toEqual([]);
  });

  it("of a private incident is nobody's business", async () => {
    const secret = await createIncident(test.ctx(ada), { title: "Secret", visibility: "private" });
    await expect(changeDraft(test.ctx(lin), secret.id, { title: "x" })).rejects.toMatchObject({ code: "not_found" });
    const input: PreviewUpdateInput = { status: "identified", body: "", channels: [] };
    await expect(previewUpdate(test.ctx(lin), secret.id, input, async () => "")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("the preview", () => {
  const preview = (input: Partial<PreviewUpdateInput>) =>
    previewUpdate(
      test.ctx(ada),
      incident.id,
      { status: "identified", body: "Payments may fail.", channels: ["status_page", "slack", "email"], ...input },
      (update) => previewPage(test.core, update),
    );

  it("is what is sent, word for word, and writes nothing", async () => {
    const checkout = await createComponent(test.ctx(ada), { name: `Checkout ${incident.reference}` });
    const input: Partial<PublishUpdateInput> = {
      components: [{ id: checkout.id, status: "partial_outage" }],
      wordings: { slack: "In Slack's own words." },
      nextUpdateAt: inMinutes(20),
      title: "Payments <fail>",
    };
    const before = await row();
    const shown = await preview(input as Partial<PreviewUpdateInput>);
    expect(await row()).toEqual(before);
    expect(await listUpdates(test.ctx(ada), incident.id)).toEqual([]);
    const page = shown.channels.find((each) => each.channel === "status_page");
    expect(page?.html).toContain("Payments &lt;fail&gt;");
    expect(page?.html).toContain(checkout.name);
    expect(page?.html).not.toContain("db-7");
    const [slack, email] = [
      shown.channels.find((each) => each.channel === "slack"),
      shown.channels.find((each) => each.channel === "email"),
    ];
    expect(email).toMatchObject({ recipients: 1, subject: "[Muster status] Payments <fail>" });
    const view = await publish(input);
    await test.runJobs();
    expect(shown.body).toBe(view.body);
    const post = test.slack.calls.find((call) => call.method === "chat.postMessage");
    const blocks = JSON.parse(String(post?.args.blocks)) as { type: string }[];
    const withoutLink = (list: readonly { type?: unknown }[] | undefined) =>
      list?.filter((block) => block.type !== "context");
    expect(withoutLink(slack?.blocks)).toEqual(withoutLink(blocks));
    expect(slack?.text).toBe(post?.args.text);
    const mail = await simpleParser(test.mail.mails[0]?.source ?? "");
    expect(mail.subject).toBe(email?.subject);
    for (const part of ["Identified: Payments <fail>", view.body, `${checkout.name}: Partial outage`]) {
      expect(mail.text).toContain(part);
      expect(email?.text).toContain(part);
    }
  });

  it("of what resolves says what became of data and of the components, as it is sent", async () => {
    const [named, broken] = await Promise.all(
      ["Checkout", "Search"].map((name) => createComponent(test.ctx(ada), { name: `${name} ${incident.reference}` })),
    );
    await publish({
      components: [named, broken].map((each) => ({ id: each?.id ?? "", status: "partial_outage" as const })),
    });
    await test.runJobs();
    test.mail.mails.length = 0;
    const input: Partial<PublishUpdateInput> = {
      status: "resolved",
      body: "Payments work again.",
      dataLost: "no",
      wordings: { slack: "All well, thanks to Lin." },
      components: [{ id: named?.publicId ?? "", status: "degraded_performance" }],
    };
    const shown = await preview(input as Partial<PreviewUpdateInput>);
    const view = await publish(input);
    await test.runJobs();
    expect(view.body).toBe("Payments work again.\n\nNo data was lost.");
    expect(shown).toMatchObject({ title: view.title, body: view.body });
    const [page, slack, email] = ["status_page", "slack", "email"].map((channel) =>
      shown.channels.find((each) => each.channel === channel),
    );
    expect(page?.channel === "status_page" && page.html).toContain("No data was lost.");
    const post = test.slack.calls.findLast((call) => call.method === "chat.postMessage");
    expect(slack?.channel === "slack" && slack.text).toBe(post?.args.text);
    expect(JSON.stringify(slack)).toContain("All well, thanks to Lin.\\n\\nNo data was lost.");
    const mail = await simpleParser(test.mail.mails[0]?.source ?? "");
    for (const part of ["No data was lost.", `${named?.name}: Degraded performance`, `${broken?.name}: Operational`]) {
      expect(mail.text).toContain(part);
      expect(email?.channel === "email" && email.text).toContain(part);
    }
    const unanswered = await preview({ ...(input as Partial<PreviewUpdateInput>), components: null, dataLost: null });
    expect(unanswered.body).toBe("Payments work again.");
  });

  it.each(["public", "internal"] as const)("of an %s update shows what named audiences get", async (audience) => {
    const urlOf = (channel: string) => `http://hooks.example.com:${new URL(test.world.url).port}/${channel}`;
    const place = (kind: "mattermost" | "teams") =>
      createDestination(test.ctx(ada), { kind, name: kind, url: urlOf(kind) });
    const [chat, card] = [await place("mattermost"), await place("teams")];
    const board = await createAudience(test.ctx(ada), {
      name: "Board",
      kind: "internal",
      slackChannels: ["#board"],
      emails: ["board@example.com"],
      destinations: [chat.id, card.id],
    });
    await publish({ body: "First word.", channels: audience === "public" ? ["status_page"] : ["slack"], audience });
    test.wait(60_000);
    await test.runJobs();
    for (const sent of [test.world.calls, test.slack.calls, test.mail.mails]) sent.length = 0;
    const said = { audience, body: "Payments <may> fail & stop.", nextUpdateAt: inMinutes(20) };
    const input = { ...said, channels: [], audiences: [board.id] };
    const shown = await preview(input);
    expect(shown.channels.map((each) => each.channel)).toEqual(["slack", "email", "mattermost", "teams"]);
    expect(shown.channels).toMatchObject([
      { to: ["#board"] },
      { recipients: 1 },
      { to: [chat.name] },
      { to: [card.name] },
    ]);
    await publish(input);
    await test.runJobs();
    const sent = test.world.calls.map(({ path, body }) => [path, JSON.parse(body.toString())]);
    test.world.calls.length = 0;
    for (const each of shown.channels) {
      const url = urlOf(each.channel);
      if (each.channel === "mattermost") await sendMattermostPost(test.world.outside, { url, message: each.message });
      if (each.channel === "teams") await sendTeamsCard(test.world.outside, { url, message: each.message });
    }
    expect(sent).toHaveLength(2);
    expect(test.world.calls.map(({ path, body }) => [path, JSON.parse(body.toString())]).toSorted()).toEqual(
      sent.toSorted(),
    );
    expect(test.slack.calls.map((call) => call.args.channel)).toEqual(["#board"]);
    expect(test.mail.mails.map((mail) => mail.to)).toEqual(["board@example.com"]);
  });

  it("of an internal update names the room and leaves the page out; of half a draft shows what there is", async () => {
    const shown = await preview({ audience: "internal", channels: ["status_page", "slack"], body: "" });
    expect(shown.channels.map((each) => each.channel)).toEqual(["slack"]);
    expect(shown.title).toBe(`${incident.reference} db-7 replication lag`);
    expect(JSON.stringify(shown.channels)).toContain(`/incidents/${incident.reference}`);
    expect((await preview({ channels: [], body: "" })).channels).toEqual([]);
  });

  it("of the page keeps what was said before, newest first", async () => {
    await publish({ body: "First word, it fails." });
    const shown = await preview({ channels: ["status_page"], body: "Second word." });
    const [page] = shown.channels;
    const html = page?.channel === "status_page" ? page.html : "";
    expect(html.indexOf("Second word.")).toBeGreaterThan(-1);
    expect(html.indexOf("First word")).toBeGreaterThan(html.indexOf("Second word."));
  });
});

describe("templates", () => {
  beforeEach(async () => void (await test.core.db.read.delete(updateTemplates)));
  const ids = async () => (await listTemplates(test.ctx(lin))).map((each) => each.id);
  const shipped = shippedTemplates.map((each) => each.id);

  it("are the shipped ones until somebody changes one, and again after the last was deleted", async () => {
    expect(await ids()).toEqual(shipped);
    expect((await listTemplates(test.ctx(lin))).every((each) => each.isShipped)).toBe(true);
    const changed = await changeTemplate(test.ctx(ada), "holding", { name: "First word" });
    expect(changed).toMatchObject({ id: "holding", name: "First word", isShipped: false, isHolding: true });
    expect(await ids()).toEqual(shipped);
    for (const id of shipped) await removeTemplate(test.ctx(ada), id);
    expect(await ids()).toEqual(shipped);
    expect((await listTemplates(test.ctx(lin)))[0]).toMatchObject({ name: "Holding statement", isShipped: true });
  });

  it("are added at the end, and moved", async () => {
    const made = await createTemplate(test.ctx(ada), { name: "Ours", body: "{{impact}}", severities: ["SEV1"] });
    expect(made).toMatchObject({ name: "Ours", statuses: [], isHolding: false, position: shipped.length + 1 });
    await changeTemplate(test.ctx(ada), made.id, { position: 1 });
    expect(await ids()).toEqual([made.id, ...shipped]);
    await expect(changeTemplate(test.ctx(ada), "nonsense", { name: "x" })).rejects.toMatchObject({ code: "not_found" });
    await expect(createTemplate(test.ctx(lin), { name: "x", body: "y" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(listTemplates(test.ctx(viewer))).rejects.toMatchObject({ code: "forbidden" });
  });

  it("are not more than people can choose from", async () => {
    const room = TEMPLATES_MAX - shipped.length;
    for (let n = 0; n < room; n += 1) await createTemplate(test.ctx(ada), { name: `T${n}`, body: "x" });
    await expect(createTemplate(test.ctx(ada), { name: "one more", body: "x" })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});
