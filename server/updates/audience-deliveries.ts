import { and, eq, inArray, ne, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, destinations, incidentServices, publicIncidents, type updates } from "#/db/schema/index.ts";
import {
  type MatchSubject,
  mayHear,
  mismatchOf,
  publicReaderOf,
  type ReachedAudience,
  selectAudiences,
} from "#/server/audience/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { refuseField } from "#/server/platform/errors.ts";
import type { Settings } from "#/server/settings/contract.ts";
import type { PublishUpdateInput } from "./contract.ts";
import { type NewDelivery, NO_MAIL, NO_SLACK, readInPublic } from "./delivery-store.ts";
import type { OutboundChannel } from "./shared/lists.ts";

type UpdateRow = typeof updates.$inferSelect;
type Subject = { incidentId: string; updateId: string; kind: "update" | "correction" };

/** What audiences are matched against: the incident's services and severity, and the components its updates name. */
export async function matchSubject(
  q: Sql,
  incident: Pick<IncidentRow, "id" | "severity">,
  named: readonly string[],
): Promise<MatchSubject> {
  const found = await q
    .select({ id: incidentServices.serviceId })
    .from(incidentServices)
    .where(eq(incidentServices.incidentId, incident.id));
  const [known] = await q
    .select({ components: publicIncidents.components })
    .from(publicIncidents)
    .where(eq(publicIncidents.incidentId, incident.id));
  return {
    services: found.map((service) => service.id),
    components: [...new Set([...Object.keys(known?.components ?? {}), ...named])],
    severity: incident.severity,
  };
}

/**
 * The named audiences that an update goes to: those that were chosen, else all that it fits. None ever hears what is not
 * for it: an internal update goes to no public audience.
 * @throws AppError "invalid" for a chosen one that does not exist, or may not hear this
 */
export function chosenAudiences(
  all: readonly ReachedAudience[],
  wish: { audience: "public" | "internal"; chosen: readonly string[] | null | undefined; subject: MatchSubject },
): ReachedAudience[] {
  const { audience, chosen, subject } = wish;
  if (!chosen) return all.filter((one) => mayHear(one.kind, audience) && mismatchOf(one, subject) === null);
  const found = chosen.map((id, index) => {
    const one = all.find((row) => row.id === id.toLowerCase());
    if (!one) return refuseField(`/audiences/${index}`, "There is no such audience.");
    if (mayHear(one.kind, audience)) return one;
    return refuseField(`/audiences/${index}`, `${one.name} is a public audience: an internal update cannot go there.`);
  });
  return [...new Map(found.map((one) => [one.id, one])).values()];
}

/** @throws AppError "invalid" when the organisation's own Slack channel is one that the public reads. Pure. */
function requireInternalSlack(
  all: readonly ReachedAudience[],
  update: { audience: "public" | "internal"; channels: readonly string[] },
  settings: Pick<Settings, "slack">,
): void {
  const channel = settings.slack?.channel;
  if (update.audience !== "internal" || !update.channels.includes("slack") || !channel) return;
  const reader = publicReaderOf(all, channel);
  if (reader) refuseField("/channels", readInPublic(channel, reader));
}

type Press = {
  incident: Pick<IncidentRow, "id" | "severity">;
  input: Pick<PublishUpdateInput, "audience" | "audiences" | "channels">;
  /** Ids of the components that the update names. */
  named: readonly string[];
  settings: Pick<Settings, "slack">;
};

/** The named audiences that an update goes to. @throws AppError "invalid" when that would say something in the wrong place */
export async function reachedAudiences(
  tx: Sql,
  { incident, input, named, settings }: Press,
): Promise<ReachedAudience[]> {
  const audience = input.audience ?? "public";
  const all = await selectAudiences(tx);
  requireInternalSlack(all, { audience, channels: input.channels }, settings);
  const subject = await matchSubject(tx, incident, named);
  return chosenAudiences(all, { audience, chosen: input.audiences, subject });
}

function ofAudience(audience: ReachedAudience, subject: Subject, settings: Settings): NewDelivery[] {
  const payload = { audience: audience.name, reader: audience.kind };
  const slack = audience.slackChannels.map((destination) => ({
    ...subject,
    channel: "slack" as const,
    destination,
    payload,
    ...(!settings.slack && { refusal: NO_SLACK }),
  }));
  const mails = audience.emails.map((destination) => ({
    ...subject,
    channel: "email" as const,
    destination,
    payload,
    ...(!settings.smtp && { refusal: NO_MAIL }),
  }));
  const places = audience.destinations
    .filter((place) => place.disabledAt === null)
    .filter((place) => place.kind !== "webhook" || place.events.includes("update.published"))
    .map((place) => ({
      ...subject,
      channel: place.kind as OutboundChannel,
      destination: place.name,
      destinationId: place.id,
      payload,
    }));
  return [...slack, ...mails, ...places];
}

function placeOf(one: NewDelivery): string {
  return one.destinationId ?? `${one.channel}:${one.destination.toLowerCase()}`;
}

/** The deliveries of an update to named audiences: a place that hears already, or by two audiences, hears once. Pure. */
export function audienceDeliveries(
  reached: readonly ReachedAudience[],
  row: Pick<UpdateRow, "id" | "incidentId">,
  settings: Settings,
  wanted: readonly NewDelivery[],
): NewDelivery[] {
  const subject = { incidentId: row.incidentId, updateId: row.id, kind: "update" as const };
  const heard = new Set(wanted.map(placeOf));
  const all = reached.flatMap((audience) => ofAudience(audience, subject, settings));
  return all.filter((one) => {
    const isFirst = !heard.has(placeOf(one));
    heard.add(placeOf(one));
    return isFirst;
  });
}

/**
 * What audiences hear of a correction. A post in Mattermost or Teams cannot be edited, so the correction is a message of
 * its own; one that still waits says the new text by itself, to a webhook only if it was never tried: who got the first
 * text drops what comes again under the same id. Addresses of audiences get mail again only if asked.
 */
export async function audienceCorrections(tx: Sql, row: UpdateRow, withMail: boolean): Promise<NewDelivery[]> {
  const isOriginal = and(
    eq(deliveries.updateId, row.id),
    eq(deliveries.kind, "update"),
    ne(deliveries.channel, "slack"),
    sql`${deliveries.payload} ? 'audience'`,
  );
  const waiting = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        isOriginal,
        inArray(deliveries.state, ["queued", "retrying"]),
        or(
          ne(deliveries.channel, "webhook"),
          and(eq(deliveries.attempts, 0), sql`not (${deliveries.payload} ? 'since')`),
        ),
      ),
    )
    // A worker that has taken one already may be sending the old text: that one is corrected.
    .for("update", { skipLocked: true });
  const isWaiting = new Set(waiting.map((one) => one.id));
  const found = await tx
    .select({ one: deliveries, events: destinations.events })
    .from(deliveries)
    .leftJoin(destinations, eq(destinations.id, deliveries.destinationId))
    .where(isOriginal)
    .orderBy(deliveries.createdAt, deliveries.id);
  return found
    .filter(({ one, events }) => one.channel !== "webhook" || events?.includes("update.corrected"))
    .map(({ one }) => one)
    .filter((one) => !["failed", "superseded", "cancelled"].includes(one.state) && !isWaiting.has(one.id))
    .filter((one) => one.channel !== "email" || withMail)
    .map((one) => ({
      incidentId: row.incidentId,
      updateId: row.id,
      kind: "correction" as const,
      channel: one.channel,
      destination: one.destination,
      ...(one.destinationId && { destinationId: one.destinationId }),
      payload: { audience: one.payload.audience, reader: one.payload.reader },
    }));
}
