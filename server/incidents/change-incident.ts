import type { Sql } from "#/db/client.ts";
import { incidentMembers } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordAudit, recordEvent } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { bringServices } from "./bring-services.ts";
import { changeStatusInTransaction } from "./change-status.ts";
import type { ChangeIncidentInput } from "./contract.ts";
import { currentServiceIds, resolveServices, setServices } from "./set-services.ts";
import { accessTo, currentRow, type IncidentRow, lockIncident, saveIncident } from "./store.ts";

export type ChangeIncident = { incident: string; change: ChangeIncidentInput; ifVersion?: number | undefined };

const plainFields = [
  "title",
  "severity",
  "type",
  "summary",
  "impactText",
  "hypothesis",
  "links",
  "customFields",
  "visibility",
] as const;
const timeFields = ["impactStartedAt", "detectedAt", "acknowledgedAt", "mitigatedAt", "impactEndedAt"] as const;

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** The columns that a change really alters. */
function alteredColumns(before: IncidentRow, change: ChangeIncidentInput): Partial<IncidentRow> {
  const altered: Record<string, unknown> = {};
  for (const field of plainFields) {
    const value = wellFormed(change[field]);
    if (value !== undefined && differs(before[field], value)) altered[field] = value;
  }
  for (const field of timeFields) {
    const value = change.times?.[field];
    if (value !== undefined && differs(before[field], toDate(value))) altered[field] = toDate(value);
  }
  if (change.nextUpdateDueAt !== undefined) {
    const due = toDate(change.nextUpdateDueAt);
    if (differs(before.nextUpdateDueAt, due)) altered.nextUpdateDueAt = due;
  }
  return altered as Partial<IncidentRow>;
}

async function recordChanges(
  tx: Sql,
  ctx: Ctx,
  before: IncidentRow,
  after: IncidentRow,
  fields: readonly string[],
): Promise<void> {
  const incidentId = after.id;
  if (fields.includes("severity")) {
    await recordEvent(tx, ctx, {
      incidentId,
      type: "incident.severity_changed",
      data: { from: before.severity, to: after.severity },
    });
  }
  if (fields.includes("visibility")) {
    const creator = userIdOf(ctx.actor);
    if (after.visibility === "private" && creator) {
      // Whoever hides an incident must not lock themselves out.
      await tx.insert(incidentMembers).values({ incidentId, userId: creator }).onConflictDoNothing();
    }
    await recordEvent(tx, ctx, {
      incidentId,
      type: "incident.visibility_changed",
      data: { from: before.visibility, to: after.visibility },
      parts: ["incident", "access"],
    });
    await recordAudit(tx, ctx, {
      action: "incident.visibility",
      objectKind: "incident",
      objectId: incidentId,
      detail: { from: before.visibility, to: after.visibility },
    });
  }
  const others = fields.filter((field) => !["severity", "visibility", "status", "summary"].includes(field));
  if (others.length > 0) {
    const title = fields.includes("title") ? { from: before.title, to: after.title } : {};
    const due = fields.includes("nextUpdateDueAt")
      ? { nextUpdateDueAt: after.nextUpdateDueAt?.toISOString() ?? null }
      : {};
    // Which changes a room lists depends on these two.
    const around = ["services", "impactStartedAt"].some((field) => others.includes(field));
    await recordEvent(tx, ctx, {
      incidentId,
      type: "incident.changed",
      data: { fields: others, ...title, ...due },
      parts: around ? ["incident", "changes"] : ["incident"],
    });
  }
}

/**
 * Changes fields of an incident; `version` rises only when something really changed.
 * One transaction. Permission is checked before the version.
 *
 * @throws AppError "not_found" | "forbidden" | "stale" | "conflict"
 */
export async function changeIncident(ctx: Ctx, input: ChangeIncident): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, before));
    if (input.ifVersion !== undefined && input.ifVersion !== before.version) {
      throw new AppError("stale", "Somebody changed this incident in the meantime. Read it again, then decide.");
    }
    let after = before;
    if (input.change.status) after = await changeStatusInTransaction(tx, ctx, after, input.change.status);
    const altered = alteredColumns(after, input.change);
    const fields: string[] = Object.keys(altered);
    if (input.change.services) {
      const wanted = await resolveServices(tx, input.change.services);
      const current = await currentServiceIds(tx, after.id);
      if (differs([...wanted].sort(), current)) {
        await setServices(tx, after.id, wanted);
        fields.push("services");
      }
    }
    if (fields.length === 0) return after;
    const saved = await saveIncident(tx, ctx, after, altered);
    await recordChanges(tx, ctx, after, saved, fields);
    if (fields.includes("services")) return bringServices(tx, ctx, saved);
    // Another severity has another clock, and what is private has none.
    return fields.includes("severity") || fields.includes("visibility") ? currentRow(tx, saved.id) : saved;
  });
}
