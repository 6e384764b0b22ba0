import { and, asc, eq, gt, inArray, isNull, lte, ne, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import {
  publicReaderOf,
  type SubscriberRow,
  selectAudiences,
  suppressedWords,
  suppressionsOf,
} from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import type { Settings } from "#/server/settings/contract.ts";
import type { OutboundChannel } from "./shared/lists.ts";

export type DeliveryRow = typeof deliveries.$inferSelect;
/**
 * What a delivery says: an update, a correction of one, that a triage incident waits, what was decided about it,
 * an incident's card in Slack, a word to its thread or channel, a notice to people, to the sender of an alert that it is over, what happened to an incident
 * for a webhook, or news and reminders of a maintenance.
 */
export type DeliveryKind =
  | "update"
  | "correction"
  | "triage"
  | "decision"
  | "card"
  | "word"
  | "notice"
  | "source"
  | "event"
  | "maintenance"
  | "maintenance_reminder";

/** The one destination of the status page. */
export const STATUS_PAGE = "status_page";
/** Stands for all recipients while mail cannot go out. */
export const SUBSCRIBERS = "subscribers";
export const NO_SLACK = "Slack is not connected: an administrator can do that under Settings.";
export const NO_SLACK_CHANNEL = "No Slack channel is chosen: an administrator can do that under Settings.";
export const NO_MAIL = "Mail is not set up: an administrator can do that under Settings.";

const internalKinds: readonly string[] = ["triage", "decision", "card", "word", "notice", "event"];

/** Whether it is said among those who work on an incident. Pure. */
export function isInternalKind(kind: string): boolean {
  return internalKinds.includes(kind);
}

/** Why nothing internal is posted to a channel. Pure. */
export function readInPublic(channel: string, reader: string): string {
  return `Slack's ${channel} is read by the public audience ${reader}: what is internal is not said there.`;
}

/** The job that sends deliveries of a channel: one name each, so that none waits for another. */
export function jobOf(channel: OutboundChannel): string {
  return `deliver.${channel}`;
}
/** The job that hands many deliveries to their workers, a batch at a time. */
export const FAN_OUT_JOB = "deliver.fan_out";
/** Jobs written by one transaction, be it the command's own; with more it would hold the only connection too long. */
const FAN_OUT_BATCH = 200;
/** Rows of one INSERT: far below the 65,535 parameters that PostgreSQL takes. */
const INSERT_BATCH = 500;

type Queuer = Pick<Core, "queue" | "now">;

export type NewDelivery = {
  /** Null for what tells of a maintenance, which `maintenanceId` names then. */
  incidentId: string | null;
  maintenanceId?: string;
  updateId: string | null;
  kind: DeliveryKind;
  channel: OutboundChannel;
  destination: string;
  subscriberId?: string;
  /** A place of its own: a Mattermost or Teams channel, a webhook. */
  destinationId?: string;
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

/** The same for many deliveries: one statement a channel. */
async function enqueueDeliveries(
  tx: Sql,
  core: Pick<Core, "queue">,
  given: readonly Pick<DeliveryRow, "id" | "channel">[],
) {
  for (const [channel, own] of Map.groupBy(given, (row) => row.channel)) {
    await core.queue.enqueueAll(
      tx,
      jobOf(channel),
      own.map((row) => ({ deliveryId: row.id })),
    );
  }
}

/** The same deliveries; one that would say something internal in Slack where the public reads is refused. */
async function withoutLeaks(tx: Sql, wanted: readonly NewDelivery[]): Promise<readonly NewDelivery[]> {
  const isInternal = ({ channel, kind }: NewDelivery) => channel === "slack" && isInternalKind(kind);
  if (!wanted.some(isInternal)) return wanted;
  const all = await selectAudiences(tx);
  return wanted.map((one) => {
    const reader = isInternal(one) ? publicReaderOf(all, one.destination) : null;
    return reader ? { ...one, refusal: readInPublic(one.destination, reader) } : one;
  });
}

/**
 * Writes deliveries and their jobs in the caller's transaction: they exist together or not at all.
 * Many at once get their jobs from one fan-out job after the commit. What is internal is refused where the public reads.
 */
export async function addDeliveries(tx: Sql, core: Queuer, given: readonly NewDelivery[]): Promise<DeliveryRow[]> {
  const now = core.now();
  const wanted = await withoutLeaks(tx, given);
  const written: DeliveryRow[] = [];
  const readers = wanted.filter((one) => one.subscriberId !== undefined).map((one) => one.destination);
  const suppressed = await suppressionsOf(tx, readers);
  for (let start = 0; start < wanted.length; start += INSERT_BATCH) {
    const values = wanted.slice(start, start + INSERT_BATCH).map(({ refusal, subscriberId, payload, ...rest }) => {
      const suppression = subscriberId === undefined ? undefined : suppressed.get(rest.destination.toLowerCase());
      return {
        ...rest,
        subscriberId: subscriberId ?? null,
        payload: payload ?? {},
        state: refusal ? ("failed" as const) : suppression ? ("suppressed" as const) : ("queued" as const),
        lastError: refusal ?? (suppression ? suppressedWords(suppression) : null),
        createdAt: now,
      };
    });
    written.push(...(await tx.insert(deliveries).values(values).returning()));
  }
  const queued = written.filter((row) => row.state === "queued");
  const [first] = queued;
  if (first && queued.length > FAN_OUT_BATCH) await core.queue.enqueue(tx, FAN_OUT_JOB, subjectOf(first));
  else await enqueueDeliveries(tx, core, queued);
  return written;
}

/** Deliveries that a job should be on its way for since an instant. */
function isWaiting(since: Date) {
  return and(
    sql`(${deliveries.state} in ('queued', 'retrying') or (${deliveries.state} = 'unknown' and ${deliveries.payload} ? 'reconcile'))`,
    lte(deliveries.createdAt, since),
    or(isNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, since)),
  );
}

/**
 * Sees to it that every delivery that waits since an instant or longer has a job, also one whose job was cut off by a
 * crash. Safe to repeat.
 */
export async function enqueueWaiting(tx: Sql, core: Queuer, since: Date): Promise<void> {
  const found = await tx
    .selectDistinct({ incidentId: deliveries.incidentId, maintenanceId: deliveries.maintenanceId })
    .from(deliveries)
    .where(isWaiting(since));
  for (const row of found) await core.queue.enqueue(tx, FAN_OUT_JOB, subjectOf(row));
}

/** What a delivery is about: one incident, or one maintenance. */
export type DeliverySubject = { incidentId: string } | { maintenanceId: string };

/** What a row is about. Pure. @throws Error for a row about nothing, which the table refuses */
export function subjectOf(row: Pick<DeliveryRow, "incidentId" | "maintenanceId">): DeliverySubject {
  if (row.incidentId !== null) return { incidentId: row.incidentId };
  if (row.maintenanceId !== null) return { maintenanceId: row.maintenanceId };
  throw new Error("a delivery is about nothing");
}

export function isAbout(subject: DeliverySubject) {
  return "incidentId" in subject
    ? eq(deliveries.incidentId, subject.incidentId)
    : eq(deliveries.maintenanceId, subject.maintenanceId);
}

/**
 * Enqueues the next batch of the waiting deliveries of an incident or maintenance, and itself while there are more.
 * Safe to repeat: a delivery whose job comes twice is sent once.
 */
export async function fanOut(core: Core, data: DeliverySubject & { after?: string | undefined }): Promise<void> {
  const { after, ...subject } = data;
  await core.db.transaction(async (tx) => {
    const batch = await tx
      .select({ id: deliveries.id, channel: deliveries.channel })
      .from(deliveries)
      .where(and(isAbout(data), isWaiting(core.now()), after ? gt(deliveries.id, after) : undefined))
      .orderBy(asc(deliveries.id))
      .limit(FAN_OUT_BATCH);
    await enqueueDeliveries(tx, core, batch);
    const last = batch.at(-1);
    if (last && batch.length === FAN_OUT_BATCH) {
      await core.queue.enqueue(tx, FAN_OUT_JOB, { ...subject, after: last.id });
    }
  });
}

/** Locked in one order, so that two who lock several never wait for each other. */
export function lockDeliveries(tx: Sql, ids: readonly string[]): Promise<DeliveryRow[]> {
  return tx
    .select()
    .from(deliveries)
    .where(inArray(deliveries.id, [...ids]))
    .orderBy(asc(deliveries.id))
    .for("update");
}

export async function saveDelivery(tx: Sql, id: string, change: Partial<DeliveryRow>): Promise<void> {
  await tx.update(deliveries).set(change).where(eq(deliveries.id, id));
}

type Subject = Pick<NewDelivery, "incidentId" | "maintenanceId" | "updateId" | "kind" | "payload">;

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

/** True when a newer message of its kind is told to the same place, or edits the same message. */
export async function isDecidedAnew(tx: Sql, row: DeliveryRow): Promise<boolean> {
  const [after] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        isAbout(subjectOf(row)),
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
        isAbout(subjectOf(row)),
        eq(deliveries.state, "sending"),
        ne(deliveries.id, row.id),
        sql`${deliveries.payload} ->> 'corrects' = ${corrects}`,
      ),
    )
    .limit(1);
  return other !== undefined;
}

function isNewer(row: DeliveryRow) {
  return sql`${deliveries.createdAt} > ${row.createdAt.toISOString()}::timestamptz`;
}
