import { and, eq, gt, inArray, isNull, ne, or, sql } from "drizzle-orm";
import { afterCommit, type Sql } from "#/db/client.ts";
import { incidentMembers, incidents, notifications, users } from "#/db/schema/index.ts";
import { userIdOf } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { REACH_AFTER_MS, SAME_ACT_MS } from "./rules.ts";
import type { NotificationKind } from "./shared/lists.ts";

export type NotificationRow = typeof notifications.$inferSelect;
export const REACH_JOB = "notify.reach";

export type NewNotification = {
  kind: NotificationKind;
  /** What it is about; an older one about the same is settled by it. */
  subject: string;
  /** What made it: the same cause never tells the same person twice. */
  cause: string;
  title: string;
  body: string;
  entryId?: string | null;
};

/** Those of these people who have an account that is not disabled and may see the incident. */
export async function whoMaySee(tx: Sql, incident: IncidentRow, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const member = sql`exists (select 1 from ${incidentMembers} where ${incidentMembers.incidentId} = ${incident.id} and ${incidentMembers.userId} = ${users.id})`;
  const found = await tx
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        inArray(users.id, [...new Set(ids)]),
        isNull(users.disabledAt),
        incident.visibility === "private" ? or(eq(users.role, "owner"), member) : undefined,
      ),
    );
  return found.map((row) => row.id);
}

const open = and(isNull(notifications.seenAt), isNull(notifications.settledAt));

async function wasJustTold(tx: Sql, ctx: Ctx, userId: string, incidentId: string, subject: string): Promise<boolean> {
  const since = new Date(ctx.now().getTime() - SAME_ACT_MS);
  const found = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(
      and(
        eq(notifications.userId, userId),
        eq(notifications.incidentId, incidentId),
        eq(notifications.subject, subject),
        gt(notifications.createdAt, since),
        open,
      ),
    );
  return found.length > 0;
}

/**
 * Tells people of something in an incident: in their browsers now, and outside when they do not look in time.
 *
 * In the caller's transaction, with the job that reaches them. Safe to repeat by its cause. Whoever did it, may not see
 * the incident or has no account is left out; a drill stays in the browsers.
 */
export async function notify(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  to: readonly string[],
  what: NewNotification,
): Promise<void> {
  const others = to.filter((id) => id !== userIdOf(ctx.actor));
  for (const userId of await whoMaySee(tx, incident, others)) {
    if (await wasJustTold(tx, ctx, userId, incident.id, what.subject)) continue;
    await settle(tx, ctx, incident.id, what.subject, { userId });
    const [row] = await tx
      .insert(notifications)
      .values({
        ...what,
        userId,
        incidentId: incident.id,
        createdAt: ctx.now(),
        withheld: incident.mode === "drill" ? "A drill stays in the building." : null,
      })
      .onConflictDoNothing()
      .returning();
    if (!row) continue;
    afterCommit(() => ctx.facts.emit("personal", { userId, notificationId: row.id }));
    if (row.withheld) continue;
    const startAt = new Date(ctx.now().getTime() + REACH_AFTER_MS[what.kind]);
    await ctx.queue.enqueue(tx, REACH_JOB, { notificationId: row.id }, { startAt });
  }
}

/** Nothing more has to be said about a subject: nobody is reached for it any more. In the caller's transaction. */
export async function settle(
  tx: Sql,
  ctx: Ctx,
  incidentId: string,
  subject: string,
  only: { userId?: string; except?: string } = {},
): Promise<void> {
  const settled = await tx
    .update(notifications)
    .set({ settledAt: ctx.now() })
    .where(
      and(
        eq(notifications.incidentId, incidentId),
        eq(notifications.subject, subject),
        only.userId ? eq(notifications.userId, only.userId) : undefined,
        only.except ? ne(notifications.userId, only.except) : undefined,
        open,
      ),
    )
    .returning({ id: notifications.id, userId: notifications.userId });
  tellAll(ctx, settled);
}

/** The incident ended: what called people to it is settled. In the caller's transaction. */
export async function settleCalls(tx: Sql, ctx: Ctx, incidentId: string): Promise<void> {
  const settled = await tx
    .update(notifications)
    .set({ settledAt: ctx.now() })
    .where(
      and(
        eq(notifications.incidentId, incidentId),
        inArray(notifications.kind, ["invitation", "role", "alarm", "overdue"]),
        open,
      ),
    )
    .returning({ id: notifications.id, userId: notifications.userId });
  tellAll(ctx, settled);
}

function tellAll(ctx: Ctx, list: readonly { id: string; userId: string }[]): void {
  for (const { id, userId } of list) {
    afterCommit(() => ctx.facts.emit("personal", { userId, notificationId: id }));
  }
}

/** The incident of an event, for the server's own use. */
export async function incidentOf(tx: Sql, id: string): Promise<IncidentRow | undefined> {
  const [row] = await tx.select().from(incidents).where(eq(incidents.id, id));
  return row;
}
