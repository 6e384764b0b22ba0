import { and, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type AlertExplanation, alerts } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, type EventType, recordEvent } from "#/server/events/index.ts";
import {
  accessTo,
  createIncidentInTransaction,
  currentServiceIds,
  findIncident,
  type IncidentRow,
  lockIncident,
  mergeTarget,
} from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { endAlert } from "./end-alert.ts";
import { lockAlert } from "./lock-alert.ts";
import { type AlertRow, attachTo } from "./place-alert.ts";
import { inTurn } from "./routing/in-turn.ts";

async function say(tx: Sql, ctx: Ctx, alert: AlertRow, type: EventType): Promise<void> {
  if (!alert.incidentId) return;
  await recordEvent(tx, ctx, {
    incidentId: (await mergeTarget(tx, alert.incidentId)).id,
    type,
    data: { alertId: alert.id, alertTitle: alert.title, name: alert.labels.alertname ?? alert.title },
    parts: ["alerts", "incident"],
  });
}

/** Says that somebody saw it. One transaction; only a firing alert changes. */
export async function acknowledgeAlert(ctx: Ctx, alertId: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { alert } = await lockAlert(tx, ctx, alertId);
    if (alert.status !== "firing") return;
    const acknowledged = { status: "acknowledged" as const, acknowledgedAt: ctx.now() };
    await tx.update(alerts).set(acknowledged).where(eq(alerts.id, alert.id));
    await say(tx, ctx, alert, "alert.acknowledged");
  });
}

/** Ends an alert by hand. One transaction, safe to repeat; a new firing of its key opens a new alert. */
export async function resolveAlert(ctx: Ctx, alertId: string): Promise<void> {
  await inTurn(ctx, ctx, async (turn) => {
    const { alert } = await lockAlert(turn.tx, ctx, alertId);
    if (alert.status === "resolved") return;
    await endAlert(turn, alert, { rule: "person", text: `${ctx.actor.name} ended it.` }, ctx.now());
  });
}

function explain(ctx: Ctx, rule: string, text: string): AlertExplanation {
  return { rule, text, at: ctx.now().toISOString() };
}

async function leave(tx: Sql, ctx: Ctx, alert: AlertRow, rule: string): Promise<void> {
  await tx
    .update(alerts)
    .set({ incidentId: null, explanation: explain(ctx, rule, `${ctx.actor.name} took it out of its incident.`) })
    .where(eq(alerts.id, alert.id));
  await say(tx, ctx, alert, "alert.detached");
}

/** What the actor may not see or change is said before anything is locked; then the alert is locked before the incident. */
async function lockBoth(tx: Sql, ctx: Ctx, input: { incident: string; alertId: string }) {
  const asked = await findIncident(tx, ctx, input.incident);
  requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, asked));
  const { alert } = await lockAlert(tx, ctx, input.alertId);
  return { alert, incident: await lockIncident(tx, ctx, asked.id) };
}

/** Attaches an alert to an open incident, out of the one it was in. One transaction, safe to repeat. */
export async function attachAlert(ctx: Ctx, input: { incident: string; alertId: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { alert, incident } = await lockBoth(tx, ctx, input);
    if (alert.incidentId === incident.id) return;
    if (!isOpen(incident.status)) throw new AppError("conflict", "Alerts can be attached to an open incident only.");
    if (alert.incidentId) await leave(tx, ctx, alert, "moved-by-hand");
    await attachTo(tx, ctx, alert, incident, { rule: "by-hand", text: `${ctx.actor.name} attached it.` });
  });
}

/** Takes an alert out of its incident. One transaction, safe to repeat. */
export async function detachAlert(ctx: Ctx, input: { incident: string; alertId: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { alert } = await lockBoth(tx, ctx, input);
    if (alert.incidentId) await leave(tx, ctx, alert, "detached-by-hand");
  });
}

/**
 * Moves some of an incident's alerts into a new incident that starts at `investigating`, as private as the old one.
 * One transaction. @throws AppError "invalid" when an alert is not of this incident.
 */
export async function splitIncident(
  ctx: Ctx,
  input: { incident: string; alertIds: readonly string[]; title?: string | undefined },
): Promise<IncidentRow> {
  return ctx.db.transaction(async (tx) => {
    const from = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, from));
    const ids = [...new Set(input.alertIds)];
    const moving = await tx
      .select()
      .from(alerts)
      .where(and(inArray(alerts.id, ids), eq(alerts.incidentId, from.id)))
      .for("update");
    const [first] = moving;
    if (!first || moving.length !== ids.length) {
      throw new AppError("invalid", "Name alerts of this incident.", {
        errors: [{ pointer: "/alertIds", detail: "not all are alerts of this incident" }],
      });
    }
    const serviceIds = [...new Set(moving.map((alert) => alert.serviceId).filter((id) => id !== null))];
    const made = await createIncidentInTransaction(tx, ctx, {
      title: input.title ?? first.title,
      mode: from.mode,
      visibility: from.visibility,
      services: serviceIds.length > 0 ? serviceIds : await currentServiceIds(tx, from.id),
      impactStartedAt: first.startsAt,
    });
    for (const alert of moving) {
      await attachTo(tx, ctx, alert, made, {
        rule: "split-by-hand",
        text: `${ctx.actor.name} split it from ${from.reference}.`,
      });
    }
    await recordEvent(tx, ctx, {
      incidentId: from.id,
      type: "incident.split",
      data: { reference: made.reference, title: made.title, alerts: moving.length },
      parts: ["incident", "alerts"],
    });
    return made;
  });
}
