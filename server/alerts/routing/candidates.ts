import { and, desc, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alertGroups, incidentServices, incidents, services } from "#/db/schema/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { joinedEvidence } from "../correlation/evidence.ts";
import type { Candidate } from "../correlation/relate.ts";

/** Correlation looks at the newest ones; with more open than this nobody reads what joined. */
const CANDIDATES_MAX = 200;

/** The open incidents that everybody may see, with what fails in them and where. Three queries. */
export async function readCandidates(q: Sql): Promise<Candidate[]> {
  const open = await q
    .select({ id: incidents.id, reference: incidents.reference, declaredAt: incidents.declaredAt })
    .from(incidents)
    .where(
      and(inArray(incidents.status, [...openStatuses]), eq(incidents.mode, "live"), eq(incidents.visibility, "public")),
    )
    .orderBy(desc(incidents.declaredAt), desc(incidents.id))
    .limit(CANDIDATES_MAX);
  if (open.length === 0) return [];
  const ids = open.map((row) => row.id);
  const ofIncidents = await q
    .select({ incidentId: incidentServices.incidentId, id: services.id, name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(inArray(incidentServices.incidentId, ids));
  const groups = await q.select().from(alertGroups).where(inArray(alertGroups.incidentId, ids));
  return open.map((row) => candidateOf(row, ofIncidents, groups));
}

function candidateOf(
  row: { id: string; reference: string; declaredAt: Date },
  ofIncidents: readonly { incidentId: string; id: string; name: string }[],
  groups: readonly (typeof alertGroups.$inferSelect)[],
): Candidate {
  const own = groups.filter((group) => group.incidentId === row.id);
  const { labels, names } = joinedEvidence(own.map((group) => group.evidence));
  const times = own.flatMap((group) => [group.openedAt.getTime(), group.lastAt.getTime()]);
  const spans = times.length > 0 ? times : [row.declaredAt.getTime()];
  return {
    incidentId: row.id,
    reference: row.reference,
    services: ofIncidents.filter((each) => each.incidentId === row.id).map(({ id, name }) => ({ id, name })),
    labels,
    names,
    openedAt: new Date(Math.min(...spans)),
    lastAt: new Date(Math.max(...spans)),
  };
}
