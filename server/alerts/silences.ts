import { and, desc, eq, gt, lte } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "#/db/client.ts";
import { alerts, type SilenceMatcher, silences } from "#/db/schema/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { patternOf } from "./mapping/condition.ts";
import type { AlertRow } from "./place-alert.ts";

/** The rule in the explanation of an alert that a silence keeps quiet. */
export const SILENCED_RULE = "silenced";
const MATCHERS_MAX = 50;
const TEXT_LENGTH_MAX = 1_000;
/** Silences that hold at once for one integration; more are not looked at. */
const ACTIVE_MAX = 500;
const LISTED_MAX = 1_000;

export type SilenceRow = typeof silences.$inferSelect;

/** Anchored, as Prometheus does. @throws AppError "invalid" */
function matcherPattern(value: string) {
  return patternOf(`^(?:${value})$`);
}

/** Whether labels fit a matcher; a label that is not there is empty. Pure. */
export function matches({ name, value, isRegex, isEqual }: SilenceMatcher, labels: Record<string, string>): boolean {
  const actual = Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
  const fits = isRegex ? matcherPattern(value).matcher(actual).matches() : actual === value;
  return fits === isEqual;
}

/** Ids of the silences of an integration that hold now for labels. Part of the caller's transaction. */
export async function silencedBy(tx: Sql, integrationId: string, labels: Record<string, string>, now: Date) {
  const active = await tx
    .select({ id: silences.id, matchers: silences.matchers })
    .from(silences)
    .where(and(eq(silences.integrationId, integrationId), lte(silences.startsAt, now), gt(silences.endsAt, now)))
    .limit(ACTIVE_MAX);
  return active.filter(({ matchers }) => matchers.every((matcher) => matches(matcher, labels))).map(({ id }) => id);
}

/** Whether a silence holds for labels. */
async function isSilenced(tx: Sql, integrationId: string, labels: Record<string, string>, now: Date) {
  return (await silencedBy(tx, integrationId, labels, now)).length > 0;
}

/** Keeps a new alert quiet when a silence holds for it: it opens nothing. Part of the caller's transaction. */
export async function suppressSilenced(tx: Sql, ctx: Ctx, alert: AlertRow): Promise<boolean> {
  const [silence] = await silencedBy(tx, alert.integrationId, alert.labels, ctx.now());
  if (!silence) return false;
  const text = `The silence ${silence} of the Alertmanager API holds for it.`;
  await tx
    .update(alerts)
    .set({ status: "suppressed", explanation: { rule: SILENCED_RULE, text, at: ctx.now().toISOString() } })
    .where(eq(alerts.id, alert.id));
  return true;
}

/** Wakes an alert that goes on after its silence: it is firing again, and has to be placed. Part of the caller's transaction. */
export async function isSilenceOver(tx: Sql, ctx: Ctx, alert: AlertRow): Promise<boolean> {
  if (alert.status !== "suppressed" || alert.explanation.rule !== SILENCED_RULE) return false;
  if (await isSilenced(tx, alert.integrationId, alert.labels, ctx.now())) return false;
  await tx.update(alerts).set({ status: "firing", lastAt: ctx.now() }).where(eq(alerts.id, alert.id));
  return true;
}

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
      return before.id;
    }
    const [row] = await tx.insert(silences).values(values).returning({ id: silences.id });
    if (!row) throw new Error("an inserted silence was not returned");
    return row.id;
  });
}

/** Ends a silence now; it stays in the list. Safe to repeat. @throws AppError "not_found" */
export async function expireSilence(core: Core, integrationId: string, id: string): Promise<void> {
  const now = core.now();
  const row = await getSilence(core.db.read, integrationId, id);
  if (row.endsAt <= now) return;
  const isToCome = row.startsAt > now;
  await core.db.read
    .update(silences)
    .set({ endsAt: now, ...(isToCome && { startsAt: now }), updatedAt: now })
    .where(eq(silences.id, row.id));
}
