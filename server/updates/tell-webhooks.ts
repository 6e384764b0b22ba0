import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents } from "#/db/schema/index.ts";
import { mismatchOf, selectAudiences } from "#/server/audience/index.ts";
import type { WebhookEvent } from "#/server/audience/shared/reach.ts";
import type { Core, Ctx, EventType, RecordedEvent } from "#/server/events/index.ts";
import { matchSubject } from "./audience-deliveries.ts";
import { internalIncident } from "./compose-event.ts";
import { addDeliveries, type NewDelivery } from "./delivery-store.ts";

/** What of a timeline is an event for webhooks, and which. */
const eventOf: Partial<Record<EventType, WebhookEvent>> = {
  "incident.triaged": "incident.created",
  "incident.declared": "incident.created",
  "incident.accepted": "incident.updated",
  "incident.declined": "incident.updated",
  "incident.merged": "incident.updated",
  "incident.unmerged": "incident.updated",
  "incident.status_changed": "incident.updated",
  "incident.severity_changed": "incident.updated",
  "incident.changed": "incident.updated",
  "incident.visibility_changed": "incident.updated",
  "incident.reopened": "incident.updated",
  "incident.closed": "incident.updated",
  "incident.resolved": "incident.resolved",
};

/**
 * Tells the webhooks of internal audiences that something happened to an incident, each once.
 *
 * Part of the transaction of the event. What is told is what the incident is at that moment; a private incident and one
 * that is not live are told to nobody.
 */
async function tellWebhooks(tx: Sql, ctx: Ctx, type: WebhookEvent, event: RecordedEvent): Promise<void> {
  const audiences = (await selectAudiences(tx)).filter((one) => one.kind === "internal");
  const wants = (place: (typeof audiences)[number]["destinations"][number]) =>
    place.kind === "webhook" && place.disabledAt === null && place.events.includes(type);
  if (!audiences.some((one) => one.destinations.some(wants))) return;
  const [incident] = await tx.select().from(incidents).where(eq(incidents.id, event.incidentId));
  if (incident?.visibility !== "public" || incident.mode !== "live") return;
  const subject = await matchSubject(tx, incident, []);
  const data = { incident: await internalIncident(tx, incident.id, ctx.config.publicUrl), sequence: event.seq };
  const said = { type, timestamp: event.at.toISOString(), data };
  const wanted = new Map<string, NewDelivery>();
  for (const audience of audiences.filter((one) => mismatchOf(one, subject) === null)) {
    for (const place of audience.destinations.filter(wants)) {
      if (wanted.has(place.id)) continue;
      wanted.set(place.id, {
        incidentId: incident.id,
        updateId: null,
        kind: "event",
        channel: "webhook",
        destination: place.name,
        destinationId: place.id,
        payload: { audience: audience.name, reader: "internal", event: said },
      });
    }
  }
  await addDeliveries(tx, ctx, [...wanted.values()]);
}

/** Registers what tells webhooks of incidents; at the start, once. */
export function registerWebhookEvents(core: Core): void {
  for (const [type, told] of Object.entries(eventOf) as [EventType, WebhookEvent][]) {
    core.handlers.on(type, (tx, ctx, event) => tellWebhooks(tx, ctx, told, event));
  }
}
