import { and, eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type IncidentLink, incidentServices, services, timelineEntries, users } from "#/db/schema/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { activeStatuses, LINKS_MAX } from "./shared/lists.ts";
import { currentRow, type IncidentRow, saveIncident } from "./store.ts";

type Service = typeof services.$inferSelect;
type Affected = { service: Service; ownerName: string | null };

/** The incident's services that did not bring anything yet: what somebody took away does not come again. */
async function freshServices(tx: Sql, incidentId: string): Promise<Affected[]> {
  const found = await tx
    .select({ service: services, ownerName: users.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .leftJoin(users, and(eq(users.id, services.ownerId), sql`${users.disabledAt} is null`))
    .where(eq(incidentServices.incidentId, incidentId))
    .orderBy(sql`lower(${services.name})`);
  if (found.length === 0) return [];
  const told = await tx
    .select({ data: timelineEntries.data })
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incidentId), inArray(timelineEntries.type, ["service.brought"])));
  const known = new Set(told.map(({ data }) => data.serviceId));
  return found.filter(({ service }) => !known.has(service.id));
}

/** An incident calls any other link just that. */
const kindOf = (kind: Service["links"][number]["kind"]) => (kind === "other" ? "link" : kind);

type Brought = { links: IncidentLink[]; words: string[]; leftOut: number };

/** What of a service's links is new to the room, and what finds no place any more. */
function linksOf(service: Service, links: readonly IncidentLink[]): Brought {
  const known = new Set(links.map(({ url }) => url));
  const fresh = service.links.filter(({ url }) => !known.has(url));
  const taken = fresh.slice(0, Math.max(0, LINKS_MAX - links.length));
  return {
    links: taken.map(({ kind, title, url }): IncidentLink => ({ kind: kindOf(kind), title, url })),
    words: taken.map(({ kind, title, url }) => `${kindOf(kind)} ${title || url.replace(/^https?:\/\//, "")}`),
    leftOut: fresh.length - taken.length,
  };
}

function eventOf(incidentId: string, { service, ownerName }: Affected, { words: brought, leftOut }: Brought) {
  const runbook = service.runbook || service.runbookUrl ? ["runbook"] : [];
  const many = leftOut === 1 ? "1 more link finds" : `${leftOut} more links find`;
  return {
    incidentId,
    type: "service.brought" as const,
    data: {
      serviceId: service.id,
      service: service.name,
      brought: [...brought, ...runbook],
      ...(ownerName !== null && { owner: ownerName, ownerId: service.ownerId }),
      ...(leftOut > 0 && { left: `${many} no place: an incident has at most ${LINKS_MAX}.` }),
    },
  };
}

/**
 * Brings what belongs to the affected services into the room of an incident that is worked on: their links, and an
 * entry that says what came (the runbook and the owner, too) and why. Each service once, also when it is named later;
 * a link that somebody removes stays away.
 *
 * Part of the caller's transaction, under the row's lock. Answers with the row as it is then, with what the handlers of
 * an event before changed of it.
 */
export async function bringServices(tx: Sql, ctx: Ctx, given: IncidentRow): Promise<IncidentRow> {
  if (!(activeStatuses as readonly string[]).includes(given.status)) return given;
  const row = await currentRow(tx, given.id);
  const links = [...row.links];
  const events: ReturnType<typeof eventOf>[] = [];
  for (const affected of await freshServices(tx, row.id)) {
    const { service, ownerName } = affected;
    if (service.links.length === 0 && !service.runbook && !service.runbookUrl && ownerName === null) continue;
    const brought = linksOf(service, links);
    links.push(...brought.links);
    events.push(eventOf(row.id, affected, brought));
  }
  const after = links.length > row.links.length ? await saveIncident(tx, ctx, row, { links }) : row;
  for (const event of events) await recordEvent(tx, ctx, event);
  return after;
}
