import { desc, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type ComponentChange, updates } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { selectRecipients } from "#/server/audience/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import {
  acceptInTransaction,
  accessTo,
  changeStatusInTransaction,
  type IncidentRow,
  lockIncident,
  resolveInTransaction,
} from "#/server/incidents/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";
import { audienceDeliveries, reachedAudiences } from "./audience-deliveries.ts";
import { endDraft } from "./change-draft.ts";
import type { PublishUpdateInput, UpdateView } from "./contract.ts";
import { addDeliveries, mailDeliveries, type NewDelivery, STATUS_PAGE, slackDelivery } from "./delivery-store.ts";
import { requireNoApproval } from "./planned/require-approval.ts";
import {
  componentChanges,
  findPublicIncident,
  lastPublicTitle,
  namedBy,
  savePublicIncident,
} from "./public-incident.ts";
import {
  finalWords,
  impactOf,
  isOnPage,
  PUBLIC_ID_LENGTH,
  publicTitle,
  requireConsistent,
  requirePublishable,
  requireSeen,
} from "./rules.ts";
import { channels as allChannels, type UpdateStatus } from "./shared/lists.ts";
import { readUpdate } from "./update-queries.ts";

export type UpdateRow = typeof updates.$inferSelect;

/** Brings an accepted incident to the update's status; `resolved` resolves. */
async function moveOn(tx: Sql, ctx: Ctx, row: IncidentRow, status: UpdateStatus): Promise<void> {
  if (status !== "resolved") await changeStatusInTransaction(tx, ctx, row, status);
  else if (row.status !== "closed") await resolveInTransaction(tx, ctx, row, {});
}

type LastUpdate = { id: string; at: Date } | undefined;

async function lastUpdate(tx: Sql, incidentId: string): Promise<LastUpdate> {
  const [last] = await tx
    .select({ id: updates.id, at: updates.publishedAt })
    .from(updates)
    .where(eq(updates.incidentId, incidentId))
    .orderBy(desc(updates.publishedAt))
    .limit(1);
  return last;
}

/** @throws AppError "stale" when the incident is not any more as the writer saw it */
export async function requireNothingNew(
  tx: Sql,
  { id, status, severity }: IncidentRow,
  seen: PublishUpdateInput["seen"],
): Promise<LastUpdate> {
  const last = await lastUpdate(tx, id);
  requireSeen(seen, { updateId: last?.id ?? null, status, severity });
  return last;
}

/** Later than the incident's last update, also when two come within one millisecond: their order is their time. */
function nextPublishedAt(now: Date, last: LastUpdate): Date {
  return last && last.at >= now ? new Date(last.at.getTime() + 1) : now;
}

async function writeUpdate(
  tx: Sql,
  ctx: Ctx,
  incidentId: string,
  input: PublishUpdateInput,
  change: Pick<UpdateRow, "title" | "publishedAt" | "audiences"> & { components: ComponentChange[] },
): Promise<UpdateRow> {
  const [row] = await tx
    .insert(updates)
    .values({
      incidentId,
      publicId: randomBase36(PUBLIC_ID_LENGTH),
      audience: input.audience ?? "public",
      status: input.status,
      ...finalWords(input, ctx.now()),
      nextUpdateAt: input.nextUpdateAt ? new Date(input.nextUpdateAt) : null,
      dataLost: input.dataLost ?? null,
      channels: allChannels.filter((channel) => input.channels.includes(channel)),
      ...change,
      publishedById: userIdOf(ctx.actor),
      publishedByName: ctx.actor.name,
    })
    .returning();
  if (!row) throw new Error("an inserted update was not returned");
  return row;
}

/** The deliveries of an update, status page first. */
async function wantedDeliveries(
  tx: Sql,
  row: UpdateRow,
  named: readonly string[],
  settings: Settings,
): Promise<NewDelivery[]> {
  const subject = { incidentId: row.incidentId, updateId: row.id, kind: "update" as const };
  const wanted: NewDelivery[] = [];
  if (row.channels.includes("status_page")) {
    wanted.push({ ...subject, channel: "status_page", destination: STATUS_PAGE });
  }
  if (row.channels.includes("slack")) wanted.push(slackDelivery(subject, settings));
  if (row.channels.includes("email")) {
    const recipients = await selectRecipients(tx, { audience: row.audience, components: named });
    wanted.push(...mailDeliveries(subject, settings, recipients));
  }
  return wanted;
}

/**
 * Publishes an update: one press for status page, Slack and mail.
 *
 * One transaction: the incident's status and its promise of the next update, the update, what the page says, the states
 * of components, one delivery for each channel and recipient with its job, the end of the draft's fields if it was the
 * draft, and the timeline's entry appear together or not at all. Nothing is sent before the commit. Not repeat-safe by
 * itself: the HTTP layer's Idempotency-Key is.
 *
 * @throws AppError "not_found" | "forbidden" | "invalid" | "conflict", this also when somebody has to approve it first |
 * "stale" when `seen` is not so any more
 */
export async function publishUpdate(ctx: Ctx, key: string, given: PublishUpdateInput): Promise<UpdateView> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, key);
    requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
    await requireNoApproval(tx, ctx, incident, given.audience ?? "public");
    return publishInTransaction(tx, ctx, incident, given);
  });
}

/**
 * Publishes an update of a locked incident inside the caller's transaction, which has seen to its approval.
 * @throws AppError "not_found" | "forbidden" | "invalid" | "conflict" | "stale"
 */
export async function publishInTransaction(
  tx: Sql,
  ctx: Ctx,
  before: IncidentRow,
  given: PublishUpdateInput,
): Promise<UpdateView> {
  const input = wellFormed(given) as PublishUpdateInput;
  const audience = input.audience ?? "public";
  requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, before));
  requireConsistent(input, ctx.now());
  requirePublishable(before, input.status);
  const lastOne = await requireNothingNew(tx, before, input.seen);
  const incident = before.status === "triage" ? await acceptInTransaction(tx, ctx, before) : before;
  const onPage = isOnPage({ audience, channels: input.channels });
  const known = await findPublicIncident(tx, incident.id);
  const changes = await componentChanges(tx, input, known, onPage);
  const last = await lastPublicTitle(tx, incident.id);
  const spoken = namedBy(input, changes);
  const names = spoken.map((change) => change.name);
  const title = audience === "public" ? publicTitle(input.title, last, names) : (input.title ?? null);
  const named = spoken.map((change) => change.id);
  const settings = await readSettings(tx, ctx);
  const reached = await reachedAudiences(tx, { incident, input, named, settings });
  const audiences = reached.map(({ id, name }) => ({ id, name }));
  const publishedAt = nextPublishedAt(ctx.now(), lastOne);
  const row = await writeUpdate(tx, ctx, incident.id, input, { title, components: changes, audiences, publishedAt });
  if (onPage && title) {
    const impact = input.impact ?? impactOf(incident.severity);
    await savePublicIncident(tx, ctx, known, { incidentId: incident.id, title, impact, status: row.status, changes });
  }
  const wanted = await wantedDeliveries(tx, row, named, settings);
  await addDeliveries(tx, ctx, [...wanted, ...audienceDeliveries(reached, row, settings, wanted)]);
  if (input.isDraft) await endDraft(tx, incident.id);
  const { nextUpdateAt } = input;
  await recordEvent(tx, ctx, {
    incidentId: incident.id,
    type: "update.published",
    data: {
      updateId: row.id,
      status: row.status,
      audience,
      channels: row.channels,
      audiences: audiences.map((one) => one.name),
      title,
      body: row.body,
      ...(nextUpdateAt !== undefined && { nextUpdateAt }),
    },
    parts: ["incident", "updates"],
  });
  // Last: what a resolve sets off, as filling the postmortem, finds this update in the record.
  await moveOn(tx, ctx, incident, input.status);
  return readUpdate(tx, ctx, row.id);
}
