import { and, count, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, incidents, notifications, users } from "#/db/schema/index.ts";
import { requireAbility, userIdOf, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { NotificationView } from "./contract.ts";
import { presentNotification } from "./present.ts";
import type { NotificationRow } from "./store.ts";

type Found = { row: NotificationRow; incident: { id: string; reference: string; title: string } };
const columns = {
  row: notifications,
  incident: { id: incidents.id, reference: incidents.reference, title: incidents.title },
};

async function presentAll(q: Sql, found: readonly Found[]): Promise<NotificationView[]> {
  if (found.length === 0) return [];
  const sent = await q
    .select()
    .from(deliveries)
    .where(
      inArray(
        deliveries.notificationId,
        found.map(({ row }) => row.id),
      ),
    );
  const byNotification = Map.groupBy(sent, (delivery) => delivery.notificationId);
  return found.map(({ row, incident }) => presentNotification(row, incident, byNotification.get(row.id) ?? []));
}

/** Whose bell it is. @throws AppError "forbidden" for the system */
export function ownerOf(ctx: Ctx): string {
  requireAbility(ctx.actor, "incidents.read");
  const userId = userIdOf(ctx.actor);
  if (!userId) throw new AppError("forbidden", "Only people are notified.");
  return userId;
}

/** How many of one's own notifications wait to be seen. */
export async function countUnseen(ctx: Ctx): Promise<number> {
  const [found] = await ctx.db.read
    .select({ n: count() })
    .from(notifications)
    .innerJoin(incidents, eq(incidents.id, notifications.incidentId))
    .where(
      and(
        eq(notifications.userId, ownerOf(ctx)),
        isNull(notifications.seenAt),
        isNull(notifications.settledAt),
        visibleTo(ctx.actor),
      ),
    );
  return found?.n ?? 0;
}

/** One's own notifications, newest first, without those of incidents that one may not see any more. */
export async function listNotifications(ctx: Ctx, query: { cursor?: string | undefined; limit: number }) {
  const userId = ownerOf(ctx);
  const after = decodeCursor(query.cursor, ["instant", "id"]);
  const found = await ctx.db.read
    .select(columns)
    .from(notifications)
    .innerJoin(incidents, eq(incidents.id, notifications.incidentId))
    .where(
      and(
        eq(notifications.userId, userId),
        visibleTo(ctx.actor),
        after
          ? sql`(${notifications.createdAt}, ${notifications.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(notifications.createdAt), desc(notifications.id))
    .limit(query.limit + 1);
  const page = pageOf(found, query.limit, ({ row }) => [row.createdAt.toISOString(), row.id]);
  const [me] = await ctx.db.read.select({ reachBy: users.reachBy }).from(users).where(eq(users.id, userId));
  return {
    items: await presentAll(ctx.db.read, page.items),
    nextCursor: page.nextCursor,
    unseen: await countUnseen(ctx),
    reachBy: me?.reachBy ?? "both",
  };
}

/** One of one's own notifications. @throws AppError "not_found" */
export async function readNotification(ctx: Ctx, id: string): Promise<NotificationView> {
  const found = await ctx.db.read
    .select(columns)
    .from(notifications)
    .innerJoin(incidents, eq(incidents.id, notifications.incidentId))
    .where(and(eq(notifications.id, id), eq(notifications.userId, ownerOf(ctx)), visibleTo(ctx.actor)));
  const [view] = await presentAll(ctx.db.read, found);
  if (!view) throw new AppError("not_found", "There is no such notification.");
  return view;
}

/** The ids of one's own notifications that no browser got yet, oldest first; at most a bell full of them. */
export async function waitingNotifications(ctx: Ctx, limit: number): Promise<string[]> {
  const found = await ctx.db.read
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.userId, ownerOf(ctx)),
        isNull(notifications.shownAt),
        isNull(notifications.seenAt),
        isNull(notifications.settledAt),
      ),
    )
    .orderBy(notifications.createdAt)
    .limit(limit);
  return found.map((row) => row.id);
}
