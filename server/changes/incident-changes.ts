import { and, desc, eq, gte, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import {
  changes,
  incidentServices,
  serviceAliases,
  serviceDependencies,
  services,
  timelineEntries,
} from "#/db/schema/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { type ChangeRow, presentChange, selectChanges } from "./change-queries.ts";
import type { IncidentChangesView, IncidentChangeView } from "./contract.ts";
import { canBeLikely, distanceOf, isSamePlace, placeLabelNames, type Relation, reasonOf, windowOf } from "./rules.ts";
import { CHANGES_IN_ROOM_MAX, CHANGES_RANKED_MAX } from "./shared/lists.ts";

/** A service near the incident: how it stands to the one that the incident names. */
type Near = { name: string; relation: Relation; named: string };
type Edge = { named: string; id: string; name: string };

/** The services that the incident names and their neighbours, one step; the closest relation counts. */
async function servicesNear(q: Sql, incidentId: string): Promise<Map<string, Near>> {
  const near = new Map<string, Near>();
  const own = await q
    .select({ id: services.id, name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incidentId));
  for (const { id, name } of own) near.set(id, { name, relation: "named", named: name });
  const add = (edges: readonly Edge[], relation: Relation) => {
    for (const { id, name, named } of edges) {
      if (!near.has(id)) near.set(id, { name, relation, named: own.find((each) => each.id === named)?.name ?? "" });
    }
  };
  const ids = own.map(({ id }) => id);
  if (ids.length === 0) return near;
  const columns = { id: services.id, name: services.name };
  add(
    await q
      .select({ ...columns, named: serviceDependencies.serviceId })
      .from(serviceDependencies)
      .innerJoin(services, eq(services.id, serviceDependencies.dependsOnId))
      .where(inArray(serviceDependencies.serviceId, ids)),
    "depends_on",
  );
  add(
    await q
      .select({ ...columns, named: serviceDependencies.dependsOnId })
      .from(serviceDependencies)
      .innerJoin(services, eq(services.id, serviceDependencies.serviceId))
      .where(inArray(serviceDependencies.dependsOnId, ids)),
    "depended_on_by",
  );
  return near;
}

/** Names under which changes of these services may have come before they were known. */
async function namesOf(q: Sql, near: ReadonlyMap<string, Near>): Promise<Map<string, string>> {
  const aliases = await q
    .select()
    .from(serviceAliases)
    .where(inArray(serviceAliases.serviceId, [...near.keys()]));
  return new Map([
    ...aliases.map(({ alias, serviceId }) => [alias.toLowerCase(), serviceId] as const),
    ...[...near].map(([id, { name }]) => [name.toLowerCase(), id] as const),
  ]);
}

/** Where the incident's alerts say that they come from: the values of each such label. */
async function placesOf(q: Sql, incidentId: string): Promise<Map<string, Set<string>>> {
  const found = await rows<{ key: string; value: string }>(
    q,
    sql`with recursive family as (
        select ${incidentId}::uuid as id
        union all
        select i.id from incidents i join family on i.merged_into_id = family.id)
      select distinct label.key, label.value from alerts, jsonb_each_text(alerts.labels) as label
      where alerts.incident_id in (select id from family)
        and label.key in (${sql.join(
          placeLabelNames.map((name) => sql`${name}`),
          sql`, `,
        )})`,
  );
  const places = new Map<string, Set<string>>();
  for (const { key, value } of found) places.set(key, (places.get(key) ?? new Set()).add(value));
  return places;
}

/** The changes that somebody attached to the timeline and nobody took back. */
async function suspectsOf(q: Sql, incidentId: string): Promise<Set<string>> {
  const found = await q
    .select({ type: timelineEntries.type, data: timelineEntries.data })
    .from(timelineEntries)
    .where(
      and(
        eq(timelineEntries.incidentId, incidentId),
        inArray(timelineEntries.type, ["change.suspected", "change.cleared"]),
      ),
    )
    .orderBy(timelineEntries.seq);
  const suspects = new Set<string>();
  for (const { type, data } of found) {
    if (type === "change.suspected") suspects.add(String(data.changeId));
    else suspects.delete(String(data.changeId));
  }
  return suspects;
}

type Candidate = { change: ChangeRow; serviceName: string | null; near: Near };

async function candidatesOf(q: Sql, incident: IncidentRow, near: ReadonlyMap<string, Near>): Promise<Candidate[]> {
  const { from, to } = windowOf(incident);
  const names = await namesOf(q, near);
  const found = await selectChanges(q)
    .where(
      and(
        or(
          inArray(changes.serviceId, [...near.keys()]),
          and(isNull(changes.serviceId), inArray(sql`lower(${changes.serviceName})`, [...names.keys()])),
        ),
        lte(changes.startedAt, to),
        gte(changes.at, from),
      ),
    )
    .orderBy(desc(changes.at))
    .limit(CHANGES_RANKED_MAX);
  const places = await placesOf(q, incident.id);
  return found.flatMap(({ change, serviceName }) => {
    const of = near.get(change.serviceId ?? names.get(change.serviceName?.toLowerCase() ?? "") ?? "");
    return of && isSamePlace(change.labels, places) ? [{ change, serviceName, near: of }] : [];
  });
}

/**
 * What changed on an incident's services and their neighbours around the start of the impact, the likeliest first.
 * The caller has checked that the incident may be seen.
 */
export async function changesOfIncident(q: Sql, incident: IncidentRow): Promise<IncidentChangesView> {
  const { impactAt, from, to } = windowOf(incident);
  const shown = { nextCursor: null, from: from.toISOString(), to: to.toISOString() };
  const near = await servicesNear(q, incident.id);
  if (near.size === 0) return { items: [], ...shown };
  const suspects = await suspectsOf(q, incident.id);
  const ranked = (await candidatesOf(q, incident, near))
    .map((found) => ({ found, timed: { ...found.change, relation: found.near.relation } }))
    .map((each) => ({ ...each, distance: distanceOf(each.timed, impactAt) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, CHANGES_IN_ROOM_MAX);
  const items = ranked.map(({ found, timed }, place): IncidentChangeView => {
    const words = { ...timed, service: found.near.name, named: found.near.named };
    return {
      ...presentChange(found),
      service: found.near.name,
      relation: timed.relation,
      reason: reasonOf(words, impactAt),
      isLikely: place === 0 && canBeLikely(timed, impactAt),
      isSuspect: suspects.has(found.change.id),
    };
  });
  return { items, ...shown };
}
