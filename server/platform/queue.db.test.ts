import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#/db/test-database.ts";
import { silentLog } from "./log.ts";
import { createQueue } from "./queue.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
afterAll(() => t.close());

async function startQueue(run: (data: Record<string, unknown>) => Promise<void>) {
  const queue = createQueue(t.db, t.url, silentLog);
  queue.work("test.job", { retries: 3 }, run);
  await queue.start();
  return queue;
}

test("a job runs after the commit of its cause, and not at all after a rollback", async () => {
  const ran: unknown[] = [];
  const queue = await startQueue(async (data) => void ran.push(data.n));
  await t.db.transaction((tx) => queue.enqueue(tx, "test.job", { n: 1 }));
  const failing = t.db.transaction(async (tx) => {
    await queue.enqueue(tx, "test.job", { n: 2 });
    throw new Error("rolled back");
  });
  await expect(failing).rejects.toThrow("rolled back");
  await t.db.transaction((tx) => queue.enqueue(tx, "test.job", { n: 3 }));
  await expect.poll(() => ran, { timeout: 10_000 }).toEqual([1, 3]);
  await queue.stop();
});

test("a second start on the same database works, and takes up what waits", async () => {
  const first = await startQueue(async () => {});
  await first.stop();
  const ran: unknown[] = [];
  const second = await startQueue(async (data) => void ran.push(data.n));
  await t.db.transaction((tx) => second.enqueue(tx, "test.job", { n: 4 }));
  await expect.poll(() => ran, { timeout: 10_000 }).toEqual([4]);
  await second.stop();
});

test("a job that fails is tried again, and knows its last try", async () => {
  const tries: boolean[] = [];
  const queue = createQueue(t.db, t.url, silentLog);
  queue.work("test.failing", { retries: 1 }, async (_data, run) => {
    tries.push(run.isLastTry);
    throw new Error("no");
  });
  await queue.start();
  await t.db.transaction((tx) => queue.enqueue(tx, "test.failing", {}));
  await expect.poll(() => tries, { timeout: 18_000 }).toEqual([false, true]);
  await queue.stop();
});

test("what is due soon wakes its workers by itself, not at the next look", async () => {
  const late: number[] = [];
  const queue = await startQueue(async (data) => void late.push(Date.now() - Number(data.due)));
  for (let n = 0; n < 8; n += 1) {
    const due = Date.now() + 300;
    await t.db.transaction((tx) => queue.enqueue(tx, "test.job", { due }, { startAt: new Date(due) }));
    await expect.poll(() => late.length, { interval: 10, timeout: 10_000 }).toBe(n + 1);
  }
  // A look every two seconds would be late by one in the middle.
  expect(late.sort((a, b) => a - b)[4]).toBeLessThan(1_000);
  await queue.stop();
});

test("a backlog is worked off at once, in order, not one job for each look", async () => {
  const waiting = Array.from({ length: 40 }, (_, n) => n);
  const ran: unknown[] = [];
  const queue = createQueue(t.db, t.url, silentLog);
  queue.work("test.backlog", {}, async (data) => void ran.push(data.n));
  await queue.start();
  await t.db.transaction(async (tx) => {
    for (const n of waiting) await queue.enqueue(tx, "test.backlog", { n });
  });
  await expect.poll(() => ran.length, { timeout: 15_000 }).toBe(waiting.length);
  expect(ran).toEqual(waiting);
  await queue.stop();
});

test("small jobs come together, the urgent ones first and then by their age", async () => {
  const batches: unknown[][] = [];
  const gate = Promise.withResolvers<void>();
  const queue = createQueue(t.db, t.url, silentLog);
  queue.workBatches("test.small", { batch: 4 }, async (all) => {
    batches.push(all.map((data) => data.n));
    await gate.promise;
  });
  await queue.start();
  const add = (n: number, priority = 0) =>
    t.db.transaction((tx) => queue.enqueue(tx, "test.small", { n }, { priority }));
  await add(0);
  await expect.poll(() => batches).toEqual([[0]]);
  for (const n of [1, 2, 3]) await add(n);
  for (const n of [4, 5]) await add(n, -1);
  for (const n of [6, 7]) await add(n, 1);
  gate.resolve();
  await expect.poll(() => batches).toEqual([[0], [6, 7, 1, 2], [3, 4, 5]]);
  await queue.stop();
});
