import { and, desc, eq, isNull, notInArray, sql } from "drizzle-orm";
import { incidents, publicIncidents, updates } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { ComponentView } from "#/server/audience/contract.ts";
import {
  enqueueRebuild,
  leaveComponents,
  presentComponent,
  refreshComponentStates,
  selectComponents,
} from "#/server/audience/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { endPublicIncident, publishUpdate } from "#/server/updates/index.ts";
import { reviewAndSettle } from "./unexplained-components.ts";

/** What the public reads of an incident that ended long before its last update. */
const LATE_RESOLVE_TEXT = "This incident is resolved.";

/** Incidents that people ended while the page goes on saying that the component is broken. */
async function endedButSaid(ctx: Ctx, componentId: string) {
  return ctx.db.read
    .select({ id: incidents.id, visibility: incidents.visibility, status: incidents.status })
    .from(publicIncidents)
    .innerJoin(incidents, eq(incidents.id, publicIncidents.incidentId))
    .where(
      and(
        isNull(publicIncidents.resolvedAt),
        notInArray(incidents.status, [...openStatuses]),
        sql`${publicIncidents.components} ->> ${componentId} is distinct from 'operational'`,
        sql`${publicIncidents.components} ? ${componentId}`,
      ),
    );
}

/** Where the public heard of an incident last: there it hears of its end. */
async function lastChannels(ctx: Ctx, incidentId: string) {
  const [row] = await ctx.db.read
    .select({ channels: updates.channels })
    .from(updates)
    .where(and(eq(updates.incidentId, incidentId), eq(updates.audience, "public")))
    .orderBy(desc(updates.publishedAt))
    .limit(1);
  return row?.channels ?? ["status_page" as const];
}

/**
 * Says that a component is operational again: what a resolved incident left is over, and an incident that people ended
 * while the page still tells of it is published as resolved, where it was told of last, or on the page alone when it
 * was declined or merged.
 *
 * Each of these incidents is one transaction, the component another with its audit entry. Safe to repeat.
 * @throws AppError "forbidden" | "not_found" | "conflict" while an open incident holds it
 */
export async function mendComponent(ctx: Ctx, id: string): Promise<ComponentView> {
  requireAbility(ctx.actor, "updates.publish");
  const all = await selectComponents(ctx.db.read);
  if (!all.some((row) => row.id === id && !row.isGroup)) throw new AppError("not_found", "There is no such component.");
  for (const incident of await endedButSaid(ctx, id)) {
    if (incident.visibility === "private") continue;
    if (incident.status === "declined" || incident.status === "merged") {
      await endPublicIncident(ctx, incident.id, LATE_RESOLVE_TEXT);
      continue;
    }
    const channels = await lastChannels(ctx, incident.id);
    await publishUpdate(ctx, incident.id, { status: "resolved", body: LATE_RESOLVE_TEXT, channels });
  }
  return ctx.db.transaction(async (tx) => {
    await leaveComponents(tx, [{ id, newStatus: "operational" }]);
    await refreshComponentStates(tx, ctx, [id]);
    await reviewAndSettle(tx, ctx, [id]);
    const now = await selectComponents(tx);
    const row = now.find((one) => one.id === id);
    if (!row) throw new AppError("not_found", "There is no such component.");
    if (row.status !== "operational" && row.status !== "under_maintenance") {
      throw new AppError("conflict", "An incident holds it: publish there how it is.");
    }
    await recordAudit(tx, ctx, {
      action: "component.mended",
      objectKind: "component",
      objectId: id,
      detail: { name: row.name },
    });
    await enqueueRebuild(tx, ctx);
    return presentComponent(row, now);
  });
}
