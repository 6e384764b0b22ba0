import { and, eq, isNotNull, ne } from "drizzle-orm";
import { alerts } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import {
  accessTo,
  type IncidentRow,
  lockIncident,
  mergeTarget,
  reopenInTransaction,
} from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { lockAlert } from "./lock-alert.ts";
import { type AlertRow, announce, attachTo, moveTo, settle } from "./place-alert.ts";
import { reportedOf } from "./reported-alert.ts";
import { inTurn } from "./routing/in-turn.ts";
import { matchRoute } from "./routing/match-route.ts";
import type { Turn } from "./routing/turn.ts";

/** The alert itself and those that are held with it: one choice is for all of them. */
async function withCompanions(turn: Turn, alert: AlertRow): Promise<AlertRow[]> {
  if (!alert.heldForId || !alert.groupKey) return [alert];
  return turn.tx
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.heldForId, alert.heldForId),
        eq(alerts.groupKey, alert.groupKey),
        isNotNull(alerts.heldForId),
        ne(alerts.status, "resolved"),
      ),
    )
    .orderBy(alerts.id)
    .for("update");
}

function groupOf(turn: Turn, alert: AlertRow) {
  const reported = reportedOf(alert, { id: alert.integrationId, name: "" });
  return { reported, match: matchRoute(reported, turn.routing.routes, turn.routing.timeZone, turn.ctx.now()) };
}

/** What an alert says of itself has to be true of where it is: it is not quiet any more. */
async function speakUp(turn: Turn, alert: AlertRow): Promise<AlertRow> {
  if (alert.status !== "suppressed") return alert;
  await turn.tx.update(alerts).set({ status: "firing", dueAt: turn.ctx.now() }).where(eq(alerts.id, alert.id));
  return { ...alert, status: "firing" };
}

async function intoIncident(turn: Turn, ctx: Ctx, moving: AlertRow[], incident: IncidentRow): Promise<void> {
  if (!isOpen(incident.status)) throw new AppError("conflict", "Alerts can be attached to an open incident only.");
  for (const alert of moving) {
    const why = { rule: "by-hand", text: `${ctx.actor.name} attached it.` };
    turn.record(await moveTo(turn.tx, ctx, await speakUp(turn, alert), incident, why));
  }
  const [first] = moving;
  const { match } = first ? groupOf(turn, first) : { match: null };
  const current = match && (await turn.placedIn(await turn.group(match.group.key)));
  // What follows in the group goes the same way, unless its own incident is open.
  if (match && current?.endedAt !== null) await turn.keepGroup(match, incident.id);
}

async function intoNew(turn: Turn, ctx: Ctx, moving: AlertRow[]): Promise<void> {
  const [first, ...others] = moving;
  if (!first) return;
  if (first.incidentId) throw new AppError("conflict", "It is in an incident: split the incident to open one for it.");
  const { reported, match } = groupOf(turn, first);
  const decision = {
    kind: "open" as const,
    status: "triage" as const,
    rule: "new-by-hand",
    text: `${ctx.actor.name} opened a new incident for it.`,
    steps: match.steps,
  };
  const spoken = await speakUp(turn, first);
  const placement = await settle(turn, { match, decision }, spoken, reported);
  const changes = { ...placement, status: spoken.status, dueAt: turn.ctx.now() };
  await turn.tx.update(alerts).set(changes).where(eq(alerts.id, first.id));
  if (first.heldForId) turn.touch(first.heldForId, "alerts");
  await announce(turn, { ...spoken, ...changes }, { match, decision });
  const { incidentId } = placement;
  for (const other of others)
    if (incidentId) turn.record(await moveTo(turn.tx, ctx, other, { id: incidentId }, decision));
}

async function intoReopened(turn: Turn, ctx: Ctx, alert: AlertRow): Promise<void> {
  if (!alert.heldForId) {
    throw new AppError("conflict", "It is not held after the end of an incident: attach it to one, or open a new one.");
  }
  const target = await mergeTarget(turn.tx, alert.heldForId);
  const incident = await lockIncident(turn.tx, ctx, target.id);
  requireAbility(ctx.actor, "incidents.write", await accessTo(turn.tx, ctx, incident));
  // Whatever is held for it follows by the event itself.
  if (!isOpen(incident.status)) await reopenInTransaction(turn.tx, ctx, incident);
  else await attachHeld(turn.tx, ctx, incident);
}

/**
 * Decides where a held, waiting, recorded or quiet alert goes: `reopen`, `new`, or an incident's id or reference.
 * Alerts of the same group that are held with it go with it. One transaction.
 *
 * @throws AppError "not_found" | "forbidden" | "conflict" when it is over, or cannot go there
 */
export async function placeByHand(ctx: Ctx, input: { alertId: string; into: string }): Promise<void> {
  await inTurn(ctx, ctx, async (turn) => {
    const { alert } = await lockAlert(turn.tx, ctx, input.alertId);
    if (alert.status === "resolved") throw new AppError("conflict", "It is over: a new firing is placed by itself.");
    if (input.into === "reopen") return intoReopened(turn, ctx, alert);
    const moving = await withCompanions(turn, alert);
    if (input.into === "new") {
      requireAbility(ctx.actor, "incidents.create");
      return intoNew(turn, ctx, moving);
    }
    const incident = await lockIncident(turn.tx, ctx, input.into);
    requireAbility(ctx.actor, "incidents.write", await accessTo(turn.tx, ctx, incident));
    if (alert.incidentId === incident.id) return;
    if (alert.incidentId) throw new AppError("conflict", "It is in another incident: detach it there first.");
    await intoIncident(turn, ctx, moving, incident);
  });
}

async function attachHeld(tx: Turn["tx"], ctx: Ctx, incident: { id: string; reference: string }): Promise<void> {
  const held = await tx
    .select()
    .from(alerts)
    .where(and(eq(alerts.heldForId, incident.id), ne(alerts.status, "resolved")))
    .orderBy(alerts.id)
    .for("update");
  for (const alert of held) {
    await attachTo(tx, ctx, alert, incident, { rule: "reopened", text: `${incident.reference} was reopened.` });
  }
}

/** What was held after the end of an incident goes into it when it is reopened, by whatever way. */
export function registerHeldAlerts(core: Core): void {
  core.handlers.on("incident.reopened", async (tx, ctx, event) => {
    const incident = await mergeTarget(tx, event.incidentId);
    await attachHeld(tx, ctx, incident);
  });
}
