import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { slackChannels } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import {
  type Core,
  type Ctx,
  type EventType,
  holderEvents,
  type RecordedEvent,
  recordEvent,
  touchRoom,
} from "#/server/events/index.ts";
import { accessTo, findIncident, type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { readSettings } from "#/server/settings/index.ts";
import { mayLeave } from "#/server/updates/index.ts";
import { isOver } from "./channel-rules.ts";
import type { SlackChannelView } from "./contract.ts";

export const CHANNEL_JOB = "slack.channel";
export type ChannelRow = typeof slackChannels.$inferSelect;

export function presentChannel(row: ChannelRow): SlackChannelView {
  const { state, name, url, lastError: error, unknown: unknownPeople } = row;
  return { state, name, url, error, unknownPeople };
}

export async function channelOf(q: Sql, incidentId: string): Promise<ChannelRow | undefined> {
  const [row] = await q.select().from(slackChannels).where(eq(slackChannels.incidentId, incidentId));
  return row;
}

async function requireOpenable(tx: Sql, ctx: Ctx, row: IncidentRow): Promise<void> {
  if (row.visibility === "private") throw new AppError("conflict", "A private incident has no channel in Slack.");
  if (!mayLeave(row))
    throw new AppError("conflict", "A drill has no channel in Slack: drills never leave the building.");
  if (isOver(row)) throw new AppError("conflict", `This incident is ${row.status}: its channel is in the archive.`);
  const { slack } = await readSettings(tx, ctx);
  if (!slack) throw new AppError("conflict", "Slack is not connected: an administrator can do that under Settings.");
}

/**
 * Opens a channel in Slack for an incident, or takes its old one out of the archive.
 *
 * One transaction with the job that does it in Slack. Safe to repeat: one that is open, or being opened, stays as it is;
 * one that failed is tried again.
 * @throws AppError "not_found" | "forbidden" | "conflict" for a private incident, a drill, one that is over, or without Slack
 */
export async function openSlackChannel(ctx: Ctx, key: string): Promise<SlackChannelView> {
  return ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, ctx, key);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, row));
    await requireOpenable(tx, ctx, row);
    const before = await channelOf(tx, row.id);
    if (before?.state === "open" || before?.state === "opening") return presentChannel(before);
    const asked = {
      state: "opening" as const,
      attempts: 0,
      lastError: null,
      requestedById: userIdOf(ctx.actor),
      requestedByName: ctx.actor.name,
      requestedAt: ctx.now(),
    };
    const [after] = await tx
      .insert(slackChannels)
      .values({ incidentId: row.id, ...asked })
      .onConflictDoUpdate({ target: slackChannels.incidentId, set: asked })
      .returning();
    if (!after) throw new Error("a channel that was asked for was not returned");
    await ctx.queue.enqueue(tx, CHANNEL_JOB, { incidentId: row.id });
    await touchRoom(tx, ctx, row.id, ["chat"]);
    return presentChannel(after);
  });
}

/** Sends a channel to the archive, in the caller's transaction; nothing for an incident without one. */
async function archiveInTransaction(tx: Sql, ctx: Ctx, row: IncidentRow): Promise<void> {
  const before = await channelOf(tx, row.id);
  if (!before || before.state === "archived") return;
  await tx
    .update(slackChannels)
    .set({ state: "archived", archivedAt: null, attempts: 0, lastError: null })
    .where(eq(slackChannels.incidentId, row.id));
  // One that was never made has nothing to archive.
  if (before.channelId) {
    await recordEvent(tx, ctx, {
      incidentId: row.id,
      type: "slack.channel_archived",
      data: { name: `#${before.name}` },
      parts: ["chat"],
    });
  } else await touchRoom(tx, ctx, row.id, ["chat"]);
  await ctx.queue.enqueue(tx, CHANNEL_JOB, { incidentId: row.id });
}

/**
 * Archives an incident's channel. One transaction with the job that does it in Slack. Safe to repeat.
 * @throws AppError "not_found" | "forbidden"
 */
export async function archiveChannel(ctx: Ctx, key: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, ctx, key);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, row));
    await archiveInTransaction(tx, ctx, row);
  });
}

/** The channel follows its incident: to the archive, back, and in what stands above it. */
async function follow(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  const channel = await channelOf(tx, event.incidentId);
  if (!channel) return;
  const row = await findIncident(tx, { actor: { kind: "system", name: "Muster" } }, event.incidentId);
  if (isOver(row)) return archiveInTransaction(tx, ctx, row);
  if (event.type === "incident.reopened" && channel.state === "archived" && mayLeave(row)) {
    await tx
      .update(slackChannels)
      .set({ state: "opening", attempts: 0, lastError: null, requestedByName: ctx.actor.name, requestedAt: ctx.now() })
      .where(eq(slackChannels.incidentId, row.id));
    await touchRoom(tx, ctx, row.id, ["chat"]);
    await ctx.queue.enqueue(tx, CHANNEL_JOB, { incidentId: row.id });
    return;
  }
  if (channel.state === "open") await ctx.queue.enqueue(tx, CHANNEL_JOB, { incidentId: row.id });
}

/** What changes who is in the channel, what stands above it, or whether it is needed. */
const followed: readonly EventType[] = [
  "incident.accepted",
  "incident.declined",
  "incident.merged",
  "incident.status_changed",
  "incident.severity_changed",
  "incident.changed",
  "incident.visibility_changed",
  "incident.resolved",
  "incident.reopened",
  "incident.closed",
  ...holderEvents,
  "person.invited",
  "person.joined",
  "update.published",
];

/** Has channels follow their incidents, in the transaction of the change; before the queue starts. */
export function registerChannelFollowing(core: Core): void {
  for (const type of followed) core.handlers.on(type, follow);
}
