import { eq } from "drizzle-orm";
import { postmortems } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit, touchRoom } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import type { ChangePostmortemInput } from "./contract.ts";
import { notOpenYet } from "./postmortem-queries.ts";

/** Moves a postmortem between its states, freely. One transaction, safe to repeat. @throws AppError "not_found" before it is open */
export async function changePostmortem(
  ctx: Ctx,
  input: { incident: string; change: ChangePostmortemInput },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "postmortem.write", await accessTo(tx, ctx, incident));
    const [before] = await tx.select().from(postmortems).where(eq(postmortems.incidentId, incident.id));
    if (!before) throw notOpenYet(incident.reference);
    if (before.state === input.change.state) return;
    await tx.update(postmortems).set({ state: input.change.state }).where(eq(postmortems.incidentId, incident.id));
    await recordAudit(tx, ctx, {
      action: "postmortem.state",
      objectKind: "incident",
      objectId: incident.id,
      detail: { from: before.state, to: input.change.state },
    });
    await touchRoom(tx, ctx, incident.id, ["postmortem"]);
  });
}
