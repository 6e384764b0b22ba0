import type { Severity } from "#/server/incidents/shared/lists.ts";

const DAY_MS = 86_400_000;
/** After a SEV1 people still remember for three days; otherwise five working days are kept. */
const SEV1_DAYS = 3;
const WORKING_DAYS = 5;

/** The calendar day (UTC) by which a postmortem's meeting should have taken place; null while it is not resolved. Pure. */
export function dueDay(resolvedAt: Date | null, severity: Severity | null): string | null {
  if (!resolvedAt) return null;
  let day = resolvedAt.getTime();
  if (severity === "SEV1") day += SEV1_DAYS * DAY_MS;
  else {
    for (let left = WORKING_DAYS; left > 0; ) {
      day += DAY_MS;
      const weekday = new Date(day).getUTCDay();
      if (weekday !== 0 && weekday !== 6) left -= 1;
    }
  }
  return new Date(day).toISOString().slice(0, 10);
}
