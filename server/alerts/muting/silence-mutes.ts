import { asc, gt } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type SilenceMatcher, silences } from "#/db/schema/index.ts";
import { patternOf } from "../mapping/condition.ts";
import type { Mute } from "../routing/decide.ts";

/** Silences that hold or will; more are not looked at. */
const UNENDED_MAX = 2_000;

/** Anchored, as Prometheus does. @throws AppError "invalid" */
export function matcherPattern(value: string) {
  return patternOf(`^(?:${value})$`);
}

/** Whether labels fit a matcher; a label that is not there is empty. Pure. */
export function matches({ name, value, isRegex, isEqual }: SilenceMatcher, labels: Record<string, string>): boolean {
  const actual = Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
  const fits = isRegex ? matcherPattern(value).matcher(actual).matches() : actual === value;
  return fits === isEqual;
}

/** The silences of Alertmanager's API that had not ended at `since`: each covers the alerts of its own integration. */
export async function silenceMutes(tx: Sql, since: Date): Promise<Mute[]> {
  const found = await tx
    .select()
    .from(silences)
    .where(gt(silences.endsAt, since))
    .orderBy(asc(silences.startsAt))
    .limit(UNENDED_MAX);
  return found.map((row) => ({
    id: row.id,
    kind: "silence",
    reason: row.comment,
    by: row.createdBy || "Alertmanager's API",
    from: row.startsAt,
    until: row.endsAt,
    covers: ({ integration, labels }) =>
      integration.id === row.integrationId && row.matchers.every((matcher) => matches(matcher, labels)),
  }));
}
