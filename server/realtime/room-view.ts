import { eq } from "drizzle-orm";
import { postmortems, publicIncidents } from "#/db/schema/index.ts";
import { listAlertsOfIncident, listHeldAlerts } from "#/server/alerts/index.ts";
import { changesOfIncident } from "#/server/changes/index.ts";
import type { Ctx, RoomPart } from "#/server/events/index.ts";
import { filesOf } from "#/server/files/index.ts";
import { findIncidentOrTarget, type IncidentRow, presentIncident } from "#/server/incidents/index.ts";
import { listInvitations } from "#/server/invitations/index.ts";
import { hearsTriage, readSettings } from "#/server/settings/index.ts";
import { readChat } from "#/server/slack/index.ts";
import { listTasks } from "#/server/tasks/index.ts";
import { readRoomTimeline } from "#/server/timeline/index.ts";
import { readTold } from "#/server/triage/index.ts";
import { listUpdates, openPlanned, readDraft, readUpdateRules } from "#/server/updates/index.ts";
import type { RoomFact, RoomView } from "./contract.ts";

async function publicStatusOf(ctx: Ctx, incidentId: string): Promise<string | null> {
  const [row] = await ctx.db.read
    .select({ status: publicIncidents.status })
    .from(publicIncidents)
    .where(eq(publicIncidents.incidentId, incidentId));
  return row?.status ?? null;
}

async function outletsOf(ctx: Ctx): Promise<RoomView["outlets"]> {
  const { slack, smtp, statusPage } = await readSettings(ctx.db.read, ctx);
  return {
    pageName: statusPage.name,
    slackChannel: slack?.channel ?? null,
    isSlackReady: Boolean(slack?.channel),
    isMailReady: smtp !== null,
  };
}

async function hasPostmortem(ctx: Ctx, incidentId: string): Promise<boolean> {
  const found = await ctx.db.read
    .select({ id: postmortems.incidentId })
    .from(postmortems)
    .where(eq(postmortems.incidentId, incidentId));
  return found.length > 0;
}

/**
 * Everything the room's page shows, with the rights of the actor; a merged reference gives the target's room.
 *
 * The sequence number is read first: what is committed meanwhile is in the view and arrives again as a fact, never not at all.
 * @throws AppError "not_found"
 */
export async function readRoom(ctx: Ctx, key: string): Promise<RoomView> {
  const { row, mergedFrom } = await findIncidentOrTarget(ctx.db.read, ctx, key);
  const incident = await presentIncident(ctx.db.read, row);
  const [
    timeline,
    tasks,
    alerts,
    held,
    updates,
    draft,
    planned,
    updateRules,
    told,
    files,
    invitations,
    changes,
    chat,
    postmortem,
    publicStatus,
    hears,
    outlets,
  ] = await Promise.all([
    readRoomTimeline(ctx, row.id),
    listTasks(ctx.db.read, row.id),
    listAlertsOfIncident(ctx.db.read, row.id),
    listHeldAlerts(ctx.db.read, row.id),
    listUpdates(ctx, row.id),
    readDraft(ctx.db.read, row.id),
    openPlanned(ctx.db.read, row),
    readUpdateRules(ctx.db.read, row),
    readTold(ctx.db.read, ctx, row.id),
    filesOf(ctx.db.read, row.id),
    listInvitations(ctx.db.read, row.id),
    changesOfIncident(ctx.db.read, row),
    readChat(ctx.db.read, ctx, row),
    hasPostmortem(ctx, row.id),
    publicStatusOf(ctx, row.id),
    hearsTriage(ctx.db.read, ctx, row.id),
    outletsOf(ctx),
  ]);
  return {
    seq: row.lastSeq,
    serverTime: ctx.now().toISOString(),
    incident: mergedFrom ? { ...incident, mergedFrom } : incident,
    ...timeline,
    tasks,
    alerts,
    held,
    updates,
    draft,
    planned,
    updateRules,
    told,
    files,
    invitations,
    changes,
    chat,
    hasPostmortem: postmortem,
    nobodyHears: !hears,
    outlets,
    publicStatus,
  };
}

/** The full new state of the parts of a room that changed. */
export async function readParts(
  ctx: Ctx,
  row: IncidentRow,
  parts: ReadonlySet<RoomPart>,
): Promise<Omit<RoomFact, "incidentId" | "seq">> {
  const fact: Omit<RoomFact, "incidentId" | "seq"> = {};
  if (["incident", "roster", "alerts"].some((part) => parts.has(part as RoomPart))) {
    fact.incident = await presentIncident(ctx.db.read, row);
  }
  if (parts.has("tasks")) fact.tasks = await listTasks(ctx.db.read, row.id);
  if (parts.has("alerts")) {
    fact.alerts = await listAlertsOfIncident(ctx.db.read, row.id);
    fact.held = await listHeldAlerts(ctx.db.read, row.id);
  }
  if (parts.has("updates")) {
    fact.updates = await listUpdates(ctx, row.id);
    fact.draft = await readDraft(ctx.db.read, row.id);
    fact.publicStatus = await publicStatusOf(ctx, row.id);
  }
  if (parts.has("updates") || parts.has("incident")) {
    // Another severity or status has other rules, and may stand in the way of what waits.
    fact.planned = await openPlanned(ctx.db.read, row);
    fact.updateRules = await readUpdateRules(ctx.db.read, row);
  }
  if (parts.has("updates") || parts.has("alerts")) fact.told = await readTold(ctx.db.read, ctx, row.id);
  if (parts.has("files")) fact.files = await filesOf(ctx.db.read, row.id);
  if (parts.has("invitations")) fact.invitations = await listInvitations(ctx.db.read, row.id);
  if (parts.has("changes")) fact.changes = await changesOfIncident(ctx.db.read, row);
  if (["chat", "incident"].some((part) => parts.has(part as RoomPart)))
    fact.chat = await readChat(ctx.db.read, ctx, row);
  if (parts.has("postmortem")) fact.hasPostmortem = await hasPostmortem(ctx, row.id);
  return fact;
}
