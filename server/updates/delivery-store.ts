import { and, asc, eq, gt, isNull, lte, ne, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import type { SubscriberRow } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import type { Settings } from "#/server/settings/contract.ts";
import type { OutboundChannel } from "./shared/lists.ts";

export type DeliveryRow = typeof deliveries.$inferSelect;
/**
 * What a delivery says: an update, a correction of one, that a triage incident waits, what was decided about it,
 * an incident's card in Slack, a word to its thread or channel, a notice to people, or to the sender of an alert that it
 * is over.
 */
export type DeliveryKind = "update" | "correction" | "triage" | "decision" | "card" | "word" | "notice" | "source";

/** The one destination of the status page. */
export const STATUS_PAGE = "status_page";
/** Stands for all recipients while mail cannot go out. */
export const SUBSCRIBERS = "subscribers";
export const NO_SLACK = "Slack is not connected: an administrator can do that under Settings.";
export const NO_SLACK_CHANNEL = "No Slack channel is chosen: an administrator can do that under Settings.";
export const NO_MAIL = "Mail is not set up: an administrator can do that under Settings.";

/** The job that sends deliveries of a channel: one name each, so that none waits for another. */
export function jobOf(channel: OutboundChannel): string {
  return `deliver.${channel}`;
}
/** The job that hands many deliveries to their workers, a batch at a time. */
export const FAN_OUT_JOB = "deliver.fan_out";
/** Jobs written by the command itself; with more the transaction would hold the only connection too long. */
const JOBS_AT_ONCE_MAX = 20;
const FAN_OUT_BATCH = 100;
/** Rows of one INSERT: far below the 65,535 parameters that PostgreSQL takes. */
const INSERT_BATCH = 500;

type Queuer = Pick<Core, "queue" | "now">;

export type NewDelivery = {
  incidentId: string;
  updateId: string | null;
  kind: DeliveryKind;
  channel: OutboundChannel;
  destination: string;
  subscriberId?: string;
  /** A notice to one person; in Slack it is a direct message, and the destination their address. */
  notificationId?: string;
  payload?: Record<string, unknown>;
  /** Why it cannot even be tried: the row says so, and no job is made. */
  refusal?: string;
};

/** Hands a delivery to its worker after the commit, not before `startAt`. */
export async function enqueueDelivery(
  tx: Sql,
  core: Pick<Core, "queue">,
  row: { id: string; channel: OutboundChannel },
  startAt?: Date,
): Promise<void> {
  await core.queue.enqueue(tx, jobOf(row.channel), { deliveryId: row.id }, startAt ? { startAt } : {});
}

/**
 * Writes deliveries and their jobs in the caller's transaction: they exist together or not at all.
 * Many at once get their jobs from one fan-out job after the commit.
 */
export async function addDeliveries(tx: Sql, core: Queuer, wanted: readonly NewDelivery[]): Promise<DeliveryRow[]> {
  const now = core.now();
  const written: DeliveryRow[] = [];
  for (let start = 0; start < wanted.length; start += INSERT_BATCH) {
    const values = wanted.slice(start, start + INSERT_BATCH).map(({ refusal, subscriberId, payload, ...rest }) => ({
      ...rest,
      subscriberId: subscriberId ?? null,
      payload: payload ?? {},
      state: refusal ? ("failed" as const) : ("queued" as const),
      lastError: refusal ?? null,
      createdAt: now,
    }));
    written.push(...(await tx.insert(deliveries).values(values).returning()));
  }
  const queued = written.filter((row) => row.state === "queued");
  for (const row of queued.slice(0, JOBS_AT_ONCE_MAX)) await enqueueDelivery(tx, core, row);
  const [first] = queued;
  if (first && queued.length > JOBS_AT_ONCE_MAX) {
    await core.queue.enqueue(tx, FAN_OUT_JOB, { incidentId: first.incidentId });
  }
  return written;
}

/** Deliveries that a job should be on its way for. */
function isWaiting(now: Date) {
  return and(
    sql`(${deliveries.state} in ('queued', 'retrying') or (${deliveries.state} = 'unknown' and ${deliveries.payload} ? 'reconcile'))`,
    or(isNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, now)),
  );
}

/** Sees to it that every waiting delivery has a job, also one whose job was cut off by a crash. Safe to repeat. */
export async function enqueueWaiting(tx: Sql, core: Queuer): Promise<void> {
  const found = await tx
    .selectDistinct({ incidentId: deliveries.incidentId })
    .from(deliveries)
    .where(isWaiting(core.now()));
  for (const { incidentId } of found) await core.queue.enqueue(tx, FAN_OUT_JOB, { incidentId });
}

/**
 * Enqueues the next batch of an incident's waiting deliveries, and itself while there are more.
 * Safe to repeat: a delivery whose job comes twice is sent once.
 */
export async function fanOut(core: Core, data: { incidentId: string; after?: string | undefined }): Promise<void> {
  await core.db.transaction(async (tx) => {
    const batch = await tx
      .select({ id: deliveries.id, channel: deliveries.channel })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.incidentId, data.incidentId),
          isWaiting(core.now()),
          data.after ? gt(deliveries.id, data.after) : undefined,
        ),
      )
      .orderBy(asc(deliveries.id))
      .limit(FAN_OUT_BATCH);
    for (const row of batch) await enqueueDelivery(tx, core, row);
    const last = batch.at(-1);
    if (last && batch.length === FAN_OUT_BATCH) {
      await core.queue.enqueue(tx, FAN_OUT_JOB, { incidentId: data.incidentId, after: last.id });
    }
  });
}

export async function lockDelivery(tx: Sql, id: string): Promise<DeliveryRow | undefined> {
  const [row] = await tx.select().from(deliveries).where(eq(deliveries.id, id)).for("update");
  return row;
}

export async function saveDelivery(tx: Sql, id: string, change: Partial<DeliveryRow>): Promise<void> {
  await tx.update(deliveries).set(change).where(eq(deliveries.id, id));
}

type Subject = { incidentId: string; updateId: string | null; kind: DeliveryKind; payload?: Record<string, unknown> };

/** The Slack delivery of something, or the row that says why there is none. Pure. */
export function slackDelivery(subject: Subject, settings: Pick<Settings, "slack">): NewDelivery {
  const { slack } = settings;
  const refusal = slack ? (slack.channel ? undefined : NO_SLACK_CHANNEL) : NO_SLACK;
  return { ...subject, channel: "slack", destination: slack?.channel ?? "slack", ...(refusal && { refusal }) };
}

/** One mail delivery per subscriber, or the row that says why there is none. Pure. */
export function mailDeliveries(
  subject: Subject,
  settings: Pick<Settings, "smtp">,
  recipients: readonly Pick<SubscriberRow, "id" | "email">[],
): NewDelivery[] {
  if (!settings.smtp) return [{ ...subject, channel: "email", destination: SUBSCRIBERS, refusal: NO_MAIL }];
  return recipients.map((one) => ({
    ...subject,
    channel: "email" as const,
    destination: one.email,
    subscriberId: one.id,
  }));
}

/** True while a message to the same place about the same incident, older than this one, may still go out by itself. */
export async function isOvertaking(tx: Sql, row: DeliveryRow): Promise<boolean> {
  const [before] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(samePlace(row), sql`${deliveries.state} in ('queued', 'sending')`, sql`${isOlder(row)}`))
    .limit(1);
  return before !== undefined;
}

/** True when a newer message to the same place about the same incident has already arrived. */
export async function isOvertaken(tx: Sql, row: DeliveryRow): Promise<boolean> {
  const [after] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(samePlace(row), eq(deliveries.kind, "update"), eq(deliveries.state, "sent"), sql`${isNewer(row)}`))
    .limit(1);
  return after !== undefined;
}

/** True when a newer message of its kind is told to the same place, or edits the same message. */
export async function isDecidedAnew(tx: Sql, row: DeliveryRow): Promise<boolean> {
  const [after] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.incidentId, row.incidentId),
        eq(deliveries.kind, row.kind),
        eq(deliveries.channel, row.channel),
        eq(deliveries.destination, row.destination),
        sql`${deliveries.payload} ->> 'corrects' is not distinct from ${row.payload.corrects ?? null}::text`,
        sql`${isNewer(row)}`,
      ),
    )
    .limit(1);
  return after !== undefined;
}

/** True while another edit of the same message is on its way: the one that arrives last counts. */
export async function isBeingEdited(tx: Sql, row: DeliveryRow): Promise<boolean> {
  const { corrects } = row.payload;
  if (typeof corrects !== "string") return false;
  const [other] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.incidentId, row.incidentId),
        eq(deliveries.state, "sending"),
        ne(deliveries.id, row.id),
        sql`${deliveries.payload} ->> 'corrects' = ${corrects}`,
      ),
    )
    .limit(1);
  return other !== undefined;
}

function samePlace(row: DeliveryRow) {
  return and(
    eq(deliveries.incidentId, row.incidentId),
    eq(deliveries.channel, row.channel),
    eq(deliveries.destination, row.destination),
    sql`${deliveries.updateId} is distinct from ${row.updateId}`,
  );
}

function isOlder(row: DeliveryRow) {
  return sql`${deliveries.createdAt} < ${row.createdAt.toISOString()}::timestamptz`;
}

function isNewer(row: DeliveryRow) {
  return sql`${deliveries.createdAt} > ${row.createdAt.toISOString()}::timestamptz`;
}
