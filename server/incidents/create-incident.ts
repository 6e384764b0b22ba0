import type { Sql } from "#/db/client.ts";
import { incidentMembers, incidents } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { bringServices } from "./bring-services.ts";
import type { CreateIncidentInput } from "./contract.ts";
import { resolveServices, serviceNames, setServices } from "./set-services.ts";
import type { Severity } from "./shared/lists.ts";
import { drawReference, type IncidentRow } from "./store.ts";

export type NewIncident = CreateIncidentInput & {
  suggestedSeverity?: Severity | null;
  /** When the first alert says that it began. */
  impactStartedAt?: Date;
  detectedAt?: Date;
  /** Why it was opened, for the timeline: rule and words, and the alert route that opened it. */
  explanation?: { rule: string; text: string; routeId?: string };
};

/**
 * Opens an incident inside the caller's transaction: row, services, first timeline entry.
 * In status `triage` the event is `incident.triaged`, whose handlers tell people; else `incident.declared`.
 */
export async function createIncidentInTransaction(tx: Sql, ctx: Ctx, input: NewIncident): Promise<IncidentRow> {
  requireAbility(ctx.actor, "incidents.create");
  const now = ctx.now();
  const status = input.status ?? "investigating";
  const visibility = input.visibility ?? "public";
  const serviceIds = await resolveServices(tx, input.services ?? []);
  const [row] = await tx
    .insert(incidents)
    .values({
      reference: await drawReference(tx, visibility),
      title: wellFormedText(input.title),
      status,
      severity: input.severity ?? null,
      suggestedSeverity: input.suggestedSeverity ?? null,
      type: input.type ?? "incident",
      mode: input.mode ?? "live",
      visibility,
      summary: wellFormedText(input.summary ?? ""),
      createdById: userIdOf(ctx.actor),
      declaredAt: now,
      updatedAt: now,
      impactStartedAt: input.impactStartedAt ?? null,
      detectedAt: input.detectedAt ?? now,
      acceptedAt: status === "triage" ? null : now,
      acknowledgedAt: status === "triage" ? null : now,
      resolvedAt: status === "resolved" ? now : null,
    })
    .returning();
  if (!row) throw new Error("an inserted incident was not returned");
  await setServices(tx, row.id, serviceIds);
  const creator = userIdOf(ctx.actor);
  if (visibility === "private" && creator)
    await tx.insert(incidentMembers).values({ incidentId: row.id, userId: creator });
  await recordEvent(tx, ctx, {
    incidentId: row.id,
    type: status === "triage" ? "incident.triaged" : "incident.declared",
    data: {
      title: row.title,
      severity: row.severity,
      services: await serviceNames(tx, serviceIds),
      ...input.explanation,
    },
    parts: ["incident"],
  });
  return bringServices(tx, ctx, row);
}

/** Declares an incident by hand. One transaction. @throws AppError "forbidden" */
export async function createIncident(ctx: Ctx, input: CreateIncidentInput): Promise<IncidentRow> {
  return ctx.db.transaction((tx) => createIncidentInTransaction(tx, ctx, input));
}
