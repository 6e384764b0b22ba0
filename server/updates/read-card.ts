import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import {
  deliveries,
  incidentServices,
  incidents,
  rosterRoles,
  services,
  slackChannels,
  timelineEntries,
  updates,
  users,
} from "#/db/schema/index.ts";
import type { Core, EventType } from "#/server/events/index.ts";
import type { SlackMessage } from "#/server/notify/index.ts";
import { decisionOf } from "./compose-triage.ts";
import type { DeliveryRow } from "./delivery-store.ts";
import { type Card, slackOfCard } from "./slack-card.ts";

const decisive: readonly EventType[] = [
  "incident.accepted",
  "incident.declined",
  "incident.merged",
  "incident.resolved",
  "incident.reopened",
];

async function lastDecision(q: Sql, incidentId: string): Promise<Card["decision"]> {
  const [entry] = await q
    .select()
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incidentId), inArray(timelineEntries.type, [...decisive])))
    .orderBy(desc(timelineEntries.seq))
    .limit(1);
  return entry ? decisionOf(entry.type as EventType, entry.actorName, entry.data) : null;
}

async function commanderOf(q: Sql, incidentId: string): Promise<string | null> {
  const [holder] = await q
    .select({ name: users.name })
    .from(rosterRoles)
    .innerJoin(users, eq(users.id, rosterRoles.holderId))
    .where(and(eq(rosterRoles.incidentId, incidentId), eq(rosterRoles.role, "commander")));
  return holder?.name ?? null;
}

/** The channel that an incident has of its own now. */
export async function openChannelOf(q: Sql, incidentId: string) {
  const [channel] = await q
    .select()
    .from(slackChannels)
    .where(and(eq(slackChannels.incidentId, incidentId), eq(slackChannels.state, "open")));
  return channel?.channelId ? { id: channel.channelId, name: channel.name, url: channel.url } : null;
}

/** What the card of an incident says now. Reads only, one query after the other: `q` may be a transaction. */
export async function readCard(q: Sql, core: Pick<Core, "config">, incidentId: string): Promise<Card> {
  const [incident] = await q.select().from(incidents).where(eq(incidents.id, incidentId));
  if (!incident) throw new Error("a card's incident is gone");
  const [update] = await q
    .select({ body: updates.body, wordings: updates.wordings, publishedAt: updates.publishedAt })
    .from(updates)
    .where(eq(updates.incidentId, incidentId))
    .orderBy(desc(updates.publishedAt))
    .limit(1);
  const named = await q
    .select({ name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incidentId))
    .orderBy(asc(services.name));
  return {
    incidentId,
    reference: incident.reference,
    title: incident.title,
    status: incident.status,
    severity: incident.severity,
    suggestedSeverity: incident.suggestedSeverity,
    isPrivate: incident.visibility === "private",
    commander: await commanderOf(q, incidentId),
    services: named.map((service) => service.name),
    nextUpdateDueAt: incident.nextUpdateDueAt,
    lastUpdate: update ? { body: update.wordings.slack ?? update.body, publishedAt: update.publishedAt } : null,
    decision: await lastDecision(q, incidentId),
    channel: await openChannelOf(q, incidentId),
    url: `${core.config.publicUrl}/incidents/${incident.reference}`,
  };
}

/** The card of an incident as a message to one person: without buttons. */
export async function slackOfIncident(q: Sql, core: Pick<Core, "config">, incidentId: string): Promise<SlackMessage> {
  return slackOfCard(await readCard(q, core, incidentId), false);
}

/** The cards of an incident, one a destination: the first message there that did not fail. */
export async function cardsOf(q: Sql, incidentId: string, destination?: string): Promise<DeliveryRow[]> {
  const found = await q
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.incidentId, incidentId),
        eq(deliveries.channel, "slack"),
        inArray(deliveries.kind, ["triage", "card"]),
        destination === undefined ? undefined : eq(deliveries.destination, destination),
        sql`${deliveries.payload} ->> 'corrects' is null`,
        sql`(${deliveries.state} in ('queued', 'sending', 'retrying', 'sent')
          or (${deliveries.state} = 'unknown' and ${deliveries.payload} ? 'reconcile'))`,
      ),
    )
    .orderBy(asc(deliveries.createdAt), asc(deliveries.id));
  const first = new Map<string, DeliveryRow>();
  for (const row of found) if (!first.has(row.destination)) first.set(row.destination, row);
  return [...first.values()];
}

/** Whether a delivery is written as an answer to the card of its destination, when there is one. Pure. */
export function answersCard(row: Pick<DeliveryRow, "kind" | "channel" | "payload">): boolean {
  if (row.channel !== "slack" || row.payload.corrects !== undefined) return false;
  if (row.kind === "word") return row.payload.isReply === true;
  return row.kind === "update" || row.kind === "triage";
}

/** True while the card that a delivery answers may still come. */
export async function isCardComing(q: Sql, row: DeliveryRow): Promise<boolean> {
  const [card] = row.incidentId ? await cardsOf(q, row.incidentId, row.destination) : [];
  if (card === undefined || card.id === row.id) return false;
  const isLookedFor = card.state === "unknown" && Boolean(card.payload.reconcile);
  return isLookedFor || ["queued", "sending", "retrying"].includes(card.state);
}

/** The card that a delivery answers, as Slack names it: channel and message; undefined when there is none. */
export async function cardAnsweredBy(q: Sql, row: DeliveryRow): Promise<{ channel: string; ts: string } | undefined> {
  if (!answersCard(row) || !row.incidentId) return undefined;
  const [card] = await cardsOf(q, row.incidentId, row.destination);
  const [channel, ts] = card && card.id !== row.id ? (card.providerId ?? "").split("/") : [];
  return channel && ts ? { channel, ts } : undefined;
}
