import { and, eq, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, publicIncidents } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { ComponentView } from "#/server/audience/contract.ts";
import {
  type ComponentRow,
  enqueueRebuild,
  leaveComponents,
  lockTogether,
  presentComponent,
  refreshComponentStates,
  selectComponents,
} from "#/server/audience/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { endPublicIncident } from "#/server/updates/index.ts";
import { reviewAndSettle } from "./unexplained-components.ts";

/** What the public reads of an incident that ended long before its last update. */
const LATE_RESOLVE_TEXT = "This incident is resolved.";

type Saying = { incident: IncidentRow; components: (typeof publicIncidents.$inferSelect)["components"] };

/** Incidents of which the page says that they broke this component and go on. */
function saysItIsBroken(tx: Sql, componentId: string): Promise<Saying[]> {
  const said = sql`${publicIncidents.components} ->> ${componentId}`;
  return tx
    .select({ incident: incidents, components: publicIncidents.components })
    .from(publicIncidents)
    .innerJoin(incidents, eq(incidents.id, publicIncidents.incidentId))
    .where(and(isNull(publicIncidents.resolvedAt), sql`coalesce(${said}, 'operational') <> 'operational'`))
    .orderBy(incidents.id);
}

/** @throws AppError "conflict" when one of them speaks for itself, or must not speak. Pure. */
function requireEnded(saying: readonly Saying[]): void {
  if (saying.some(({ incident }) => incident.visibility === "private")) {
    throw new AppError(
      "conflict",
      "The incident that broke it is private now, so its end cannot be published. Have it made public again by somebody who sees it, then try again.",
    );
  }
  if (saying.some(({ incident }) => isOpen(incident.status))) {
    throw new AppError("conflict", "An incident holds it: publish there how it is.");
  }
}

/** Those incidents, locked, when all of them have ended. @throws AppError "conflict" */
async function lockSaying(tx: Sql, ctx: Ctx, componentId: string): Promise<Saying[]> {
  const found = await saysItIsBroken(tx, componentId);
  requireEnded(found);
  for (const { incident } of found) await lockIncident(tx, ctx, incident.id);
  const locked = await saysItIsBroken(tx, componentId);
  requireEnded(locked);
  return locked;
}

/** This one operational, the others of the same incident as the page shows them: nobody spoke for those. */
function endOf(id: string, { components }: Saying, all: readonly ComponentRow[]) {
  const others = all.flatMap((row) => {
    const status = components[row.id];
    const isLeft = row.id !== id && status && status !== "operational" && status !== "under_maintenance";
    return isLeft ? [{ id: row.id, status }] : [];
  });
  return { body: LATE_RESOLVE_TEXT, components: [{ id, status: "operational" as const }, ...others] };
}

/**
 * Says that a component is operational again: what a resolved incident left is over, and an incident that people ended
 * while the page still tells of it is published as resolved. Its other components stay as they are.
 *
 * One transaction with the audit entry: where something stands against it, nothing is said to anybody. Safe to repeat.
 * @throws AppError "forbidden" | "not_found" | "conflict" while an incident holds it that is open, became private, or
 * whose end somebody else has to approve
 */
export async function mendComponent(ctx: Ctx, id: string): Promise<ComponentView> {
  requireAbility(ctx.actor, "updates.publish");
  return ctx.db.transaction(async (tx) => {
    const all = (await selectComponents(tx)).filter((row) => !row.isGroup);
    if (!all.some((row) => row.id === id)) throw new AppError("not_found", "There is no such component.");
    const saying = await lockSaying(tx, ctx, id);
    await lockTogether(tx, [id, ...saying.flatMap(({ components }) => Object.keys(components))]);
    for (const one of saying) await endPublicIncident(tx, ctx, one.incident, endOf(id, one, all));
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
