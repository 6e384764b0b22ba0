import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, incidentPresence, notifications, users } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { isMailAddress } from "#/server/notify/index.ts";
import { readSettings } from "#/server/settings/index.ts";
import { addDeliveries, type NewDelivery, type Notice } from "#/server/updates/index.ts";
import { approvalLink } from "./approval-link.ts";
import { linkOf } from "./present.ts";
import { MESSAGES_MAX, MESSAGES_WINDOW_MS, waysFor } from "./rules.ts";
import { incidentOf, type NotificationRow, REACH_JOB } from "./store.ts";

/** After a restore what is older than this is history, not news. */
const RECOVER_WITHIN_MS = 15 * 60_000;

type Reader = Pick<Core, "now">;

/** True while somebody has the incident's room open and is at it. */
async function isAtIt(tx: Sql, row: NotificationRow): Promise<boolean> {
  const [presence] = await tx
    .select()
    .from(incidentPresence)
    .where(and(eq(incidentPresence.incidentId, row.incidentId), eq(incidentPresence.userId, row.userId)));
  return presence !== undefined && presence.leftAt === null && presence.idleSince === null;
}

async function messagesLately(tx: Sql, core: Reader, userId: string): Promise<number> {
  const since = new Date(core.now().getTime() - MESSAGES_WINDOW_MS);
  const [found] = await tx
    .select({ n: sql<number>`count(distinct ${notifications.id})::int` })
    .from(notifications)
    .innerJoin(deliveries, eq(deliveries.notificationId, notifications.id))
    .where(and(eq(notifications.userId, userId), gt(deliveries.createdAt, since)));
  return Number(found?.n ?? 0);
}

/** What leaves the building: of a private incident only that there is something, for Slack and mail are other people's. */
export function noticeOf(
  core: Pick<Core, "config">,
  row: Pick<NotificationRow, "title" | "body" | "entryId"> & { id: string | null },
  incident: IncidentRow,
): Notice {
  const isPrivate = incident.visibility === "private";
  const heading = isPrivate ? `Something for you in ${incident.reference}` : row.title;
  return {
    subject: isPrivate ? heading : `[${incident.reference}] ${row.title}`,
    heading,
    body: isPrivate ? "The incident is private: read more in its room." : row.body || incident.title,
    url: `${core.config.publicUrl}${linkOf(incident.reference, row)}`,
    linkText: `Open ${incident.reference}`,
    why: "You get this because you were not in the room. How Muster reaches you is your choice, under the bell.",
  };
}

type Decision = { withheld: string } | { wanted: NewDelivery[] };

async function decide(tx: Sql, core: Core, row: NotificationRow, incident: IncidentRow): Promise<Decision> {
  const [user] = await tx.select().from(users).where(eq(users.id, row.userId));
  if (!user || user.disabledAt) return { withheld: "The account is disabled." };
  if (await isAtIt(tx, row)) return { withheld: "They were in the room." };
  if (user.reachBy === "none") return { withheld: "They chose to be told in the browser only." };
  const settings = await readSettings(tx, core);
  const ready = { slack: settings.slack !== null, email: settings.smtp !== null };
  if (!isMailAddress(user.email)) return { withheld: "Their account has no address." };
  const ways = waysFor(user.reachBy, ready);
  if (!ways.slack && !ways.email) return { withheld: "Neither Slack nor mail is set up." };
  if ((await messagesLately(tx, core, row.userId)) >= MESSAGES_MAX) {
    return { withheld: `More than ${MESSAGES_MAX} messages in ten minutes: this one waits in the bell.` };
  }
  const asked = row.kind === "approval" && incident.visibility === "public";
  const link = asked && { url: approvalLink(core.config, row.id, row.createdAt), linkText: "Read and approve" };
  const payload = { ...noticeOf(core, row, incident), ...link };
  const subject = { incidentId: incident.id, updateId: null, kind: "notice" as const, payload };
  const channels = (["slack", "email"] as const).filter((channel) => ways[channel]);
  return {
    wanted: channels.map((channel) => ({ ...subject, channel, destination: user.email, notificationId: row.id })),
  };
}

/**
 * Sends a notification out of the building when its person has not looked and is not in the room.
 * One transaction with its deliveries. Safe to repeat: what was sent, seen, settled or withheld stays as it is.
 */
export async function reachPerson(core: Core, notificationId: string): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const [row] = await tx.select().from(notifications).where(eq(notifications.id, notificationId)).for("update");
    if (!row || row.seenAt || row.settledAt || row.withheld) return;
    const sent = await tx.select().from(deliveries).where(eq(deliveries.notificationId, row.id));
    const incident = await incidentOf(tx, row.incidentId);
    if (sent.length > 0 || !incident) return;
    const decision = await decide(tx, core, row, incident);
    if ("wanted" in decision) await addDeliveries(tx, ctx, decision.wanted);
    else await tx.update(notifications).set(decision).where(eq(notifications.id, row.id));
  });
}

/** Registers the job that reaches people; `recover` makes those again that a restored database lost. */
export function registerReaching(core: Core): { recover(): Promise<void> } {
  core.queue.work(REACH_JOB, {}, (data) => reachPerson(core, String(data.notificationId)));
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        const since = new Date(core.now().getTime() - RECOVER_WITHIN_MS);
        const waiting = await tx
          .select({ id: notifications.id })
          .from(notifications)
          .leftJoin(deliveries, eq(deliveries.notificationId, notifications.id))
          .where(
            and(
              gt(notifications.createdAt, since),
              isNull(notifications.seenAt),
              isNull(notifications.settledAt),
              isNull(notifications.withheld),
              isNull(deliveries.id),
            ),
          );
        const startAt = new Date(core.now().getTime() + 30_000);
        for (const { id } of waiting) await core.queue.enqueue(tx, REACH_JOB, { notificationId: id }, { startAt });
      }),
  };
}
