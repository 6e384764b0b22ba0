import type { DeliveryRow } from "./delivery-store.ts";
import type { Outcome } from "./record-outcomes.ts";
import { backoffMs, SERVICE_BACKOFF_MAX_MS, wishedMs } from "./rules.ts";

type Way = Pick<DeliveryRow, "channel" | "destination" | "destinationId">;

/** Slack and the mail server are one other side for all their destinations; each of the others speaks for itself. */
function otherSideOf({ channel, destination, destinationId }: Way): string {
  return channel === "slack" || channel === "email" ? channel : `${channel} ${destinationId ?? destination}`;
}

/**
 * Until when the other sides are left alone: because they asked for it, or because they are away and one look at a
 * time is enough. Of one process; what they asked for is read back from the rows at a start.
 */
export class Pauses {
  readonly #ends = new Map<string, Date>();
  /** Looks in a row that found a service away. */
  readonly #strikes = new Map<string, number>();

  until(way: Way): Date | undefined {
    return this.#ends.get(otherSideOf(way));
  }

  hold(way: Way, end: Date): void {
    const known = this.until(way);
    if (!known || known < end) this.#ends.set(otherSideOf(way), end);
  }

  /** Takes note of an attempt, and says before when its delivery cannot go again. */
  note(way: Way, outcome: Outcome, now: Date, random: number): Date | undefined {
    const key = otherSideOf(way);
    if (outcome.ok) this.#strikes.delete(key);
    if (outcome.ok || outcome.kind !== "retry") return undefined;
    if (outcome.retryAfterMs !== undefined) {
      this.hold(way, new Date(now.getTime() + wishedMs(outcome.retryAfterMs)));
    } else if (outcome.trouble === "service") {
      const known = this.until(way);
      // Attempts that were on their way together found the same outage: it counts once.
      if (!known || known <= now) {
        const strikes = (this.#strikes.get(key) ?? 0) + 1;
        this.#strikes.set(key, strikes);
        // At least half the bound: who looks at the room can trust the time it says.
        const waitMs = backoffMs(strikes, 0.5 + random / 2, SERVICE_BACKOFF_MAX_MS);
        this.hold(way, new Date(now.getTime() + waitMs));
      }
    } else return undefined;
    return this.until(way);
  }

  clear(): void {
    this.#ends.clear();
    this.#strikes.clear();
  }
}
