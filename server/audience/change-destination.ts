import { randomBytes } from "node:crypto";
import { and, eq, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { destinations } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { isForbiddenHost } from "#/server/notify/index.ts";
import { AppError, refuseField } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import type {
  ChangeDestinationInput,
  CreateDestinationInput,
  DestinationView,
  DestinationWithSecret,
} from "./contract.ts";
import {
  addressOf,
  type DestinationRow,
  presentDestinations,
  sealDestinationKey,
  selectDestinations,
  shownUrl,
} from "./destination-store.ts";
import { DESTINATIONS_MAX, ROTATION_OVERLAP_HOURS, webhookEvents } from "./shared/reach.ts";

/** "Somebody changes audiences or destinations", as an advisory lock: what may not meet is looked at one by one. */
const REACH_LOCK = 7_268_131;
/** As Standard Webhooks wants it: 24 to 64 bytes. */
const SECRET_BYTES = 32;

/** Keeps everybody else from changing audiences and destinations until the end of the transaction. */
export async function lockReach(tx: Sql): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${REACH_LOCK})`);
}

/** @throws AppError "invalid" for an address that could only lead into a private network, or shows a password. Pure. */
function requireOutside(url: string): void {
  const { hostname, username, password } = new URL(url);
  if (username || password) refuseField("/url", "An address with a name or password in it is not taken.");
  if (isForbiddenHost(hostname))
    refuseField("/url", `${hostname} is in a private network, where Muster sends nothing.`);
}

async function requireFreeName(tx: Sql, name: string, id: string | null): Promise<void> {
  const isTaken = await tx.$count(
    destinations,
    and(eq(sql`lower(${destinations.name})`, name.toLowerCase()), id ? ne(destinations.id, id) : undefined),
  );
  if (isTaken > 0) refuseField("/name", "Another destination is called so.");
}

/**
 * @throws AppError "invalid" when another destination is at this address: the place would hear twice, and could be in a
 * public and an internal audience at once
 */
async function requireFreeUrl(tx: Sql, ctx: Ctx, url: string, id: string | null): Promise<void> {
  const { href } = new URL(url);
  const others = (await selectDestinations(tx)).filter((row) => row.id !== id);
  const taken = others.find((row) => addressOf(ctx.config, row) === href);
  if (taken) refuseField("/url", `${taken.name} is at this address already.`);
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString("base64")}`;
}

async function lockDestination(tx: Sql, id: string): Promise<DestinationRow> {
  await lockReach(tx);
  const [row] = await tx.select().from(destinations).where(eq(destinations.id, id)).for("update");
  if (!row) throw new AppError("not_found", "There is no such destination.");
  return row;
}

async function viewOf(tx: Sql, ctx: Ctx, row: DestinationRow): Promise<DestinationView> {
  const [view] = await presentDestinations(tx, ctx.now(), [row]);
  if (!view) throw new Error("presenting one row gave none");
  return view;
}

async function audit(tx: Sql, ctx: Ctx, action: string, row: DestinationRow, detail = {}): Promise<void> {
  const entry = { action, objectKind: "destination", objectId: row.id, detail: { name: row.name, ...detail } };
  await recordAudit(tx, ctx, entry);
}

/** All destinations, by name; their addresses with the keys hidden. @throws AppError "forbidden" */
export async function listDestinations(q: Sql, ctx: Ctx): Promise<DestinationView[]> {
  requireAbility(ctx.actor, "audiences.read");
  return presentDestinations(q, ctx.now(), await selectDestinations(q));
}

/**
 * Adds a place that takes messages. A webhook gets its signing secret, which only this answer shows.
 *
 * One transaction with its audit entry.
 * @throws AppError "forbidden" | "invalid" | "conflict" when there are too many
 */
export async function createDestination(ctx: Ctx, given: CreateDestinationInput): Promise<DestinationWithSecret> {
  requireAbility(ctx.actor, "audiences.write");
  const input = wellFormed(given) as CreateDestinationInput;
  requireOutside(input.url);
  const isWebhook = input.kind === "webhook";
  if (input.events && !isWebhook)
    refuseField("/events", "Only a webhook chooses its events: others are told of updates.");
  const secret = isWebhook ? newSecret() : null;
  return ctx.db.transaction(async (tx) => {
    await lockReach(tx);
    if ((await tx.$count(destinations)) >= DESTINATIONS_MAX) {
      throw new AppError("conflict", `There are ${DESTINATIONS_MAX} destinations already.`);
    }
    await requireFreeName(tx, input.name, null);
    await requireFreeUrl(tx, ctx, input.url, null);
    const now = ctx.now();
    const [row] = await tx
      .insert(destinations)
      .values({
        kind: input.kind,
        name: input.name,
        urlSealed: sealDestinationKey(ctx.config, input.url),
        urlShown: shownUrl(input.url),
        secretSealed: secret && sealDestinationKey(ctx.config, secret),
        events: isWebhook ? (input.events ?? [...webhookEvents]) : [],
        createdAt: now,
        updatedAt: now,
      })
      .returning();
    if (!row) throw new Error("an inserted destination was not returned");
    await audit(tx, ctx, "destination.created", row, { kind: row.kind, url: row.urlShown });
    return { ...(await viewOf(tx, ctx, row)), secret };
  });
}

/**
 * Renames a destination, gives it another address or other events, switches it off or on; what is left out stays.
 *
 * One transaction with its audit entry. Safe to repeat.
 * @throws AppError "forbidden" | "not_found" | "invalid"
 */
export async function changeDestination(ctx: Ctx, id: string, given: ChangeDestinationInput): Promise<DestinationView> {
  requireAbility(ctx.actor, "audiences.write");
  const input = wellFormed(given) as ChangeDestinationInput;
  if (input.url) requireOutside(input.url);
  return ctx.db.transaction(async (tx) => {
    const before = await lockDestination(tx, id);
    if (input.events && before.kind !== "webhook") refuseField("/events", "Only a webhook chooses its events.");
    if (input.name) await requireFreeName(tx, input.name, id);
    if (input.url) await requireFreeUrl(tx, ctx, input.url, id);
    const now = ctx.now();
    const isOn = before.disabledAt === null;
    const [row] = await tx
      .update(destinations)
      .set({
        ...(input.name && { name: input.name }),
        ...(input.url && { urlSealed: sealDestinationKey(ctx.config, input.url), urlShown: shownUrl(input.url) }),
        ...(input.events && { events: [...new Set(input.events)] }),
        ...(input.enabled === true && { disabledAt: null, disabledReason: null }),
        ...(input.enabled === false && isOn && { disabledAt: now, disabledReason: null }),
        updatedAt: now,
      })
      .where(eq(destinations.id, id))
      .returning();
    if (!row) throw new AppError("not_found", "There is no such destination.");
    const { url: _, ...open } = input;
    await audit(tx, ctx, "destination.changed", row, { ...open, ...(input.url && { url: row.urlShown }) });
    return viewOf(tx, ctx, row);
  });
}

/**
 * Gives a webhook a new signing secret, which only this answer shows. The old one goes on signing beside it for a day,
 * so that the receiver can change over without missing anything. A second rotation within that day ends the older one.
 *
 * One transaction with its audit entry.
 * @throws AppError "forbidden" | "not_found" | "conflict" for a place that checks no signature
 */
export async function rotateDestinationSecret(ctx: Ctx, id: string): Promise<DestinationWithSecret> {
  requireAbility(ctx.actor, "audiences.write");
  const secret = newSecret();
  return ctx.db.transaction(async (tx) => {
    const before = await lockDestination(tx, id);
    if (before.kind !== "webhook") throw new AppError("conflict", "Only webhooks are signed.");
    const now = ctx.now();
    const previousUntil = new Date(now.getTime() + ROTATION_OVERLAP_HOURS * 3_600_000);
    const [row] = await tx
      .update(destinations)
      .set({
        secretSealed: sealDestinationKey(ctx.config, secret),
        previousSealed: before.secretSealed,
        previousUntil,
        updatedAt: now,
      })
      .where(eq(destinations.id, id))
      .returning();
    if (!row) throw new AppError("not_found", "There is no such destination.");
    await audit(tx, ctx, "destination.rotated", row);
    return { ...(await viewOf(tx, ctx, row)), secret };
  });
}

/** Deletes a destination; audiences lose it. One transaction with its audit entry. @throws AppError "forbidden" | "not_found" */
export async function removeDestination(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "audiences.write");
  await ctx.db.transaction(async (tx) => {
    const row = await lockDestination(tx, id);
    await tx.delete(destinations).where(eq(destinations.id, id));
    await audit(tx, ctx, "destination.removed", row);
  });
}

/** A destination said that it is gone: nothing more goes there until an administrator says so. Safe to repeat. */
export async function switchOffDestination(tx: Sql, ctx: Ctx, id: string, reason: string): Promise<void> {
  const [row] = await tx
    .update(destinations)
    .set({ disabledAt: ctx.now(), disabledReason: reason, updatedAt: ctx.now() })
    .where(and(eq(destinations.id, id), sql`${destinations.disabledAt} is null`))
    .returning();
  if (row) await audit(tx, ctx, "destination.switched_off", row, { reason });
}

/** What the last test of a destination came to. */
export async function recordTest(tx: Sql, ctx: Ctx, id: string, error: string | null): Promise<DestinationView> {
  const row = await lockDestination(tx, id);
  const change = { testedAt: ctx.now(), testError: error };
  await tx.update(destinations).set(change).where(eq(destinations.id, id));
  await audit(tx, ctx, "destination.tested", row, { result: error ?? "arrived" });
  return viewOf(tx, ctx, { ...row, ...change });
}
