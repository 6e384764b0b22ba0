import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rowsInOrder } from "./client.ts";
import { testDatabase } from "./test-database.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const set = (value: string) => sql`select set_config('muster.said', ${value}, true) as said`;
const get = sql`select current_setting('muster.said') as said`;

test("queries that are sent at once are done in their order, parsed before or not", async () => {
  for (let round = 0; round < 20; round += 1) {
    const answers = await database.db.transaction((tx) =>
      rowsInOrder<{ said: string }>(tx, [set(`${round} a`), get, set(`${round} b`), get]),
    );
    expect(answers.map(([row]) => row?.said)).toEqual([`${round} a`, `${round} a`, `${round} b`, `${round} b`]);
  }
});

test("when one of them fails, the transaction does", async () => {
  const failing = database.db.transaction((tx) => rowsInOrder(tx, [set("c"), sql`select 1 / 0`, get]));
  await expect(failing).rejects.toThrow();
  expect(await database.db.statement("select 1 as one", [])).toEqual([{ one: 1 }]);
});
