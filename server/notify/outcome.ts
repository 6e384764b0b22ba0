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
  /** What it answered, when it answered. */
  status?: number;
  /** It said that nothing will ever be taken there again. */
  isGone?: true;
  /** Whose trouble it is, where that is known: the whole other side's, or this one recipient's. */
  trouble?: "service" | "recipient";
  /** With `retry`: the other side may have taken it all the same, so it is looked for before it is sent again. */
  isDoubtful?: true;
  /** What the other side calls it, where it has a name: `name_taken`. */
  code?: string;
};

type Extra = Pick<SendFailure, "trouble" | "isDoubtful" | "code">;

export function sent(providerId: string): SendOutcome {
  return { ok: true, providerId };
}

export function failed(
  kind: SendFailure["kind"],
  reason: string,
  retryAfterMs?: number,
  extra: Extra = {},
): SendFailure {
  return { ok: false, kind, reason, ...(retryAfterMs !== undefined && { retryAfterMs }), ...extra };
}
