import { and, eq, ilike, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { services, users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { openTellList } from "#/server/notify/index.ts";
import { maskedTellLine } from "#/server/notify/shared/tell-target.ts";
import { containsPattern, decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ServiceView } from "./contract.ts";

type ListServices = { q?: string | undefined; cursor?: string | undefined; limit: number };

/** What services are sorted by; cut, so that it fits a cursor. */
const sortName = sql<string>`left(lower(${services.name}), 40)`;
const columns = { service: services, ownerName: users.name, sortName };
type Row = { service: typeof services.$inferSelect; ownerName: string | null };

function presentService({ service, ownerName }: Row, authSecret: string): ServiceView {
  const { id, name, description, ownerId, tellEmails, tellSealed, runbookUrl, runbook } = service;
  const tell = openTellList(authSecret, { emails: tellEmails, sealed: tellSealed }).map(maskedTellLine);
  const owner = ownerId && ownerName !== null ? { id: ownerId, name: ownerName } : null;
  return { id, name, description, owner, tellEmails, tell, runbookUrl, runbook };
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
        query.q ? ilike(services.name, containsPattern(query.q)) : undefined,
        after ? sql`(${sortName}, ${services.id}) > (${after[0]}, ${after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(sortName, services.id)
    .limit(query.limit + 1);
  const page = pageOf(found, query.limit, (last) => [last.sortName, last.service.id]);
  return { items: page.items.map((item) => presentService(item, ctx.config.authSecret)), nextCursor: page.nextCursor };
}

/** One service, for whoever has the right already. @throws AppError "not_found" */
export async function findService(q: Sql, ctx: Pick<Ctx, "config">, id: string): Promise<ServiceView> {
  const [found] = await q
    .select(columns)
    .from(services)
    .leftJoin(users, eq(users.id, services.ownerId))
    .where(eq(services.id, id));
  if (!found) throw new AppError("not_found", "There is no such service.");
  return presentService(found, ctx.config.authSecret);
}

/** One service. @throws AppError "not_found" | "forbidden" */
export async function readService(q: Sql, ctx: Ctx, id: string): Promise<ServiceView> {
  requireAbility(ctx.actor, "services.read");
  return findService(q, ctx, id);
}
