import { and, eq, isNull, lt } from "drizzle-orm";
import type { Context, MiddlewareHandler } from "hono";
import type { Database } from "#/db/client.ts";
import { idempotencyKeys } from "#/db/schema/index.ts";
import { userIdOf } from "#/server/access/index.ts";
import type { Core } from "#/server/events/index.ts";
import type { ApiEnv } from "#/server/http/api.ts";
import { decrypt, encrypt, hmacSha256, purposeKey, uuidOf } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { isUpload } from "./file-body.ts";

/** How long a first answer is repeated. */
export const IDEMPOTENCY_HOURS = 24;
export const IDEMPOTENCY_KEY_LENGTH_MAX = 200;
/** A first request that has not ended by then died with its process, and a repeat takes over. */
export const RUNNING_MAX_MS = 60_000;
/** Old rows are looked for at most this often. */
const CLEAN_EVERY_MS = 3_600_000;
const HOUR_MS = 3_600_000;
/** What of an answer's headers is repeated with it. */
const KEPT_HEADERS = ["content-type", "etag", "location"];
const PURPOSE = "idempotency";

type Claim = { actorId: string; key: string; requestHash: string };
type Answer = { text: string; headers: Record<string, string> };
type Kept = typeof idempotencyKeys.$inferSelect;

const isRow = ({ actorId, key }: Claim) => and(eq(idempotencyKeys.actorId, actorId), eq(idempotencyKeys.key, key));

/** Keyed, because a body may hold a password that a plain hash would give away. */
function requestHashOf(core: Core, c: Context<ApiEnv>): string {
  const { pathname, search } = new URL(c.req.url);
  const start = Buffer.from(`${c.req.method} ${pathname}${search}\n`);
  const bytes = Buffer.concat([start, c.var.rawBody ?? new Uint8Array()]);
  return hmacSha256(purposeKey(core.config.authSecret, PURPOSE), bytes).toString("hex");
}

/** The same for every repeat of a request: the id of what it makes, where that is written past the database's commands. */
function repeatIdOf(core: Core, { actorId, key }: Claim): string {
  return uuidOf(hmacSha256(purposeKey(core.config.authSecret, PURPOSE), `${actorId}\n${key}`));
}

function keyOf(c: Context<ApiEnv>): string | undefined {
  const key = c.req.method === "POST" ? c.req.header("idempotency-key")?.trim() : undefined;
  if (key && key.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    throw new AppError("invalid", `An Idempotency-Key has at most ${IDEMPOTENCY_KEY_LENGTH_MAX} characters.`);
  }
  return key || undefined;
}

/** True when this request is the first with its key, or takes over from one that died. */
async function isFirst(core: Core, claim: Claim): Promise<boolean> {
  const now = core.now();
  const inserted = await core.db.read
    .insert(idempotencyKeys)
    .values({ ...claim, createdAt: now })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (inserted.length > 0) return true;
  const diedBefore = new Date(now.getTime() - RUNNING_MAX_MS);
  const takenOver = await core.db.read
    .update(idempotencyKeys)
    .set({ createdAt: now })
    .where(
      and(
        isRow(claim),
        eq(idempotencyKeys.requestHash, claim.requestHash),
        isNull(idempotencyKeys.status),
        isNull(idempotencyKeys.doneAt),
        lt(idempotencyKeys.createdAt, diedBefore),
      ),
    )
    .returning({ key: idempotencyKeys.key });
  return takenOver.length > 0;
}

/** The first answer again. @throws AppError "unprocessable" for another request, "conflict" while the first still runs */
function repeated(core: Core, claim: Claim, row: Kept): Response {
  if (row.requestHash !== claim.requestHash) {
    throw new AppError("unprocessable", "This Idempotency-Key was used with another request. Take a new one.");
  }
  if (row.status === null && row.doneAt) {
    const detail = "This was carried out already. Its answer is on its way, or was lost: look at what is there now.";
    throw new AppError("conflict", detail);
  }
  if (row.status === null) {
    throw new AppError("conflict", "The first request with this Idempotency-Key still runs. Ask again in a moment.");
  }
  const answer = JSON.parse(decrypt(core.config.authSecret, PURPOSE, String(row.body))) as Answer;
  const body = answer.text === "" ? null : answer.text;
  return new Response(body, { status: row.status, headers: { ...answer.headers, "idempotent-replayed": "true" } });
}

/** Keeps a good answer, sealed: it may hold a token that is shown once. Nothing was changed by any other, so that it may be tried again. */
async function settle(core: Core, claim: Claim, response: Response): Promise<void> {
  if (!response.ok) {
    await core.db.read.delete(idempotencyKeys).where(isRow(claim));
    return;
  }
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = response.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  const answer: Answer = { text: await response.clone().text(), headers };
  const body = encrypt(core.config.authSecret, PURPOSE, JSON.stringify(answer));
  await core.db.read.update(idempotencyKeys).set({ status: response.status, body }).where(isRow(claim));
}

/**
 * The database of one request: what its command commits says in the same transaction that it is done. When the process
 * dies before the answer is kept, a repeat does not carry it out a second time.
 */
function markingDone(core: Core, claim: Claim): Database {
  const marked: Pick<Database, "transaction"> = {
    transaction: (work) =>
      core.db.transaction(async (tx) => {
        const result = await work(tx);
        await tx.update(idempotencyKeys).set({ doneAt: core.now() }).where(isRow(claim));
        return result;
      }),
  };
  return Object.setPrototypeOf(marked, core.db) as Database;
}

/**
 * Lets go of what an earlier process had begun and not committed, so that a repeat need not wait a minute for it.
 * For the start of one node: another's requests would lose their claims.
 */
export async function forgetUnfinished(core: Core, startedAt: Date): Promise<void> {
  const { status, doneAt, createdAt } = idempotencyKeys;
  await core.db.read.delete(idempotencyKeys).where(and(isNull(status), isNull(doneAt), lt(createdAt, startedAt)));
}

/** Forgets answers older than a day. */
async function dropOld(core: Core): Promise<void> {
  const before = new Date(core.now().getTime() - IDEMPOTENCY_HOURS * HOUR_MS);
  await core.db.read.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, before));
}

async function keptRow(core: Core, claim: Claim): Promise<Kept | undefined> {
  const [row] = await core.db.read.select().from(idempotencyKeys).where(isRow(claim));
  if (!row || core.now().getTime() - row.createdAt.getTime() < IDEMPOTENCY_HOURS * HOUR_MS) return row;
  await core.db.read.delete(idempotencyKeys).where(and(isRow(claim), eq(idempotencyKeys.createdAt, row.createdAt)));
  return undefined;
}

/**
 * Makes a `POST` with an `Idempotency-Key` safe to repeat: a day long the first good answer is given again, to the same person.
 * The key is claimed before the command runs. When the process dies before the command has committed anything, a repeat
 * after a minute runs it again; when it dies after that, a repeat is told that it was carried out. Only an upload, which
 * may be half done, is begun again.
 *
 * @throws AppError "unprocessable" | "conflict" | "invalid"
 */
export function idempotency(core: Core): MiddlewareHandler<ApiEnv> {
  let cleanedAtMs = 0;
  return async (c, next) => {
    const key = keyOf(c);
    const actorId = userIdOf(c.var.ctx.actor);
    if (key === undefined || actorId === null) return next();
    const nowMs = core.now().getTime();
    if (nowMs - cleanedAtMs > CLEAN_EVERY_MS) {
      cleanedAtMs = nowMs;
      await dropOld(core);
    }
    const claim: Claim = { actorId, key, requestHash: requestHashOf(core, c) };
    const row = await keptRow(core, claim);
    if (row && (row.status !== null || row.doneAt || row.requestHash !== claim.requestHash)) {
      return repeated(core, claim, row);
    }
    if (!(await isFirst(core, claim))) {
      const now = await keptRow(core, claim);
      if (now) return repeated(core, claim, now);
      throw new AppError("conflict", "The first request with this Idempotency-Key has just ended. Ask again.");
    }
    c.set("repeatId", repeatIdOf(core, claim));
    // An upload is several transactions, half of which is no file: it is carried out again.
    if (!isUpload(c)) c.set("ctx", { ...c.var.ctx, db: markingDone(core, claim) });
    await next();
    await settle(core, claim, c.res);
  };
}
