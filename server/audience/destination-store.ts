import { asc, eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { audienceDestinations, audiences, destinations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { decrypt, encrypt } from "#/server/platform/crypto.ts";
import type { DestinationView } from "./contract.ts";

export type DestinationRow = typeof destinations.$inferSelect;

const PURPOSE = "destination";

/** A key of a destination as its row keeps it. */
export function sealDestinationKey(config: Core["config"], text: string): string {
  return encrypt(config.authSecret, PURPOSE, text);
}

function opened(config: Core["config"], sealed: string | null): string | null {
  if (!sealed) return null;
  try {
    return decrypt(config.authSecret, PURPOSE, sealed);
  } catch {
    // Another AUTH_SECRET: the key is lost, and a delivery says that it has to be entered again.
    return null;
  }
}

/** Where a destination is, in one way of writing; null when it cannot be read any more. */
export function addressOf(config: Core["config"], row: DestinationRow): string | null {
  const url = opened(config, row.urlSealed);
  return url && new URL(url).href;
}

/** What a message to a destination needs; `secrets` newest first, as many as sign now. */
export type OpenDestination = { row: DestinationRow; url: string | null; secrets: string[] };

/** A destination with its keys in clear, for the server's own use; undefined when it is deleted. */
export async function openDestination(
  q: Sql,
  core: Pick<Core, "config" | "now">,
  id: string,
): Promise<OpenDestination | undefined> {
  const [row] = await q.select().from(destinations).where(eq(destinations.id, id));
  if (!row) return undefined;
  const isPreviousLive = row.previousUntil !== null && row.previousUntil > core.now();
  const secrets = [row.secretSealed, isPreviousLive ? row.previousSealed : null]
    .map((sealed) => opened(core.config, sealed))
    .filter((secret) => secret !== null);
  return { row, url: opened(core.config, row.urlSealed), secrets };
}

/** An address as people may see it: where it leads, and only the end of its key. Pure. */
export function shownUrl(url: string): string {
  const { origin, pathname, search } = new URL(url);
  const rest = `${pathname}${search}`.replace(/^\/$/, "");
  return rest ? `${origin}/…${rest.slice(-4)}` : origin;
}

/** All destinations by name, or those of these ids. */
export function selectDestinations(q: Sql, ids?: readonly string[]): Promise<DestinationRow[]> {
  const some = ids ? inArray(destinations.id, [...ids]) : undefined;
  return q
    .select()
    .from(destinations)
    .where(some)
    .orderBy(asc(sql`lower(${destinations.name})`));
}

/** Destinations as people see them, in the same order. */
export async function presentDestinations(
  q: Sql,
  now: Date,
  rows: readonly DestinationRow[],
): Promise<DestinationView[]> {
  const ids = rows.map((row) => row.id);
  const held =
    ids.length === 0
      ? []
      : await q
          .select({
            destinationId: audienceDestinations.destinationId,
            id: audiences.id,
            name: audiences.name,
            kind: audiences.kind,
          })
          .from(audienceDestinations)
          .innerJoin(audiences, eq(audiences.id, audienceDestinations.audienceId))
          .where(inArray(audienceDestinations.destinationId, ids))
          .orderBy(asc(sql`lower(${audiences.name})`));
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    url: row.urlShown,
    events: row.events,
    enabled: row.disabledAt === null,
    disabledReason: row.disabledReason,
    disabledAt: row.disabledAt?.toISOString() ?? null,
    previousSecretUntil: row.previousUntil && row.previousUntil > now ? row.previousUntil.toISOString() : null,
    testedAt: row.testedAt?.toISOString() ?? null,
    testError: row.testError,
    audiences: held.filter((one) => one.destinationId === row.id).map(({ id, name, kind }) => ({ id, name, kind })),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }));
}
