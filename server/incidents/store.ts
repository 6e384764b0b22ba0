import { randomInt } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentCounter, incidentMembers, incidents } from "#/db/schema/index.ts";
import { type IncidentAccess, systemActor, userIdOf, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { type Severity, severities, type Visibility } from "./shared/lists.ts";

export type IncidentRow = typeof incidents.$inferSelect;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PRIVATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
/** 24^6 private references: they are drawn, not counted, so that numbers show no gap. */
const PRIVATE_REFERENCE_LENGTH = 6;

function keyIs(key: string) {
  return UUID.test(key) ? eq(incidents.id, key.toLowerCase()) : eq(incidents.reference, key.toUpperCase());
}

function missing(): AppError {
  return new AppError("not_found", "There is no such incident.");
}

/** An incident by its id or reference. @throws AppError "not_found" also for one that the actor may not see. */
export async function findIncident(q: Sql, ctx: Pick<Ctx, "actor">, key: string): Promise<IncidentRow> {
  const [row] = await q
    .select()
    .from(incidents)
    .where(and(keyIs(key), visibleTo(ctx.actor)))
    .limit(1);
  if (!row) throw missing();
  return row;
}

/** The same, following merges to the incident that is worked on; `mergedFrom` is the reference asked for. */
export async function findIncidentOrTarget(
  q: Sql,
  ctx: Pick<Ctx, "actor">,
  key: string,
): Promise<{ row: IncidentRow; mergedFrom?: string }> {
  const asked = await findIncident(q, ctx, key);
  let row = asked;
  while (row.mergedIntoId) row = await findIncident(q, ctx, row.mergedIntoId);
  return row.id === asked.id ? { row } : { row, mergedFrom: asked.reference };
}

/** The same under the row's lock until the end of the transaction: the first step of a command. */
export async function lockIncident(tx: Sql, ctx: Pick<Ctx, "actor">, key: string): Promise<IncidentRow> {
  const [row] = await tx
    .select()
    .from(incidents)
    .where(and(keyIs(key), visibleTo(ctx.actor)))
    .limit(1)
    .for("update");
  if (!row) throw missing();
  return row;
}

/** A row as it stands inside the transaction that holds its lock. */
export async function currentRow(tx: Sql, id: string): Promise<IncidentRow> {
  const [row] = await tx.select().from(incidents).where(eq(incidents.id, id));
  if (!row) throw missing();
  return row;
}

/** What permission needs to know of a row that the actor was able to read. */
export async function accessTo(q: Sql, ctx: Pick<Ctx, "actor">, row: IncidentRow): Promise<IncidentAccess> {
  const userId = userIdOf(ctx.actor);
  if (row.visibility === "public" || !userId) return { visibility: row.visibility, isMember: false };
  const [member] = await q
    .select({ userId: incidentMembers.userId })
    .from(incidentMembers)
    .where(and(eq(incidentMembers.incidentId, row.id), eq(incidentMembers.userId, userId)));
  return { visibility: row.visibility, isMember: member !== undefined };
}

/** Writes changed fields and raises the version. Part of the caller's transaction, under the row's lock. */
export async function saveIncident(
  tx: Sql,
  ctx: Pick<Ctx, "now">,
  row: IncidentRow,
  change: Partial<IncidentRow>,
): Promise<IncidentRow> {
  const [after] = await tx
    .update(incidents)
    .set({ ...change, version: row.version + 1, updatedAt: ctx.now() })
    .where(eq(incidents.id, row.id))
    .returning();
  if (!after) throw missing();
  return after;
}

/** The next reference: `INC-<n>` counts up without reuse, `PRV-<letters>` is drawn. */
export async function drawReference(tx: Sql, visibility: Visibility): Promise<string> {
  if (visibility === "private") {
    const letters = Array.from(
      { length: PRIVATE_REFERENCE_LENGTH },
      () => PRIVATE_LETTERS[randomInt(PRIVATE_LETTERS.length)],
    );
    return `PRV-${letters.join("")}`;
  }
  const [row] = await tx
    .insert(incidentCounter)
    .values({ name: "INC", last: 1 })
    .onConflictDoUpdate({ target: incidentCounter.name, set: { last: sql`${incidentCounter.last} + 1` } })
    .returning({ last: incidentCounter.last });
  if (!row) throw new Error("the counter gave no number");
  return `INC-${row.last}`;
}

/** The incident that is worked on when this one was merged away; itself otherwise. For the server's own use. */
export async function mergeTarget(q: Sql, incidentId: string): Promise<IncidentRow> {
  const { row } = await findIncidentOrTarget(q, { actor: systemActor }, incidentId);
  return row;
}

/** A worse alert makes a worse suggestion, while the incident is in triage. It is no decision: the version stays. */
export async function suggestSeverity(
  tx: Sql,
  row: Pick<IncidentRow, "id" | "status" | "suggestedSeverity">,
  severity: Severity,
): Promise<void> {
  const current = row.suggestedSeverity;
  if (row.status !== "triage" || (current && severities.indexOf(current) <= severities.indexOf(severity))) return;
  await tx.update(incidents).set({ suggestedSeverity: severity }).where(eq(incidents.id, row.id));
}
