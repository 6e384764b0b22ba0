import { vi } from "vitest";

/** Long enough for a machine whose cores are all busy; who is quicker is not kept waiting. */
const LIMIT_MS = 15_000;
const LOOK_MS = 10;

/** Tries until what is expected holds. @throws what it threw last */
export function eventually<T>(expected: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(expected, { timeout: LIMIT_MS, interval: LOOK_MS });
}
