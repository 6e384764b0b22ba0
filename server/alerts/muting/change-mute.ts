import { and, desc, eq, gt, inArray, lte, type SQL, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alertMutes, services } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { resolveServices } from "#/server/incidents/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { routingChanged } from "../routing/routing.ts";
import { MUTE_DAYS_MAX } from "../shared/lists.ts";
import type { AlertMuteView, ChangeMuteInput, CreateMuteInput } from "./contract.ts";
import { quietBy, releaseMuted } from "./muted-alerts.ts";
import { planMute } from "./planned-mute.ts";

type Row = typeof alertMutes.$inferSelect;
const DAY_MS = 24 * 3_600_000;

function stateOf(row: Row, now: Date): AlertMuteView["state"] {
  if (row.untilAt <= now) return "ended";
  return row.fromAt > now ? "planned" : "active";
}

async function present(q: Sql, rows: readonly Row[], now: Date): Promise<AlertMuteView[]> {
  const ids = [...new Set(rows.flatMap((row) => row.serviceIds))];
  const named = ids.length > 0 ? await q.select().from(services).where(inArray(services.id, ids)) : [];
  const quiet = await quietBy(q);
  return rows.map((row) => ({
    id: row.id,
    state: stateOf(row, now),
    condition: row.condition,
    services: named.filter((service) => row.serviceIds.includes(service.id)).map(({ id, name }) => ({ id, name })),
    from: row.fromAt.toISOString(),
    until: row.untilAt.toISOString(),
    reason: row.reason,
    by: row.createdByName,
    suppressed: quiet.get(row.id) ?? 0,
  }));
}

async function viewOf(q: Sql, ctx: Ctx, id: string): Promise<AlertMuteView> {
  const [row] = await q.select().from(alertMutes).where(eq(alertMutes.id, id));
  const [view] = row ? await present(q, [row], ctx.now()) : [];
  if (!view) throw new AppError("not_found", "There is no such mute.");
  return view;
}

/** Mutes, those that end last first. */
export async function listMutes(
  q: Sql,
  ctx: Ctx,
  filter: { state?: AlertMuteView["state"] | undefined; cursor?: string | undefined; limit: number },
) {
  requireAbility(ctx.actor, "alertmutes.read");
  const now = ctx.now();
  const after = decodeCursor(filter.cursor, ["instant", "id"]);
  const states: Record<AlertMuteView["state"], SQL | undefined> = {
    planned: gt(alertMutes.fromAt, now),
    active: and(lte(alertMutes.fromAt, now), gt(alertMutes.untilAt, now)),
    ended: lte(alertMutes.untilAt, now),
  };
  const found = await q
    .select()
    .from(alertMutes)
    .where(
      and(
        filter.state && states[filter.state],
        after
          ? sql`(${alertMutes.untilAt}, ${alertMutes.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(alertMutes.untilAt), desc(alertMutes.id))
    .limit(filter.limit + 1);
  const page = pageOf(found, filter.limit, (row) => [row.untilAt.toISOString(), row.id]);
  return { items: await present(q, page.items, now), nextCursor: page.nextCursor };
}

function invalid(pointer: string, detail: string): never {
  throw new AppError("invalid", `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
}

function requireSpan(from: Date, until: Date, now: Date): void {
  if (until <= now) invalid("/until", "It has to end in the future.");
  if (until <= from) invalid("/until", "It has to end after its start.");
  if (until.getTime() - from.getTime() > MUTE_DAYS_MAX * DAY_MS) {
    invalid("/until", `A mute lasts at most ${MUTE_DAYS_MAX} days; an alert route suppresses for longer.`);
  }
}

/** Keeps alerts quiet for a time: they are recorded and shown, and nobody is told. One transaction. @throws AppError "invalid" | "conflict" */
export async function createMute(ctx: Ctx, input: CreateMuteInput): Promise<AlertMuteView> {
  requireAbility(ctx.actor, "alertmutes.write");
  const now = ctx.now();
  const fromAt = input.from ? new Date(input.from) : now;
  const untilAt = new Date(input.until);
  requireSpan(fromAt, untilAt, now);
  return ctx.db.transaction(async (tx) => {
    const id = await planMute(tx, ctx, {
      ...(input.condition && { condition: input.condition }),
      serviceIds: await resolveServices(tx, input.services),
      fromAt,
      untilAt,
      reason: wellFormedText(input.reason),
    });
    return viewOf(tx, ctx, id);
  });
}

async function lockMute(tx: Sql, id: string): Promise<Row> {
  const [row] = await tx.select().from(alertMutes).where(eq(alertMutes.id, id)).for("update");
  if (!row) throw new AppError("not_found", "There is no such mute.");
  return row;
}

/**
 * Changes until when or why, or ends it now; what then still fires is placed within seconds. One transaction.
 * Safe to repeat. @throws AppError "conflict" when it has ended
 */
export async function changeMute(ctx: Ctx, id: string, change: ChangeMuteInput): Promise<AlertMuteView> {
  requireAbility(ctx.actor, "alertmutes.write");
  return ctx.db.transaction(async (tx) => {
    const before = await lockMute(tx, id);
    const now = ctx.now();
    if (before.untilAt <= now) {
      if (change.ended) return viewOf(tx, ctx, id);
      throw new AppError("conflict", "This mute has ended. Make a new one.");
    }
    if (change.until && !change.ended) requireSpan(before.fromAt, new Date(change.until), now);
    const untilAt = change.ended ? now : change.until ? new Date(change.until) : before.untilAt;
    // One that had not begun never was: its end does not come before its start.
    const fromAt = new Date(Math.min(before.fromAt.getTime(), untilAt.getTime()));
    const reason = change.reason === undefined ? before.reason : wellFormedText(change.reason);
    await tx.update(alertMutes).set({ untilAt, fromAt, reason }).where(eq(alertMutes.id, id));
    await releaseMuted(tx, id, untilAt);
    await routingChanged(tx);
    await recordAudit(tx, ctx, { action: "alert-mute.change", objectKind: "alert-mute", objectId: id, detail: change });
    return viewOf(tx, ctx, id);
  });
}

/** Takes a mute away; what it kept quiet and still fires is placed within seconds. One transaction. */
export async function removeMute(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "alertmutes.write");
  await ctx.db.transaction(async (tx) => {
    const before = await lockMute(tx, id);
    await tx.delete(alertMutes).where(eq(alertMutes.id, id));
    await releaseMuted(tx, id, ctx.now());
    await routingChanged(tx);
    const detail = { reason: before.reason, condition: before.condition };
    await recordAudit(tx, ctx, { action: "alert-mute.remove", objectKind: "alert-mute", objectId: id, detail });
  });
}
