import { eq, inArray, sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { alerts, incidents, intakes, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { createIntegration } from "./change-integration.ts";
import { processDeliveries } from "./process-delivery.ts";
import { type IntegrationRow, integrationOfKey, receiveDelivery } from "./receive-delivery.ts";

let t: TestCore;
let owner: UserActor;
let integration: IntegrationRow;
beforeEach(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
  integration = await added("storm");
});
afterEach(() => t.close());

async function added(name: string): Promise<IntegrationRow> {
  const made = await createIntegration(t.ctx(owner), { name, source: "generic-json" });
  return integrationOfKey(t.core, made.key ?? "");
}
async function stored(body: unknown, from = integration): Promise<string> {
  const sent = { integration: from, body: Buffer.from(JSON.stringify(body)), query: "", headers: new Headers() };
  return (await receiveDelivery(t.core, sent)).delivery;
}
const problem = (n: number) => ({ title: `Disk ${n} is full`, dedupKey: `disk-${n}`, service: "storage" });
const statesOf = async (ids: string[]) => {
  const found = await t.core.db.read.select().from(intakes).where(inArray(intakes.id, ids));
  return ids.map((id) => found.find((row) => row.id === id)?.state);
};

test("a storm becomes one room, and its alerts one entry for each transaction", async () => {
  const ids = [];
  for (let n = 0; n < 50; n += 1) ids.push(await stored(problem(n)));
  expect(await processDeliveries(t.core, ids)).toEqual([]);
  expect(await processDeliveries(t.core, ids)).toEqual([]);
  const [incident, ...others] = await t.core.db.read.select().from(incidents);
  expect(others).toEqual([]);
  const all = await t.core.db.read.select().from(alerts);
  expect(all.map(({ incidentId, count }) => [incidentId, count])).toEqual(all.map(() => [incident?.id, 1]));
  expect(all).toHaveLength(50);
  const entries = await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.type, "alert.attached"));
  expect(entries.length).toBeLessThan(10);
  const named = entries.flatMap(({ data }) => [
    data.alertId,
    ...(data.more as { alertId: string }[]).map((m) => m.alertId),
  ]);
  expect(new Set(named)).toEqual(new Set(all.map(({ id }) => id)));
});

test("one delivery of many alerts, and the ones around it, keep their order", async () => {
  const other = await added("other");
  const ids = [
    await stored(problem(0)),
    await stored(Array.from({ length: 120 }, (_, n) => problem(n))),
    await stored(problem(1), other),
    await stored({ ...problem(0), status: "resolved" }),
  ];
  expect(await processDeliveries(t.core, ids)).toEqual([]);
  expect(await statesOf(ids)).toEqual(["processed", "processed", "processed", "processed"]);
  const [first] = await t.core.db.read.select().from(alerts).where(eq(alerts.dedupKey, "disk-0"));
  expect(first).toMatchObject({ status: "resolved", count: 2 });
  expect(await t.core.db.read.select().from(alerts).where(eq(alerts.integrationId, other.id))).toHaveLength(1);
});

test("senders whose deliveries alternate are taken in as if each had come by itself", async () => {
  const other = await added("other");
  const ids = [];
  for (let n = 0; n < 20; n += 1) {
    ids.push(await stored({ ...problem(n % 10), attempt: n }), await stored({ ...problem(n % 10), attempt: n }, other));
  }
  const transactions = vi.spyOn(t.core.db, "transaction");
  expect(await processDeliveries(t.core, ids)).toEqual([]);
  expect(transactions).toHaveBeenCalledTimes(2);
  expect(new Set(await statesOf(ids))).toEqual(new Set(["processed"]));
  const all = await t.core.db.read.select().from(alerts);
  expect(all.map(({ count }) => count)).toEqual(all.map(() => 2));
  expect(all).toHaveLength(20);
});

test("one that cannot be read or taken in holds up no other", async () => {
  const ids = [await stored(problem(1)), await stored(problem(2)), await stored(problem(3)), await stored(problem(4))];
  await t.core.db.read
    .update(intakes)
    .set({ body: Buffer.from("{") })
    .where(eq(intakes.id, ids[1] ?? ""));
  const broken = sql`alter table alerts add constraint no_three check (dedup_key <> 'disk-3')`;
  await t.core.db.read.execute(broken);
  const failures = await processDeliveries(t.core, ids);
  expect(failures.map(({ deliveryId }) => deliveryId)).toEqual([ids[1], ids[2]]);
  expect(await statesOf(ids)).toEqual(["processed", "stored", "stored", "processed"]);
  await t.core.db.read.execute(sql`alter table alerts drop constraint no_three`);
  expect(await processDeliveries(t.core, ids.slice(2))).toEqual([]);
  expect(await t.core.db.read.select().from(alerts)).toHaveLength(3);
});

test("what nobody described opens one incident for its sender, whatever its bodies look like", async () => {
  const ids = [];
  for (let n = 0; n < 5; n += 1) ids.push(await stored({ [`field${n}`]: n, [`other${n}`]: "x" }));
  expect(await processDeliveries(t.core, ids)).toEqual([]);
  expect(await t.core.db.read.select().from(alerts)).toHaveLength(5);
  const [incident, ...others] = await t.core.db.read.select().from(incidents);
  expect(others).toEqual([]);
  expect(incident?.title).toMatch(/^Unrecognised delivery/);
});
