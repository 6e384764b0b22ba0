import { and, desc, eq, gt, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { webhookSubscribers } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Core, type Ctx, recordAudit } from "#/server/events/index.ts";
import { isMailAddress, webhookSecret } from "#/server/notify/index.ts";
import { decrypt, encrypt, purposeKey, sha256 } from "#/server/platform/crypto.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError, refuseField } from "#/server/platform/errors.ts";
import { lockComponents } from "./component-store.ts";
import {
  type CreateWebhookSubscriberInput,
  WEBHOOK_SUBSCRIBERS_MAX,
  WEBHOOK_URL_LENGTH_MAX,
  type WebhookSubscriberView,
} from "./contract.ts";
import { isForFollower } from "./rules.ts";
import { subscriberOfToken } from "./subscriber-token.ts";

export type WebhookSubscriberRow = typeof webhookSubscribers.$inferSelect;

/** The job that asks the owner of a webhook whether it is wanted. */
export const CONFIRM_WEBHOOK_JOB = "subscribers.confirm_webhook";
/** "Somebody subscribes a webhook", as an advisory lock: one address has one row. */
const LOCK = 7_268_121;
/** An address is asked about, and a mailbox asked, again at most this often, whoever enters it. */
const ASK_AGAIN_MS = 10 * 60_000;
/** Who has not confirmed for so long will not, and takes nobody's place. */
const UNCONFIRMED_COUNTS_MS = 24 * 60 * 60_000;
const PURPOSE = "webhook-subscriber";

function present(row: WebhookSubscriberRow): WebhookSubscriberView {
  return {
    id: row.id,
    host: row.host,
    email: row.email,
    components: row.components,
    confirmed: row.confirmedAt !== null,
    createdAt: row.createdAt.toISOString(),
    lastSentAt: row.lastSentAt?.toISOString() ?? null,
    lastError: row.lastError,
  };
}

function requireAddress(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || text.length > WEBHOOK_URL_LENGTH_MAX) {
    refuseField("/url", "This is not an http or https address that a webhook can go to.");
  }
  if (url.username || url.password)
    refuseField("/url", "An address with a password in it is not kept. Use a secret path.");
  return url;
}

/** Whether a mailbox was asked about a webhook just now, and has not answered. */
async function wasAsked(tx: Sql, email: string, since: Date): Promise<boolean> {
  const { id, email: asked, confirmedAt, createdAt } = webhookSubscribers;
  const [found] = await tx
    .select({ id })
    .from(webhookSubscribers)
    .where(and(sql`lower(${asked}) = ${email.toLowerCase()}`, isNull(confirmedAt), gt(createdAt, since)))
    .limit(1);
  return found !== undefined;
}

/** How many there are that can be told, or may yet be confirmed. */
function countTaken(tx: Sql, now: Date): Promise<number> {
  const { endedAt, confirmedAt, createdAt } = webhookSubscribers;
  const isYoung = gt(createdAt, new Date(now.getTime() - UNCONFIRMED_COUNTS_MS));
  return tx.$count(webhookSubscribers, and(isNull(endedAt), or(isNotNull(confirmedAt), isYoung)));
}

type Wish = { url: URL; email: string | null; components: readonly string[]; confirmedAt: Date | null };

/** Writes a subscription in the caller's transaction; undefined when it is there already, or was asked about just now. */
async function write(tx: Sql, core: Core, wish: Wish): Promise<WebhookSubscriberRow | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
  const urlHash = sha256(wish.url.href);
  const [before] = await tx.select().from(webhookSubscribers).where(eq(webhookSubscribers.urlHash, urlHash));
  const isActive = before?.confirmedAt && !before.endedAt;
  const now = core.now();
  const askedSince = new Date(now.getTime() - ASK_AGAIN_MS);
  const isTooSoon = before && !before.endedAt && before.createdAt > askedSince;
  if (!wish.confirmedAt && (isActive || isTooSoon)) return undefined;
  if (wish.email && (await wasAsked(tx, wish.email, askedSince))) return undefined;
  if (!before && (await countTaken(tx, now)) >= WEBHOOK_SUBSCRIBERS_MAX) {
    throw new AppError("conflict", `There are ${WEBHOOK_SUBSCRIBERS_MAX} webhooks already.`);
  }
  const chosen = await lockComponents(tx, wish.components);
  const values = {
    email: wish.email,
    urlSealed: encrypt(core.config.authSecret, PURPOSE, wish.url.href),
    urlHash,
    host: wish.url.host,
    components: [...new Set([...chosen.values()].map((component) => component.id))],
    createdAt: now,
    confirmedAt: wish.confirmedAt,
    endedAt: null,
    lastSentAt: null,
    lastError: null,
  };
  const [row] = before
    ? await tx.update(webhookSubscribers).set(values).where(eq(webhookSubscribers.id, before.id)).returning()
    : await tx.insert(webhookSubscribers).values(values).returning();
  return row;
}

/**
 * Somebody on the status page asks for a webhook: its owner is asked by mail first, at most every ten minutes,
 * whichever webhook is entered. Says nothing about whether the address was known. @throws AppError "invalid" | "conflict"
 */
export async function requestWebhook(
  core: Core,
  input: { url: string; email: string; components: readonly string[] },
): Promise<void> {
  const url = requireAddress(input.url);
  const email = input.email.trim();
  if (!isMailAddress(email)) refuseField("/email", "This is not an e-mail address that mail can go to.");
  await core.db.transaction(async (tx) => {
    const row = await write(tx, core, { url, email, components: input.components, confirmedAt: null });
    if (row) await core.queue.enqueue(tx, CONFIRM_WEBHOOK_JOB, { subscriberId: row.id });
  });
}

/**
 * Adds a webhook for an administrator, confirmed at once; the same address again is changed to what is asked for.
 * One transaction with its audit entry. @throws AppError "forbidden" | "invalid" | "conflict"
 */
export async function addWebhookSubscriber(
  ctx: Ctx,
  input: CreateWebhookSubscriberInput,
): Promise<WebhookSubscriberView & { secret: string }> {
  requireAbility(ctx.actor, "subscribers.write");
  const url = requireAddress(input.url);
  return ctx.db.transaction(async (tx) => {
    const wish = { url, email: null, components: input.components ?? [], confirmedAt: ctx.now() };
    const row = await write(tx, ctx, wish);
    if (!row) throw new Error("a written webhook was not returned");
    const detail = { host: row.host };
    await recordAudit(tx, ctx, { action: "subscriber.added", objectKind: "subscriber", objectId: row.id, detail });
    return { ...present(row), secret: webhookSecretOf(ctx, row.id) };
  });
}

/** Forgets a webhook. One transaction with its audit entry. @throws AppError "forbidden" | "not_found" */
export async function removeWebhookSubscriber(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "subscribers.write");
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.delete(webhookSubscribers).where(eq(webhookSubscribers.id, id)).returning();
    if (!row) throw new AppError("not_found", "There is no such webhook.");
    const detail = { host: row.host };
    await recordAudit(tx, ctx, { action: "subscriber.removed", objectKind: "subscriber", objectId: row.id, detail });
  });
}

/** Webhooks that have not ended, newest first. @throws AppError "forbidden" */
export async function listWebhookSubscribers(
  q: Sql,
  ctx: Ctx,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: WebhookSubscriberView[]; nextCursor: string | null }> {
  requireAbility(ctx.actor, "subscribers.read");
  const after = decodeCursor(page.cursor, ["instant", "id"]);
  const { createdAt, id, endedAt } = webhookSubscribers;
  const isAfter = after && sql`(${createdAt}, ${id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const found = await q
    .select()
    .from(webhookSubscribers)
    .where(and(isNull(endedAt), isAfter))
    .orderBy(desc(createdAt), desc(id))
    .limit(page.limit + 1);
  const { items, nextCursor } = pageOf<WebhookSubscriberRow>(found, page.limit, (last) => [
    last.createdAt.toISOString(),
    last.id,
  ]);
  return { items: items.map(present), nextCursor };
}

/** The confirmed webhooks that a public update goes to; `named` are the ids of the components it names. */
export async function selectWebhooks(q: Sql, named: readonly string[]): Promise<WebhookSubscriberRow[]> {
  const { confirmedAt, endedAt, createdAt, id } = webhookSubscribers;
  const found = await q
    .select()
    .from(webhookSubscribers)
    .where(and(isNotNull(confirmedAt), isNull(endedAt)))
    .orderBy(createdAt, id);
  const update = { audience: "public" as const, components: named };
  return found.filter((row) => isForFollower({ components: row.components, internal: false }, update));
}

/** A webhook by its id, whatever its state. */
export async function findWebhook(q: Sql, id: string): Promise<WebhookSubscriberRow | undefined> {
  const [row] = await q.select().from(webhookSubscribers).where(eq(webhookSubscribers.id, id));
  return row;
}

/** The webhook of a token, for the page that asks before it acts; undefined for a token of nobody. */
export async function webhookFor(core: Core, purpose: "confirm-webhook" | "unsubscribe-webhook", token: string) {
  const id = subscriberOfToken(core.config, purpose, token);
  return id ? findWebhook(core.db.read, id) : undefined;
}

/** Confirms a webhook. Safe to repeat. Answers undefined for a token of nobody, or of one that has ended. */
export async function confirmWebhook(core: Core, token: string): Promise<WebhookSubscriberRow | undefined> {
  const row = await webhookFor(core, "confirm-webhook", token);
  if (!row || row.endedAt) return undefined;
  if (!row.confirmedAt) await saveWebhook(core, row.id, { confirmedAt: core.now() });
  return row;
}

/** Ends a webhook at once. Safe to repeat. Answers false for a token of nobody. */
export async function endWebhook(core: Core, token: string): Promise<boolean> {
  const row = await webhookFor(core, "unsubscribe-webhook", token);
  if (row && !row.endedAt) await saveWebhook(core, row.id, { endedAt: core.now() });
  return row !== undefined;
}

/** Writes down what became of a webhook's attempt, or that it has ended. */
export async function saveWebhook(
  core: Core,
  id: string,
  change: Partial<Pick<WebhookSubscriberRow, "confirmedAt" | "endedAt" | "lastSentAt" | "lastError">>,
): Promise<void> {
  await core.db.transaction((tx) => tx.update(webhookSubscribers).set(change).where(eq(webhookSubscribers.id, id)));
}

/** The address of a webhook in clear: for sending, never for an answer. */
export function webhookUrl(core: Pick<Core, "config">, row: Pick<WebhookSubscriberRow, "urlSealed">): string {
  return decrypt(core.config.authSecret, PURPOSE, row.urlSealed);
}

/** The signing secret of a webhook, in the form of Standard Webhooks; each has its own, so that no receiver can speak in our name to another. */
export function webhookSecretOf(core: Pick<Core, "config">, id: string): string {
  return webhookSecret(purposeKey(core.config.authSecret, `${PURPOSE} ${id}`).toString("base64url"));
}
