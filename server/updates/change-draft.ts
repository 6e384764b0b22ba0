import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { updateDrafts } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import type { ChangeDraftInput, DraftView } from "./contract.ts";

type DraftRow = typeof updateDrafts.$inferSelect;

function present(row: DraftRow): DraftView {
  return {
    fields: row.fields as ChangeDraftInput,
    changedBy: row.changedByName,
    changedAt: row.changedAt.toISOString(),
  };
}

/** What is chosen beside the text of an incident's open draft, or null while nobody chose anything. The caller has checked that the actor may see it. */
export async function readDraft(q: Sql, incidentId: string): Promise<DraftView | null> {
  const [row] = await q.select().from(updateDrafts).where(eq(updateDrafts.incidentId, incidentId));
  return row ? present(row) : null;
}

/**
 * Changes fields of an incident's open draft, for everybody who has it open; fields that are left out stay as they are,
 * and null lets one follow the incident again. The text is the shared document `update`.
 *
 * One transaction, without an entry in the timeline. Safe to repeat.
 * @throws AppError "not_found" | "forbidden"
 */
export async function changeDraft(ctx: Ctx, key: string, input: ChangeDraftInput): Promise<DraftView> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, key);
    requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
    const before = await readDraft(tx, incident.id);
    const merged = { ...before?.fields, ...(wellFormed(input) as ChangeDraftInput) };
    const fields = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
    const change = { fields, changedByName: ctx.actor.name, changedAt: ctx.now() };
    const [row] = await tx
      .insert(updateDrafts)
      .values({ incidentId: incident.id, ...change })
      .onConflictDoUpdate({ target: updateDrafts.incidentId, set: change })
      .returning();
    if (!row) throw new Error("a written draft was not returned");
    await touchRoom(tx, ctx, incident.id, ["updates"]);
    return present(row);
  });
}

/** Forgets what was chosen beside a draft's text, inside the caller's transaction, once it is published or planned. */
export async function endDraft(tx: Sql, incidentId: string): Promise<void> {
  await tx.delete(updateDrafts).where(eq(updateDrafts.incidentId, incidentId));
}
