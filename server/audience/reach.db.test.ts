import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { audiences, auditEntries, destinations, services } from "#/db/schema/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeAudience, createAudience, listAudiences, removeAudience } from "./change-audience.ts";
import { createComponent, removeComponent } from "./change-component.ts";
import {
  changeDestination,
  createDestination,
  listDestinations,
  removeDestination,
  rotateDestinationSecret,
} from "./change-destination.ts";
import { changeAudienceInput, createAudienceInput, createDestinationInput } from "./contract.ts";
import { openDestination } from "./destination-store.ts";
import {
  AUDIENCE_DESTINATIONS_MAX,
  AUDIENCE_EMAILS_MAX,
  AUDIENCE_MATCH_MAX,
  AUDIENCE_SLACK_CHANNELS_MAX,
  AUDIENCES_MAX,
  DESTINATION_URL_LENGTH_MAX,
  DESTINATIONS_MAX,
  REACH_NAME_LENGTH_MAX,
  webhookEvents,
} from "./shared/reach.ts";

let test: TestCore;
let root: Awaited<ReturnType<TestCore["person"]>>;
let lin: typeof root;
let vic: typeof root;
const url = "https://hooks.example.com/T0/secret-key-1234";

beforeAll(async () => {
  test = await testCore();
  root = await test.person("Root", "admin");
  lin = await test.person("Lin", "responder");
  vic = await test.person("Vic", "viewer");
});
afterAll(() => test.close());
beforeEach(async () => {
  for (const table of [audiences, destinations, services]) await test.core.db.read.delete(table);
});

const ctx = (who = root) => test.ctx(who);
const webhook = (part: Partial<Parameters<typeof createDestination>[1]> = {}) =>
  createDestination(ctx(), { kind: "webhook", name: "Relay", url, ...part });
const audience = (part: Partial<Parameters<typeof createAudience>[1]> = {}) =>
  createAudience(ctx(), { name: "Payments", kind: "internal", ...part });
const opened = (id: string) => openDestination(test.core.db.read, test.core, id);
const auditOf = (objectId: string) =>
  test.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, objectId));
const refusal = (pointer: string) => ({ code: "invalid", errors: [expect.objectContaining({ pointer })] });

describe("a destination", () => {
  it("is made with a secret that is shown once, and an address that is never shown whole", async () => {
    const made = await webhook();
    expect(made).toMatchObject({
      kind: "webhook",
      name: "Relay",
      url: "https://hooks.example.com/…1234",
      events: [...webhookEvents],
      enabled: true,
      audiences: [],
      secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
    });
    const listed = await listDestinations(test.core.db.read, ctx(lin));
    expect(listed).toHaveLength(1);
    const [row] = await test.core.db.read.select().from(destinations);
    for (const text of [JSON.stringify(listed), JSON.stringify(row), JSON.stringify(await auditOf(made.id))]) {
      expect(text).not.toContain("secret-key");
      expect(text).not.toContain(made.secret);
    }
    expect(await opened(made.id)).toMatchObject({ url, secrets: [made.secret] });
    expect((await auditOf(made.id)).map((entry) => entry.action)).toEqual(["destination.created"]);
  });

  it("of a chat has neither secret nor events", async () => {
    const made = await createDestination(ctx(), { kind: "teams", name: "Teams", url });
    expect(made).toMatchObject({ secret: null, events: [] });
    await expect(
      createDestination(ctx(), { kind: "mattermost", name: "M", url, events: ["update.published"] }),
    ).rejects.toMatchObject(refusal("/events"));
    await expect(changeDestination(ctx(), made.id, { events: ["incident.created"] })).rejects.toMatchObject(
      refusal("/events"),
    );
    await expect(rotateDestinationSecret(ctx(), made.id)).rejects.toMatchObject({ code: "conflict" });
  });

  it.each([
    "http://127.0.0.1:8080/hook",
    "http://[::1]/hook",
    "https://10.1.2.3/hook",
    "https://localhost/hook",
    "https://LOCALHOST./hook",
    "http://169.254.169.254/latest/meta-data",
    "http://2130706433/",
    "http://metadata.google.internal/x",
    "https://user:password@hooks.example.com/x",
  ])("is not made for %s", async (address) => {
    await expect(webhook({ url: address })).rejects.toMatchObject(refusal("/url"));
    const made = await webhook();
    await expect(changeDestination(ctx(), made.id, { url: address })).rejects.toMatchObject(refusal("/url"));
  });

  it("is changed in parts, and switched off and on", async () => {
    const made = await webhook();
    const off = await changeDestination(ctx(), made.id, {
      enabled: false,
      name: "Relay 2",
      events: ["update.published"],
    });
    expect(off).toMatchObject({ name: "Relay 2", enabled: false, events: ["update.published"], disabledReason: null });
    expect(await opened(made.id)).toMatchObject({ url, secrets: [made.secret] });
    const on = await changeDestination(ctx(), made.id, { enabled: true, url: "https://b.example.com/new-key" });
    expect(on).toMatchObject({ enabled: true, disabledAt: null, url: "https://b.example.com/…-key" });
    expect((await opened(made.id))?.url).toBe("https://b.example.com/new-key");
    expect(JSON.stringify(await auditOf(made.id))).not.toContain("new-key");
  });

  it("has a name of its own, in any case", async () => {
    const made = await webhook();
    await expect(webhook({ name: "RELAY" })).rejects.toMatchObject(refusal("/name"));
    await webhook({ name: "Other", url: `${url}5` });
    await expect(changeDestination(ctx(), made.id, { name: "other" })).rejects.toMatchObject(refusal("/name"));
    expect(await changeDestination(ctx(), made.id, { name: "RELAY" })).toMatchObject({ name: "RELAY" });
  });

  it("has an address of its own: a place hears once, and is public or internal", async () => {
    const made = await webhook();
    await expect(webhook({ name: "Twin", url: url.replace("https://hooks", "HTTPS://HOOKS") })).rejects.toMatchObject({
      errors: [{ pointer: "/url", detail: "Relay is at this address already." }],
    });
    const other = await webhook({ name: "Other", url: `${url}5` });
    await expect(changeDestination(ctx(), other.id, { url })).rejects.toMatchObject(refusal("/url"));
    expect(await changeDestination(ctx(), made.id, { url })).toMatchObject({ name: "Relay" });
  });

  it("that is rotated signs with both secrets for a day, and a second rotation ends the oldest", async () => {
    const first = await webhook();
    const start = test.clock.at;
    const second = await rotateDestinationSecret(ctx(), first.id);
    expect(second.secret).not.toBe(first.secret);
    expect(second.previousSecretUntil).toBe(new Date(start.getTime() + 24 * 3_600_000).toISOString());
    expect((await opened(first.id))?.secrets).toEqual([second.secret, first.secret]);
    test.clock.at = new Date(start.getTime() + 24 * 3_600_000 - 1);
    expect((await opened(first.id))?.secrets).toHaveLength(2);
    test.clock.at = new Date(start.getTime() + 24 * 3_600_000);
    expect((await opened(first.id))?.secrets).toEqual([second.secret]);
    expect((await listDestinations(test.core.db.read, ctx()))[0]?.previousSecretUntil).toBeNull();
    const third = await rotateDestinationSecret(ctx(), first.id);
    const fourth = await rotateDestinationSecret(ctx(), first.id);
    expect((await opened(first.id))?.secrets).toEqual([fourth.secret, third.secret]);
    test.clock.at = start;
  });

  it("is read by responders and changed by administrators only", async () => {
    const made = await webhook();
    await expect(listDestinations(test.core.db.read, ctx(vic))).rejects.toMatchObject({ code: "forbidden" });
    for (const act of [
      () => createDestination(ctx(lin), { kind: "webhook", name: "X", url }),
      () => changeDestination(ctx(lin), made.id, { enabled: false }),
      () => rotateDestinationSecret(ctx(lin), made.id),
      () => removeDestination(ctx(lin), made.id),
    ])
      await expect(act()).rejects.toMatchObject({ code: "forbidden" });
  });

  it("has a most, and fields with a longest", async () => {
    const row = (n: number) => ({ kind: "teams" as const, name: `D${n}`, urlSealed: "x", urlShown: "x" });
    const at = { createdAt: new Date(), updatedAt: new Date() };
    const many = Array.from({ length: DESTINATIONS_MAX - 1 }, (_, n) => ({ ...row(n), ...at }));
    await test.core.db.read.insert(destinations).values(many);
    await webhook();
    await expect(webhook({ name: "One more" })).rejects.toMatchObject({ code: "conflict" });
    const fits = (part: object) =>
      createDestinationInput.safeParse({ kind: "webhook", name: "a", url, ...part }).success;
    const long = `https://a.example/${"x".repeat(DESTINATION_URL_LENGTH_MAX - 18)}`;
    expect([fits({ url: long }), fits({ url: `${long}x` })]).toEqual([true, false]);
    const name = "n".repeat(REACH_NAME_LENGTH_MAX);
    expect([fits({ name }), fits({ name: `${name}n` }), fits({ name: " " })]).toEqual([true, false, false]);
    expect([fits({ events: [] }), fits({ events: ["incident.exploded"] }), fits({ url: "ftp://a.example" })]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("an audience", () => {
  it("is made of conditions and places, by name or id, each once", async () => {
    const [service] = await test.core.db.read.insert(services).values({ name: "checkout" }).returning();
    const component = await createComponent(ctx(), { name: "Pay" });
    const relay = await webhook();
    const made = await audience({
      services: ["CHECKOUT", service?.id ?? ""],
      components: [component.publicId, component.id],
      severities: ["SEV2", "SEV1", "SEV2"],
      destinations: [relay.id, relay.id],
      emails: ["Ops@example.com", "ops@example.com"],
      slackChannels: ["#pay", "#PAY"],
    });
    expect(made).toMatchObject({
      name: "Payments",
      kind: "internal",
      services: [{ id: service?.id, name: "checkout" }],
      components: [{ id: component.id, name: "Pay" }],
      severities: ["SEV1", "SEV2"],
      destinations: [{ id: relay.id, name: "Relay", kind: "webhook", enabled: true }],
      emails: ["ops@example.com"],
      slackChannels: ["#PAY"],
    });
    expect(await listAudiences(test.core.db.read, ctx(lin))).toEqual([made]);
    expect((await listDestinations(test.core.db.read, ctx()))[0]?.audiences).toEqual([
      { id: made.id, name: "Payments", kind: "internal" },
    ]);
    expect(await auditOf(made.id)).toMatchObject([
      { action: "audience.created", detail: { name: "Payments", kind: "internal" } },
    ]);
    await removeComponent(ctx(), component.id);
  });

  it("keeps what is gone as a condition that fits nothing", async () => {
    const component = await createComponent(ctx(), { name: "Soon gone" });
    await test.core.db.read.insert(services).values({ name: "search" });
    const made = await audience({ services: ["search"], components: [component.id] });
    await removeComponent(ctx(), component.id);
    await test.core.db.read.delete(services);
    const [view] = await listAudiences(test.core.db.read, ctx());
    expect(view?.services).toEqual([{ id: made.services[0]?.id, name: null }]);
    expect(view?.components).toEqual([{ id: component.id, name: null }]);
    const ids = { services: [made.services[0]?.id ?? ""], components: [component.id] };
    expect(await changeAudience(ctx(), made.id, ids)).toMatchObject({
      services: view?.services,
      components: view?.components,
    });
    expect(await changeAudience(ctx(), made.id, { services: [] })).toMatchObject({ services: [] });
    await expect(changeAudience(ctx(), made.id, ids)).rejects.toMatchObject(refusal("/services/0"));
  });

  it("that is public has no addresses: people outside subscribe themselves", async () => {
    await expect(audience({ kind: "public", emails: ["a@example.com"] })).rejects.toMatchObject(refusal("/emails"));
    const made = await audience({ kind: "public" });
    await expect(changeAudience(ctx(), made.id, { emails: ["a@example.com"] })).rejects.toMatchObject(
      refusal("/emails"),
    );
  });

  it("shares no place with an audience of the other kind", async () => {
    const relay = await webhook();
    const outside = await audience({
      name: "Partners",
      kind: "public",
      destinations: [relay.id],
      slackChannels: ["#acme"],
    });
    await expect(audience({ destinations: [relay.id] })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("Relay is a place of the public audience Partners"),
    });
    await expect(audience({ slackChannels: ["#Acme"] })).rejects.toMatchObject({ code: "conflict" });
    const inside = await audience();
    await expect(changeAudience(ctx(), inside.id, { destinations: [relay.id] })).rejects.toMatchObject({
      code: "conflict",
    });
    const second = await audience({ name: "Resellers", kind: "public", destinations: [relay.id] });
    expect(second.destinations).toHaveLength(1);
    await removeAudience(ctx(), outside.id);
    await removeAudience(ctx(), second.id);
    expect((await changeAudience(ctx(), inside.id, { destinations: [relay.id] })).destinations).toHaveLength(1);
  });

  it("does not change its kind, and keeps what is left out", async () => {
    const relay = await webhook();
    const made = await audience({ destinations: [relay.id], severities: ["SEV1"], slackChannels: ["#pay"] });
    expect(changeAudienceInput.parse({ kind: "public" })).toEqual({});
    const changed = await changeAudience(ctx(), made.id, { name: "Money" });
    expect(changed).toEqual({ ...made, name: "Money", updatedAt: changed.updatedAt });
    const emptied = await changeAudience(ctx(), made.id, { destinations: [], severities: [] });
    expect(emptied).toMatchObject({ destinations: [], severities: [], slackChannels: ["#pay"] });
  });

  it.each([
    ["/services/1", { services: ["checkout", "nowhere"] }],
    ["/components/0", { components: ["nothing"] }],
    ["/destinations/0", { destinations: ["00000000-0000-4000-8000-000000000000"] }],
    ["/emails/0", { emails: ["a@b..c"] }],
    ["/name", { name: "taken" }],
  ])("names what is wrong: %s", async (pointer, part) => {
    await test.core.db.read.insert(services).values({ name: "checkout" });
    await audience({ name: "Taken" });
    await expect(audience({ name: "Another", ...part })).rejects.toMatchObject(refusal(pointer));
    expect(await listAudiences(test.core.db.read, ctx())).toHaveLength(1);
  });

  it("loses a destination that is deleted, and is deleted itself", async () => {
    const relay = await webhook();
    const made = await audience({ destinations: [relay.id] });
    await removeDestination(ctx(), relay.id);
    expect((await listAudiences(test.core.db.read, ctx()))[0]?.destinations).toEqual([]);
    await removeAudience(ctx(), made.id);
    expect(await listAudiences(test.core.db.read, ctx())).toEqual([]);
    await expect(removeAudience(ctx(), made.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(changeAudience(ctx(), made.id, {})).rejects.toMatchObject({ code: "not_found" });
    expect((await auditOf(made.id)).map((entry) => entry.action).sort()).toEqual([
      "audience.created",
      "audience.removed",
    ]);
  });

  it("is read by responders and changed by administrators only", async () => {
    const made = await audience();
    await expect(listAudiences(test.core.db.read, ctx(vic))).rejects.toMatchObject({ code: "forbidden" });
    for (const act of [
      () => createAudience(ctx(lin), { name: "X", kind: "internal" }),
      () => changeAudience(ctx(lin), made.id, { name: "X" }),
      () => removeAudience(ctx(lin), made.id),
    ])
      await expect(act()).rejects.toMatchObject({ code: "forbidden" });
  });

  it("has a most, and lists with a longest", async () => {
    const at = { createdAt: new Date(), updatedAt: new Date() };
    const many = Array.from({ length: AUDIENCES_MAX - 1 }, (_, n) => ({
      name: `A${n}`,
      kind: "public" as const,
      ...at,
    }));
    await test.core.db.read.insert(audiences).values(many);
    await audience();
    await expect(audience({ name: "One more" })).rejects.toMatchObject({ code: "conflict" });
    const fits = (part: object) => createAudienceInput.safeParse({ name: "a", kind: "internal", ...part }).success;
    const list = (count: number, item: (n: number) => string) => Array.from({ length: count }, (_, n) => item(n));
    for (const [field, max, item] of [
      ["emails", AUDIENCE_EMAILS_MAX, (n: number) => `a${n}@example.com`],
      ["slackChannels", AUDIENCE_SLACK_CHANNELS_MAX, (n: number) => `#c${n}`],
      ["destinations", AUDIENCE_DESTINATIONS_MAX, (n: number) => `d${n}`],
      ["services", AUDIENCE_MATCH_MAX, (n: number) => `s${n}`],
      ["components", AUDIENCE_MATCH_MAX, (n: number) => `s${n}`],
    ] as const) {
      expect([fits({ [field]: list(max, item) }), fits({ [field]: list(max + 1, item) })]).toEqual([true, false]);
    }
    expect([fits({ slackChannels: ["incidents"] }), fits({ severities: ["SEV9"] }), fits({ kind: "secret" })]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
