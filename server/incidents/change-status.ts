import type { Sql } from "#/db/client.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { bringServices } from "./bring-services.ts";
import { accepted, declined, reopened, resolved, statusChanged } from "./rules.ts";
import type { ActiveStatus, Severity } from "./shared/lists.ts";
import { type IncidentRow, saveIncident } from "./store.ts";

/** Accepts a locked incident inside the caller's transaction. @throws AppError "conflict" outside triage. */
export async function acceptInTransaction(
  tx: Sql,
  ctx: Ctx,
  before: IncidentRow,
  input: { severity?: Severity | undefined; title?: string | undefined } = {},
): Promise<IncidentRow> {
  const change = accepted(before, ctx.now(), input.severity);
  const after = await saveIncident(tx, ctx, before, { ...change, ...(input.title && { title: input.title }) });
  await recordEvent(tx, ctx, { incidentId: after.id, type: "incident.accepted", data: { severity: after.severity } });
  return bringServices(tx, ctx, after);
}

/** Changes the status of a locked incident among the active ones; the same status changes nothing. */
export async function changeStatusInTransaction(
  tx: Sql,
  ctx: Ctx,
  before: IncidentRow,
  status: ActiveStatus,
): Promise<IncidentRow> {
  if (before.status === status) return before;
  const after = await saveIncident(tx, ctx, before, statusChanged(before, status, ctx.now()));
  await recordEvent(tx, ctx, {
    incidentId: after.id,
    type: "incident.status_changed",
    data: { from: before.status, to: status },
  });
  return after;
}

/** Resolves a locked incident; a resolved one stays as it is and nothing is recorded. */
export async function resolveInTransaction(
  tx: Sql,
  ctx: Ctx,
  before: IncidentRow,
  input: { summary?: string | undefined; atSource?: boolean | undefined } = {},
): Promise<IncidentRow> {
  if (before.status === "resolved") return before;
  const summary = input.summary ?? "";
  const after = await saveIncident(tx, ctx, before, resolved(before, ctx.now(), summary));
  await recordEvent(tx, ctx, {
    incidentId: after.id,
    type: "incident.resolved",
    data: { summary, from: before.status, ...(input.atSource && { atSource: true }) },
  });
  return after;
}

/** Declines a locked triage incident inside the caller's transaction. @throws AppError "conflict" outside triage. */
export async function declineInTransaction(
  tx: Sql,
  ctx: Ctx,
  before: IncidentRow,
  input: { reason: string },
): Promise<IncidentRow> {
  const after = await saveIncident(tx, ctx, before, declined(before, input.reason));
  await recordEvent(tx, ctx, { incidentId: after.id, type: "incident.declined", data: { reason: input.reason } });
  return after;
}

/** Takes a locked incident that ended up again inside the caller's transaction. @throws AppError "conflict" from others. */
export async function reopenInTransaction(tx: Sql, ctx: Ctx, before: IncidentRow): Promise<IncidentRow> {
  const after = await saveIncident(tx, ctx, before, reopened(before, ctx.now()));
  await recordEvent(tx, ctx, { incidentId: after.id, type: "incident.reopened", data: { from: before.status } });
  return bringServices(tx, ctx, after);
}
