import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "#/db/client.ts";
import { type SilenceMatcher, silences } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { releaseMuted } from "./muting/muted-alerts.ts";
import { matcherPattern, matches } from "./muting/silence-mutes.ts";
import { routingChanged } from "./routing/routing.ts";

const MATCHERS_MAX = 50;
const TEXT_LENGTH_MAX = 1_000;
const LISTED_MAX = 1_000;

export type SilenceRow = typeof silences.$inferSelect;

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
/** A silence as `amtool` and the user interfaces of Alertmanager post it. */
export const silenceInput = z.object({
  id: z.string().max(100).optional(),
  matchers: z
    .array(
      z.object({
        name: z.string().min(1).max(TEXT_LENGTH_MAX),
        value: z.string().max(TEXT_LENGTH_MAX),
        isRegex: z.boolean().default(false),
        isEqual: z.boolean().default(true),
      }),
    )
    .min(1)
    .max(MATCHERS_MAX),
  startsAt: instant,
  endsAt: instant,
  createdBy: z.string().max(TEXT_LENGTH_MAX).default(""),
  comment: z.string().max(TEXT_LENGTH_MAX).default(""),
});
type SilenceInput = z.infer<typeof silenceInput>;

const isUuid = (id: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

/** One silence of an integration. @throws AppError "not_found" */
export async function getSilence(q: Sql, integrationId: string, id: string): Promise<SilenceRow> {
  const [row] = isUuid(id)
    ? await q
        .select()
        .from(silences)
        .where(and(eq(silences.id, id), eq(silences.integrationId, integrationId)))
    : [];
  if (!row) throw new AppError("not_found", `silence ${id.slice(0, 100)} not found`);
  return row;
}

/** The silences of an integration, the last to end first. */
export async function listSilences(q: Sql, integrationId: string): Promise<SilenceRow[]> {
  return q
    .select()
    .from(silences)
    .where(eq(silences.integrationId, integrationId))
    .orderBy(desc(silences.endsAt))
    .limit(LISTED_MAX);
}

function requireSensible(input: SilenceInput, now: Date): void {
  if (input.endsAt <= input.startsAt) throw new AppError("invalid", "start time must be before end time");
  if (input.endsAt <= now) throw new AppError("invalid", "end time can't be in the past");
  for (const { value, isRegex } of input.matchers) if (isRegex) matcherPattern(value);
  const isEmpty = (matcher: SilenceMatcher) => matches(matcher, {});
  if (input.matchers.every(isEmpty)) {
    throw new AppError("invalid", "at least one matcher must not match the empty string");
  }
}

/** Adds a silence, or changes the one that is named. @throws AppError "invalid" | "not_found" */
export async function saveSilence(core: Core, integrationId: string, input: SilenceInput): Promise<string> {
  const now = core.now();
  requireSensible(input, now);
  const { id, ...fields } = input;
  return core.db.transaction(async (tx) => {
    const values = { ...fields, integrationId, updatedAt: now };
    if (id) {
      const before = await getSilence(tx, integrationId, id);
      await tx.update(silences).set(values).where(eq(silences.id, before.id));
      await releaseMuted(tx, before.id, now);
      await routingChanged(tx);
      return before.id;
    }
    await routingChanged(tx);
    const [row] = await tx.insert(silences).values(values).returning({ id: silences.id });
    if (!row) throw new Error("an inserted silence was not returned");
    return row.id;
  });
}

/**
 * Ends a silence now; it stays in the list, and what still fires is placed. In the caller's transaction. Safe to repeat:
 * answers whether it held still. @throws AppError "not_found"
 */
export async function expireSilence(
  tx: Sql,
  core: Pick<Core, "now">,
  integrationId: string,
  id: string,
): Promise<boolean> {
  const now = core.now();
  const row = await getSilence(tx, integrationId, id);
  if (row.endsAt <= now) return false;
  const isToCome = row.startsAt > now;
  await tx
    .update(silences)
    .set({ endsAt: now, ...(isToCome && { startsAt: now }), updatedAt: now })
    .where(eq(silences.id, row.id));
  await releaseMuted(tx, row.id, now);
  await routingChanged(tx);
  return true;
}
