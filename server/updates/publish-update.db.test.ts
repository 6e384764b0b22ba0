import { eq, like } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { components, deliveries, incidents, publicIncidents, subscribers, timelineEntries } from "#/db/schema/index.ts";
import { addSubscriber, createComponent } from "#/server/audience/index.ts";
import type { Fact } from "#/server/events/index.ts";
import type { CreateIncidentInput } from "#/server/incidents/contract.ts";
import { createIncident, resolveIncident } from "#/server/incidents/index.ts";
import { correctUpdate } from "./correct-update.ts";
import { publishUpdate } from "./publish-update.ts";
import { type TestOutbox, testOutbox } from "./test-outbox.ts";
import { listUpdates, pageUpdates } from "./update-queries.ts";

let test: TestOutbox;
let ada: Awaited<ReturnType<TestOutbox["person"]>>;
let admin: typeof ada;
let viewer: typeof ada;

beforeAll(async () => {
  test = await testOutbox();
  ada = await test.person("Ada");
  admin = await test.person("Root", "admin");
  viewer = await test.person("Vic", "viewer");
});
afterAll(() => test.close());

async function open(input: Partial<CreateIncidentInput> = {}) {
  test.wait(60_000);
  return createIncident(test.ctx(ada), { title: "db-7 replication lag", ...input });
}
const publish = (id: string, input: Partial<Parameters<typeof publishUpdate>[2]> = {}, actor = ada) =>
  publishUpdate(test.ctx(actor), id, {
    status: "identified",
    body: "We know why.",
    channels: ["status_page"],
    ...input,
  });
const publicRow = async (incidentId: string) =>
  (await test.core.db.read.select().from(publicIncidents).where(eq(publicIncidents.incidentId, incidentId)))[0];
const statusOf = async (incidentId: string) =>
  (await test.core.db.read.select().from(incidents).where(eq(incidents.id, incidentId)))[0]?.status;
const stateOf = async (id: string) =>
  (await test.core.db.read.select().from(components).where(eq(components.id, id)))[0]?.status;

describe("publishing an update", () => {
  it("changes the incident, the page, the timeline and the outbox together", async () => {
    const incident = await open({ severity: "SEV2" });
    const facts: Fact[] = [];
    const onFact = (fact: Fact) => facts.push(fact);
    test.core.facts.on("fact", onFact);
    const view = await publish(incident.reference);
    test.core.facts.off("fact", onFact);
    expect(view).toMatchObject({
      incidentId: incident.id,
      audience: "public",
      status: "identified",
      title: "Service incident",
      channels: ["status_page"],
      publishedBy: { id: ada.userId, name: "Ada" },
      correctedAt: null,
      deliveries: [{ channel: "status_page", destination: "status_page", state: "queued", attempts: 0 }],
      deliverySummary: [{ channel: "status_page", total: 1, sent: 0, failed: 0, waiting: 1 }],
    });
    expect(await statusOf(incident.id)).toBe("identified");
    expect(await publicRow(incident.id)).toMatchObject({
      title: "Service incident",
      impact: "major",
      status: "identified",
    });
    expect((await publicRow(incident.id))?.publicId).toMatch(/^[0-9a-z]{12}$/);
    const entries = await test.core.db.read
      .select()
      .from(timelineEntries)
      .where(eq(timelineEntries.incidentId, incident.id));
    const published = entries.find((entry) => entry.type === "update.published");
    expect(published?.data).toMatchObject({ updateId: view.id, status: "identified", audience: "public" });
    expect(facts.flatMap((fact) => [...fact.parts])).toEqual(expect.arrayContaining(["incident", "updates"]));
    expect(test.jobs.at(-1)?.name).toBe("deliver.status_page");
  });

  it("accepts triage first, and keeps the public id and title", async () => {
    const incident = await open({ status: "triage" });
    await publish(incident.id, { status: "investigating", title: "Card payments failing" });
    expect(await statusOf(incident.id)).toBe("investigating");
    const first = await publicRow(incident.id);
    const second = await publish(incident.id, { status: "monitoring" });
    expect(second.title).toBe("Card payments failing");
    expect(await publicRow(incident.id)).toMatchObject({ publicId: first?.publicId, title: "Card payments failing" });
    expect((await publicRow(incident.id))?.monitoringAt).not.toBeNull();
  });

  it("resolves, and a resolved one takes only resolved updates", async () => {
    const incident = await open();
    await publish(incident.id, { status: "resolved" });
    expect(await statusOf(incident.id)).toBe("resolved");
    await expect(publish(incident.id, { status: "monitoring" })).rejects.toMatchObject({ code: "conflict" });
    await expect(publish(incident.id, { status: "resolved" })).resolves.toMatchObject({ status: "resolved" });
    const quiet = await open();
    await resolveIncident(test.ctx(ada), { incident: quiet.id, summary: "Done" });
    await expect(publish(quiet.id, { status: "resolved" })).resolves.toMatchObject({ status: "resolved" });
  });

  it("refuses private incidents, drills, viewers, strangers, and writes nothing then", async () => {
    const secret = await open({ visibility: "private" });
    const drill = await open({ mode: "drill" });
    const plain = await open();
    await expect(publish(secret.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(publish(secret.id, {}, await test.person("Mallory"))).rejects.toMatchObject({ code: "not_found" });
    await expect(publish(drill.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(publish(plain.id, {}, viewer)).rejects.toMatchObject({ code: "forbidden" });
    await expect(publish(plain.id, { components: [{ id: "nope", status: "operational" }] })).rejects.toMatchObject({
      code: "invalid",
      errors: [{ pointer: "/components/0" }],
    });
    for (const incident of [secret, drill, plain]) {
      expect(await listUpdates(test.ctx(ada), incident.id)).toEqual([]);
      expect(await publicRow(incident.id)).toBeUndefined();
    }
    expect(await statusOf(plain.id)).toBe("investigating");
  });

  it("an update that is not for the page leaves the page alone", async () => {
    const incident = await open();
    await publish(incident.id, { channels: ["slack"], title: "Mail only" });
    expect(await publicRow(incident.id)).toBeUndefined();
    await publish(incident.id, { audience: "internal", channels: ["slack"], title: "Between us" });
    const view = await publish(incident.id);
    expect(view.title).toBe("Mail only");
    await expect(publish(incident.id, { audience: "internal" })).rejects.toMatchObject({ code: "invalid" });
  });

  it("takes text that a database would choke on", async () => {
    const incident = await open();
    const view = await publish(incident.id, { body: "a\u0000b \ud800" });
    expect(view.body).toBe("a\ufffdb \ufffd");
  });

  it("keeps a strict order also within one millisecond, and pages by it", async () => {
    const incident = await open();
    for (const body of ["one", "two", "three"]) await publish(incident.id, { body });
    expect((await listUpdates(test.ctx(ada), incident.id)).map((view) => view.body)).toEqual(["three", "two", "one"]);
    const first = await pageUpdates(test.ctx(viewer), incident.reference, { limit: 2 });
    expect(first.items.map((view) => view.body)).toEqual(["three", "two"]);
    const cursor = first.nextCursor ?? undefined;
    const rest = await pageUpdates(test.ctx(viewer), incident.reference, { limit: 2, cursor });
    expect(rest).toMatchObject({ items: [{ body: "one" }], nextCursor: null });
  });
});

describe("components", () => {
  it("show the worst of the unresolved incidents that name them, and are given back", async () => {
    const checkout = await createComponent(test.ctx(admin), { name: "Checkout" });
    const search = await createComponent(test.ctx(admin), { name: "Search" });
    const one = await open();
    const two = await open();
    const view = await publish(one.id, {
      components: [
        { id: checkout.id, status: "partial_outage" },
        { id: search.publicId, status: "degraded_performance" },
      ],
    });
    expect(view.title).toBe("Incident affecting Checkout and Search");
    expect(view.components).toEqual([
      { id: checkout.id, name: "Checkout", oldStatus: "operational", newStatus: "partial_outage" },
      { id: search.id, name: "Search", oldStatus: "operational", newStatus: "degraded_performance" },
    ]);
    await publish(two.id, { components: [{ id: checkout.id, status: "major_outage" }] });
    expect(await stateOf(checkout.id)).toBe("major_outage");
    await publish(two.id, { status: "resolved" });
    expect(await stateOf(checkout.id)).toBe("partial_outage");
    const resolved = await publish(one.id, { status: "resolved" });
    expect(resolved.components.map((change) => [change.name, change.newStatus])).toEqual([
      ["Checkout", "operational"],
      ["Search", "operational"],
    ]);
    expect([await stateOf(checkout.id), await stateOf(search.id)]).toEqual(["operational", "operational"]);
  });

  it("are not changed by internal updates", async () => {
    const api = await createComponent(test.ctx(admin), { name: "API" });
    const incident = await open();
    await publish(incident.id, {
      audience: "internal",
      channels: ["slack"],
      components: [{ id: api.id, status: "major_outage" }],
    });
    expect(await stateOf(api.id)).toBe("operational");
  });
});

describe("recipients", () => {
  it("follow audience and components, and are masked for viewers", async () => {
    const search = await createComponent(test.ctx(admin), { name: "Search 2" });
    const other = await createComponent(test.ctx(admin), { name: "Other" });
    const add = (email: string, extra = {}) => addSubscriber(test.ctx(admin), { email, confirmed: true, ...extra });
    await add("all@example.com");
    await add("search@example.com", { components: [search.id] });
    await add("inside@example.com", { internal: true });
    await addSubscriber(test.ctx(admin), { email: "unconfirmed@example.com" });
    const incident = await open();
    const to = (view: { deliveries: { channel: string; destination: string }[] }) =>
      view.deliveries.flatMap((one) => (one.channel === "email" ? [one.destination] : [])).sort();
    const email = { channels: ["email" as const] };
    expect(to(await publish(incident.id, email))).toEqual([
      "all@example.com",
      "inside@example.com",
      "search@example.com",
    ]);
    const named = [{ id: other.id, status: "operational" as const }];
    const view = await publish(incident.id, { ...email, components: named });
    expect(to(view)).toEqual(["all@example.com", "inside@example.com"]);
    expect(to(await publish(incident.id, { ...email, audience: "internal" }))).toEqual(["inside@example.com"]);
    const seen = (await listUpdates(test.ctx(viewer), incident.id)).find((one) => one.id === view.id);
    expect(seen && to(seen)).toEqual(["a…@example.com", "i…@example.com"]);
  });

  it("more than one transaction should write jobs for get theirs from a fan-out after the commit", async () => {
    const READERS = 201;
    await test.core.db.read
      .insert(subscribers)
      .values(
        Array.from({ length: READERS }, (_, n) => ({ email: `reader${n}@example.com`, confirmedAt: test.clock.at })),
      );
    const incident = await open();
    test.jobs.length = 0;
    const view = await publish(incident.id, { channels: ["email"] });
    expect(test.jobs.filter((job) => job.name === "deliver.email")).toHaveLength(0);
    expect(test.jobs.filter((job) => job.name === "deliver.fan_out")).toHaveLength(1);
    const before = test.mail.mails.length;
    await test.runJobs();
    const total = view.deliverySummary[0]?.total ?? 0;
    expect(total).toBeGreaterThanOrEqual(READERS);
    expect(test.mail.mails.length - before).toBe(total);
    const [now] = await listUpdates(test.ctx(ada), incident.id);
    expect(now?.deliverySummary).toEqual([{ channel: "email", total, sent: total, failed: 0, waiting: 0 }]);
    await test.core.db.read.delete(subscribers).where(like(subscribers.email, "reader%"));
  });

  it("mails that are sent at once are claimed and written down together, and each once", async () => {
    const incident = await open();
    await publish(incident.id, { channels: ["email"] });
    const jobs = test.jobs.filter((job) => job.name === "deliver.email");
    const before = test.mail.mails.length;
    const transactions = vi.spyOn(test.core.db, "transaction");
    // A job that comes twice, as after a crash, sends nothing twice.
    test.jobs.push(...jobs);
    await test.runJobsAtOnce(jobs.length * 2, 20_000);
    expect(test.mail.mails.length - before).toBe(jobs.length);
    expect(jobs.length).toBeGreaterThan(2);
    expect(transactions.mock.calls.length).toBeLessThan(jobs.length * 2);
    transactions.mockRestore();
    const [now] = await listUpdates(test.ctx(ada), incident.id);
    expect(now?.deliverySummary[0]).toMatchObject({ total: jobs.length, sent: jobs.length });
  });
});

describe("a correction", () => {
  it("changes the text everywhere it is, and mails only if asked", async () => {
    const incident = await open();
    const view = await publish(incident.id, { channels: ["status_page", "slack", "email"], title: "Checkout" });
    await test.runJobs();
    const posts = test.slack.calls.length;
    const mails = test.mail.mails.length;
    const corrected = await correctUpdate(test.ctx(ada), incident.id, view.id, { body: "We know better." });
    expect(corrected).toMatchObject({ body: "We know better.", correctedAt: expect.any(String) });
    await test.runJobs();
    expect(test.slack.calls.slice(posts).map((call) => call.method)).toEqual(["chat.update"]);
    expect(test.slack.calls.at(-1)?.args.text).toContain("We know better.");
    expect(test.mail.mails).toHaveLength(mails);
    const again = await correctUpdate(test.ctx(ada), incident.id, view.id, { body: "We know better." });
    expect(again.deliveries).toHaveLength(corrected.deliveries.length);
    await correctUpdate(test.ctx(ada), incident.id, view.id, { body: "We know best.", notify: true });
    await test.runJobs();
    const fresh = test.mail.mails.slice(mails);
    expect(fresh.length).toBeGreaterThan(0);
    expect(fresh[0]?.source).toContain("Corrected");
    const states = await test.core.db.read.select().from(deliveries).where(eq(deliveries.updateId, view.id));
    expect(new Set(states.map((row) => row.state))).toEqual(new Set(["sent"]));
    await expect(correctUpdate(test.ctx(viewer), incident.id, view.id, { body: "x" })).rejects.toMatchObject({
      code: "forbidden",
    });
    const other = await open();
    await expect(correctUpdate(test.ctx(ada), other.id, view.id, { body: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
