/** So many deliveries of one integration within the span are a storm; whoever sends less does not wait behind it. */
export const STORM_FROM = 200;
export const STORM_SPAN_MS = 10_000;
/** What a storm left has to be read before what comes after it: longer than any backlog is meant to take. */
export const STORM_LASTS_MS = 5 * 60_000;

type Pace = { since: number; count: number; busyUntil: number };

/** Which integrations are in a storm, as this process sees it. */
export class BusySenders {
  readonly #paces = new Map<string, Pace>();

  /** Counts one delivery; answers whether its integration is in a storm. */
  note(integrationId: string, now: number): boolean {
    const pace = this.#paces.get(integrationId) ?? { since: now, count: 0, busyUntil: 0 };
    if (now - pace.since >= STORM_SPAN_MS) {
      pace.since = now;
      pace.count = 0;
    }
    pace.count += 1;
    if (pace.count > STORM_FROM) pace.busyUntil = now + STORM_LASTS_MS;
    this.#paces.set(integrationId, pace);
    return now < pace.busyUntil;
  }
}
