import type { Database } from "#/db/client.ts";
import type { Core } from "#/server/events/index.ts";
import { isPassword } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { createThrottle, type Throttle } from "./throttle.ts";

/** Each check takes some 128 MiB for some 0.4 s. */
const CHECKS_AT_ONCE_MAX = 4;
/** Checks that may wait; beyond it somebody is trying to keep the server busy. */
export const CHECKS_WAITING_MAX = 50;

/** A key under which wrong passwords are counted, and how many are let through. */
export type FailureLimit = { key: string; max: number };
type Checks = { throttle: Throttle; running: number; waiting: (() => void)[] };

/** By database: every context of one server shares it, and each test has its own. */
const checksOf = new WeakMap<Database, Checks>();

function checks(core: Pick<Core, "db">): Checks {
  const known = checksOf.get(core.db) ?? { throttle: createThrottle(), running: 0, waiting: [] };
  checksOf.set(core.db, known);
  return known;
}

/** Runs one check when its turn comes. @throws AppError "unavailable" when too many wait. */
async function inTurn<T>(state: Checks, work: () => Promise<T>): Promise<T> {
  if (state.running < CHECKS_AT_ONCE_MAX) {
    state.running++;
  } else if (state.waiting.length < CHECKS_WAITING_MAX) {
    // Whoever is done hands the place over, so `running` stays.
    await new Promise<void>((resolve) => state.waiting.push(resolve));
  } else {
    throw new AppError("unavailable", "Too many people sign in at once. Try again in a moment.", {
      retryAfterSeconds: 5,
    });
  }
  try {
    return await work();
  } finally {
    const next = state.waiting.shift();
    if (next) next();
    else state.running--;
  }
}

/**
 * Compares a password with its stored form, a few at a time, and counts failures in this process's memory.
 * With no stored form it takes the same time and says no.
 *
 * @throws AppError "rate_limited" after too many wrong ones, "unavailable" when too many are checked at once.
 */
export async function checkPassword(
  core: Pick<Core, "db" | "now">,
  limits: readonly FailureLimit[],
  password: string,
  stored: string | null,
): Promise<boolean> {
  const state = checks(core);
  for (const { key, max } of limits) state.throttle.attempt(key, max, core.now().getTime());
  const isRight = await inTurn(state, () => isPassword(password, stored));
  if (isRight) for (const { key } of limits) state.throttle.forgive(key);
  return isRight;
}
