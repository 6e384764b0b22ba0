import { and, inArray } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Sql } from "#/db/client.ts";
import {
  apiTokens,
  audiences,
  components,
  destinations,
  incidents,
  integrations,
  services,
  users,
} from "#/db/schema/index.ts";
import { type Actor, visibleTo } from "#/server/access/index.ts";

type Entry = { objectId: string; detail: Record<string, unknown> };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const named = [
  users,
  services,
  components,
  integrations,
  apiTokens,
  audiences,
  destinations,
] as const satisfies readonly PgTable[];

/** The ids that an entry of the audit log mentions. */
function idsOf({ objectId, detail }: Entry): string[] {
  return [objectId, ...Object.values(detail)].filter(
    (value): value is string => typeof value === "string" && UUID.test(value),
  );
}

/**
 * What the ids in these entries are called now: people, services, components, integrations, tokens, audiences,
 * destinations, and the references of incidents that the actor may see. What is gone, or a secret, has no name here.
 */
export async function namesIn(q: Sql, actor: Actor, entries: readonly Entry[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(entries.flatMap(idsOf))];
  const names = new Map<string, string>();
  if (ids.length === 0) return names;
  for (const table of named) {
    const found = await q.select({ id: table.id, name: table.name }).from(table).where(inArray(table.id, ids));
    for (const { id, name } of found) names.set(id, name);
  }
  const seen = await q
    .select({ id: incidents.id, reference: incidents.reference })
    .from(incidents)
    .where(and(inArray(incidents.id, ids), visibleTo(actor)));
  for (const { id, reference } of seen) names.set(id, reference);
  return names;
}

/** The names of one entry's ids, as far as they are known. Pure. */
export function namesOf(entry: Entry, names: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    idsOf(entry).flatMap((id) => {
      const name = names.get(id);
      return name === undefined ? [] : [[id, name]];
    }),
  );
}
