import { eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { subscribers } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Core, type Ctx, recordAudit } from "#/server/events/index.ts";
import { isMailAddress } from "#/server/notify/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { isReleasedByReader, releaseByReader } from "./change-suppression.ts";
import { lockComponents } from "./component-store.ts";
import { type CreateSubscriberInput, SUBSCRIBERS_MAX, type SubscriberView } from "./contract.ts";
import { subscriberOfToken } from "./subscriber-token.ts";

export type SubscriberRow = typeof subscribers.$inferSelect;

/** The job that asks an address whether it wants this. */
export const CONFIRM_JOB = "subscribers.confirm";
/** "Somebody subscribes", as an advisory lock: one address has one row. */
const SUBSCRIBERS_LOCK = 7_268_115;
/** An address is asked again at most this often, whoever enters it. */
const ASK_AGAIN_MS = 10 * 60_000;

export function presentSubscriber(row: SubscriberRow): SubscriberView {
  return {
    id: row.id,
    email: row.email,
    components: row.components,
    internal: row.internal,
    confirmed: row.confirmedAt !== null,
    createdAt: row.createdAt.toISOString(),
    confirmedAt: row.confirmedAt?.toISOString() ?? null,
  };
}

function requireAddress(email: string): string {
  const address = email.trim();
  if (!isMailAddress(address)) {
    throw new AppError("invalid", "This is not an e-mail address that mail can go to.", {
      errors: [{ pointer: "/email", detail: "not an e-mail address" }],
    });
  }
  return address;
}

/** The row of an address, in any case; nobody else writes one until the end of the transaction. */
async function lockByEmail(tx: Sql, email: string): Promise<SubscriberRow | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(${SUBSCRIBERS_LOCK})`);
  const [row] = await tx
    .select()
    .from(subscribers)
    .where(sql`lower(${subscribers.email}) = ${email.toLowerCase()}`)
    .for("update");
  return row;
}

type Wish = { email: string; components: string[]; internal: boolean; confirmedAt: Date | null };

/** Writes a subscription; an address that left or never confirmed starts anew. */
async function writeSubscriber(
  tx: Sql,
  now: Date,
  before: SubscriberRow | undefined,
  wish: Wish,
): Promise<SubscriberRow> {
  const total = await tx.$count(subscribers);
  if (!before && total >= SUBSCRIBERS_MAX)
    throw new AppError("conflict", `There are ${SUBSCRIBERS_MAX} subscribers already.`);
  const values = { ...wish, createdAt: now, unsubscribedAt: null };
  const [row] = before
    ? await tx.update(subscribers).set(values).where(eq(subscribers.id, before.id)).returning()
    : await tx.insert(subscribers).values(values).returning();
  if (!row) throw new Error("a written subscriber was not returned");
  return row;
}

/**
 * Adds a subscriber for an administrator: confirmed at once, or asked by mail.
 *
 * One transaction with its audit entry and the job that asks. An address that is already there is changed to what is asked for.
 * @throws AppError "forbidden" | "invalid" | "conflict"
 */
export async function addSubscriber(ctx: Ctx, input: CreateSubscriberInput): Promise<SubscriberView> {
  requireAbility(ctx.actor, "subscribers.write");
  const email = requireAddress(input.email);
  return ctx.db.transaction(async (tx) => {
    const chosen = await lockComponents(tx, input.components ?? []);
    const before = await lockByEmail(tx, email);
    const isActive = before?.confirmedAt && !before.unsubscribedAt;
    const row = await writeSubscriber(tx, ctx.now(), before, {
      email,
      components: [...new Set([...chosen.values()].map((component) => component.id))],
      internal: input.internal ?? false,
      confirmedAt: input.confirmed || isActive ? (before?.confirmedAt ?? ctx.now()) : null,
    });
    await recordAudit(tx, ctx, {
      action: "subscriber.added",
      objectKind: "subscriber",
      objectId: row.id,
      detail: { email, confirmed: row.confirmedAt !== null },
    });
    if (!row.confirmedAt) await ctx.queue.enqueue(tx, CONFIRM_JOB, { subscriberId: row.id });
    return presentSubscriber(row);
  });
}

/** Forgets an address. One transaction with its audit entry. @throws AppError "forbidden" | "not_found" */
export async function removeSubscriber(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "subscribers.write");
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.delete(subscribers).where(eq(subscribers.id, id)).returning();
    if (!row) throw new AppError("not_found", "There is no such subscriber.");
    await recordAudit(tx, ctx, {
      action: "subscriber.removed",
      objectKind: "subscriber",
      objectId: row.id,
      detail: { email: row.email },
    });
  });
}

/**
 * Somebody on the status page asks for mail: the address is asked first, at most every ten minutes. A subscription that
 * no mail goes to, because one came back or was reported as spam, stays as it is and is asked about again.
 * Says nothing about whether the address was known. @throws AppError "invalid" | "conflict"
 */
export async function requestSubscription(
  core: Core,
  input: { email: string; components: readonly string[] },
): Promise<void> {
  const email = requireAddress(input.email);
  await core.db.transaction(async (tx) => {
    const chosen = await lockComponents(tx, input.components);
    const before = await lockByEmail(tx, email);
    const isActive = before?.confirmedAt && !before.unsubscribedAt;
    if (isActive && !(await isReleasedByReader(tx, email))) return;
    const now = core.now();
    if (before && !before.unsubscribedAt && now.getTime() - before.createdAt.getTime() < ASK_AGAIN_MS) return;
    if (isActive) {
      // The question is a new one: it begins at the time that keeps it from being asked too often.
      await tx.update(subscribers).set({ createdAt: now }).where(eq(subscribers.id, before.id));
      return core.queue.enqueue(tx, CONFIRM_JOB, { subscriberId: before.id });
    }
    const ids = [...new Set([...chosen.values()].map((component) => component.id))];
    const row = await writeSubscriber(tx, now, before, {
      email,
      components: ids,
      // What an administrator promised to a follower who has not answered yet stays.
      internal: before !== undefined && !before.unsubscribedAt && before.internal,
      confirmedAt: null,
    });
    await core.queue.enqueue(tx, CONFIRM_JOB, { subscriberId: row.id });
  });
}

async function rowOfToken(core: Core, q: Sql, purpose: "confirm" | "unsubscribe", token: string) {
  const id = subscriberOfToken(core.config, purpose, token);
  if (!id) return undefined;
  const [row] = await q.select().from(subscribers).where(eq(subscribers.id, id));
  return row;
}

/** The subscriber of a token, for the page that asks before it acts; undefined for a token of nobody. */
export function subscriberFor(core: Core, purpose: "confirm" | "unsubscribe", token: string) {
  return rowOfToken(core, core.db.read, purpose, token);
}

/** Confirms a subscription, and lets mail go to its address again. Safe to repeat. Answers false for a token of nobody, or of somebody who left again. */
export async function confirmSubscription(core: Core, token: string): Promise<boolean> {
  return core.db.transaction(async (tx) => {
    const row = await rowOfToken(core, tx, "confirm", token);
    if (!row || row.unsubscribedAt) return false;
    if (!row.confirmedAt) {
      await tx.update(subscribers).set({ confirmedAt: core.now() }).where(eq(subscribers.id, row.id));
    }
    await releaseByReader(tx, row.email);
    return true;
  });
}

/** Ends a subscription at once. Safe to repeat. Answers false for a token of nobody. */
export async function endSubscription(core: Core, token: string): Promise<boolean> {
  return core.db.transaction(async (tx) => {
    const row = await rowOfToken(core, tx, "unsubscribe", token);
    if (!row) return false;
    if (!row.unsubscribedAt) {
      await tx.update(subscribers).set({ unsubscribedAt: core.now() }).where(eq(subscribers.id, row.id));
    }
    return true;
  });
}
