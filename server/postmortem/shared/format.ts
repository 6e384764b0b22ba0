const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `10:03`, in UTC. */
export function utcTime(at: Date): string {
  return at.toISOString().slice(11, 16);
}

/** `21 November 2026`, the day in UTC. */
export function utcDay(at: Date): string {
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** `2026-11-21 10:03 UTC`. */
export function utcInstant(at: Date): string {
  return `${at.toISOString().slice(0, 10)} ${utcTime(at)} UTC`;
}

/** A length of time as people say it, two units at most: `40 s`, `35 min`, `2 h 5 min`, `3 d 4 h`; `—` when unknown. */
export function durationText(ms: number | null): string {
  if (ms === null) return "—";
  if (ms < MINUTE_MS) return `${Math.round(ms / 1000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  const [large, small, units] = ms < DAY_MS ? [HOUR_MS, MINUTE_MS, ["h", "min"]] : [DAY_MS, HOUR_MS, ["d", "h"]];
  const whole = Math.floor(ms / large);
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? `${whole} ${units[0]}` : `${whole} ${units[0]} ${rest} ${units[1]}`;
}
