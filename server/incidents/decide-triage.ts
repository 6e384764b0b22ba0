import type { Sql } from "#/db/client.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit, recordEvent } from "#/server/events/index.ts";
import {
  acceptInTransaction,
  declineInTransaction,
  reopenInTransaction,
  resolveInTransaction,
} from "./change-status.ts";
import { closed, merged, unmerged } from "./rules.ts";
import type { Severity } from "./shared/lists.ts";
import { accessTo, findIncident, findIncidentOrTarget, type IncidentRow, lockIncident, saveIncident } from "./store.ts";

type Input<T = object> = { incident: string } & T;

/**
 * Accepts a triage incident; without a severity the suggestion is taken.
 * One transaction. Safe to repeat: an incident that is already worked on is returned unchanged.
 *
 * @throws AppError "not_found" | "forbidden" | "conflict"
 */
export async function acceptIncident(
  ctx: Ctx,
  input: Input<{ severity?: Severity | undefined; title?: string | undefined }>,
): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, before));
    // Two people press at once: the second finds it accepted, which is what it wanted.
    if (["investigating", "identified", "monitoring"].includes(before.status)) return before;
    return acceptInTransaction(tx, ctx, before, input);
  });
}

/** Declines a triage incident with a reason; `reopenIncident` undoes it. One transaction, safe to repeat. */
export async function declineIncident(ctx: Ctx, input: Input<{ reason: string }>): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, before));
    if (before.status === "declined") return before;
    return declineInTransaction(tx, ctx, before, input);
  });
}

/**
 * Merges an open incident into another open one. Its alerts show there; its reference leads there; `unmergeIncident` undoes it.
 * One transaction over both, locked in the order of their ids. Answers with the target.
 */
export async function mergeIncident(ctx: Ctx, input: Input<{ into: string }>): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const target = (await findIncidentOrTarget(tx, ctx, input.into)).row;
    const asked = await findIncident(tx, ctx, input.incident);
    const [source, into] = await lockBoth(tx, ctx, [asked.id, target.id]);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, source));
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, into));
    if (source.status === "merged" && source.mergedIntoId === into.id) return into;
    await saveIncident(tx, ctx, source, merged(source, into));
    await recordEvent(tx, ctx, {
      incidentId: source.id,
      type: "incident.merged",
      data: { reference: into.reference, title: into.title },
    });
    await recordEvent(tx, ctx, {
      incidentId: into.id,
      type: "incident.absorbed",
      data: { reference: source.reference, title: source.title },
      parts: ["incident", "alerts"],
    });
    return into;
  });
}

/** Locks two incidents in the order of their ids, so that two merges at once cannot wait for each other. */
async function lockBoth(tx: Sql, ctx: Ctx, ids: readonly [string, string]): Promise<[IncidentRow, IncidentRow]> {
  const locked = new Map<string, IncidentRow>();
  for (const id of [...ids].sort()) locked.set(id, await lockIncident(tx, ctx, id));
  return [locked.get(ids[0]), locked.get(ids[1])] as [IncidentRow, IncidentRow];
}

/** Takes a merged incident out again, as it was. One transaction. @throws AppError "conflict" unless merged. */
export async function unmergeIncident(ctx: Ctx, input: Input): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, before));
    const targetId = before.mergedIntoId;
    const after = await saveIncident(tx, ctx, before, unmerged(before));
    await recordEvent(tx, ctx, { incidentId: after.id, type: "incident.unmerged", parts: ["incident", "alerts"] });
    if (targetId) {
      await recordEvent(tx, ctx, {
        incidentId: targetId,
        type: "incident.split",
        data: { reference: after.reference, title: after.title },
        parts: ["incident", "alerts"],
      });
    }
    return after;
  });
}

/**
 * Resolves an incident and says why. It publishes nothing.
 * One transaction. Safe to repeat: a resolved incident is returned unchanged.
 */
export async function resolveIncident(
  ctx: Ctx,
  input: Input<{ summary: string; atSource?: boolean | undefined }>,
): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, before));
    return resolveInTransaction(tx, ctx, before, input);
  });
}

/** Takes a resolved, closed or declined incident up again. One transaction; on an active one nothing happens. */
export async function reopenIncident(ctx: Ctx, input: Input): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, before));
    if (before.status === "investigating") return before;
    return reopenInTransaction(tx, ctx, before);
  });
}

/** Closes a resolved incident. One transaction, safe to repeat. */
export async function closeIncident(ctx: Ctx, input: Input): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, before));
    if (before.status === "closed") return before;
    const after = await saveIncident(tx, ctx, before, closed(before, ctx.now()));
    await recordEvent(tx, ctx, { incidentId: after.id, type: "incident.closed" });
    await recordAudit(tx, ctx, { action: "incident.close", objectKind: "incident", objectId: after.id });
    return after;
  });
}
