const WAIT_FIRST_MS = 400;
/** A server that came back is found within half a minute. */
const WAIT_MAX_MS = 30_000;

/** A random part of a wait that doubles, so that a room of people does not come back in one instant. Pure. */
export function fullJitter(attempt: number, random: number): number {
  return random * Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** Math.min(attempt, 16));
}
