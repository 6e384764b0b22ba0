import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { AlertRow } from "./place-alert.ts";

/**
 * An alert under its lock, then its incident: alerts are locked before incidents everywhere.
 * @throws AppError "forbidden" | "not_found" also for an alert of an incident that the actor may not see
 */
export async function lockAlert(
  tx: Sql,
  ctx: Ctx,
  alertId: string,
): Promise<{ alert: AlertRow; incident: IncidentRow | null }> {
  requireAbility(ctx.actor, "alerts.write");
  const [alert] = await tx.select().from(alerts).where(eq(alerts.id, alertId)).for("update");
  if (!alert) throw new AppError("not_found", "There is no such alert.");
  // Who may not see the incident may not know its alerts: lockIncident answers "not_found" then.
  const incident = alert.incidentId ? await lockIncident(tx, ctx, alert.incidentId) : null;
  requireAbility(ctx.actor, "alerts.write", incident ? await accessTo(tx, ctx, incident) : undefined);
  return { alert, incident };
}
