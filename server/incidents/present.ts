import { and, asc, inArray, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { incidentPresence, incidentServices, rosterRoles, services, users } from "#/db/schema/index.ts";
import { awaySince } from "#/server/roster/shared/away.ts";
import { incidentRoles } from "#/server/roster/shared/lists.ts";
import { requiredRolesAt } from "#/server/settings/index.ts";
import type { IncidentView, RoleView } from "./contract.ts";
import type { IncidentRow } from "./store.ts";

function iso(date: Date | null): string | null {
  return date ? date.toISOString() : null;
}

type Grouped<T> = Map<string, T[]>;
function grouped<T extends { incidentId: string }>(list: readonly T[]): Grouped<T> {
  return Map.groupBy(list, (item) => item.incidentId) as Grouped<T>;
}

async function servicesOf(q: Sql, ids: string[]) {
  const list = await q
    .select({ incidentId: incidentServices.incidentId, id: services.id, name: services.name })
    .from(incidentServices)
    .innerJoin(services, sql`${services.id} = ${incidentServices.serviceId}`)
    .where(inArray(incidentServices.incidentId, ids))
    .orderBy(asc(services.name));
  return grouped(list);
}

/** Who of the holders entered the room, and who left it. */
async function presenceIn(q: Sql, ids: string[], people: string[]) {
  if (people.length === 0) return new Map<string, { leftAt: Date | null }>();
  const found = await q
    .select()
    .from(incidentPresence)
    .where(and(inArray(incidentPresence.incidentId, ids), inArray(incidentPresence.userId, people)));
  return new Map(found.map((row) => [`${row.incidentId} ${row.userId}`, row]));
}

async function rolesOf(q: Sql, list: readonly IncidentRow[]): Promise<Map<string, RoleView[]>> {
  const ids = list.map((row) => row.id);
  const requiredAt = await requiredRolesAt(q);
  const held = await q.select().from(rosterRoles).where(inArray(rosterRoles.incidentId, ids));
  const people = [...new Set(held.flatMap((role) => [role.holderId, role.offeredToId]).filter((id) => id !== null))];
  const named = new Map(
    people.length === 0
      ? []
      : (await q.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, people))).map(
          (user) => [user.id, user],
        ),
  );
  const presence = await presenceIn(q, ids, people);
  const byIncident = grouped(held);
  const person = (id: string | null) => (id ? (named.get(id) ?? null) : null);
  return new Map(
    list.map(({ id, severity }) => {
      const own = byIncident.get(id) ?? [];
      const required = requiredAt(severity);
      const names = new Set([...incidentRoles, ...required, ...own.map((role) => role.role).sort()]);
      const roles = [...names].map((role) => {
        const row = own.find((candidate) => candidate.role === role);
        const away = row?.holderId ? awaySince(presence.get(`${id} ${row.holderId}`), row.heldSince) : null;
        return {
          role,
          holder: person(row?.holderId ?? null),
          since: iso(row?.heldSince ?? null),
          offeredTo: person(row?.offeredToId ?? null),
          offeredAt: iso(row?.offeredAt ?? null),
          isRequired: required.includes(role),
          awaySince: iso(away),
        };
      });
      return [id, roles];
    }),
  );
}

type Counts = { incidentId: string; firing: number; total: number };

/** Alerts of an incident and of those merged into it. */
async function alertCountsOf(q: Sql, ids: string[]): Promise<Map<string, Counts>> {
  const list = sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  const found = await rows<{ root: string; firing: number | string; total: number | string }>(
    q,
    sql`with recursive family as (
          select id as root, id from incidents where id in (${list})
          union all
          select family.root, incidents.id from incidents join family on incidents.merged_into_id = family.id)
        select family.root, count(*) filter (where alerts.status in ('firing', 'acknowledged')) as firing, count(*) as total
        from family join alerts on alerts.incident_id = family.id group by family.root`,
  );
  return new Map(
    found.map((row) => [row.root, { incidentId: row.root, firing: Number(row.firing), total: Number(row.total) }]),
  );
}

async function referencesOf(q: Sql, list: readonly IncidentRow[]): Promise<Map<string, string>> {
  const targets = [...new Set(list.map((row) => row.mergedIntoId).filter((id) => id !== null))];
  if (targets.length === 0) return new Map();
  const ids = sql.join(
    targets.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  const found = await rows<{ id: string; reference: string }>(
    q,
    sql`select id, reference from incidents where id in (${ids})`,
  );
  return new Map(found.map((row) => [row.id, row.reference]));
}

/** Rows as the outside sees them, with their services, roles and alert counts; in the same order. */
export async function presentIncidents(q: Sql, list: readonly IncidentRow[]): Promise<IncidentView[]> {
  if (list.length === 0) return [];
  const ids = list.map((row) => row.id);
  // One after another: inside a transaction there is one connection.
  const byService = await servicesOf(q, ids);
  const byRole = await rolesOf(q, list);
  const counts = await alertCountsOf(q, ids);
  const references = await referencesOf(q, list);
  return list.map((row) => ({
    id: row.id,
    reference: row.reference,
    title: row.title,
    status: row.status,
    severity: row.severity,
    suggestedSeverity: row.suggestedSeverity,
    type: row.type,
    mode: row.mode,
    visibility: row.visibility,
    summary: row.summary,
    impactText: row.impactText,
    hypothesis: row.hypothesis,
    resolution: row.resolution,
    links: row.links,
    services: (byService.get(row.id) ?? []).map(({ id, name }) => ({ id, name })),
    roles: byRole.get(row.id) ?? [],
    times: {
      impactStartedAt: iso(row.impactStartedAt),
      detectedAt: iso(row.detectedAt),
      acknowledgedAt: iso(row.acknowledgedAt),
      mitigatedAt: iso(row.mitigatedAt),
      impactEndedAt: iso(row.impactEndedAt),
    },
    customFields: row.customFields,
    version: row.version,
    lastSeq: row.lastSeq,
    declaredAt: row.declaredAt.toISOString(),
    acceptedAt: iso(row.acceptedAt),
    resolvedAt: iso(row.resolvedAt),
    closedAt: iso(row.closedAt),
    nextUpdateDueAt: iso(row.nextUpdateDueAt),
    updatedAt: row.updatedAt.toISOString(),
    declineReason: row.declineReason,
    mergedInto: row.mergedIntoId ? (references.get(row.mergedIntoId) ?? null) : null,
    alertCounts: { firing: counts.get(row.id)?.firing ?? 0, total: counts.get(row.id)?.total ?? 0 },
  }));
}

/** One row as the outside sees it. */
export async function presentIncident(q: Sql, row: IncidentRow): Promise<IncidentView> {
  const [view] = await presentIncidents(q, [row]);
  if (!view) throw new Error("presenting one row gave none");
  return view;
}
