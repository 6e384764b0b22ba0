import { and, desc, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { subscribers } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { presentSubscriber, type SubscriberRow } from "./change-subscriber.ts";
import type { SubscriberView } from "./contract.ts";
import { isForFollower } from "./rules.ts";

type Page = { items: SubscriberView[]; nextCursor: string | null };

/** Subscribers that have not left, newest first. @throws AppError "forbidden" */
export async function listSubscribers(
  q: Sql,
  ctx: Ctx,
  page: { cursor?: string | undefined; limit: number },
): Promise<Page> {
  requireAbility(ctx.actor, "subscribers.read");
  const after = decodeCursor(page.cursor, ["instant", "id"]);
  const found = await q
    .select()
    .from(subscribers)
    .where(
      and(
        isNull(subscribers.unsubscribedAt),
        after
          ? sql`(${subscribers.createdAt}, ${subscribers.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(subscribers.createdAt), desc(subscribers.id))
    .limit(page.limit + 1);
  const { items, nextCursor } = pageOf<SubscriberRow>(found, page.limit, (last) => [
    last.createdAt.toISOString(),
    last.id,
  ]);
  return { items: items.map(presentSubscriber), nextCursor };
}

/** The confirmed subscribers that an update goes to. */
export async function selectRecipients(
  q: Sql,
  update: { audience: "public" | "internal"; components: readonly string[] },
): Promise<SubscriberRow[]> {
  const found = await q
    .select()
    .from(subscribers)
    .where(and(isNotNull(subscribers.confirmedAt), isNull(subscribers.unsubscribedAt)))
    .orderBy(subscribers.createdAt, subscribers.id);
  return found.filter((row) => isForFollower(row, update));
}

/** A subscriber by its id, whatever its state; undefined when it was removed. */
export async function findSubscriber(q: Sql, id: string): Promise<SubscriberRow | undefined> {
  const [row] = await findSubscribers(q, [id]);
  return row;
}

/** In no order; those that are gone are passed over. */
export function findSubscribers(q: Sql, ids: readonly string[]): Promise<SubscriberRow[]> {
  return q
    .select()
    .from(subscribers)
    .where(inArray(subscribers.id, [...ids]));
}
