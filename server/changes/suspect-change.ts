import type { Sql } from "#/db/client.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { IncidentChangeView } from "./contract.ts";
import { changesOfIncident } from "./incident-changes.ts";

type Named = { incident: string; changeId: string };

async function lockChange(
  tx: Sql,
  ctx: Ctx,
  input: Named,
): Promise<{ incidentId: string; change: IncidentChangeView }> {
  const row = await lockIncident(tx, ctx, input.incident);
  requireAbility(ctx.actor, "timeline.write", await accessTo(tx, ctx, row));
  const change = (await changesOfIncident(tx, row)).items.find(({ id }) => id === input.changeId);
  if (!change) throw new AppError("not_found", "This change is none of those around this incident.");
  return { incidentId: row.id, change };
}

/**
 * Attaches a change to the timeline as a suspect, at the time when it happened, with all that is known of it: the entry
 * outlives the change. One transaction. Safe to repeat.
 *
 * @throws AppError "not_found" | "forbidden"
 */
export async function suspectChange(ctx: Ctx, input: Named): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { incidentId, change } = await lockChange(tx, ctx, input);
    if (change.isSuspect) return;
    const { id, title, service, kind, state, by, reason, links, at } = change;
    await recordEvent(tx, ctx, {
      incidentId,
      type: "change.suspected",
      at: new Date(at),
      data: { changeId: id, title, service, kind, state, by, reason, url: links[0]?.url ?? null },
      parts: ["changes"],
    });
  });
}

/** Takes a suspicion back; the timeline keeps both. One transaction. Safe to repeat. @throws AppError "not_found" | "forbidden" */
export async function clearChange(ctx: Ctx, input: Named): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { incidentId, change } = await lockChange(tx, ctx, input);
    if (!change.isSuspect) return;
    const data = { changeId: change.id, title: change.title, service: change.service, kind: change.kind };
    await recordEvent(tx, ctx, { incidentId, type: "change.cleared", data, parts: ["changes"] });
  });
}
