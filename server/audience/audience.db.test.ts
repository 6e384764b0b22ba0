import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditEntries, components, subscribers } from "#/db/schema/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { listSubscribers, selectRecipients } from "./audience-queries.ts";
import { changeComponent, createComponent, listComponents, removeComponent } from "./change-component.ts";
import {
  addSubscriber,
  confirmSubscription,
  endSubscription,
  removeSubscriber,
  requestSubscription,
} from "./change-subscriber.ts";
import { subscriberToken } from "./subscriber-token.ts";

let test: TestCore;
let admin: Awaited<ReturnType<TestCore["person"]>>;
let responder: typeof admin;
beforeAll(async () => {
  test = await testCore();
  admin = await test.person("Root", "admin");
  responder = await test.person("Ada");
});
afterAll(() => test.close());

const find = async (email: string) =>
  (await test.core.db.read.select().from(subscribers).where(eq(subscribers.email, email)))[0];

describe("components", () => {
  it("keep their order without gaps, have public ids, and rebuild the page", async () => {
    const ctx = test.ctx(admin);
    const made = [];
    for (const name of ["A", "B", "C", "D"]) made.push(await createComponent(ctx, { name }));
    expect(made.map((one) => one.position)).toEqual([1, 2, 3, 4]);
    for (const one of made) expect(one.publicId).toMatch(/^[0-9a-z]{12}$/);
    await changeComponent(ctx, made[3]?.id ?? "", { position: 1, description: "last shall be first" });
    const names = async () => (await listComponents(test.core.db.read, ctx)).map((one) => `${one.position}${one.name}`);
    expect(await names()).toEqual(["1D", "2A", "3B", "4C"]);
    await changeComponent(ctx, made[0]?.id ?? "", { position: 900, name: "A2" });
    expect(await names()).toEqual(["1D", "2B", "3C", "4A2"]);
    await removeComponent(ctx, made[1]?.id ?? "");
    expect((await listComponents(test.core.db.read, ctx)).map((one) => one.name)).toEqual(["D", "C", "A2"]);
    expect(test.jobs.filter((job) => job.name === "status-page.rebuild")).toHaveLength(7);
    const audit = await test.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectKind, "component"));
    expect(audit).toHaveLength(7);
  });

  it("are an administrator's to change", async () => {
    await expect(createComponent(test.ctx(responder), { name: "X" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(listComponents(test.core.db.read, test.ctx(responder))).resolves.toBeInstanceOf(Array);
    const nobody = "00000000-0000-4000-8000-000000000000";
    await expect(changeComponent(test.ctx(admin), nobody, { name: "X" })).rejects.toMatchObject({ code: "not_found" });
    await expect(removeComponent(test.ctx(admin), nobody)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("subscribers", () => {
  it("are added confirmed or asked first, by an administrator only", async () => {
    const ctx = test.ctx(admin);
    test.jobs.length = 0;
    const one = await addSubscriber(ctx, { email: " Cto@Example.com ", confirmed: true });
    expect(one).toMatchObject({ email: "Cto@Example.com", confirmed: true, components: [] });
    const again = await addSubscriber(ctx, { email: "cto@example.com" });
    expect(again).toMatchObject({ id: one.id, confirmed: true });
    expect(test.jobs).toEqual([]);
    const asked = await addSubscriber(ctx, { email: "new@example.com" });
    expect(asked.confirmed).toBe(false);
    expect(test.jobs).toMatchObject([{ name: "subscribers.confirm", data: { subscriberId: asked.id } }]);
    await expect(addSubscriber(ctx, { email: "x" })).rejects.toMatchObject({ code: "invalid" });
    await expect(addSubscriber(test.ctx(responder), { email: "a@b.c" })).rejects.toMatchObject({ code: "forbidden" });
    const page = await listSubscribers(test.core.db.read, ctx, { limit: 1 });
    expect(page.items).toHaveLength(1);
    const rest = await listSubscribers(test.core.db.read, ctx, { limit: 5, cursor: page.nextCursor ?? undefined });
    expect(rest).toMatchObject({ items: [{}], nextCursor: null });
    await removeSubscriber(ctx, asked.id);
    await expect(removeSubscriber(ctx, asked.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("from outside hear nothing before they confirm, and nothing after they leave", async () => {
    test.jobs.length = 0;
    const hears = async () =>
      (await selectRecipients(test.core.db.read, { audience: "public", components: [] })).map((row) => row.email);
    await requestSubscription(test.core, { email: "out@example.com", components: [] });
    await requestSubscription(test.core, { email: "OUT@example.com", components: [] });
    expect(test.jobs).toHaveLength(1);
    const { id } = (await find("out@example.com")) ?? { id: "" };
    expect(await hears()).not.toContain("out@example.com");
    const leave = subscriberToken(test.core.config, "unsubscribe", id);
    expect(await confirmSubscription(test.core, leave)).toBe(false);
    const confirm = subscriberToken(test.core.config, "confirm", id);
    expect(await confirmSubscription(test.core, confirm)).toBe(true);
    expect(await confirmSubscription(test.core, confirm)).toBe(true);
    expect(await hears()).toContain("out@example.com");
    expect(await endSubscription(test.core, leave)).toBe(true);
    expect(await endSubscription(test.core, leave)).toBe(true);
    expect(await hears()).not.toContain("out@example.com");
    expect(await confirmSubscription(test.core, confirm)).toBe(false);
    expect(await endSubscription(test.core, "nonsense")).toBe(false);
    // Asked for again, it starts anew.
    await requestSubscription(test.core, { email: "out@example.com", components: [] });
    expect(test.jobs).toHaveLength(2);
    expect(await hears()).not.toContain("out@example.com");
  });

  it("are not changed by a stranger who enters their address", async () => {
    const component = await createComponent(test.ctx(admin), { name: "Mine" });
    await addSubscriber(test.ctx(admin), { email: "vip@example.com", internal: true, confirmed: true });
    await requestSubscription(test.core, { email: "vip@example.com", components: [component.publicId] });
    expect(await find("vip@example.com")).toMatchObject({ internal: true, components: [] });
    await addSubscriber(test.ctx(admin), { email: "pending@example.com", internal: true });
    test.clock.at = new Date(test.clock.at.getTime() + 3_600_000);
    await requestSubscription(test.core, { email: "pending@example.com", components: [] });
    expect(await find("pending@example.com")).toMatchObject({ internal: true, confirmedAt: null });
  });
});

describe("groups of components", () => {
  let ctx: ReturnType<TestCore["ctx"]>;
  let group: string;
  const made = new Map<string, string>();
  const shape = async () =>
    (await listComponents(test.core.db.read, ctx)).map((one) => `${one.groupId ? "-" : ""}${one.position}${one.name}`);
  const id = (name: string) => made.get(name) ?? "";

  beforeAll(async () => {
    ctx = test.ctx(admin);
    for (const one of await listComponents(test.core.db.read, ctx)) await removeComponent(ctx, one.id);
    for (const name of ["API", "Shop", "Search"]) made.set(name, (await createComponent(ctx, { name })).id);
    const { id: groupId, publicId } = await createComponent(ctx, { name: "Europe", group: true });
    group = groupId;
    made.set("Pay", (await createComponent(ctx, { name: "Pay", groupId: publicId })).id);
  });

  it("hold components in an order of their own, moved in and out", async () => {
    expect(await shape()).toEqual(["1API", "2Shop", "3Search", "4Europe", "-1Pay"]);
    const moved = await changeComponent(ctx, id("Shop"), { groupId: group, position: 1 });
    expect(moved).toMatchObject({ groupId: group, position: 1 });
    expect(await shape()).toEqual(["1API", "2Search", "3Europe", "-1Shop", "-2Pay"]);
    await changeComponent(ctx, id("Search"), { groupId: group });
    await changeComponent(ctx, id("Pay"), { position: 1 });
    await changeComponent(ctx, group, { position: 1 });
    expect(await shape()).toEqual(["1Europe", "-1Pay", "-2Shop", "-3Search", "2API"]);
    await changeComponent(ctx, id("Shop"), { groupId: null, position: 2 });
    expect(await shape()).toEqual(["1Europe", "-1Pay", "-2Search", "2Shop", "3API"]);
    const [europe] = await listComponents(test.core.db.read, ctx);
    expect(europe).toMatchObject({ group: true, components: [id("Pay"), id("Search")], status: "operational" });
  });

  it("have the state of the worst in them, and none of their own to be set", async () => {
    await test.core.db.read
      .update(components)
      .set({ status: "partial_outage" })
      .where(eq(components.id, id("Pay")));
    expect((await listComponents(test.core.db.read, ctx))[0]?.status).toBe("partial_outage");
    await expect(addSubscriber(ctx, { email: "g@example.com", components: [group] })).rejects.toMatchObject({
      code: "invalid",
      message: "A group has no state of its own: name its components.",
    });
  });

  it("do not nest, and hold only what is there", async () => {
    const nested = createComponent(ctx, { name: "Nested", group: true, groupId: group });
    await expect(nested).rejects.toMatchObject({ code: "invalid" });
    await expect(changeComponent(ctx, group, { groupId: group })).rejects.toMatchObject({ code: "invalid" });
    const inComponent = changeComponent(ctx, id("API"), { groupId: id("Shop") });
    await expect(inComponent).rejects.toMatchObject({ code: "invalid" });
  });

  it("are shown as they are set up", async () => {
    const change = { showcase: false, onlyShowIfDegraded: true, startOn: "2026-01-02" };
    expect(await changeComponent(ctx, id("API"), change)).toMatchObject(change);
    expect(await changeComponent(ctx, id("API"), { startOn: null })).toMatchObject({ ...change, startOn: null });
  });

  it("leave what stands in them where they stood", async () => {
    await removeComponent(ctx, group);
    expect(await shape()).toEqual(["1Pay", "2Search", "3Shop", "4API"]);
  });
});
