import { asc, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { audienceDestinations, audiences, components, services } from "#/db/schema/index.ts";
import type { AudienceView } from "./contract.ts";
import { type DestinationRow, selectDestinations } from "./destination-store.ts";

export type AudienceRow = typeof audiences.$inferSelect;
/** A named audience with the places that hear for it. */
export type ReachedAudience = AudienceRow & { destinations: DestinationRow[] };

/** The named audiences with their destinations, by name. */
export async function selectAudiences(q: Sql, ids?: readonly string[]): Promise<ReachedAudience[]> {
  const some = ids ? inArray(audiences.id, [...ids]) : undefined;
  const found = await q
    .select()
    .from(audiences)
    .where(some)
    .orderBy(asc(sql`lower(${audiences.name})`));
  if (found.length === 0) return [];
  const links = await q
    .select()
    .from(audienceDestinations)
    .where(
      inArray(
        audienceDestinations.audienceId,
        found.map((row) => row.id),
      ),
    );
  const places =
    links.length === 0 ? [] : await selectDestinations(q, [...new Set(links.map((one) => one.destinationId))]);
  return found.map((row) => ({
    ...row,
    destinations: places.filter((place) =>
      links.some((link) => link.audienceId === row.id && link.destinationId === place.id),
    ),
  }));
}

async function namesOf(
  q: Sql,
  table: typeof services | typeof components,
  ids: string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await q.select({ id: table.id, name: table.name }).from(table).where(inArray(table.id, ids));
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** The public audience that reads in a channel of Slack, by its name, or null: nothing internal is said there. Pure. */
export function publicReaderOf(
  all: readonly Pick<ReachedAudience, "name" | "kind" | "slackChannels">[],
  channel: string,
): string | null {
  const reads = (each: string) => each.toLowerCase() === channel.toLowerCase();
  return all.find((one) => one.kind === "public" && one.slackChannels.some(reads))?.name ?? null;
}

/** Audiences as people see them, in the same order. */
export async function presentAudiences(q: Sql, rows: readonly ReachedAudience[]): Promise<AudienceView[]> {
  const serviceNames = await namesOf(q, services, [...new Set(rows.flatMap((row) => row.services))]);
  const componentNames = await namesOf(q, components, [...new Set(rows.flatMap((row) => row.components))]);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    services: row.services.map((id) => ({ id, name: serviceNames.get(id) ?? null })),
    components: row.components.map((id) => ({ id, name: componentNames.get(id) ?? null })),
    severities: row.severities,
    destinations: row.destinations.map(({ id, name, kind, disabledAt }) => ({
      id,
      name,
      kind,
      enabled: disabledAt === null,
    })),
    emails: row.emails,
    slackChannels: row.slackChannels,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }));
}
