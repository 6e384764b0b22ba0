import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { webhookSubscribers } from "#/db/schema/index.ts";
import { WEBHOOK_SUBSCRIBERS_MAX } from "#/server/audience/contract.ts";
import {
  addWebhookSubscriber,
  createComponent,
  listWebhookSubscribers,
  removeWebhookSubscriber,
} from "#/server/audience/index.ts";
import { statusPageRoutes } from "#/server/http/routes/status-page.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { postMaintenanceUpdate, scheduleMaintenance } from "#/server/maintenance/index.ts";
import { correctUpdate, publishUpdate } from "#/server/updates/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { sendWebhookConfirmation } from "./send-confirmation.ts";
import { createStatusPage, type StatusPage } from "./status-page.ts";
import { fanOutComponent, fanOutWebhooks, registerPageWebhooks, tellWebhook } from "./webhooks.ts";

let test: TestOutbox;
let page: StatusPage;
let dataDir: string;
let admin: Awaited<ReturnType<TestOutbox["person"]>>;
let checkout: { id: string; publicId: string };
let search: { id: string; publicId: string };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "muster-webhooks-"));
  test = await testOutbox({ dataDir, publicUrl: "https://muster.example" });
  // Signatures are checked against the real clock.
  test.clock.at = new Date();
  admin = await test.person("Root", "admin");
  checkout = await createComponent(test.ctx(admin), { name: "Checkout" });
  search = await createComponent(test.ctx(admin), { name: "Search" });
  page = createStatusPage(test.core);
  await page.start();
  registerPageWebhooks(test.core, test.world.outside);
  test.workers.set("status-page.webhooks", (data) => fanOutWebhooks(test.core, data as never));
  test.workers.set("status-page.webhook", (data) =>
    tellWebhook(test.core, test.world.outside, data as never, { isLastTry: false }).catch(() => {}),
  );
});
afterAll(async () => {
  page.stop();
  await test.close();
  await rm(dataDir, { recursive: true, force: true });
});

const hook = (path: string) => `${test.world.url}/${path}`;
const told = (path: string) => test.world.calls.filter((call) => call.path === `/${path}`);
const rows = () => test.core.db.read.select().from(webhookSubscribers);
const list = async () => (await listWebhookSubscribers(test.core.db.read, test.ctx(admin), { limit: 50 })).items;
async function publish(title: string, component: { id: string }) {
  const incident = await createIncident(test.ctx(admin), { title: "internal", severity: "SEV2" });
  const update = await publishUpdate(test.ctx(admin), incident.id, {
    status: "investigating",
    body: `${title} is being looked into.`,
    channels: ["status_page"],
    title,
    components: [{ id: component.id, status: "partial_outage" }],
  });
  await test.runJobs(page);
  return { incident, update };
}

it("a webhook hears of the components it chose, signed, in Statuspage's shape, and again of a correction", async () => {
  const { secret } = await addWebhookSubscriber(test.ctx(admin), { url: hook("all") });
  await addWebhookSubscriber(test.ctx(admin), { url: hook("search"), components: [search.id] });
  const { incident, update } = await publish("Card payments fail", checkout);
  expect(told("search")).toHaveLength(0);
  const [call] = told("all");
  new Webhook(secret).verify(call?.body.toString() ?? "", call?.headers as Record<string, string>);
  expect(call?.json).toMatchObject({
    meta: { unsubscribe: expect.stringContaining("https://muster.example/unsubscribe/webhook/") },
    page: { status_indicator: "major", status_description: "Partial System Outage" },
    incident: {
      name: "Card payments fail",
      status: "investigating",
      impact: "major",
      incident_updates: [{ body: "Card payments fail is being looked into.", status: "investigating" }],
      components: [{ name: "Checkout", status: "partial_outage" }],
    },
  });
  expect(call?.body.toString()).not.toContain("internal");
  await correctUpdate(test.ctx(admin), incident.id, update.id, { body: "Some card payments fail." });
  await test.runJobs(page);
  expect(told("all")[1]?.body.toString()).toContain("Some card payments fail.");
  expect(told("all")[1]?.headers["webhook-id"]).not.toBe(call?.headers["webhook-id"]);
  await publish("Search is slow", search);
  expect(told("search")).toHaveLength(1);
  expect((await list()).every((one) => one.lastSentAt !== null && one.lastError === null)).toBe(true);
});

it("what is not on the page is told to nobody", async () => {
  const before = test.world.calls.length;
  const incident = await createIncident(test.ctx(admin), { title: "internal" });
  const parts = { status: "investigating", body: "For us.", channels: ["email"] } as const;
  await publishUpdate(test.ctx(admin), incident.id, { ...parts, channels: ["email"], audience: "internal" });
  await publishUpdate(test.ctx(admin), incident.id, { ...parts, channels: ["email"] });
  await test.runJobs(page);
  expect(test.world.calls).toHaveLength(before);
});

it("a receiver that fails is tried again under the same id, and one that is gone is not told again", async () => {
  await addWebhookSubscriber(test.ctx(admin), { url: hook("failing") });
  test.world.script.answer = (call) => (call.path === "/failing" ? { status: 500 } : {});
  await publish("A", checkout);
  expect((await list()).find((one) => one.lastError)?.lastError).toContain("HTTP 500");
  const row = (await rows()).find((one) => one.lastError);
  const data = { subscriberId: row?.id ?? "", version: "v", payload: told("failing")[0]?.json as never };
  await expect(tellWebhook(test.core, test.world.outside, data, { isLastTry: false })).rejects.toThrow("500");
  await tellWebhook(test.core, test.world.outside, data, { isLastTry: true });
  const ids = told("failing").map((call) => call.headers["webhook-id"]);
  expect(new Set(ids.slice(1)).size).toBe(1);
  test.world.script.answer = () => ({ status: 410 });
  await tellWebhook(test.core, test.world.outside, data, { isLastTry: false });
  test.world.script.answer = () => ({});
  const before = told("failing").length;
  await publish("B", checkout);
  expect(told("failing")).toHaveLength(before);
  expect((await list()).some((one) => one.id === row?.id)).toBe(false);
});

it("a reader's webhook is asked about by mail, confirmed by a press, and ended by one", async () => {
  const routes = statusPageRoutes(page);
  const ask = (webhook: string, email = "dev@example.com") =>
    routes.request("/subscribe", { method: "POST", body: new URLSearchParams({ webhook, email }) });
  for (const bad of [
    "nothing",
    "ftp://example.com/x",
    "https://user:pass@example.com/",
    `https://e.com/${"x".repeat(2_000)}`,
  ]) {
    expect((await ask(bad)).status, bad).toBe(400);
  }
  expect((await ask(hook("reader"), "nobody")).status).toBe(400);
  expect((await ask(hook("reader"))).status).toBe(200);
  expect((await ask(hook("reader"))).status).toBe(200);
  const asked = test.jobs.filter((job) => job.name === "subscribers.confirm_webhook");
  expect(asked).toHaveLength(1);
  await sendWebhookConfirmation(test.core, String(asked[0]?.data.subscriberId));
  test.jobs.length = 0;
  await publish("Not yet", checkout);
  expect(told("reader")).toHaveLength(0);
  const mail = test.mail.mails.find((one) => one.to === "dev@example.com")?.source.replace(/=\r?\n/g, "") ?? "";
  expect(mail).toContain(">Muster status</td>");
  const [, link] = /https:\/\/muster\.example(\/subscribe\/webhook\/[\w-]+)/.exec(mail) ?? [];
  expect(await (await routes.request(link ?? "")).text()).toContain("Confirm");
  const done = await (await routes.request(link ?? "", { method: "POST" })).text();
  const [secret] = /whsec_[\w+/=]+/.exec(done) ?? [];
  await publish("Now", checkout);
  const [call] = told("reader");
  if (!call) throw new Error("the webhook was told nothing");
  new Webhook(secret ?? "").verify(call?.body.toString() ?? "", call?.headers as Record<string, string>);
  const { meta } = call.json as { meta: { unsubscribe: string } };
  const leave = meta.unsubscribe.replace("https://muster.example", "");
  expect(await (await routes.request(leave)).text()).toContain("Unsubscribe");
  expect((await routes.request(leave, { method: "POST" })).status).toBe(200);
  await publish("No more", checkout);
  expect(told("reader")).toHaveLength(1);
  for (const path of ["/subscribe/webhook/AAAA", "/unsubscribe/webhook/AAAA"]) {
    expect((await routes.request(path, { method: "POST" })).status).toBe(404);
  }
});

it("another state of a component is told in Statuspage's shape to those who follow it, once each", async () => {
  test.workers.set("status-page.component", (data) => fanOutComponent(test.core, data as never));
  await addWebhookSubscriber(test.ctx(admin), { url: hook("everything") });
  await addWebhookSubscriber(test.ctx(admin), { url: hook("of-search"), components: [search.id] });
  const later = (hours: number) => new Date(test.clock.at.getTime() + hours * 3_600_000).toISOString();
  const quiet = await createComponent(test.ctx(admin), { name: "Quiet" });
  const plan = (components: string[]) =>
    scheduleMaintenance(test.ctx(admin), {
      title: "Swap",
      body: "A swap.",
      components,
      from: later(0),
      until: later(1),
    });
  const made = await plan([quiet.id]);
  await test.runJobs(page);
  expect(told("of-search")).toEqual([]);
  const [call] = told("everything");
  expect(call?.json).toEqual({
    meta: {
      unsubscribe: expect.stringContaining("https://muster.example/unsubscribe/webhook/"),
      documentation: "https://muster.example/subscribe",
      generated_at: expect.any(String),
    },
    page: { id: expect.any(String), status_indicator: expect.any(String), status_description: expect.any(String) },
    component_update: {
      id: expect.stringMatching(/^[0-9a-z]{12}$/),
      component_id: quiet.publicId,
      old_status: "operational",
      new_status: "under_maintenance",
      created_at: test.clock.at.toISOString(),
    },
    component: expect.objectContaining({ id: quiet.publicId, name: "Quiet", status: "under_maintenance" }),
  });
  await postMaintenanceUpdate(test.ctx(admin), made.id, { body: "It goes on." });
  await test.runJobs(page);
  expect(told("everything")).toHaveLength(1);
  await postMaintenanceUpdate(test.ctx(admin), made.id, { status: "completed" });
  await test.runJobs(page);
  expect(told("everything")[1]?.json).toMatchObject({
    component_update: { old_status: "under_maintenance", new_status: "operational" },
  });
  test.workers.delete("status-page.component");
});

it("a mailbox is asked about one webhook at a time, whatever address and spelling is entered", async () => {
  const routes = statusPageRoutes(page);
  const ask = (webhook: string, email: string) =>
    routes.request("/subscribe", { method: "POST", body: new URLSearchParams({ webhook, email }) });
  const asked = () => test.jobs.filter((job) => job.name === "subscribers.confirm_webhook").length;
  test.jobs.length = 0;
  expect((await ask(hook("one"), "flooded@example.com")).status).toBe(200);
  expect((await ask(hook("two"), "Flooded@Example.com")).status).toBe(200);
  expect((await ask(hook("three"), "another@example.com")).status).toBe(200);
  expect(asked()).toBe(2);
  const begun = test.clock.at;
  test.wait(10 * 60_000);
  expect((await ask(hook("two"), "flooded@example.com")).status).toBe(200);
  expect(asked()).toBe(3);
  test.clock.at = begun;
  test.jobs.length = 0;
});

it("addresses are kept encrypted, belong to administrators, and have a limit", async () => {
  const [row] = await rows();
  expect(JSON.stringify(row)).not.toContain("/all");
  const viewer = await test.person("Vera", "viewer");
  await expect(listWebhookSubscribers(test.core.db.read, test.ctx(viewer), { limit: 1 })).rejects.toMatchObject({
    code: "forbidden",
  });
  await removeWebhookSubscriber(test.ctx(admin), row?.id ?? "");
  await expect(removeWebhookSubscriber(test.ctx(admin), row?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
  const DAY_MS = 24 * 3_600_000;
  const yesterday = new Date(test.clock.at.getTime() - DAY_MS);
  const filler = (name: string) => ({ urlSealed: "x", urlHash: name, host: "h", createdAt: test.clock.at });
  await test.core.db.read.delete(webhookSubscribers);
  await test.core.db.read
    .insert(webhookSubscribers)
    .values([
      { ...filler("ended"), confirmedAt: test.clock.at, endedAt: test.clock.at },
      { ...filler("never confirmed"), createdAt: yesterday },
      { ...filler("old"), createdAt: yesterday, confirmedAt: yesterday },
      ...Array.from({ length: WEBHOOK_SUBSCRIBERS_MAX - 2 }, (_, n) => filler(`${n}`)),
    ]);
  await addWebhookSubscriber(test.ctx(admin), { url: hook("fits") });
  await expect(addWebhookSubscriber(test.ctx(admin), { url: hook("over") })).rejects.toMatchObject({
    code: "conflict",
  });
});
