import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { suppressions } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { isMailAddress } from "#/server/notify/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { SUPPRESSIONS_MAX, type SuppressAddressInput, type SuppressionView } from "./contract.ts";
import { SUPPRESSION_REASON_LENGTH_MAX, type SuppressionCause } from "./shared/lists.ts";

export type SuppressionRow = typeof suppressions.$inferSelect;

/** Addresses asked about in one query: far below the 65,535 parameters that PostgreSQL takes. */
const ASK_BATCH = 1_000;

function present(row: SuppressionRow): SuppressionView {
  return {
    id: row.id,
    email: row.email,
    cause: row.cause,
    reason: row.reason,
    createdAt: row.createdAt.toISOString(),
  };
}

const isOf = (email: string) => sql`lower(${suppressions.email}) = ${email.toLowerCase()}`;

/** The suppression of an address, in any case. */
export async function findSuppression(q: Sql, email: string): Promise<SuppressionRow | undefined> {
  const [row] = await q.select().from(suppressions).where(isOf(email));
  return row;
}

/** The suppressions of some addresses, by the address in lower case. */
export async function suppressionsOf(q: Sql, emails: readonly string[]): Promise<Map<string, SuppressionRow>> {
  const found = new Map<string, SuppressionRow>();
  for (let start = 0; start < emails.length; start += ASK_BATCH) {
    const wanted = emails.slice(start, start + ASK_BATCH).map((email) => email.toLowerCase());
    const rows = await q
      .select()
      .from(suppressions)
      .where(inArray(sql`lower(${suppressions.email})`, wanted));
    for (const row of rows) found.set(row.email.toLowerCase(), row);
  }
  return found;
}

/**
 * Sends no further update to an address, in the caller's transaction with its audit entry. Safe to repeat: the first
 * reason stays.
 */
export async function suppressAddress(
  tx: Sql,
  ctx: Ctx,
  given: { email: string; cause: SuppressionCause; reason: string },
): Promise<SuppressionRow> {
  const reason = given.reason.slice(0, SUPPRESSION_REASON_LENGTH_MAX).toWellFormed();
  const [row] = await tx
    .insert(suppressions)
    .values({ ...given, reason, createdAt: ctx.now() })
    .onConflictDoNothing()
    .returning();
  if (!row) {
    const before = await findSuppression(tx, given.email);
    if (!before) throw new Error("a suppression is neither new nor there");
    return before;
  }
  await recordAudit(tx, ctx, {
    action: "address.suppressed",
    objectKind: "suppression",
    objectId: row.id,
    detail: { email: row.email, cause: row.cause, reason },
  });
  return row;
}

/** Suppresses an address by hand. Safe to repeat. @throws AppError "forbidden" | "invalid" | "conflict" */
export async function addSuppression(ctx: Ctx, input: SuppressAddressInput): Promise<SuppressionView> {
  requireAbility(ctx.actor, "subscribers.write");
  const email = input.email.trim();
  if (!isMailAddress(email)) {
    const detail = "This is not an e-mail address that mail can go to.";
    throw new AppError("invalid", detail, { errors: [{ pointer: "/email", detail }] });
  }
  const reason = wellFormedText(input.reason?.trim() || `${ctx.actor.name} asked for it.`);
  return ctx.db.transaction(async (tx) => {
    if ((await tx.$count(suppressions)) >= SUPPRESSIONS_MAX) {
      throw new AppError("conflict", `The list holds ${SUPPRESSIONS_MAX} addresses already: release some first.`);
    }
    return present(await suppressAddress(tx, ctx, { email, cause: "manual", reason }));
  });
}

/**
 * Lets updates go to an address again. What was not sent meanwhile stays unsent.
 * One transaction with its audit entry. @throws AppError "forbidden" | "not_found"
 */
export async function releaseAddress(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "subscribers.write");
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.delete(suppressions).where(eq(suppressions.id, id)).returning();
    if (!row) throw new AppError("not_found", "This address is not suppressed.");
    await recordAudit(tx, ctx, {
      action: "address.released",
      objectKind: "suppression",
      objectId: row.id,
      detail: { email: row.email, cause: row.cause },
    });
  });
}

const byReader: readonly SuppressionCause[] = ["bounce", "complaint"];

/** Whether an address is suppressed for a reason that its reader can end. */
export async function isReleasedByReader(q: Sql, email: string): Promise<boolean> {
  const suppression = await findSuppression(q, email);
  return suppression !== undefined && byReader.includes(suppression.cause);
}

/** Whoever answers a mail that asks has shown that the address takes mail, and that they want it. */
export async function releaseByReader(tx: Sql, email: string): Promise<void> {
  await tx.delete(suppressions).where(and(isOf(email), inArray(suppressions.cause, [...byReader])));
}

/** Suppressed addresses, newest first. @throws AppError "forbidden" */
export async function listSuppressions(
  q: Sql,
  ctx: Ctx,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: SuppressionView[]; nextCursor: string | null }> {
  requireAbility(ctx.actor, "subscribers.read");
  const after = decodeCursor(page.cursor, ["instant", "id"]);
  const found = await q
    .select()
    .from(suppressions)
    .where(
      after
        ? sql`(${suppressions.createdAt}, ${suppressions.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
        : undefined,
    )
    .orderBy(desc(suppressions.createdAt), desc(suppressions.id))
    .limit(page.limit + 1);
  const { items, nextCursor } = pageOf<SuppressionRow>(found, page.limit, (last) => [
    last.createdAt.toISOString(),
    last.id,
  ]);
  return { items: items.map(present), nextCursor };
}
