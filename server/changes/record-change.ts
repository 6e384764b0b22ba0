import { randomUUID } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type AlertLink, changes, services } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { findServiceByKey, findServiceByRepository } from "#/server/services/index.ts";
import { findChange } from "./change-queries.ts";
import type { ChangeView, CreateChangeInput } from "./contract.ts";
import { PRUNE_CHANGES_JOB, TELL_ROOMS_JOB } from "./jobs.ts";
import { isNewer, stateOf } from "./rules.ts";
import {
  CHANGE_CLOCK_SKEW_MS,
  CHANGE_KEY_LENGTH_MAX,
  CHANGE_LABELS_MAX,
  CHANGE_LINKS_MAX,
  CHANGE_NAME_LENGTH_MAX,
  CHANGE_TEXT_LENGTH_MAX,
  CHANGE_TITLE_LENGTH_MAX,
  CHANGE_WORD_LENGTH_MAX,
  CHANGES_KEPT_DAYS,
} from "./shared/lists.ts";

type ChangeRow = typeof changes.$inferSelect;

/** A change as it is reported. What the sender left out is null. */
export type ReportedChange = {
  /** Null for the API. */
  integrationId: string | null;
  source: string;
  dedupKey: string;
  title: string;
  description: string | null;
  kind: string;
  state: string | null;
  service: string | null;
  /** Which service it belongs to when nothing in it says so. */
  fallbackServiceId: string | null;
  by: string | null;
  labels: Record<string, string>;
  links: AlertLink[];
  at: Date | null;
};

/** Each hour in which changes arrive, what is too old goes. */
const PRUNE_AFTER_MS = 60 * 60_000;

/** What fits its column; a report is cut, never refused. */
function fitted(report: ReportedChange) {
  return {
    source: report.source,
    dedupKey: report.dedupKey.slice(0, CHANGE_KEY_LENGTH_MAX),
    title: report.title.slice(0, CHANGE_TITLE_LENGTH_MAX),
    description: (report.description ?? "").slice(0, CHANGE_TEXT_LENGTH_MAX),
    kind: report.kind.slice(0, CHANGE_WORD_LENGTH_MAX) || "deploy",
    state: stateOf(report.state ?? "").slice(0, CHANGE_WORD_LENGTH_MAX),
    serviceName: report.service?.slice(0, CHANGE_NAME_LENGTH_MAX) ?? null,
    by: report.by?.slice(0, CHANGE_NAME_LENGTH_MAX) ?? null,
    labels: Object.fromEntries(Object.entries(report.labels).slice(0, CHANGE_LABELS_MAX)),
    links: report.links.slice(0, CHANGE_LINKS_MAX),
  };
}

/** The service it names, whose repository it links to, or its integration's; an unknown name makes no service. */
async function serviceOf(tx: Sql, report: ReportedChange): Promise<{ id: string; name: string } | undefined> {
  const named = report.service ? await findServiceByKey(tx, report.service) : undefined;
  if (named) return named;
  const byRepository = await findServiceByRepository(
    tx,
    report.links.map(({ url }) => url),
  );
  if (byRepository || report.service || !report.fallbackServiceId) return byRepository;
  const [fallback] = await tx
    .select({ id: services.id, name: services.name })
    .from(services)
    .where(eq(services.id, report.fallbackServiceId));
  return fallback;
}

async function known(tx: Sql, report: ReportedChange, dedupKey: string): Promise<ChangeRow | undefined> {
  const owner = report.integrationId ? eq(changes.integrationId, report.integrationId) : isNull(changes.integrationId);
  const [row] = await tx
    .select()
    .from(changes)
    .where(and(owner, eq(changes.dedupKey, dedupKey)))
    .for("update");
  return row;
}

/** The next state of a known change; what the report leaves out stays. */
function advanced(before: ChangeRow, report: ReportedChange, next: ReturnType<typeof fitted>, at: Date) {
  const startedAt = at < before.startedAt ? at : before.startedAt;
  const filled = {
    startedAt,
    by: before.by ?? next.by,
    description: before.description || next.description,
    labels: { ...next.labels, ...before.labels },
    links: before.links.length > 0 ? before.links : next.links,
  };
  if (!isNewer(before, { state: next.state, at: report.at })) return filled;
  return {
    ...filled,
    title: next.title,
    state: next.state || before.state,
    at: at > before.at ? at : before.at,
    by: next.by ?? before.by,
    description: next.description || before.description,
    labels: { ...before.labels, ...next.labels },
    links: next.links.length > 0 ? next.links : before.links,
  };
}

/**
 * Keeps one change: a known key moves its state on, started to succeeded or failed, whatever the order of arrival.
 *
 * Part of the caller's transaction; a lock on (integration, key) makes reports of one change take turns. Rooms that
 * list it hear by a job. Safe to repeat. Answers with the change's id.
 */
export async function recordChange(tx: Sql, ctx: Ctx, report: ReportedChange): Promise<string> {
  const values = fitted(report);
  const lock = `change:${report.integrationId ?? "api"}\n${values.dedupKey}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  const now = ctx.now();
  // Nothing has happened in the future.
  const at = report.at && report.at < now ? report.at : now;
  const service = await serviceOf(tx, report);
  const before = await known(tx, report, values.dedupKey);
  const place = service ? { serviceId: service.id, serviceName: service.name } : {};
  const [row] = before
    ? await tx
        .update(changes)
        .set({ ...advanced(before, report, values, at), ...place })
        .where(eq(changes.id, before.id))
        .returning({ id: changes.id })
    : await tx
        .insert(changes)
        .values({ ...values, ...place, integrationId: report.integrationId, startedAt: at, at, receivedAt: now })
        .returning({ id: changes.id });
  if (!row) throw new Error("a written change was not returned");
  await ctx.queue.enqueue(tx, TELL_ROOMS_JOB, { changeId: row.id });
  const startAt = new Date(now.getTime() + PRUNE_AFTER_MS);
  await ctx.queue.enqueue(tx, PRUNE_CHANGES_JOB, {}, { startAt, singletonKey: "prune" });
  return row.id;
}

function requireRecent(ctx: Ctx, at: Date): void {
  const now = ctx.now().getTime();
  const isFuture = at.getTime() > now + CHANGE_CLOCK_SKEW_MS;
  const isGone = at.getTime() < now - CHANGES_KEPT_DAYS * 24 * 60 * 60_000;
  if (!isFuture && !isGone) return;
  const detail = isFuture
    ? "A change is told when it happened; this lies in the future."
    : `Changes are kept for ${CHANGES_KEPT_DAYS} days; this is older.`;
  throw new AppError("invalid", `/at: ${detail}`, { errors: [{ pointer: "/at", detail }] });
}

/**
 * Takes a change from the API, as a script of a build posts it. One transaction. With a `dedupKey` safe to repeat:
 * the same key again is the same change in its next state.
 *
 * @throws AppError "forbidden" | "invalid"
 */
export async function createChange(ctx: Ctx, given: CreateChangeInput): Promise<ChangeView> {
  requireAbility(ctx.actor, "changes.write");
  const input = wellFormed(given) as CreateChangeInput;
  const at = input.at ? new Date(input.at) : null;
  if (at) requireRecent(ctx, at);
  const own = input.url ? [{ kind: "link", title: "", url: input.url }] : [];
  return ctx.db.transaction(async (tx) => {
    const id = await recordChange(tx, ctx, {
      integrationId: null,
      source: "api",
      dedupKey: input.dedupKey ?? randomUUID(),
      title: input.title,
      description: input.description ?? null,
      kind: input.kind,
      state: input.state ?? null,
      service: input.service ?? null,
      fallbackServiceId: null,
      by: input.by ?? null,
      labels: input.labels ?? {},
      links: [...own, ...(input.links ?? [])],
      at,
    });
    return findChange(tx, id);
  });
}
