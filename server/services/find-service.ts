import { eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { serviceAliases, services } from "#/db/schema/index.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
type Found = { id: string; name: string };

/** The service of this id, name or alias, in any case; a name counts before an alias. */
export async function findServiceByKey(q: Sql, key: string): Promise<Found | undefined> {
  const wanted = key.trim().toLowerCase();
  const columns = { id: services.id, name: services.name };
  if (UUID.test(wanted)) {
    const [byId] = await q.select(columns).from(services).where(eq(services.id, wanted));
    if (byId) return byId;
  }
  const [byName] = await q
    .select(columns)
    .from(services)
    .where(eq(sql`lower(${services.name})`, wanted));
  if (byName) return byName;
  const [byAlias] = await q
    .select(columns)
    .from(serviceAliases)
    .innerJoin(services, eq(services.id, serviceAliases.serviceId))
    .where(eq(sql`lower(${serviceAliases.alias})`, wanted));
  return byAlias;
}

/**
 * The service whose repository one of these addresses lies in: `https://git.example/team/shop` holds
 * `https://git.example/team/shop/commit/1a2b`. The longest repository counts.
 */
export async function findServiceByRepository(q: Sql, urls: readonly string[]): Promise<Found | undefined> {
  if (urls.length === 0) return undefined;
  const found = await q
    .select({ id: services.id, name: services.name, links: services.links })
    .from(services)
    .where(sql`${services.links} @> '[{"kind": "repository"}]'::jsonb`);
  const plain = (url: string) => url.toLowerCase().replace(/(\.git)?\/*$/, "");
  const held = found.flatMap(({ id, name, links }) =>
    links
      .filter(({ kind }) => kind === "repository")
      .map(({ url }) => ({ id, name, url: plain(url) }))
      .filter(({ url }) => urls.map(plain).some((each) => each === url || each.startsWith(`${url}/`))),
  );
  const [best] = held.sort((a, b) => b.url.length - a.url.length);
  return best && { id: best.id, name: best.name };
}
