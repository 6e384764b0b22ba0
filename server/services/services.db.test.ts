import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditEntries, services } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { resolveServices } from "#/server/incidents/index.ts";
import { RUNBOOK_LENGTH_MAX } from "#/server/runbooks/shared/lists.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeServiceInput } from "./contract.ts";
import {
  changeService,
  createService,
  deleteService,
  findServiceByRepository,
  listServices,
  readService,
} from "./index.ts";
import { SERVICE_ALIASES_MAX, SERVICE_DEPENDENCIES_MAX, SERVICE_LINKS_MAX } from "./shared/lists.ts";

let t: TestCore;
let admin: UserActor;
beforeAll(async () => {
  t = await testCore();
  admin = await t.person("Adam", "admin");
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.core.db.read.delete(services);
  await t.core.db.read.delete(auditEntries);
});
const nobody = "00000000-0000-4000-8000-000000000000";

test("a service is made, changed, read and taken away", async () => {
  const ctx = t.ctx(admin);
  const made = await createService(ctx, { name: "checkout", tellEmails: ["a@example.com", "a@example.com"] });
  expect(made).toEqual({
    id: made.id,
    name: "checkout",
    description: "",
    owner: null,
    tellEmails: ["a@example.com"],
    tell: ["email:a@example.com"],
    runbookUrl: null,
    runbook: "",
    tier: null,
    team: "",
    links: [],
    aliases: [],
    dependsOn: [],
    dependedOnBy: [],
  });
  const change = { ownerId: admin.userId, runbookUrl: "https://wiki.example.com/checkout" };
  const changed = await changeService(ctx, { id: made.id, change });
  expect(changed).toEqual({ ...made, owner: { id: admin.userId, name: "Adam" }, runbookUrl: change.runbookUrl });
  expect(await changeService(ctx, { id: made.id, change: {} })).toEqual(changed);
  expect(await readService(ctx.db.read, ctx, made.id)).toEqual(changed);
  await deleteService(ctx, { id: made.id });
  await expect(readService(ctx.db.read, ctx, made.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(deleteService(ctx, { id: made.id })).rejects.toMatchObject({ code: "not_found" });
  const actions = (await ctx.db.read.select().from(auditEntries)).map((row) => row.action);
  expect(actions.sort()).toEqual(["service.changed", "service.created", "service.deleted"]);
});

test("a runbook is kept as it is written, up to its limit; the audit log says only that it was", async () => {
  const ctx = t.ctx(admin);
  const runbook = "# Checkout\n\n- [ ] roll back";
  const made = await createService(ctx, { name: "checkout", runbook });
  expect(made.runbook).toBe(runbook);
  expect(await changeService(ctx, { id: made.id, change: { description: "x" } })).toMatchObject({ runbook });
  const [entry] = await ctx.db.read.select().from(auditEntries);
  expect(entry?.detail).toEqual({ name: "checkout", runbook: `${runbook.length} characters` });
  const fits = { runbook: "x".repeat(RUNBOOK_LENGTH_MAX) };
  expect(changeServiceInput.safeParse(fits).success).toBe(true);
  expect(changeServiceInput.safeParse({ runbook: `${fits.runbook}x` }).success).toBe(false);
  for (const runbookUrl of ["javascript:alert(1)", "ftp://wiki.example.com", "wiki"]) {
    expect(changeServiceInput.safeParse({ runbookUrl }).success).toBe(false);
  }
});

test("names are unique in any case, and owners are people who are here", async () => {
  const ctx = t.ctx(admin);
  await createService(ctx, { name: "Checkout" });
  const other = await createService(ctx, { name: "search" });
  await expect(createService(ctx, { name: "checkout" })).rejects.toMatchObject({ code: "conflict" });
  await expect(changeService(ctx, { id: other.id, change: { name: "CHECKOUT" } })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await changeService(ctx, { id: other.id, change: { name: "Search" } })).toMatchObject({ name: "Search" });
  await expect(createService(ctx, { name: "x", ownerId: nobody })).rejects.toMatchObject({ code: "invalid" });
  await expect(changeService(ctx, { id: nobody, change: { name: "y" } })).rejects.toMatchObject({ code: "not_found" });
});

test("what belongs to it is kept: tier, team, links, other names and neighbours", async () => {
  const ctx = t.ctx(admin);
  const payments = await createService(ctx, { name: "payments" });
  const made = await createService(ctx, {
    name: "checkout",
    tier: 1,
    team: "Shop",
    links: [{ kind: "dashboard", title: "Latency", url: "https://grafana.example.com/d/1" }],
    aliases: ["checkout-api", "CHECKOUT-API", "Checkout"],
    dependsOn: ["PAYMENTS"],
  });
  expect(made).toMatchObject({ aliases: ["checkout-api"], dependsOn: [{ id: payments.id, name: "payments" }] });
  expect(await readService(ctx.db.read, ctx, payments.id)).toMatchObject({
    dependedOnBy: [{ id: made.id, name: "checkout" }],
  });
  const changed = await changeService(ctx, { id: made.id, change: { aliases: [], dependsOn: [], tier: null } });
  expect(changed).toMatchObject({ aliases: [], dependsOn: [], tier: null, team: "Shop" });
  await changeService(ctx, { id: payments.id, change: { dependsOn: [made.id] } });
  await deleteService(ctx, { id: made.id });
  expect(await readService(ctx.db.read, ctx, payments.id)).toMatchObject({ dependsOn: [] });
});

test("two services may need each other; none needs itself, or one that is not there", async () => {
  const ctx = t.ctx(admin);
  const a = await createService(ctx, { name: "a" });
  const b = await createService(ctx, { name: "b", dependsOn: ["a"] });
  expect(await changeService(ctx, { id: a.id, change: { dependsOn: ["b"] } })).toMatchObject({
    dependsOn: [{ id: b.id }],
    dependedOnBy: [{ id: b.id }],
  });
  for (const key of ["a", "nowhere", nobody]) {
    await expect(changeService(ctx, { id: a.id, change: { dependsOn: ["b", key] } })).rejects.toMatchObject({
      code: "invalid",
      errors: [{ pointer: "/dependsOn/1" }],
    });
  }
});

test("an alias is a name: taken once, found by labels, given up when the service takes it as its own", async () => {
  const ctx = t.ctx(admin);
  const checkout = await createService(ctx, { name: "checkout", aliases: ["shop-frontend"] });
  for (const input of [{ name: "Shop-Frontend" }, { name: "x", aliases: ["CHECKOUT"] }]) {
    await expect(createService(ctx, input)).rejects.toMatchObject({ code: "conflict" });
  }
  expect(await ctx.db.transaction((tx) => resolveServices(tx, ["SHOP-frontend", "checkout"]))).toEqual([checkout.id]);
  expect((await listServices(ctx.db.read, ctx, { limit: 10, q: "frontend" })).items).toMatchObject([
    { name: "checkout" },
  ]);
  const renamed = await changeService(ctx, { id: checkout.id, change: { name: "shop-frontend" } });
  expect(renamed).toMatchObject({ name: "shop-frontend", aliases: [] });
});

test("a service of a repository is found by what lies in it", async () => {
  const ctx = t.ctx(admin);
  const link = (url: string) => [{ kind: "repository" as const, title: "", url }];
  const shop = await createService(ctx, { name: "shop", links: link("https://git.example.com/acme/shop.git") });
  const cart = await createService(ctx, { name: "cart", links: link("https://git.example.com/acme/shop/cart/") });
  const find = (url: string) => findServiceByRepository(ctx.db.read, [url]);
  expect(await find("https://git.example.com/Acme/shop/commit/1")).toMatchObject({ id: shop.id });
  expect(await find("https://git.example.com/acme/shop/cart/commit/1")).toMatchObject({ id: cart.id });
  expect(await find("https://git.example.com/acme/shopping/commit/1")).toBeUndefined();
});

test("lists of a service have their limits", () => {
  const some = (count: number) => Array.from({ length: count }, (_, n) => `name-${n}`);
  const links = (count: number) => some(count).map((each) => ({ url: `https://example.com/${each}` }));
  const fits = (input: unknown) => changeServiceInput.safeParse(input).success;
  expect([fits({ aliases: some(SERVICE_ALIASES_MAX) }), fits({ aliases: some(SERVICE_ALIASES_MAX + 1) })]).toEqual([
    true,
    false,
  ]);
  expect([fits({ links: links(SERVICE_LINKS_MAX) }), fits({ links: links(SERVICE_LINKS_MAX + 1) })]).toEqual([
    true,
    false,
  ]);
  expect([
    fits({ dependsOn: some(SERVICE_DEPENDENCIES_MAX) }),
    fits({ dependsOn: some(SERVICE_DEPENDENCIES_MAX + 1) }),
  ]).toEqual([true, false]);
  expect([fits({ tier: 4 }), fits({ tier: 5 }), fits({ tier: 0 })]).toEqual([true, false, false]);
});

test("everybody reads, administrators write", async () => {
  const ctx = t.ctx(await t.person("Vera", "viewer"));
  expect(await listServices(ctx.db.read, ctx, { limit: 10 })).toEqual({ items: [], nextCursor: null });
  await expect(createService(ctx, { name: "x" })).rejects.toMatchObject({ code: "forbidden" });
});

test("the list goes by name, page by page, and can be searched", async () => {
  const ctx = t.ctx(admin);
  for (const name of ["search", "Checkout", "billing", "100%"]) await createService(ctx, { name });
  const first = await listServices(ctx.db.read, ctx, { limit: 3 });
  expect(first.items.map((service) => service.name)).toEqual(["100%", "billing", "Checkout"]);
  const second = await listServices(ctx.db.read, ctx, { limit: 3, cursor: first.nextCursor ?? undefined });
  expect(second.items.map((service) => service.name)).toEqual(["search"]);
  expect(second.nextCursor).toBeNull();
  const found = await listServices(ctx.db.read, ctx, { limit: 3, q: "%" });
  expect(found.items.map((service) => service.name)).toEqual(["100%"]);
});
