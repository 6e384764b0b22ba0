import { and, eq, isNull, type SQL } from "drizzle-orm";
import { afterCommit } from "#/db/client.ts";
import { notifications, users } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { markDelivered, markSeen } from "#/server/invitations/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { ownerOf } from "./notification-queries.ts";
import type { ReachChoice } from "./shared/lists.ts";

async function markAll(ctx: Ctx, userId: string, which: SQL | undefined): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const seen = await tx
      .update(notifications)
      .set({ seenAt: ctx.now() })
      .where(and(eq(notifications.userId, userId), isNull(notifications.seenAt), which))
      .returning();
    for (const { id, kind, incidentId } of seen) {
      if (kind === "invitation") await markSeen(tx, ctx, { incidentId, userId });
      afterCommit(() => ctx.facts.emit("personal", { userId, notificationId: id }));
    }
  });
}

/** Marks one of one's own notifications as seen. One transaction, safe to repeat. @throws AppError "not_found" */
export async function seeNotification(ctx: Ctx, id: string): Promise<void> {
  const userId = ownerOf(ctx);
  const isOwn = and(eq(notifications.id, id), eq(notifications.userId, userId));
  const found = await ctx.db.read.select({ id: notifications.id }).from(notifications).where(isOwn);
  if (found.length === 0) throw new AppError("not_found", "There is no such notification.");
  await markAll(ctx, userId, isOwn);
}

/** Marks all of one's own notifications as seen. One transaction, safe to repeat. */
export async function seeAllNotifications(ctx: Ctx): Promise<void> {
  await markAll(ctx, ownerOf(ctx), undefined);
}

/** A browser of this person got it: an invitation counts as delivered. One transaction, safe to repeat. */
export async function markShown(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(notifications)
      .set({ shownAt: ctx.now() })
      .where(and(eq(notifications.id, id), eq(notifications.userId, ownerOf(ctx)), isNull(notifications.shownAt)))
      .returning();
    if (row?.kind !== "invitation") return;
    await markDelivered(tx, ctx, { incidentId: row.incidentId, userId: row.userId, by: "browser" });
  });
}

/** Chooses how one wants to be reached while absent. Safe to repeat. */
export async function chooseReach(ctx: Ctx, reachBy: ReachChoice): Promise<void> {
  await ctx.db.read
    .update(users)
    .set({ reachBy })
    .where(eq(users.id, ownerOf(ctx)));
}
