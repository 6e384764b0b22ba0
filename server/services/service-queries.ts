import { and, eq, ilike, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { serviceAliases, services, users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { openTellList } from "#/server/notify/index.ts";
import { maskedTellLine } from "#/server/notify/shared/tell-target.ts";
import { containsPattern, decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ServiceView } from "./contract.ts";
import { readParts, type ServiceParts } from "./store.ts";

type ListServices = { q?: string | undefined; cursor?: string | undefined; limit: number };

/** What services are sorted by; cut, so that it fits a cursor. */
const sortName = sql<string>`left(lower(${services.name}), 40)`;
const columns = { service: services, ownerName: users.name, sortName };
type Row = { service: typeof services.$inferSelect; ownerName: string | null };

function presentService(
  ctx: Pick<Ctx, "config">,
  { service, ownerName }: Row,
  parts: ServiceParts | undefined,
): ServiceView {
  const { ownerId, createdAt: _, tellSealed, ...shown } = service;
  const list = openTellList(ctx.config.authSecret, { emails: service.tellEmails, sealed: tellSealed });
  const owner = ownerId && ownerName !== null ? { id: ownerId, name: ownerName } : null;
  return {
    ...shown,
    tell: list.map(maskedTellLine),
    owner,
    ...(parts ?? { aliases: [], dependsOn: [], dependedOnBy: [] }),
  };
}

async function presentServices(q: Sql, ctx: Pick<Ctx, "config">, list: readonly Row[]): Promise<ServiceView[]> {
  const parts = await readParts(
    q,
    list.map(({ service }) => service.id),
  );
  return list.map((row) => presentService(ctx, row, parts.get(row.service.id)));
}

/** True for a service that has the words in its name, another name, its team or its description. */
function holds(words: string) {
  const pattern = containsPattern(words);
  return or(
    ilike(services.name, pattern),
    ilike(services.team, pattern),
    ilike(services.description, pattern),
    sql`exists (select 1 from ${serviceAliases}
      where ${serviceAliases.serviceId} = ${services.id} and ${serviceAliases.alias} ilike ${pattern})`,
  );
}

/** The services, by name. @throws AppError "forbidden" */
export async function listServices(q: Sql, ctx: Ctx, query: ListServices) {
  requireAbility(ctx.actor, "services.read");
  const after = decodeCursor(query.cursor, ["text", "id"]);
  const found = await q
    .select(columns)
    .from(services)
    .leftJoin(users, eq(users.id, services.ownerId))
    .where(
      and(
        query.q ? holds(query.q) : undefined,
        after ? sql`(${sortName}, ${services.id}) > (${after[0]}, ${after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(sortName, services.id)
    .limit(query.limit + 1);
  const page = pageOf(found, query.limit, (last) => [last.sortName, last.service.id]);
  return { items: await presentServices(q, ctx, page.items), nextCursor: page.nextCursor };
}

/** One service, for whoever has the right already. @throws AppError "not_found" */
export async function findService(q: Sql, ctx: Pick<Ctx, "config">, id: string): Promise<ServiceView> {
  const [found] = await q
    .select(columns)
    .from(services)
    .leftJoin(users, eq(users.id, services.ownerId))
    .where(eq(services.id, id));
  const [view] = found ? await presentServices(q, ctx, [found]) : [];
  if (!view) throw new AppError("not_found", "There is no such service.");
  return view;
}

/** One service. @throws AppError "not_found" | "forbidden" */
export async function readService(q: Sql, ctx: Ctx, id: string): Promise<ServiceView> {
  requireAbility(ctx.actor, "services.read");
  return findService(q, ctx, id);
}
