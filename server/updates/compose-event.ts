import { asc, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { components, incidentServices, incidents, publicIncidents, services, updates } from "#/db/schema/index.ts";
import type { AudienceKind } from "#/server/audience/shared/reach.ts";
import type { ChatMessage } from "#/server/notify/index.ts";
import type { Letter } from "./compose.ts";
import { slackOfUpdate } from "./compose.ts";

/** An update as a message to a chat that cannot be edited: a correction is a message of its own. Pure. */
export function chatOfUpdate(letter: Letter, isCorrection: boolean): ChatMessage {
  const { heading, body, context } = slackOfUpdate(letter);
  return {
    heading: isCorrection ? `Corrected · ${heading}` : heading,
    body,
    notes: context.filter((part) => typeof part === "string"),
    link: letter.link,
  };
}

/** An incident as our own people's tools see it. */
export type InternalIncident = {
  id: string;
  reference: string;
  title: string;
  status: string;
  severity: string | null;
  services: string[];
  summary: string;
  url: string;
  declaredAt: string;
  resolvedAt: string | null;
};

/** An incident as internal webhooks are told of it. */
export async function internalIncident(q: Sql, incidentId: string, publicUrl: string): Promise<InternalIncident> {
  const [row] = await q.select().from(incidents).where(eq(incidents.id, incidentId));
  if (!row) throw new Error("a delivery's incident is gone");
  const names = await q
    .select({ name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incidentId))
    .orderBy(asc(services.name));
  return {
    id: row.id,
    reference: row.reference,
    title: row.title,
    status: row.status,
    severity: row.severity,
    services: names.map((service) => service.name),
    summary: row.summary,
    url: `${publicUrl}/incidents/${row.reference}`,
    declaredAt: row.declaredAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}

async function publicIncident(q: Sql, incidentId: string, letter: Letter) {
  const [row] = await q.select().from(publicIncidents).where(eq(publicIncidents.incidentId, incidentId));
  return {
    /** Null while the page does not show the incident. */
    id: row?.publicId ?? null,
    title: letter.title,
    status: letter.status,
    impact: row?.impact ?? null,
    url: letter.link?.url ?? null,
  };
}

type Said = { letter: Letter; updateId: string; isCorrection: boolean; reader: AudienceKind };

/**
 * The body of `update.published` or `update.corrected`. A public reader gets what the page would say and public ids, never
 * the reference, the internal title or a row's id.
 */
export async function eventOfUpdate(q: Sql, publicUrl: string, { letter, updateId, isCorrection, reader }: Said) {
  const [row] = await q.select().from(updates).where(eq(updates.id, updateId));
  if (!row) throw new Error("a delivery's update is gone");
  const known = await q.select({ id: components.id, publicId: components.publicId }).from(components);
  const publicIds = new Map(known.map((one) => [one.id, one.publicId]));
  const at = isCorrection && row.correctedAt ? row.correctedAt : row.publishedAt;
  const incident =
    reader === "internal"
      ? await internalIncident(q, row.incidentId, publicUrl)
      : await publicIncident(q, row.incidentId, letter);
  return {
    type: isCorrection ? "update.corrected" : "update.published",
    timestamp: at.toISOString(),
    data: {
      audience: row.audience,
      incident,
      update: {
        id: row.publicId,
        status: row.status,
        title: letter.title,
        body: letter.body,
        components: row.components.map(({ id, name, oldStatus, newStatus }) => ({
          /** Null once the component is taken off the page. */
          id: publicIds.get(id) ?? null,
          name,
          oldStatus,
          newStatus,
        })),
        publishedAt: row.publishedAt.toISOString(),
        correctedAt: row.correctedAt?.toISOString() ?? null,
      },
    },
  };
}
