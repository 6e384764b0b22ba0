import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { UserActor } from "#/server/access/index.ts";
import { createIntegration } from "#/server/alerts/change-integration.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { insertRows } from "./insert-rows.ts";
import { intakes } from "./schema/index.ts";

let t: TestCore;
let owner: UserActor;
let integrationId: string;
beforeAll(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
  integrationId = (await createIntegration(t.ctx(owner), { name: "rows", source: "generic-json" })).id;
});
afterAll(() => t.close());

const row = (repeatKey: string, values: Partial<typeof intakes.$inferInsert> = {}) => ({
  integrationId,
  source: "generic-json",
  body: Buffer.from([0, 255, 92, 120]),
  headers: { "user-agent": 'a "quoted" \\ud83d name' },
  receivedAt: new Date("2026-11-21T10:00:00.123Z"),
  repeatKey,
  dismissedAt: null,
  ...values,
});
const stored = () =>
  t.core.db.read.select().from(intakes).where(eq(intakes.integrationId, integrationId)).orderBy(asc(intakes.repeatKey));

test("rows come back as the query builder would have stored them; what is not given has its default", async () => {
  await t.core.db.transaction((tx) => insertRows(tx, intakes, [row("a"), row("b", { query: "x=ü 😀" })]));
  await t.core.db.read.insert(intakes).values(row("c"));
  const [a, b, c] = await stored();
  expect({ ...a, id: "", repeatKey: "" }).toEqual({ ...c, id: "", repeatKey: "" });
  expect(a?.state).toBe("stored");
  expect(b?.query).toBe("x=ü 😀");
  expect([...(b?.body ?? [])]).toEqual([0, 255, 92, 120]);
});

test("half a character is stored as the mark for one that is missing", async () => {
  await t.core.db.transaction((tx) => insertRows(tx, intakes, [row("d", { query: "half \ud83d" })]));
  expect((await stored()).at(-1)).toMatchObject({
    query: "half \ufffd",
    headers: { "user-agent": 'a "quoted" \\ud83d name' },
  });
});

test("no rows are no statement", async () => {
  const before = await stored();
  await t.core.db.transaction((tx) => insertRows(tx, intakes, []));
  expect(await stored()).toHaveLength(before.length);
});

test("rows of many megabytes are several statements, and all are there in their order", async () => {
  const big = Array.from({ length: 5 }, (_, n) => row(`z${n}`, { body: Buffer.alloc(2 * 1024 * 1024, n) }));
  await t.core.db.transaction((tx) => insertRows(tx, intakes, big));
  const found = (await stored()).filter(({ repeatKey }) => repeatKey?.startsWith("z"));
  expect(found.map(({ body }) => [body.length, body[0]])).toEqual(big.map((_, n) => [2 * 1024 * 1024, n]));
});
