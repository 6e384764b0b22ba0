import { expect, test, vi } from "vitest";
import { Outbox } from "./outbox.ts";
import type { Seat } from "./seat.ts";

type Told = Seat & { told: number[][] };

function seat(): Told {
  const told: number[][] = [];
  const receive = (updates: readonly Uint8Array[]) => void told.push(updates.map((update) => update[0] ?? 0));
  return { told, receive, clients: new Set(), hasSynced: true, isSuspect: false, end: () => {} } as unknown as Told;
}

test("[SY20] the first goes at once, what comes right after goes together, and nobody gets their own", async () => {
  const [one, two, three] = [seat(), seat(), seat()];
  const outbox = new Outbox(new Set([one, two, three]));
  outbox.add(Uint8Array.of(1), one);
  await vi.waitFor(() => expect(three.told).toEqual([[1]]));
  for (const [number, from] of [
    [2, one],
    [3, two],
    [4, one],
  ] as const) {
    outbox.add(Uint8Array.of(number), from);
  }
  expect(three.told).toHaveLength(1);
  await vi.waitFor(() => expect(three.told).toEqual([[1], [2, 3, 4]]));
  expect(one.told).toEqual([[3]]);
  expect(two.told).toEqual([[1], [2, 4]]);
});
