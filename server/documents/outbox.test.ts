import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox, TICK_MS } from "./outbox.ts";
import type { Seat } from "./seat.ts";

type Told = Seat & { told: number[][] };

function seat(): Told {
  const told: number[][] = [];
  const receive = (updates: readonly Uint8Array[]) => void told.push(updates.map((update) => update[0] ?? 0));
  return { told, receive, clients: new Set(), hasSynced: true, isSuspect: false, end: () => {} } as unknown as Told;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number) => vi.advanceTimersByTime(ms);

test("[SY20] one person's letters go at once, but not more often than once a tick", () => {
  const [one, two] = [seat(), seat()];
  const outbox = new Outbox(new Set([one, two]));
  outbox.add(Uint8Array.of(1), one);
  pass(0);
  expect(two.told).toEqual([[1]]);
  outbox.add(Uint8Array.of(2), one);
  outbox.add(Uint8Array.of(3), one);
  pass(TICK_MS - 1);
  expect(two.told).toEqual([[1]]);
  pass(1);
  expect(two.told).toEqual([[1], [2, 3]]);
  expect(one.told).toEqual([]);
});

test("[SY20] where several type, what comes within a tick goes together, and nobody gets their own", () => {
  const [one, two, three] = [seat(), seat(), seat()];
  const outbox = new Outbox(new Set([one, two, three]));
  outbox.add(Uint8Array.of(1), one);
  outbox.add(Uint8Array.of(2), two);
  pass(10 * TICK_MS);
  expect(three.told).toEqual([[1, 2]]);
  outbox.add(Uint8Array.of(3), two);
  pass(TICK_MS - 1);
  outbox.add(Uint8Array.of(4), one);
  expect(three.told).toHaveLength(1);
  pass(1);
  expect(three.told).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(one.told).toEqual([[2], [3]]);
  expect(two.told).toEqual([[1], [4]]);
});

test("[SY20] whoever goes on alone is told of at once again", () => {
  const [one, two] = [seat(), seat()];
  const outbox = new Outbox(new Set([one, two]));
  outbox.add(Uint8Array.of(1), one);
  outbox.add(Uint8Array.of(2), two);
  pass(1_000);
  outbox.add(Uint8Array.of(3), one);
  pass(0);
  expect(two.told).toEqual([[1], [3]]);
});
