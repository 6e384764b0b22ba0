import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alerts, incidents, invitations, services, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import {
  changeRoute,
  createIntegration,
  integrationOfKey,
  listRoutes,
  processDelivery,
  receiveDelivery,
} from "#/server/alerts/index.ts";
import { registerOwnerInvitations } from "#/server/invitations/index.ts";
import { changeService, createService } from "#/server/services/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import {
  acceptIncident,
  affectedServices,
  changeIncident,
  createIncident,
  findIncident,
  reopenIncident,
  resolveIncident,
} from "./index.ts";
import { LINKS_MAX } from "./shared/lists.ts";

let t: TestCore;
let ada: UserActor;
let lin: UserActor;
let admin: UserActor;
beforeAll(async () => {
  t = await testCore();
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  admin = await t.person("Adam", "admin");
  registerOwnerInvitations(t.core);
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const table of [alerts, incidents, services]) await t.core.db.read.delete(table);
  await changeSettings(t.ctx(admin), { serviceOwners: { invite: false } });
});

const dashboard = { kind: "dashboard" as const, title: "Latency", url: "https://grafana.example.com/d/1" };
const repository = { kind: "repository" as const, title: "", url: "https://git.example.com/shop" };
const wiki = { kind: "other" as const, title: "Wiki", url: "https://wiki.example.com" };
const checkout = () =>
  createService(t.ctx(admin), {
    name: "checkout",
    ownerId: lin.userId,
    runbook: "# Roll back",
    links: [dashboard, repository, wiki],
  });
const brought = async (incidentId: string) =>
  (await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.incidentId, incidentId)))
    .filter(({ type }) => type === "service.brought")
    .sort((a, b) => a.seq - b.seq)
    .map(({ data }) => data);
const links = async (id: string) => (await findIncident(t.core.db.read, t.ctx(ada), id)).links;

describe("what belongs to a service enters the room", () => {
  test("on accept, not before: links, runbook and owner, with the reason", async () => {
    await checkout();
    const row = await createIncident(t.ctx(ada), { title: "Slow", status: "triage", services: ["checkout"] });
    expect(await brought(row.id)).toEqual([]);
    const after = await acceptIncident(t.ctx(ada), { incident: row.id });
    expect(after.links).toEqual([dashboard, repository, { ...wiki, kind: "link" }]);
    expect(after).toMatchObject({ version: (await findIncident(t.core.db.read, t.ctx(ada), row.id)).version });
    expect(await brought(row.id)).toMatchObject([
      {
        service: "checkout",
        brought: ["dashboard Latency", "repository git.example.com/shop", "link Wiki", "runbook"],
        owner: "Lin",
      },
    ]);
  });

  test("when an incident is declared, and when a service is named later, each once", async () => {
    await checkout();
    const row = await createIncident(t.ctx(ada), { title: "Slow", services: ["checkout"] });
    expect(row.links).toHaveLength(3);
    const other = { ...dashboard, title: "Payments", url: "https://grafana.example.com/d/2" };
    await createService(t.ctx(admin), { name: "payments", links: [dashboard, other] });
    const named = (keys: string[]) => changeIncident(t.ctx(ada), { incident: row.id, change: { services: keys } });
    const after = await named(["checkout", "payments"]);
    expect(after.links.map(({ url }) => url)).toEqual([dashboard.url, repository.url, wiki.url, other.url]);
    await named(["checkout"]);
    await named(["checkout", "payments"]);
    expect((await brought(row.id)).map(({ service }) => service)).toEqual(["checkout", "payments"]);
  });

  test("a link that somebody removes stays away", async () => {
    await checkout();
    const row = await createIncident(t.ctx(ada), { title: "Slow", services: ["checkout"] });
    await changeIncident(t.ctx(ada), { incident: row.id, change: { links: [] } });
    await resolveIncident(t.ctx(ada), { incident: row.id, summary: "" });
    await reopenIncident(t.ctx(ada), { incident: row.id });
    expect(await links(row.id)).toEqual([]);
  });

  test("as far as there is place, and the entry says what found none", async () => {
    const many = Array.from({ length: 20 }, (_, n) => ({ ...dashboard, url: `https://example.com/${n}` }));
    await createService(t.ctx(admin), { name: "a", links: many.slice(0, LINKS_MAX - 1) });
    await createService(t.ctx(admin), { name: "b", links: [repository, wiki] });
    const row = await createIncident(t.ctx(ada), { title: "Slow", services: ["a", "b"] });
    expect(row.links).toHaveLength(LINKS_MAX);
    expect((await brought(row.id))[1]).toMatchObject({ left: expect.stringContaining("1 more link finds no place") });
  });

  test("nothing is said of a service that has nothing, nor of one in a retrospective", async () => {
    await createService(t.ctx(admin), { name: "bare" });
    await checkout();
    const bare = await createIncident(t.ctx(ada), { title: "x", services: ["bare"] });
    const past = await createIncident(t.ctx(ada), { title: "x", status: "resolved", services: ["checkout"] });
    expect([...(await brought(bare.id)), ...(await brought(past.id))]).toEqual([]);
  });
});

describe("the owner", () => {
  const asked = async () => (await t.core.db.read.select().from(invitations)).map(({ userId }) => userId);
  const declare = (more: object = {}, by = ada) =>
    createIncident(t.ctx(by), { title: "Slow", services: ["checkout"], ...more });

  test("is not asked unless the organisation wants it", async () => {
    await checkout();
    await declare();
    expect(await asked()).toEqual([]);
  });

  test("is asked then, in the words of an invitation; once", async () => {
    await changeSettings(t.ctx(admin), { serviceOwners: { invite: true } });
    await checkout();
    await createService(t.ctx(admin), { name: "payments", ownerId: lin.userId });
    await declare({ services: ["checkout", "payments"] });
    expect(await asked()).toEqual([lin.userId]);
    const [invitation] = await t.core.db.read.select().from(invitations);
    expect(invitation).toMatchObject({ serviceName: "checkout", invitedByName: "Ada", times: 1 });
  });

  test.each([
    ["a drill", { mode: "drill" as const }],
    ["a private incident", { visibility: "private" as const }],
  ])("is never asked to %s", async (_, more) => {
    await changeSettings(t.ctx(admin), { serviceOwners: { invite: true } });
    await checkout();
    await declare(more);
    expect(await asked()).toEqual([]);
  });

  test("does not ask themselves", async () => {
    await changeSettings(t.ctx(admin), { serviceOwners: { invite: true } });
    await checkout();
    await declare({}, lin);
    expect(await asked()).toEqual([]);
  });
});

test("affected services say their tier, owner, and which of their needs are in trouble; private ones to their members only", async () => {
  // Else the trouble of a need would join the incident of what needs it.
  const [everything] = await listRoutes(t.ctx(admin));
  await changeRoute(t.ctx(admin), everything?.id ?? "", { correlate: false });
  await createService(t.ctx(admin), { name: "payments", tier: 1 });
  await createService(t.ctx(admin), { name: "quiet" });
  const service = await checkout();
  await changeService(t.ctx(admin), {
    id: service.id,
    change: { tier: 2, team: "Shop", dependsOn: ["payments", "quiet"] },
  });
  const row = await createIncident(t.ctx(ada), { title: "Slow", services: ["checkout"] });
  const seenBy = (actor: UserActor) => affectedServices(t.core.db.read, t.ctx(actor), row);
  const calm = { name: "checkout", tier: 2, team: "Shop", owner: { id: lin.userId, name: "Lin" }, troubledBy: [] };
  expect(await seenBy(ada)).toMatchObject([calm]);

  const made = await createIntegration(t.ctx(admin), { name: "am", source: "generic-json" });
  const target = await integrationOfKey(t.core, made.key ?? "");
  const body = Buffer.from(JSON.stringify([1, 2].map((n) => ({ title: `Down ${n}`, service: "payments" }))));
  const headers = new Headers({ "content-type": "application/json" });
  const { delivery } = await receiveDelivery(t.core, { integration: target, body, query: "", headers });
  await processDelivery(t.core, delivery);
  const [opened] = await t.core.db.read.select().from(incidents).where(eq(incidents.status, "triage"));
  const trouble = [{ name: "payments", tier: 1, firing: 2, incidents: [{ reference: opened?.reference }] }];
  expect(await seenBy(ada)).toMatchObject([{ ...calm, troubledBy: trouble }]);

  await changeIncident(t.ctx(ada), { incident: opened?.id ?? "", change: { visibility: "private" } });
  expect(await seenBy(ada)).toMatchObject([{ ...calm, troubledBy: trouble }]);
  expect(await seenBy(lin)).toMatchObject([calm]);
});
