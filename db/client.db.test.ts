import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows, rowsInOrder } from "./client.ts";
import { testDatabase, testEngine } from "./test-database.ts";

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

test("a statement that is asked often is kept by a connection to PostgreSQL; the embedded engine keeps none", async () => {
  const { db } = database;
  await db.transaction(async (tx) => {
    for (let n = 0; n < 6; n += 1) await rows(tx, sql`select ${n}::int as kept_for_the_test`);
    const kept = await rows<{ statement: string }>(
      tx,
      sql`select statement from pg_prepared_statements where statement like '%kept_for_the_test%' and statement not like '%pg_prepared%'`,
    );
    expect(kept).toHaveLength(testEngine === "postgres" ? 1 : 0);
  });
});
