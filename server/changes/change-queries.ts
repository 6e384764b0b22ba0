import { and, desc, eq, gte, isNull, lte, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { changes, services } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import { findServiceByKey } from "#/server/services/index.ts";
import type { ChangeView } from "./contract.ts";

export type ChangeRow = typeof changes.$inferSelect;
type Found = { change: ChangeRow; serviceName: string | null };

/** A row as the outside sees it; a service that has another name now is called by it. */
export function presentChange({ change, serviceName }: Found): ChangeView {
  return {
    id: change.id,
    title: change.title,
    description: change.description,
    kind: change.kind,
    state: change.state,
    service: serviceName ?? change.serviceName,
    by: change.by,
    source: change.source,
    links: change.links,
    labels: change.labels,
    startedAt: change.startedAt.toISOString(),
    at: change.at.toISOString(),
  };
}

/** Changes with the present names of their services. */
export function selectChanges(q: Sql) {
  return q
    .select({ change: changes, serviceName: services.name })
    .from(changes)
    .leftJoin(services, eq(services.id, changes.serviceId));
}

async function isOfService(q: Sql, key: string) {
  const service = await findServiceByKey(q, key);
  const byName = and(isNull(changes.serviceId), sql`lower(${changes.serviceName}) = ${key.toLowerCase()}`);
  return service ? or(eq(changes.serviceId, service.id), byName) : byName;
}

type ListChanges = {
  service?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** What was deployed or altered, the newest first. @throws AppError "forbidden" | "invalid" */
export async function listChanges(q: Sql, ctx: Ctx, filter: ListChanges) {
  requireAbility(ctx.actor, "changes.read");
  const after = decodeCursor(filter.cursor, ["instant", "id"]);
  const found = await selectChanges(q)
    .where(
      and(
        filter.service ? await isOfService(q, filter.service) : undefined,
        filter.from ? gte(changes.at, new Date(filter.from)) : undefined,
        filter.to ? lte(changes.at, new Date(filter.to)) : undefined,
        after ? sql`(${changes.at}, ${changes.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(desc(changes.at), desc(changes.id))
    .limit(filter.limit + 1);
  const page = pageOf(found, filter.limit, ({ change }) => [change.at.toISOString(), change.id]);
  return { items: page.items.map(presentChange), nextCursor: page.nextCursor };
}

/** One change, for whoever has the right already. @throws AppError "not_found" */
export async function findChange(q: Sql, id: string): Promise<ChangeView> {
  const [found] = await selectChanges(q).where(eq(changes.id, id));
  if (!found) throw new AppError("not_found", "There is no such change.");
  return presentChange(found);
}
