import { asc, eq, gt } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { integrations, type SilenceMatcher, silences } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { expireSilence } from "../silences.ts";
import type { SilenceView } from "./contract.ts";
import { quietBy } from "./muted-alerts.ts";

/** Silences that are listed, those that end first. */
const LISTED_MAX = 200;

/** A matcher as Alertmanager writes it. Pure. */
export function matcherText({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  const sign = isEqual ? (isRegex ? "=~" : "=") : isRegex ? "!~" : "!=";
  return `${name}${sign}${JSON.stringify(value)}`;
}

/** The silences of all integrations that have not ended. @throws AppError "forbidden" */
export async function listOpenSilences(q: Sql, ctx: Ctx): Promise<SilenceView[]> {
  requireAbility(ctx.actor, "alertmutes.read");
  const now = ctx.now();
  const found = await q
    .select({ row: silences, integration: { id: integrations.id, name: integrations.name } })
    .from(silences)
    .innerJoin(integrations, eq(integrations.id, silences.integrationId))
    .where(gt(silences.endsAt, now))
    .orderBy(asc(silences.endsAt), asc(silences.id))
    .limit(LISTED_MAX);
  const quiet = await quietBy(q);
  return found.map(({ row, integration }) => ({
    id: row.id,
    state: row.startsAt > now ? "planned" : "active",
    integration,
    matchers: row.matchers.map(matcherText),
    from: row.startsAt.toISOString(),
    until: row.endsAt.toISOString(),
    reason: row.comment,
    by: row.createdBy || "Alertmanager's API",
    suppressed: quiet.get(row.id) ?? 0,
  }));
}

/**
 * Ends a silence now; what then still fires is placed within seconds. Safe to repeat, each in one transaction with its
 * audit entry. @throws AppError "forbidden" | "not_found"
 */
export async function endSilence(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "alertmutes.write");
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.select().from(silences).where(eq(silences.id, id));
    if (!row) throw new AppError("not_found", "There is no such silence.");
    if (!(await expireSilence(tx, ctx, row.integrationId, id))) return;
    const detail = { matchers: row.matchers.map(matcherText), reason: row.comment };
    await recordAudit(tx, ctx, { action: "alert-silence.end", objectKind: "alert-silence", objectId: id, detail });
  });
}
