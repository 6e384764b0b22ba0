import { eq } from "drizzle-orm";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  audiences,
  auditEntries,
  deliveries,
  destinations,
  incidents,
  timelineEntries,
  updates,
} from "#/db/schema/index.ts";
import type { CreateAudienceInput, DestinationWithSecret } from "#/server/audience/contract.ts";
import {
  addSubscriber,
  changeAudience,
  changeDestination,
  createAudience,
  createComponent,
  createDestination,
  removeDestination,
  rotateDestinationSecret,
} from "#/server/audience/index.ts";
import type { DestinationKind, WebhookEvent } from "#/server/audience/shared/reach.ts";
import { changeIncident, createIncident, resolveIncident } from "#/server/incidents/index.ts";
import type { OutsideCall } from "#/server/testing/fake-outside.ts";
import { listDestinationDeliveries, retryDestinationDelivery } from "./destination-deliveries.ts";
import { correctUpdate, incidentAudiences, publishUpdate, registerWebhookEvents, retryDelivery } from "./index.ts";
import { recoverDeliveries } from "./recover.ts";
import { testDestination } from "./test-destination.ts";
import { type TestOutbox, testOutbox } from "./test-outbox.ts";
import { listUpdates } from "./update-queries.ts";

let test: TestOutbox;
let root: Awaited<ReturnType<TestOutbox["person"]>>;
let lin: typeof root;
let incident: Awaited<ReturnType<typeof createIncident>>;
let component: { id: string; publicId: string };

beforeAll(async () => {
  test = await testOutbox();
  registerWebhookEvents(test.core);
  root = await test.person("Root", "admin");
  lin = await test.person("Lin");
  component = await createComponent(test.ctx(root), { name: "Pay" });
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  for (const table of [audiences, destinations]) await test.core.db.read.delete(table);
  test.wait(60_000);
  incident = await createIncident(test.ctx(lin), {
    title: "db-7 replication lag",
    severity: "SEV2",
    services: ["checkout"],
  });
  test.jobs.length = 0;
});

const ctx = (who = lin) => test.ctx(who);
const place = (kind: DestinationKind, name: string, events?: WebhookEvent[]) =>
  createDestination(ctx(root), {
    kind,
    name,
    url: `http://hooks.example.com:${port()}/${name}`,
    ...(events && { events }),
  });
const port = () => new URL(test.world.url).port;
const group = (name: string, kind: "public" | "internal", part: Partial<CreateAudienceInput> = {}) =>
  createAudience(ctx(root), { name, kind, ...part });
const publish = (part: Partial<Parameters<typeof publishUpdate>[2]> = {}) =>
  publishUpdate(ctx(), incident.id, {
    status: "identified",
    body: "We know why.",
    channels: [],
    title: "Checkout",
    ...part,
  });
const callsTo = (name: string): OutsideCall[] => test.world.calls.filter((call) => call.path === `/${name}`);
const verified = (secret: string | null, call: OutsideCall | undefined) =>
  new Webhook(secret ?? "").verify(call?.body.toString() ?? "", call?.headers as Record<string, string>) as {
    type: string;
    timestamp: string;
    data: Record<string, unknown>;
  };
const states = async () => (await test.rows()).map((row) => [row.channel, row.destination, row.state]);
/** The signatures carry the clock of the test; the library asks the real one. */
const now = () => {
  test.clock.at = new Date();
};

describe("an update to audiences", () => {
  it("reaches each of their places exactly once, however many name it, and running its jobs again sends nothing", async () => {
    const [relay, matter, teams] = [
      await place("webhook", "relay", ["update.published"]),
      await place("mattermost", "matter"),
      await place("teams", "teams"),
    ];
    const ids = [relay.id, matter.id, teams.id];
    await group("One", "internal", {
      destinations: ids,
      slackChannels: ["#pay", "C1"],
      emails: ["boss@example.com", "fan@example.com"],
    });
    await group("Two", "internal", { destinations: ids, slackChannels: ["#PAY"], emails: ["BOSS@example.com"] });
    await addSubscriber(ctx(root), { email: "Fan@example.com", confirmed: true });
    const view = await publish({ channels: ["status_page", "slack", "email"] });
    const jobs = [...test.jobs];
    await test.runJobs();
    test.jobs.push(...jobs);
    await test.runJobs();
    expect((await states()).sort()).toEqual([
      ["email", "Fan@example.com", "sent"],
      ["email", "boss@example.com", "sent"],
      ["mattermost", "matter", "sent"],
      ["slack", "#pay", "sent"],
      ["slack", "C1", "sent"],
      ["status_page", "status_page", "sent"],
      ["teams", "teams", "sent"],
      ["webhook", "relay", "sent"],
    ]);
    expect(["relay", "matter", "teams"].map((name) => callsTo(name).length)).toEqual([1, 1, 1]);
    expect(test.mail.mails.map((one) => one.to).sort()).toEqual(["Fan@example.com", "boss@example.com"]);
    expect(test.slack.calls.map((call) => call.args.channel).sort()).toEqual(["#pay", "C1"]);
    expect(view.audiences.map((one) => one.name)).toEqual(["One", "Two"]);
    const [shown] = await listUpdates(ctx(), incident.id);
    expect(shown?.deliverySummary).toContainEqual({ channel: "teams", total: 1, sent: 1, failed: 0, waiting: 0 });
    expect(shown?.deliveries.find((one) => one.channel === "teams")).toMatchObject({
      destination: "teams",
      audience: "One",
    });
  });

  it("goes to those that it fits, unless they are chosen by name", async () => {
    const names = ["all", "sev1", "search", "api", "fit"];
    const places: Record<string, string> = {};
    for (const name of names) places[name] = (await place("teams", name)).id;
    await createIncident(ctx(), { title: "Other", services: ["search"] });
    const other = await createComponent(ctx(root), { name: "Api" });
    await group("all", "internal", { destinations: [String(places.all)] });
    const sev1 = await group("sev1", "internal", { destinations: [String(places.sev1)], severities: ["SEV1"] });
    await group("search", "internal", { destinations: [String(places.search)], services: ["search"] });
    await group("api", "internal", { destinations: [String(places.api)], components: [other.id] });
    await group("fit", "public", {
      destinations: [String(places.fit)],
      services: ["checkout"],
      components: [component.id],
      severities: ["SEV2"],
    });
    test.jobs.length = 0;
    await publish({ channels: ["status_page"], components: [{ id: component.publicId, status: "partial_outage" }] });
    await test.runJobs();
    const reached = () => names.filter((name) => callsTo(name).length > 0);
    expect(reached()).toEqual(["all", "fit"]);
    test.world.calls.length = 0;
    // Names none now: what the incident's updates named before still counts.
    await publish({ channels: ["status_page"], status: "monitoring" });
    await test.runJobs();
    expect(reached()).toEqual(["all", "fit"]);
    test.world.calls.length = 0;
    await publish({ audiences: [sev1.id], status: "monitoring" });
    await test.runJobs();
    expect(reached()).toEqual(["sev1"]);
    test.world.calls.length = 0;
    await publish({ channels: ["status_page"], audiences: [], status: "monitoring" });
    await test.runJobs();
    expect(reached()).toEqual([]);
  });

  it("needs a channel or an audience", async () => {
    await expect(publish()).rejects.toMatchObject({ code: "invalid", errors: [{ pointer: "/channels" }] });
    await expect(publish({ audiences: [] })).rejects.toMatchObject({ code: "invalid" });
    await expect(publish({ audiences: ["public"] })).rejects.toMatchObject({ errors: [{ pointer: "/audiences/0" }] });
    expect(await test.core.db.read.select().from(updates)).toEqual([]);
  });

  it("without Slack and mail says so for each, and goes out once they are there", async () => {
    await group("Inside", "internal", { slackChannels: ["#pay"], emails: ["boss@example.com"] });
    const { slack, smtpUrl, mailFrom } = test.core.config;
    Object.assign(test.core.config, { slack: undefined, smtpUrl: undefined, mailFrom: undefined });
    const view = await publish({ channels: ["status_page"] });
    Object.assign(test.core.config, { slack, smtpUrl, mailFrom });
    expect(
      view.deliveries
        .filter((one) => one.state === "failed")
        .map((one) => one.destination)
        .sort(),
    ).toEqual(["#pay", "boss@example.com"]);
    for (const one of view.deliveries.filter((each) => each.state === "failed"))
      await retryDelivery(ctx(), incident.id, view.id, one.id);
    await test.runJobs();
    expect(test.slack.calls.map((call) => call.args.channel)).toEqual(["#pay"]);
    expect(test.mail.mails[0]?.source).toContain("Inside");
    expect(test.mail.mails[0]?.source).not.toContain("List-Unsubscribe");
  });
});

describe("what Slack says in words of its own", () => {
  it("stays in Slack: every other place says what the page says", async () => {
    const places = [
      await place("webhook", "partner"),
      await place("teams", "teams"),
      await place("mattermost", "matter"),
    ];
    await group("Partners", "public", { destinations: places.map((one) => one.id) });
    await publish({ channels: ["status_page", "slack"], wordings: { slack: "@here db-7, all hands" } });
    await test.runJobs();
    for (const name of ["partner", "teams", "matter"]) {
      expect(callsTo(name)[0]?.body.toString()).toContain("We know why.");
      expect(callsTo(name)[0]?.body.toString()).not.toContain("db-7");
    }
    expect(JSON.stringify(test.slack.calls)).toContain("db-7, all hands");
  });
});

describe("what is internal", () => {
  it("never reaches a public audience, nor do its words, its title and its reference", async () => {
    const partner = await place("webhook", "partner");
    const inside = await place("webhook", "inside");
    const teams = await place("teams", "open-teams");
    const open = await group("Partners", "public", { destinations: [partner.id, teams.id], slackChannels: ["#acme"] });
    await group("Inside", "internal", { destinations: [inside.id] });
    const said = await publish({ audience: "internal", body: "db-7 is on fire", channels: ["slack"] });
    await expect(publish({ audience: "internal", audiences: [open.id] })).rejects.toMatchObject({
      code: "invalid",
      errors: [{ pointer: "/audiences/0" }],
    });
    const [inSlack] = (await test.rows()).filter((row) => row.updateId === said.id && row.channel === "slack");
    await test.core.db.read
      .update(deliveries)
      .set({ state: "failed" })
      .where(eq(deliveries.id, inSlack?.id ?? ""));
    await expect(
      retryDelivery(ctx(), incident.id, said.id, inSlack?.id ?? "", { destination: "#acme" }),
    ).rejects.toMatchObject({ code: "invalid", errors: [{ pointer: "/destination" }] });
    await publish({ channels: ["status_page"], body: "Payments may fail." });
    await test.runJobs();
    now();
    expect(callsTo("inside").length).toBeGreaterThan(1);
    const outside = JSON.stringify([...callsTo("partner"), ...callsTo("open-teams")].map((call) => call.json));
    const acme = JSON.stringify(test.slack.calls.filter((call) => call.args.channel === "#acme"));
    expect(outside).toContain("Payments may fail.");
    expect(acme).toContain("Payments may fail.");
    for (const secret of ["on fire", "db-7", incident.reference, incident.id, "checkout"]) {
      expect(outside + acme).not.toContain(secret);
    }
    expect([callsTo("partner").length, callsTo("open-teams").length]).toEqual([1, 1]);
  });

  it("is not sent to Slack's channel while the public reads there", async () => {
    await group("Partners", "public", { slackChannels: ["c1"] });
    await expect(publish({ audience: "internal", channels: ["slack"] })).rejects.toMatchObject({
      message: expect.stringContaining("read by the public audience Partners"),
    });
    expect((await publish({ channels: ["slack"] })).deliveries).toHaveLength(1);
  });

  it("does not go to a place that was given to the public meanwhile, by itself or by *Send again*", async () => {
    const [relay, teams] = [await place("webhook", "relay"), await place("teams", "teams")];
    const inside = await group("Inside", "internal", { destinations: [relay.id, teams.id], slackChannels: ["#pay"] });
    test.world.script.answer = () => ({ status: 503 });
    test.slack.script.answer = () => ({ status: 503 });
    await changeIncident(ctx(), { incident: incident.id, change: { title: "db-7 is on fire" } });
    await publish({ audience: "internal", body: "db-7 is on fire", audiences: [inside.id] });
    test.wait(1);
    await publish({ channels: ["status_page"], body: "Payments may fail.", status: "monitoring" });
    await test.runJobs();
    await changeAudience(ctx(root), inside.id, { destinations: [], slackChannels: [] });
    await group("Partners", "public", { destinations: [relay.id, teams.id], slackChannels: ["#pay"] });
    test.world.script.answer = () => ({});
    test.slack.script.answer = () => ({});
    test.world.calls.length = 0;
    test.slack.calls.length = 0;
    for (let round = 0; round < 9; round += 1) {
      test.wait(130_000);
      await test.runJobs();
    }
    const [event] = (await test.rows()).filter((row) => row.kind === "event");
    await test.core.db.read
      .update(deliveries)
      .set({ state: "failed" })
      .where(eq(deliveries.id, event?.id ?? ""));
    await retryDestinationDelivery(ctx(root), relay.id, event?.id ?? "");
    await test.runJobs();
    const said = JSON.stringify([test.world.calls.map((call) => call.json), test.slack.calls]);
    // What was meant for everybody still goes, where it says nothing else.
    expect(callsTo("teams")).toHaveLength(1);
    expect(said).toContain("Payments may fail.");
    for (const secret of ["db-7", incident.reference]) expect(said).not.toContain(secret);
    const stopped = (await test.rows()).filter((row) => row.lastError === "The public reads there now.");
    expect(new Set(stopped.map((row) => row.state))).toEqual(new Set(["cancelled"]));
    expect(stopped.map((row) => `${row.kind} ${row.channel}`).sort()).toEqual([
      ...Array(3).fill("event webhook"),
      "update slack",
      "update teams",
      "update webhook",
      "update webhook",
    ]);
  });

  it("stays in the building for a drill, a private incident, and one that becomes private", async () => {
    const relay = await place("webhook", "relay");
    await group("Inside", "internal", { destinations: [relay.id] });
    const drill = await createIncident(ctx(), { title: "Drill", mode: "drill" });
    const past = await createIncident(ctx(), { title: "Past", mode: "retrospective" });
    const hidden = await createIncident(ctx(), { title: "Hidden", visibility: "private" });
    for (const one of [drill, past, hidden]) await resolveIncident(ctx(), { incident: one.id, summary: "over" });
    for (const one of [drill, hidden]) {
      const input = { status: "resolved" as const, body: "x", channels: ["status_page" as const] };
      await expect(publishUpdate(ctx(), one.id, input)).rejects.toMatchObject({ code: "conflict" });
    }
    expect(await test.rows()).toEqual([]);
    await changeIncident(ctx(), { incident: incident.id, change: { title: "New words" } });
    await publish({ audience: "internal", channels: ["slack"] });
    await changeIncident(ctx(), { incident: incident.id, change: { visibility: "private" } });
    await test.runJobs();
    expect(test.world.calls).toEqual([]);
    expect(new Set((await test.rows()).map((row) => row.state))).toEqual(new Set(["cancelled"]));
  });
});

describe("a webhook", () => {
  let relay: DestinationWithSecret;
  beforeEach(async () => {
    relay = await place("webhook", "relay");
    await group("Inside", "internal", { destinations: [relay.id] });
    now();
  });

  it("is told of an update with a signature that Standard Webhooks accepts", async () => {
    await changeDestination(ctx(root), relay.id, { events: ["update.published"] });
    const view = await publish({
      channels: ["status_page"],
      components: [{ id: component.id, status: "partial_outage" }],
    });
    await test.runJobs();
    const [call] = callsTo("relay");
    expect(verified(relay.secret, call)).toEqual({
      type: "update.published",
      timestamp: view.publishedAt,
      data: {
        audience: "public",
        incident: {
          id: incident.id,
          reference: incident.reference,
          title: "db-7 replication lag",
          status: "identified",
          severity: "SEV2",
          services: ["checkout"],
          summary: "",
          url: `http://localhost:3000/incidents/${incident.reference}`,
          declaredAt: expect.any(String),
          resolvedAt: null,
        },
        update: {
          id: expect.stringMatching(/^[0-9a-z]{12}$/),
          status: "identified",
          title: "Checkout",
          body: "We know why.",
          components: [
            { id: component.publicId, name: "Pay", oldStatus: expect.any(String), newStatus: "partial_outage" },
          ],
          publishedAt: view.publishedAt,
          correctedAt: null,
        },
      },
    });
    expect(call?.headers["content-type"]).toBe("application/json");
  });

  it("keeps its id over retries and *Send again*, and is signed anew each time", async () => {
    test.world.script.answer = () => ({ status: 503 });
    await publish({ channels: ["status_page"], audiences: [], status: "monitoring" });
    await changeDestination(ctx(root), relay.id, { events: ["update.published"] });
    await publish({ channels: ["status_page"], status: "monitoring" });
    await test.runJobs();
    test.wait(300_000);
    await test.runJobs();
    const sent = callsTo("relay").filter((call) => (call.json as { type: string }).type === "update.published");
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map((call) => call.headers["webhook-id"])).size).toBe(1);
    expect(new Set(sent.map((call) => call.headers["webhook-timestamp"])).size).toBe(2);
    expect(new Set(sent.map((call) => call.headers["webhook-signature"])).size).toBe(2);
    expect(sent[0]?.body.equals(sent[1]?.body ?? Buffer.alloc(0))).toBe(true);
    const row = (await test.rows()).find((one) => one.kind === "update" && one.channel === "webhook");
    expect(row).toMatchObject({ state: "retrying", attempts: 2, lastError: expect.stringContaining("HTTP 503") });
    expect(sent[0]?.headers["webhook-id"]).toBe(row?.id);
  });

  it.each([400, 401, 404, 429, 500, 301])("that answers %i is tried again", async (status) => {
    test.world.script.answer = () => ({ status });
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    const row = (await test.rows()).find((one) => one.kind === "update" && one.channel === "webhook");
    expect(row).toMatchObject({ state: "retrying", attempts: 1 });
  });

  it("that answers 410 is switched off, hears nothing more, and hears again when an administrator says so", async () => {
    test.world.script.answer = () => ({ status: 410, body: { error: "no such hook" } });
    await changeDestination(ctx(root), relay.id, { events: ["update.published"] });
    const first = await publish({ channels: ["status_page"] });
    await test.runJobs();
    const [gone] = await test.core.db.read.select().from(destinations);
    expect(gone).toMatchObject({ disabledAt: test.clock.at, disabledReason: expect.stringContaining("HTTP 410") });
    const entries = await test.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, relay.id));
    expect(entries.map((entry) => entry.action)).toContain("destination.switched_off");
    const failed = (await test.rows()).find((row) => row.channel === "webhook");
    expect(failed).toMatchObject({ state: "failed", attempts: 1 });
    test.world.script.answer = () => ({});
    expect(
      (await publish({ channels: ["status_page"], status: "monitoring" })).deliveries.map((one) => one.channel),
    ).toEqual(["status_page"]);
    await changeDestination(ctx(root), relay.id, { enabled: true });
    await retryDelivery(ctx(), incident.id, first.id, failed?.id ?? "");
    test.wait(1_000);
    await publish({ channels: ["status_page"], status: "monitoring", body: "Better." });
    await test.runJobs();
    expect(callsTo("relay").map((call) => call.headers["webhook-id"])[0]).toBe(failed?.id);
    expect(callsTo("relay")).toHaveLength(3);
  });

  it("is signed by both secrets while it changes over, and by the new one alone afterwards", async () => {
    const rotated = await rotateDestinationSecret(ctx(root), relay.id);
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    const call = callsTo("relay").at(-1);
    expect(verified(relay.secret, call)).toEqual(verified(rotated.secret, call));
    await test.core.db.read.update(destinations).set({ previousUntil: test.clock.at });
    await publish({ channels: ["status_page"], status: "monitoring" });
    await test.runJobs();
    const later = callsTo("relay").at(-1);
    expect(verified(rotated.secret, later)).toBeTruthy();
    expect(() => verified(relay.secret, later)).toThrow();
  });

  it("is told what happens to incidents, with a number that orders it", async () => {
    const made = await createIncident(ctx(), { title: "Search is slow", status: "triage", services: ["search"] });
    await publishUpdate(ctx(), made.id, { status: "monitoring", body: "Better.", channels: ["status_page"] });
    await changeIncident(ctx(), { incident: made.id, change: { severity: "SEV3" } });
    await resolveIncident(ctx(), { incident: made.id, summary: "over" });
    await test.runJobs();
    test.wait(2_000);
    await test.runJobs();
    const told = callsTo("relay").map((call) => verified(relay.secret, call));
    expect(told.map((one) => one.type).sort()).toEqual(
      ["incident.created", "incident.resolved", ...Array(3).fill("incident.updated"), "update.published"].sort(),
    );
    expect(told.find((one) => one.type === "incident.created")?.data).toMatchObject({
      incident: {
        reference: made.reference,
        title: "Search is slow",
        status: "triage",
        severity: null,
        services: ["search"],
      },
      sequence: expect.any(Number),
    });
    expect(told.find((one) => one.type === "incident.resolved")?.data.incident).toMatchObject({ status: "resolved" });
    const sequences = told.flatMap((one) => (typeof one.data.sequence === "number" ? [one.data.sequence] : []));
    expect(new Set(sequences).size).toBe(5);
    const entries = await test.core.db.read
      .select()
      .from(timelineEntries)
      .where(eq(timelineEntries.incidentId, made.id));
    expect(sequences.every((seq) => entries.some((entry) => entry.seq === seq))).toBe(true);
  });

  it("is told of one incident in the order of what happened, whichever job runs first", async () => {
    const made = await createIncident(ctx(), { title: "Search is slow" });
    test.wait(10);
    await changeIncident(ctx(), { incident: made.id, change: { severity: "SEV3" } });
    test.wait(10);
    await changeIncident(ctx(), { incident: made.id, change: { title: "Search is down" } });
    test.jobs.reverse();
    for (let round = 0; round < 5; round += 1) {
      await test.runJobs();
      test.wait(1_500);
    }
    const titles = callsTo("relay").map(
      (call) => verified(relay.secret, call).data.incident as Record<string, unknown>,
    );
    expect(titles.map((one) => [one.title, one.severity])).toEqual([
      ["Search is slow", null],
      ["Search is slow", "SEV3"],
      ["Search is down", "SEV3"],
    ]);
  });

  it("hears only the events that it asked for, and only of incidents that fit", async () => {
    await changeDestination(ctx(root), relay.id, { events: ["incident.resolved"] });
    const other = await place("webhook", "only-search");
    await createIncident(ctx(), { title: "Makes the service", services: ["search"] });
    await group("Search", "internal", { destinations: [other.id], services: ["search"] });
    test.jobs.length = 0;
    const made = await createIncident(ctx(), { title: "Pay", services: ["checkout"] });
    await resolveIncident(ctx(), { incident: made.id, summary: "over" });
    await test.runJobs();
    expect(callsTo("relay").map((call) => (call.json as { type: string }).type)).toEqual(["incident.resolved"]);
    expect(callsTo("only-search")).toEqual([]);
  });

  it("of a public audience is not told of incidents, only of what is published, by public ids", async () => {
    const partner = await place("webhook", "partner");
    await group("Partners", "public", { destinations: [partner.id] });
    await createIncident(ctx(), { title: "Nobody's business" });
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    expect(callsTo("partner")).toHaveLength(1);
    const { data } = verified(partner.secret, callsTo("partner")[0]);
    expect(data.incident).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{12}$/),
      title: "Checkout",
      status: "identified",
      impact: "major",
      url: expect.stringMatching(/^http:\/\/localhost:3000\/status\/incidents\/[0-9a-z]{12}$/),
    });
  });

  it("in a private network gets nothing, and it is said why", async () => {
    test.world.outside.resolve = async () => undefined;
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    test.world.outside.resolve = async () => "127.0.0.1";
    const row = (await test.rows()).find((one) => one.kind === "update" && one.channel === "webhook");
    expect(row).toMatchObject({ state: "failed", lastError: expect.stringContaining("private network") });
  });

  it("that asks to wait keeps nobody else waiting", async () => {
    const other = await place("webhook", "other", ["update.published"]);
    await group("Others", "internal", { destinations: [other.id] });
    test.world.script.answer = (call) =>
      call.path === "/relay" ? { status: 429, headers: { "retry-after": "600" } } : {};
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    await publish({ channels: ["status_page"], status: "monitoring" });
    await test.runJobs();
    expect(callsTo("other")).toHaveLength(2);
    const asked = callsTo("relay").length;
    test.wait(599_000);
    await test.runJobs();
    expect(callsTo("relay")).toHaveLength(asked);
    test.world.script.answer = () => ({});
    test.wait(2_000);
    await test.runJobs();
    expect(callsTo("relay").length).toBeGreaterThan(asked);
  });

  it("that asked to wait is left alone after a restart, too", async () => {
    test.world.script.answer = () => ({ status: 429, headers: { "retry-after": "600" } });
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    const asked = callsTo("relay").length;
    test.pauses.clear();
    await recoverDeliveries(test.core, test.clock.at, test.pauses);
    await publish({ channels: ["status_page"], status: "monitoring" });
    test.wait(500_000);
    await test.runJobs();
    expect(callsTo("relay")).toHaveLength(asked);
  });

  it("that was cut off by a crash is sent again under its id", async () => {
    await changeDestination(ctx(root), relay.id, { events: ["update.published"] });
    await publish({ audiences: [], channels: ["status_page"], status: "monitoring" });
    test.jobs.length = 0;
    const view = await publish({ channels: ["status_page"], status: "monitoring" });
    await test.runJobs();
    const row = (await test.rows()).find((one) => one.updateId === view.id && one.channel === "webhook");
    await test.core.db.read.execute(
      `update deliveries set state = 'sending', next_attempt_at = '${test.clock.at.toISOString()}' where id = '${row?.id}'`,
    );
    await recoverDeliveries(test.core, test.clock.at, test.pauses);
    test.wait(1);
    await test.runJobs();
    expect(callsTo("relay").map((call) => call.headers["webhook-id"])).toEqual([row?.id, row?.id]);
  });

  it("lists what went to it, and sends again what failed", async () => {
    await changeDestination(ctx(root), relay.id, { events: ["incident.created", "update.published"] });
    test.world.script.answer = () => ({ status: 410 });
    const made = await createIncident(ctx(), { title: "Search is slow" });
    await test.runJobs();
    await changeDestination(ctx(root), relay.id, { enabled: true });
    test.world.script.answer = () => ({});
    const list = (who = lin, page = { limit: 50 }) =>
      listDestinationDeliveries(test.core.db.read, ctx(who), relay.id, page);
    const [failed] = (await list()).items;
    expect(failed).toMatchObject({ event: "incident.created", incident: made.reference, state: "failed", attempts: 1 });
    // Days later it is tried for a day, as if for the first time.
    test.wait(3 * 86_400_000);
    await retryDestinationDelivery(ctx(root), relay.id, failed?.id ?? "");
    test.world.script.answer = () => ({ status: 503 });
    await test.runJobs();
    expect((await list()).items).toMatchObject([{ id: failed?.id, state: "retrying" }]);
    test.world.script.answer = () => ({});
    test.wait(300_000);
    await test.runJobs();
    test.wait(1_000);
    await publish({ channels: ["status_page"] });
    const page = await list(lin, { limit: 1 });
    expect(page.items).toMatchObject([{ event: "update.published", state: "queued" }]);
    const rest = await listDestinationDeliveries(test.core.db.read, ctx(), relay.id, {
      limit: 1,
      cursor: page.nextCursor ?? "",
    });
    expect(rest.items).toMatchObject([{ id: failed?.id, state: "sent", sentAt: expect.any(String) }]);
    expect(rest.nextCursor).toBeNull();
    await test.core.db.read.update(incidents).set({ visibility: "private" }).where(eq(incidents.id, made.id));
    const later = (await list()).items.find((one) => one.id === failed?.id);
    expect(later?.incident).toBeNull();
    await expect(retryDestinationDelivery(ctx(lin), relay.id, failed?.id ?? "")).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("that is deleted or switched off before its turn gets nothing", async () => {
    await publish({ channels: ["status_page"] });
    await changeDestination(ctx(root), relay.id, { enabled: false });
    await test.runJobs();
    const waiting = async () => (await test.rows()).filter((row) => row.channel === "webhook");
    expect((await waiting()).every((row) => row.state === "cancelled")).toBe(true);
    await changeDestination(ctx(root), relay.id, { enabled: true });
    await publish({ channels: ["status_page"], status: "monitoring" });
    await removeDestination(ctx(root), relay.id);
    await test.runJobs();
    expect((await waiting()).every((row) => row.state === "cancelled")).toBe(true);
    expect(callsTo("relay")).toEqual([]);
  });

  it("whose keys were sealed under another secret says that it has to be entered again", async () => {
    await test.core.db.read.update(destinations).set({ urlSealed: "AAAA" });
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    const row = (await test.rows()).find((one) => one.kind === "update" && one.channel === "webhook");
    expect(row).toMatchObject({ state: "failed", lastError: expect.stringContaining("enter it again") });
  });
});

describe("a correction", () => {
  it("is a message of its own where a post cannot be edited, and an event for webhooks", async () => {
    const [relay, matter, teams] = [
      await place("webhook", "relay"),
      await place("mattermost", "matter"),
      await place("teams", "teams"),
    ];
    await group("Inside", "internal", { destinations: [relay.id, matter.id, teams.id], emails: ["boss@example.com"] });
    now();
    const view = await publish({ channels: ["status_page"] });
    await test.runJobs();
    test.world.calls.length = 0;
    await correctUpdate(ctx(), incident.id, view.id, { body: "We think we know why." });
    await test.runJobs();
    expect(verified(relay.secret, callsTo("relay")[0])).toMatchObject({
      type: "update.corrected",
      data: { update: { body: "We think we know why.", correctedAt: expect.any(String) } },
    });
    for (const name of ["matter", "teams"]) {
      expect(callsTo(name)).toHaveLength(1);
      expect(callsTo(name)[0]?.body.toString()).toMatch(/Corrected · Identified: Checkout.*We think we know why\./);
    }
    expect(test.mail.mails).toHaveLength(1);
    await correctUpdate(ctx(), incident.id, view.id, { body: "We know.", notify: true });
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(2);
    expect(test.mail.mails[1]?.source).toContain("Corrected");
  });

  it("of what still waits is said by the message itself, once", async () => {
    const relay = await place("webhook", "relay", ["update.published", "update.corrected"]);
    const teams = await place("teams", "teams");
    await group("Inside", "internal", { destinations: [relay.id, teams.id] });
    const view = await publish({ channels: ["status_page"] });
    await correctUpdate(ctx(), incident.id, view.id, { body: "The right words." });
    await test.runJobs();
    for (const name of ["relay", "teams"]) {
      expect(callsTo(name)).toHaveLength(1);
      expect(callsTo(name)[0]?.body.toString()).toContain("The right words.");
      expect(callsTo(name)[0]?.body.toString()).not.toContain("We know why.");
    }
  });
});

describe("a webhook that may have the first text", () => {
  it("is told of the correction by itself, for it drops what comes again under the same id", async () => {
    const relay = await place("webhook", "relay", ["update.published", "update.corrected"]);
    const matter = await place("mattermost", "matter");
    await group("Inside", "internal", { destinations: [relay.id, matter.id] });
    // It took the message; that we do not know.
    test.world.script.answer = () => ({ status: 503 });
    const view = await publish({ channels: ["status_page"] });
    await test.runJobs();
    await correctUpdate(ctx(), incident.id, view.id, { body: "The right words." });
    test.world.script.answer = () => ({});
    test.wait(300_000);
    await test.runJobs();
    const idOf = (call: OutsideCall) => call.headers["webhook-id"];
    const calls = callsTo("relay");
    const taken = calls.filter((call, index) => calls.findIndex((one) => idOf(one) === idOf(call)) === index);
    expect(taken.map((call) => call.json)).toContainEqual(
      expect.objectContaining({
        type: "update.corrected",
        data: expect.objectContaining({ update: expect.objectContaining({ body: "The right words." }) }),
      }),
    );
    // A post that was refused did not arrive: the new text is said once.
    expect(callsTo("matter").filter((call) => call.body.toString().includes("The right words."))).toHaveLength(1);
  });
});

describe("a chat that cannot be asked", () => {
  it("is not sent to twice when it took a message and fell silent", async () => {
    const teams = await place("teams", "teams");
    const matter = await place("mattermost", "matter");
    await group("Inside", "internal", { destinations: [teams.id, matter.id] });
    test.world.script.answer = () => "hang up";
    const view = await publish({ channels: ["status_page"] });
    await test.runJobs();
    test.wait(600_000);
    await test.runJobs();
    expect([callsTo("teams").length, callsTo("matter").length]).toEqual([1, 1]);
    const lost = (await test.rows()).filter((row) => row.destinationId);
    expect(lost.map((row) => row.state)).toEqual(["unknown", "unknown"]);
    expect(lost[0]?.lastError).toContain("may or may not have arrived");
    test.world.script.answer = () => ({});
    for (const row of lost) await retryDelivery(ctx(), incident.id, view.id, row.id);
    await test.runJobs();
    expect([callsTo("teams").length, callsTo("matter").length]).toEqual([2, 2]);
  });

  it("is tried again when nothing can have arrived", async () => {
    const teams = await createDestination(ctx(root), {
      kind: "teams",
      name: "nowhere",
      url: "http://nowhere.example.com:1/x",
    });
    await group("Inside", "internal", { destinations: [teams.id] });
    await publish({ channels: ["status_page"] });
    await test.runJobs();
    expect((await test.rows()).find((row) => row.channel === "teams")).toMatchObject({
      state: "retrying",
      attempts: 1,
    });
  });

  it("that was cut off by a crash is looked at by somebody", async () => {
    const teams = await place("teams", "teams");
    await group("Inside", "internal", { destinations: [teams.id] });
    await publish({ channels: ["status_page"] });
    const row = (await test.rows()).find((one) => one.channel === "teams");
    await test.core.db.read.execute(
      `update deliveries set state = 'sending', attempts = 1, next_attempt_at = '${test.clock.at.toISOString()}' where id = '${row?.id}'`,
    );
    await recoverDeliveries(test.core, test.clock.at, test.pauses);
    test.wait(1);
    await test.runJobs();
    expect((await test.rows()).find((one) => one.channel === "teams")).toMatchObject({ state: "unknown" });
    expect(callsTo("teams")).toEqual([]);
  });
});

describe("the test button", () => {
  it.each(["webhook", "mattermost", "teams"] as const)(
    "sends one message to a %s, and says how it went",
    async (kind) => {
      const made = await place(kind, "tried");
      now();
      const good = await testDestination(ctx(root), test.world.outside, made.id);
      expect(good).toMatchObject({ testedAt: test.clock.at.toISOString(), testError: null });
      expect(callsTo("tried")).toHaveLength(1);
      if (kind === "webhook") expect(verified(made.secret, callsTo("tried")[0])).toMatchObject({ type: "test" });
      else expect(callsTo("tried")[0]?.body.toString()).toContain("Test from Muster");
      test.world.script.answer = () => ({ status: 404 });
      const bad = await testDestination(ctx(root), test.world.outside, made.id);
      expect(bad.testError).toContain("HTTP 404");
      expect(bad.enabled).toBe(true);
      expect(await test.rows()).toEqual([]);
    },
  );

  it("finds out what is gone, and is for administrators", async () => {
    const made = await place("mattermost", "tried");
    test.world.script.answer = () => ({ status: 410 });
    expect(await testDestination(ctx(root), test.world.outside, made.id)).toMatchObject({ enabled: false });
    await expect(testDestination(ctx(lin), test.world.outside, made.id)).rejects.toMatchObject({ code: "forbidden" });
    const nowhere = "00000000-0000-4000-8000-000000000000";
    await expect(testDestination(ctx(root), test.world.outside, nowhere)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("what the composer is told of audiences", () => {
  it("names the page, the followers and each group, by which ways, and what is wrong with a way", async () => {
    const teams = await place("teams", "teams");
    await changeDestination(ctx(root), teams.id, { enabled: false });
    await group("Directors", "internal", { severities: ["SEV1"], emails: ["a@example.com", "b@example.com"] });
    await group("Partners", "public", {
      destinations: [teams.id],
      slackChannels: ["#acme"],
      components: [component.id],
    });
    await addSubscriber(ctx(root), { email: "fan@example.com", confirmed: true });
    await addSubscriber(ctx(root), { email: "us@example.com", confirmed: true, internal: true });
    await addSubscriber(ctx(root), { email: "maybe@example.com" });
    const email = { channel: "email", name: null, problem: null };
    expect(await incidentAudiences(ctx(), incident.reference, [])).toMatchObject([
      {
        id: "public",
        kind: "public",
        isBuiltIn: true,
        ways: [
          { channel: "status_page", count: 1 },
          { ...email, count: 2 },
        ],
      },
      {
        id: "followers",
        kind: "internal",
        ways: [
          { channel: "slack", name: "C1" },
          { ...email, count: 1 },
        ],
      },
      { name: "Directors", isMatching: false, because: "Not for this severity", ways: [{ ...email, count: 2 }] },
      {
        name: "Partners",
        isMatching: true,
        ways: [
          { channel: "slack", name: "#acme", problem: null },
          { channel: "teams", name: "teams", problem: expect.stringContaining("Switched off") },
        ],
      },
    ]);
    const other = await createComponent(ctx(root), { name: "Another" });
    const named = async (ids: string[]) =>
      (await incidentAudiences(ctx(), incident.id, ids)).find((one) => one.name === "Partners")?.isMatching;
    expect([await named([other.id]), await named([component.publicId])]).toEqual([false, true]);
  });

  it("is for those who may publish", async () => {
    const vic = await test.person(`Vic ${test.clock.at.getTime()}`, "viewer");
    await expect(incidentAudiences(ctx(vic), incident.id, [])).rejects.toMatchObject({ code: "forbidden" });
    const hidden = await createIncident(ctx(root), { title: "Hidden", visibility: "private" });
    await expect(incidentAudiences(ctx(), hidden.id, [])).rejects.toMatchObject({ code: "not_found" });
  });
});
