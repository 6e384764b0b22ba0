import { count, eq, gt } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alertMutes } from "#/db/schema/index.ts";
import { userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { routingChanged } from "../routing/routing.ts";
import { MUTES_MAX } from "../shared/lists.ts";
import { releaseMuted } from "./muted-alerts.ts";

type Plan = { serviceIds: readonly string[]; condition?: string; fromAt: Date; untilAt: Date; reason: string };

async function lockOpen(tx: Sql, ctx: Ctx, id: string) {
  const [row] = await tx.select().from(alertMutes).where(eq(alertMutes.id, id)).for("update");
  return row && row.untilAt > ctx.now() ? row : undefined;
}

async function record(tx: Sql, ctx: Ctx, act: "create" | "change", id: string, detail: Record<string, unknown>) {
  await routingChanged(tx);
  await recordAudit(tx, ctx, { action: `alert-mute.${act}`, objectKind: "alert-mute", objectId: id, detail });
}

/**
 * Keeps the alerts of services, or those that a condition names, quiet for a span. In the caller's transaction, which
 * has asked for the right. Answers the mute's id. @throws AppError "conflict" when there are too many
 */
export async function planMute(tx: Sql, ctx: Ctx, { serviceIds, condition = "", ...plan }: Plan): Promise<string> {
  const [known] = await tx.select({ count: count() }).from(alertMutes).where(gt(alertMutes.untilAt, ctx.now()));
  if ((known?.count ?? 0) >= MUTES_MAX) {
    throw new AppError("conflict", `There are ${MUTES_MAX} mutes already. End some first.`);
  }
  const [row] = await tx
    .insert(alertMutes)
    .values({
      ...plan,
      condition: condition || null,
      serviceIds: [...serviceIds],
      createdById: userIdOf(ctx.actor),
      createdByName: ctx.actor.name,
      createdAt: ctx.now(),
    })
    .returning({ id: alertMutes.id });
  if (!row) throw new Error("an inserted mute was not returned");
  await record(tx, ctx, "create", row.id, { ...plan, ...(condition && { condition }), services: serviceIds });
  return row.id;
}

/** Gives a planned mute another span. In the caller's transaction; one that ended or was removed stays so. Safe to repeat. */
export async function moveMute(tx: Sql, ctx: Ctx, id: string, span: Pick<Plan, "fromAt" | "untilAt">): Promise<void> {
  const row = await lockOpen(tx, ctx, id);
  if (!row || (row.fromAt.getTime() === span.fromAt.getTime() && row.untilAt.getTime() === span.untilAt.getTime())) {
    return;
  }
  await tx.update(alertMutes).set(span).where(eq(alertMutes.id, id));
  await releaseMuted(tx, id, span.untilAt);
  await record(tx, ctx, "change", id, { from: span.fromAt, until: span.untilAt });
}

/** Ends a planned mute now; what then still fires is placed within seconds. In the caller's transaction. Safe to repeat. */
export async function endMute(tx: Sql, ctx: Ctx, id: string): Promise<void> {
  const row = await lockOpen(tx, ctx, id);
  if (!row) return;
  const now = ctx.now();
  const fromAt = new Date(Math.min(row.fromAt.getTime(), now.getTime()));
  await tx.update(alertMutes).set({ fromAt, untilAt: now }).where(eq(alertMutes.id, id));
  await releaseMuted(tx, id, now);
  await record(tx, ctx, "change", id, { ended: true });
}
