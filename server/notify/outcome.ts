/**
 * What became of one attempt to send. `retry`: it did not arrive, later it may. `permanent`: it never will as it is.
 * `unknown`: it was handed over and no answer came, so it may have arrived.
 */
export type SendOutcome = { ok: true; providerId: string } | SendFailure;
export type SendFailure = {
  ok: false;
  kind: "retry" | "permanent" | "unknown";
  /** For people: shown beside the delivery. */
  reason: string;
  /** The other side's own wish, which wins over any schedule of ours. */
  retryAfterMs?: number;
  /** What the other side calls it, where it has a name: `name_taken`. */
  code?: string;
};

export function sent(providerId: string): SendOutcome {
  return { ok: true, providerId };
}

export function failed(kind: SendFailure["kind"], reason: string, retryAfterMs?: number): SendFailure {
  return { ok: false, kind, reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}
