import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditEntries, services } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { RUNBOOK_LENGTH_MAX } from "#/server/runbooks/shared/lists.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeServiceInput } from "./contract.ts";
import { changeService, createService, deleteService, listServices, readService } from "./index.ts";

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
