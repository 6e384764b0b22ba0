import { and, desc, eq, exists, ilike, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentMembers, incidentServices, incidents, serviceAliases, services, users } from "#/db/schema/index.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { containsPattern, decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import type { PersonView } from "./contract.ts";
import { type IncidentStatus, incidentStatuses, openStatuses, type Severity, severities } from "./shared/lists.ts";
import { findIncident, type IncidentRow } from "./store.ts";

export type IncidentFilter = {
  /** Comma-separated statuses; `open` stands for the four open ones. */
  status?: string | undefined;
  severity?: string | undefined;
  q?: string | undefined;
  /** A service's id, name or alias. */
  service?: string | undefined;
  cursor?: string | undefined;
  limit: number;
};

function oneOf<T extends string>(text: string, allowed: readonly T[]): T[] {
  const wanted = text.split(",").map((part) => part.trim());
  return allowed.filter((value) => wanted.includes(value) || wanted.includes(value.toLowerCase()));
}

function statusIs(text: string): SQL {
  const wanted: IncidentStatus[] = oneOf(text, incidentStatuses);
  if (text.split(",").includes("open")) wanted.push(...openStatuses);
  return wanted.length > 0 ? inArray(incidents.status, wanted) : sql`false`;
}

function severityIs(text: string): SQL {
  const wanted: Severity[] = oneOf(text, severities);
  const none = text.split(",").includes("none") ? isNull(incidents.severity) : undefined;
  return or(wanted.length > 0 ? inArray(incidents.severity, wanted) : undefined, none) ?? sql`false`;
}

function serviceIs(q: Sql, key: string): SQL {
  return exists(
    q
      .select({ one: sql`1` })
      .from(incidentServices)
      .innerJoin(services, eq(services.id, incidentServices.serviceId))
      .where(
        and(
          eq(incidentServices.incidentId, incidents.id),
          or(
            sql`${services.id}::text = ${key.toLowerCase()}`,
            sql`lower(${services.name}) = ${key.toLowerCase()}`,
            sql`exists (select 1 from ${serviceAliases} where ${serviceAliases.serviceId} = ${services.id}
              and lower(${serviceAliases.alias}) = ${key.toLowerCase()})`,
          ),
        ),
      ),
  );
}

/** The incidents that the actor may see, newest first. */
export async function listIncidents(q: Sql, ctx: Ctx, filter: IncidentFilter) {
  requireAbility(ctx.actor, "incidents.read");
  const after = decodeCursor(filter.cursor, ["instant", "id"]);
  const pattern = filter.q ? containsPattern(filter.q) : undefined;
  const found = await q
    .select()
    .from(incidents)
    .where(
      and(
        visibleTo(ctx.actor),
        filter.status ? statusIs(filter.status) : undefined,
        filter.severity ? severityIs(filter.severity) : undefined,
        filter.service ? serviceIs(q, filter.service) : undefined,
        pattern
          ? or(ilike(incidents.title, pattern), ilike(incidents.reference, pattern), ilike(incidents.summary, pattern))
          : undefined,
        after
          ? sql`(${incidents.declaredAt}, ${incidents.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(incidents.declaredAt), desc(incidents.id))
    .limit(filter.limit + 1);
  return pageOf<IncidentRow>(found, filter.limit, (last) => [last.declaredAt.toISOString(), last.id]);
}

/** Who may see a private incident. */
export async function listMembers(q: Sql, ctx: Ctx, incident: string): Promise<PersonView[]> {
  const row = await findIncident(q, ctx, incident);
  return q
    .select({ id: users.id, name: users.name })
    .from(incidentMembers)
    .innerJoin(users, eq(users.id, incidentMembers.userId))
    .where(eq(incidentMembers.incidentId, row.id))
    .orderBy(users.name);
}
