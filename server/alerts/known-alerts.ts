import { and, desc, eq, ne, sql } from "drizzle-orm";
import { alertEnds, alerts } from "#/db/schema/index.ts";
import type { AlertRow } from "./place-alert.ts";
import type { AlertReport } from "./report.ts";
import type { Turn } from "./routing/turn.ts";

/** What is known of a key: its open alert, locked; the last one that ended; and an end that came before its start. */
export type KnownAlert = { open: AlertRow | undefined; past: AlertRow | undefined; end: Date | null };

/** The key of a report as it is kept. Pure. */
export function keyOf(report: Pick<AlertReport, "dedupKey">): string {
  return report.dedupKey.slice(0, 500);
}

/** Reads what is known of keys, and locks their open alerts in the order of their ids. Part of a turn. */
async function readKnown(turn: Turn, integrationId: string, keys: string[]): Promise<Map<string, KnownAlert>> {
  // One parameter, so that the statements are the same however many keys there are.
  const anyKey = sql`any(${sql.param(keys)}::text[])`;
  const ofKeys = and(eq(alerts.integrationId, integrationId), sql`${alerts.dedupKey} = ${anyKey}`);
  const open = turn.tx
    .select()
    .from(alerts)
    .where(and(ofKeys, ne(alerts.status, "resolved")))
    .orderBy(alerts.id)
    .for("update");
  const past = turn.tx
    .selectDistinctOn([alerts.dedupKey])
    .from(alerts)
    .where(and(ofKeys, eq(alerts.status, "resolved")))
    .orderBy(alerts.dedupKey, desc(alerts.startsAt), desc(alerts.firstAt));
  const ends = turn.tx
    .select({ key: alertEnds.dedupKey, endedAt: alertEnds.endedAt })
    .from(alertEnds)
    .where(and(eq(alertEnds.integrationId, integrationId), sql`${alertEnds.dedupKey} = ${anyKey}`));
  const known = new Map<string, KnownAlert>(keys.map((key) => [key, { open: undefined, past: undefined, end: null }]));
  const set = (key: string, part: Partial<KnownAlert>) => Object.assign(known.get(key) ?? {}, part);
  const [openOnes, pastOnes, endsOnly] = await Promise.all([open, past, ends]);
  for (const row of openOnes) set(row.dedupKey, { open: row });
  for (const row of pastOnes) set(row.dedupKey, { past: row });
  for (const { key, endedAt } of endsOnly) set(key, { end: endedAt });
  return known;
}

/** Reads at once what the reports of a turn are about: its first statements, so that locks are taken in one order. */
export async function foresee(turn: Turn, integrationId: string, reports: readonly AlertReport[]): Promise<void> {
  const keys = [...new Set(reports.map(keyOf))];
  if (keys.length === 0) return;
  turn.foreseen = await readKnown(turn, integrationId, keys);
  await turn.foreseeServices(reports.flatMap(({ service }) => service ?? []));
}

/** What is known of a key now. What was foreseen serves the key's first report: after it things have changed. */
export async function knownOf(turn: Turn, integrationId: string, key: string): Promise<KnownAlert> {
  const foreseen = turn.foreseen.get(key);
  turn.foreseen.delete(key);
  if (foreseen) return foreseen;
  await turn.writeAlerts();
  const known = (await readKnown(turn, integrationId, [key])).get(key);
  return known ?? { open: undefined, past: undefined, end: null };
}
