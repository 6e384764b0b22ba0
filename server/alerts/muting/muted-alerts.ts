import { and, count, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts } from "#/db/schema/index.ts";

/** The alerts that a mute keeps, or kept, quiet. */
export const mutedBy = (id: string) => sql`${alerts.explanation}->'mute'->>'id' = ${id}`;

/** The alerts that a mute or silence keeps quiet are looked at again at this time, in the transaction that changes it. */
export async function releaseMuted(tx: Sql, muteId: string, at: Date): Promise<void> {
  await tx
    .update(alerts)
    .set({ dueAt: at })
    .where(and(eq(alerts.status, "suppressed"), mutedBy(muteId)));
}

/** How many alerts each mute or silence keeps quiet now, by its id. */
export async function quietBy(q: Sql): Promise<Map<string, number>> {
  const found = await q
    .select({ id: sql<string>`${alerts.explanation}->'mute'->>'id'`, count: count() })
    .from(alerts)
    .where(eq(alerts.status, "suppressed"))
    .groupBy(sql`1`);
  return new Map(found.map((row) => [row.id, row.count]));
}
