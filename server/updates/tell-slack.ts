import { and, desc, eq, lt, notInArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, incidents, timelineEntries, updates } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import {
  type Core,
  type Ctx,
  ctxFor,
  type EventType,
  holderEvents,
  type RecordedEvent,
  textIn,
} from "#/server/events/index.ts";
import { type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { fitPlain } from "#/server/notify/index.ts";
import { readSettings } from "#/server/settings/index.ts";
import { DECISION_JOB } from "#/server/timeline/index.ts";
import { addDeliveries, type DeliveryRow, type NewDelivery } from "./delivery-store.ts";
import { cardsOf, openChannelOf } from "./read-card.ts";
import type { UpdateStatus } from "./shared/lists.ts";
import { updateStatusWords } from "./shared/words.ts";
import type { Word } from "./slack-card.ts";

/** What changes something that a card shows. */
const shown: readonly EventType[] = [
  "incident.accepted",
  "incident.declined",
  "incident.merged",
  "incident.unmerged",
  "incident.status_changed",
  "incident.severity_changed",
  "incident.changed",
  "incident.visibility_changed",
  "incident.resolved",
  "incident.reopened",
  "incident.closed",
  ...holderEvents,
  "update.published",
  "update.corrected",
  "slack.channel_opened",
  "slack.channel_archived",
];

async function incidentOf(tx: Sql, incidentId: string): Promise<IncidentRow | undefined> {
  const [row] = await tx.select().from(incidents).where(eq(incidents.id, incidentId));
  return row;
}

/** Private incidents, drills and what is written down afterwards never leave the building. Pure. */
export function mayLeave(incident: Pick<IncidentRow, "visibility" | "mode">): boolean {
  return incident.visibility === "public" && incident.mode === "live";
}

/** Those of the deliveries that this very transaction wrote: their content is read after it. */
async function freshIds(tx: Sql, incidentId: string): Promise<Set<string>> {
  const found = await tx
    .select({ id: deliveries.id, corrects: sql<string | null>`${deliveries.payload} ->> 'corrects'` })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.incidentId, incidentId),
        eq(deliveries.channel, "slack"),
        sql`${deliveries}.xmin = pg_current_xact_id()::xid`,
      ),
    );
  return new Set(found.flatMap((row) => [row.id, ...(row.corrects ? [row.corrects] : [])]));
}

/**
 * Has an incident's cards say what is so now. Part of the caller's transaction: one edit for each card, however many
 * changes it makes, and what the edit says is read when it is sent.
 */
export async function refreshCards(tx: Sql, ctx: Ctx, incident: IncidentRow): Promise<void> {
  const cards = await cardsOf(tx, incident.id);
  if (cards.length === 0) return;
  const fresh = await freshIds(tx, incident.id);
  const subject = { incidentId: incident.id, updateId: null, kind: "card" as const, channel: "slack" as const };
  const edit = (card: DeliveryRow): NewDelivery => ({
    ...subject,
    destination: card.destination,
    payload: { corrects: card.id },
  });
  await addDeliveries(tx, ctx, cards.filter((card) => !fresh.has(card.id)).map(edit));
}

/** Posts an incident's card to a channel that has none yet. Part of the caller's transaction, safe to repeat. */
export async function addCard(tx: Sql, ctx: Ctx, incident: IncidentRow, destination: string): Promise<void> {
  if (!mayLeave(incident) || (await cardsOf(tx, incident.id, destination)).length > 0) return;
  const subject = { incidentId: incident.id, updateId: null, kind: "card" as const, channel: "slack" as const };
  await addDeliveries(tx, ctx, [{ ...subject, destination }]);
}

/** To whom a word goes: everybody who has a card, those in the incident's own channel, or these if there is one. */
type Audience = "cards" | "own channel" | "own channel or cards";

/**
 * Tells Slack what was said or decided here: as an answer to the cards, and by itself in the incident's own channel.
 * Part of the caller's transaction.
 */
export async function addWord(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  said: { text: string; isBroadcast: boolean; to: Audience; entryId?: string; updateId?: string },
): Promise<void> {
  if (!mayLeave(incident)) return;
  const own = await openChannelOf(tx, incident.id);
  const url = `${ctx.config.publicUrl}/incidents/${incident.reference}`;
  const word = (isReply: boolean): Word => ({
    text: said.text,
    isReply,
    isBroadcast: isReply && said.isBroadcast,
    reference: incident.reference,
    url,
    ...(said.entryId && { entryId: said.entryId }),
    ...(said.updateId && { updateId: said.updateId }),
  });
  const subject = { incidentId: incident.id, updateId: null, kind: "word" as const, channel: "slack" as const };
  const wanted: NewDelivery[] = own ? [{ ...subject, destination: own.id, payload: word(false) }] : [];
  if (said.to === "cards" || (said.to === "own channel or cards" && !own)) {
    const cards = (await cardsOf(tx, incident.id)).filter((card) => card.destination !== own?.id);
    wanted.push(...cards.map((card) => ({ ...subject, destination: card.destination, payload: word(true) })));
  }
  await addDeliveries(tx, ctx, wanted);
}

/** Whether an update that goes to Slack set the status: then the update itself says so. */
async function wasSaidByUpdate(tx: Sql, event: RecordedEvent): Promise<boolean> {
  const [before] = await tx
    .select({ type: timelineEntries.type, data: timelineEntries.data })
    .from(timelineEntries)
    .where(
      and(
        eq(timelineEntries.incidentId, event.incidentId),
        lt(timelineEntries.seq, event.seq),
        sql`${timelineEntries}.xmin = pg_current_xact_id()::xid`,
      ),
    )
    .orderBy(desc(timelineEntries.seq))
    .limit(1);
  const channels = before?.type === "update.published" ? before.data.channels : [];
  return Array.isArray(channels) && channels.includes("slack");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a change of status says in Slack. Pure. */
function statusWord({ type, data }: Pick<RecordedEvent, "type" | "data">, by: string): string {
  const summary = textIn(data, "summary");
  if (type === "incident.resolved") return `✓ ${by} resolved the incident${summary ? `: ${summary}` : "."}`;
  if (type === "incident.reopened") return `↺ ${by} reopened the incident.`;
  return `◐ ${by} changed the status to ${capital(textIn(data, "to"))}.`;
}

async function onStatus(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  const incident = await incidentOf(tx, event.incidentId);
  if (!incident || (await wasSaidByUpdate(tx, event))) return;
  await addWord(tx, ctx, incident, { text: statusWord(event, ctx.actor.name), isBroadcast: true, to: "cards" });
}

async function onSeverity(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  const incident = await incidentOf(tx, event.incidentId);
  const text = `▲ ${ctx.actor.name} changed the severity to ${textIn(event.data, "to") || "none"}.`;
  if (incident) await addWord(tx, ctx, incident, { text, isBroadcast: false, to: "own channel" });
}

async function onUpdate(tx: Sql, ctx: Ctx, { incidentId, data }: RecordedEvent): Promise<void> {
  const incident = await incidentOf(tx, incidentId);
  if (!incident) return;
  const { slack } = await readSettings(tx, ctx);
  const isToSlack = Array.isArray(data.channels) && data.channels.includes("slack");
  if (isToSlack && slack?.channel) await addCard(tx, ctx, incident, slack.channel);
  const status = updateStatusWords[textIn(data, "status") as UpdateStatus] ?? "Update";
  const text = `↗ ${ctx.actor.name} published an update, ${status}: ${textIn(data, "body")}`;
  const updateId = textIn(data, "updateId");
  await addWord(tx, ctx, incident, { text, updateId, isBroadcast: false, to: "own channel" });
}

/** What the incident's own channel was told of an update, is edited there when the update is corrected. */
async function onCorrected(tx: Sql, ctx: Ctx, { incidentId, data }: RecordedEvent): Promise<void> {
  const incident = await incidentOf(tx, incidentId);
  if (!incident || !mayLeave(incident) || data.body === data.bodyBefore) return;
  const updateId = textIn(data, "updateId");
  const [update] = await tx.select().from(updates).where(eq(updates.id, updateId));
  if (!update) return;
  const told = await tx
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.incidentId, incidentId),
        eq(deliveries.kind, "word"),
        notInArray(deliveries.state, ["failed", "superseded", "cancelled"]),
        sql`${deliveries.payload} ->> 'updateId' = ${updateId}`,
        sql`${deliveries.payload} ->> 'corrects' is null`,
      ),
    );
  const status = updateStatusWords[update.status];
  const text = `↗ ${update.publishedByName} published an update, ${status} (corrected): ${update.body}`;
  const edit = ({ id, destination, payload }: DeliveryRow): NewDelivery => ({
    incidentId,
    updateId: null,
    kind: "word",
    channel: "slack",
    destination,
    payload: { ...(payload as Word), text, corrects: id },
  });
  await addDeliveries(tx, ctx, told.map(edit));
}

/** Somebody declared it by hand: it gets its card. What a route declares is told as triage is. */
async function onDeclared(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  if (event.data.routeId !== undefined) return;
  const incident = await incidentOf(tx, event.incidentId);
  const { slack } = await readSettings(tx, ctx);
  if (incident && slack?.channel) await addCard(tx, ctx, incident, slack.channel);
}

/** As much of a decision as is read in a channel; the note has the rest. */
const DECISION_LENGTH_MAX = 1_500;

/**
 * Tells the incident's channel, or the thread of its card, what was decided in the room. One transaction.
 * Safe to repeat: a decision is told once. One that was taken back or deleted meanwhile is not told.
 */
export async function tellDecided(core: Core, entryId: string): Promise<void> {
  await core.db.transaction(async (tx) => {
    const [entry] = await tx.select().from(timelineEntries).where(eq(timelineEntries.id, entryId));
    if (entry?.mark !== "decision" || !entry.body?.trim()) return;
    // Two jobs of the same note take turns.
    const incident = await lockIncident(tx, { actor: systemActor }, entry.incidentId);
    const told = and(eq(deliveries.incidentId, incident.id), sql`${deliveries.payload} ->> 'entryId' = ${entryId}`);
    if ((await tx.$count(deliveries, told)) > 0) return;
    const text = `◆ Decision by ${entry.actorName}: ${fitPlain(entry.body, DECISION_LENGTH_MAX)}`;
    await addWord(tx, ctxFor(core, systemActor), incident, {
      text,
      entryId,
      isBroadcast: false,
      to: "own channel or cards",
    });
  });
}

/**
 * Keeps the cards of incidents in Slack, and tells their threads and channels what changed, in the transaction of the
 * change; before the queue starts, and after those who tell of triage.
 */
export function registerSlackCards(core: Core): void {
  core.queue.work(DECISION_JOB, {}, (data) => tellDecided(core, String(data.entryId)));
  core.handlers.on("incident.declared", onDeclared);
  core.handlers.on("update.published", onUpdate);
  core.handlers.on("update.corrected", onCorrected);
  core.handlers.on("incident.severity_changed", onSeverity);
  for (const type of ["incident.status_changed", "incident.resolved", "incident.reopened"] as const) {
    core.handlers.on(type, onStatus);
  }
  for (const type of shown) {
    core.handlers.on(type, async (tx, ctx, { incidentId }) => {
      const incident = await incidentOf(tx, incidentId);
      if (incident) await refreshCards(tx, ctx, incident);
    });
  }
}
