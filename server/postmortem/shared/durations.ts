/** The instants of an incident that its durations are made of; null where nobody knows. */
export type IncidentTimes = {
  impactStartedAt: Date | null;
  detectedAt: Date | null;
  firstAlertAt: Date | null;
  acknowledgedAt: Date | null;
  acceptedAt: Date | null;
  declaredAt: Date;
  mitigatedAt: Date | null;
  resolvedAt: Date | null;
};

export const durationKeys = ["ttd", "tta", "ttm", "ttr"] as const;
export type DurationKey = (typeof durationKeys)[number];

/** One duration, and which two instants it lies between: the same letters mean different things elsewhere. */
export type Duration = { key: DurationKey; name: string; ms: number | null; from: string; to: string };

/** What each duration is called. */
export const durationNames: Record<DurationKey, string> = {
  ttd: "Time to detect",
  tta: "Time to acknowledge",
  ttm: "Time to mitigate",
  ttr: "Time to resolve",
};

type Instant = { at: Date; name: string } | null;

function firstOf(...candidates: [Date | null, string][]): Instant {
  for (const [at, name] of candidates) if (at) return { at, name };
  return null;
}

function between(key: DurationKey, from: Instant, to: Instant, names: { from: string; to: string }): Duration {
  const ms = from && to ? to.at.getTime() - from.at.getTime() : null;
  return {
    key,
    name: durationNames[key],
    // An end before its start is a mistake in the record, not a duration.
    ms: ms !== null && ms >= 0 ? ms : null,
    from: from?.name ?? names.from,
    to: to?.name ?? names.to,
  };
}

/**
 * Detect, acknowledge, mitigate, resolve, in this order. Pure.
 *
 * Detect is unknown until somebody says when the impact started. Mitigate and resolve then count from the first
 * sign on record instead, and `from` says so.
 */
export function durationsOf(times: IncidentTimes): Duration[] {
  const impact = firstOf([times.impactStartedAt, "impact start"]);
  const signal = firstOf(
    [times.firstAlertAt, "first alert"],
    [times.detectedAt, "detection"],
    [times.declaredAt, "declaration"],
  );
  const start = impact ?? signal;
  const alert = firstOf([times.firstAlertAt, "first alert"]);
  const detected = firstOf([times.detectedAt, "detection"], [times.firstAlertAt, "first alert"]);
  const taken = firstOf([times.acknowledgedAt, "acknowledgement"], [times.acceptedAt, "acceptance"]);
  const mitigated = firstOf([times.mitigatedAt, "mitigation"]);
  const resolved = firstOf([times.resolvedAt, "resolution"]);
  return [
    between("ttd", impact, detected, { from: "impact start", to: "detection" }),
    between("tta", alert, taken, { from: "first alert", to: "acknowledgement" }),
    between("ttm", start, mitigated, { from: "impact start", to: "mitigation" }),
    between("ttr", start, resolved, { from: "impact start", to: "resolution" }),
  ];
}
