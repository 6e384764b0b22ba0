import { afterAll, beforeAll, expect, test } from "vitest";
import { findDivergences, told } from "#/server/testing/convergence.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";

/**
 * The same seeds each time; `SEED=7` runs that one alone. Time is simulated, so the database has to answer within a
 * turn: the embedded one, in memory. `convergence.socket.test.ts` has real sockets, on both databases.
 */
const chosen = process.env.SEED ? Number(process.env.SEED) : null;
const SEEDS = 500;
const TIME_LIMIT_MS = 600_000;

let t: TestCore;
beforeAll(async () => {
  t = await testCore();
});
afterAll(() => t.close());

test("[SY20] [SY21] [SY22] [SY30] [SY31] [SY40] [SY71] rooms end with one text after lost, late, repeated and swapped frames, restarts and snapshots", {
  timeout: TIME_LIMIT_MS,
}, async () => {
  const found = await findDivergences(t, chosen ?? 1, chosen === null ? SEEDS : 1);
  expect(found.map(told).join("\n\n")).toBe("");
});
