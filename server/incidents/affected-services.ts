import { aliasedTable, and, count, eq, inArray, isNull, ne, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, incidentServices, incidents, serviceDependencies, services, users } from "#/db/schema/index.ts";
import { visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import type { AffectedServiceView } from "./contract.ts";
import { openStatuses } from "./shared/lists.ts";
import type { IncidentRow } from "./store.ts";

type Need = { of: string; id: string; name: string; tier: number | null };

/** Firing alerts of these services, without those of incidents that the actor may not see. */
async function firingOf(q: Sql, ctx: Ctx, ids: readonly string[]): Promise<Map<string, number>> {
  const found = await q
    .select({ id: alerts.serviceId, firing: count() })
    .from(alerts)
    .leftJoin(incidents, eq(incidents.id, alerts.incidentId))
    .where(
      and(
        inArray(alerts.serviceId, [...ids]),
        eq(alerts.status, "firing"),
        or(isNull(alerts.incidentId), visibleTo(ctx.actor)),
      ),
    )
    .groupBy(alerts.serviceId);
  return new Map(found.map(({ id, firing }) => [id ?? "", Number(firing)]));
}

/** The other open incidents that name these services and that the actor may see, the newest first. */
async function openOf(q: Sql, ctx: Ctx, ids: readonly string[], exceptId: string) {
  return q
    .select({ of: incidentServices.serviceId, reference: incidents.reference, title: incidents.title })
    .from(incidents)
    .innerJoin(incidentServices, eq(incidentServices.incidentId, incidents.id))
    .where(
      and(
        inArray(incidentServices.serviceId, [...ids]),
        inArray(incidents.status, [...openStatuses]),
        ne(incidents.id, exceptId),
        eq(incidents.mode, "live"),
        visibleTo(ctx.actor),
      ),
    )
    .orderBy(sql`${incidents.declaredAt} desc`);
}

async function needsOf(q: Sql, ids: readonly string[]): Promise<Need[]> {
  const needed = aliasedTable(services, "needed");
  return q
    .select({ of: serviceDependencies.serviceId, id: needed.id, name: needed.name, tier: needed.tier })
    .from(serviceDependencies)
    .innerJoin(needed, eq(needed.id, serviceDependencies.dependsOnId))
    .where(inArray(serviceDependencies.serviceId, [...ids]))
    .orderBy(sql`lower(${needed.name})`);
}

/**
 * The services that an incident names, by tier and name, each with the services it depends on that are in trouble now.
 * The caller has checked that the incident may be seen; other incidents are named only to who may see them.
 */
export async function affectedServices(q: Sql, ctx: Ctx, incident: IncidentRow): Promise<AffectedServiceView[]> {
  const own = await q
    .select({ service: services, ownerName: users.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .leftJoin(users, and(eq(users.id, services.ownerId), isNull(users.disabledAt)))
    .where(eq(incidentServices.incidentId, incident.id))
    .orderBy(sql`${services.tier} nulls last`, sql`lower(${services.name})`);
  if (own.length === 0) return [];
  const needs = await needsOf(
    q,
    own.map(({ service }) => service.id),
  );
  const ids = [...new Set(needs.map(({ id }) => id))];
  const firing = ids.length > 0 ? await firingOf(q, ctx, ids) : new Map<string, number>();
  const open = ids.length > 0 ? await openOf(q, ctx, ids, incident.id) : [];
  return own.map(({ service, ownerName }) => ({
    id: service.id,
    name: service.name,
    tier: service.tier,
    team: service.team,
    owner: service.ownerId && ownerName !== null ? { id: service.ownerId, name: ownerName } : null,
    troubledBy: needs
      .filter(({ of }) => of === service.id)
      .map(({ of: _, ...need }) => ({
        ...need,
        firing: firing.get(need.id) ?? 0,
        incidents: open.filter(({ of }) => of === need.id).map(({ reference, title }) => ({ reference, title })),
      }))
      .filter((need) => need.firing > 0 || need.incidents.length > 0),
  }));
}
