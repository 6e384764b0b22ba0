import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { actionItems, alerts, incidentServices, services, timelineEntries, updates } from "#/db/schema/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import type { NoteMark } from "#/server/timeline/shared/lists.ts";
import { type Held, heldRoles } from "./held-roles.ts";
import { type Duration, durationsOf, type IncidentTimes } from "./shared/durations.ts";
import { ACTION_ITEMS_PER_INCIDENT_MAX } from "./shared/lists.ts";
import { sentenceOf } from "./shared/sentences.ts";
import { titleOf } from "./shared/title-of.ts";

/** A record longer than this is told by its room; the postmortem takes the first ones and says so. */
export const RECORD_ENTRIES_MAX = 500;
const ALERTS_MAX = 200;
const UPDATES_MAX = 200;

/** One line of the record: an event in plain words, or a note in Markdown. */
export type RecordLine = {
  id: string;
  at: Date;
  kind: "event" | "note";
  type: string;
  author: string;
  text: string;
  /** What a note stands for. */
  mark?: NoteMark | null;
};
export type AlertFact = {
  title: string;
  status: string;
  service: string | null;
  count: number;
  firstAt: Date;
  lastAt: Date;
};
export type UpdateFact = { at: Date; status: string; audience: string; author: string; body: string };
/** A note that is marked to be followed up, as the action item it would be. */
export type FollowUp = { entryId: string; title: string };

/** Everything the record knows about an incident, for the template. */
export type IncidentFacts = {
  incident: IncidentRow;
  services: string[];
  times: IncidentTimes;
  durations: Duration[];
  held: Held[];
  record: RecordLine[];
  recordIsCut: boolean;
  alerts: AlertFact[];
  updates: UpdateFact[];
  /** Those that no action item follows yet. */
  followUps: FollowUp[];
};

/** The incident and all that were merged into it. */
async function familyOf(q: Sql, incidentId: string): Promise<string[]> {
  const found = await rows<{ id: string }>(
    q,
    sql`with recursive family as (
          select ${incidentId}::uuid as id
          union
          select incidents.id from incidents join family on incidents.merged_into_id = family.id)
        select id from family`,
  );
  return found.map((row) => row.id);
}

async function readRecord(q: Sql, incidentId: string): Promise<RecordLine[]> {
  const list = await q
    .select()
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incidentId), isNull(timelineEntries.deletedAt)))
    .orderBy(asc(timelineEntries.at), asc(timelineEntries.seq))
    .limit(RECORD_ENTRIES_MAX + 1);
  return list.map((entry) => ({
    id: entry.id,
    at: entry.at,
    kind: entry.kind,
    type: entry.type,
    author: entry.actorName,
    text: entry.kind === "note" ? (entry.body ?? "") : sentenceOf(entry),
    mark: entry.mark,
  }));
}

async function readRoleEvents(q: Sql, incidentId: string) {
  return q
    .select({
      type: timelineEntries.type,
      at: timelineEntries.at,
      actorName: timelineEntries.actorName,
      data: timelineEntries.data,
    })
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incidentId), sql`${timelineEntries.type} like 'role.%'`))
    .orderBy(asc(timelineEntries.seq))
    .limit(RECORD_ENTRIES_MAX);
}

async function readAlerts(q: Sql, incidentId: string): Promise<AlertFact[]> {
  return q
    .select({
      title: alerts.title,
      status: alerts.status,
      service: alerts.serviceName,
      count: alerts.count,
      firstAt: alerts.firstAt,
      lastAt: alerts.lastAt,
    })
    .from(alerts)
    .where(inArray(alerts.incidentId, await familyOf(q, incidentId)))
    .orderBy(asc(alerts.firstAt), asc(alerts.id))
    .limit(ALERTS_MAX);
}

async function readUpdates(q: Sql, incidentId: string): Promise<UpdateFact[]> {
  return q
    .select({
      at: updates.publishedAt,
      status: updates.status,
      audience: updates.audience,
      author: updates.publishedByName,
      body: updates.body,
    })
    .from(updates)
    .where(eq(updates.incidentId, incidentId))
    .orderBy(asc(updates.publishedAt))
    .limit(UPDATES_MAX);
}

/** Notes marked to be followed up that no action item follows yet, in the order in which they happened. */
export async function readFollowUps(q: Sql, incidentId: string): Promise<FollowUp[]> {
  const list = await q
    .select({ entryId: timelineEntries.id, body: timelineEntries.body })
    .from(timelineEntries)
    .leftJoin(actionItems, eq(actionItems.entryId, timelineEntries.id))
    .where(
      and(eq(timelineEntries.incidentId, incidentId), eq(timelineEntries.mark, "follow_up"), isNull(actionItems.id)),
    )
    .orderBy(asc(timelineEntries.at), asc(timelineEntries.seq))
    .limit(ACTION_ITEMS_PER_INCIDENT_MAX);
  return list.map(({ entryId, body }) => ({ entryId, title: titleOf(body ?? "") }));
}

/** The instants of an incident that its durations are made of. */
export function timesOf(incident: IncidentRow, firstAlertAt: Date | null): IncidentTimes {
  const { impactStartedAt, detectedAt, acknowledgedAt, acceptedAt, declaredAt, mitigatedAt, resolvedAt } = incident;
  return { impactStartedAt, detectedAt, firstAlertAt, acknowledgedAt, acceptedAt, declaredAt, mitigatedAt, resolvedAt };
}

/** Collects the record of an incident. Reads only; inside a transaction it sees what that transaction wrote. */
export async function collectFacts(q: Sql, incident: IncidentRow): Promise<IncidentFacts> {
  // One after another: inside a transaction there is one connection.
  const record = await readRecord(q, incident.id);
  const alertFacts = await readAlerts(q, incident.id);
  const names = await q
    .select({ name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incident.id))
    .orderBy(asc(services.name));
  const times = timesOf(incident, alertFacts[0]?.firstAt ?? null);
  return {
    incident,
    services: names.map((service) => service.name),
    times,
    durations: durationsOf(times),
    held: heldRoles(await readRoleEvents(q, incident.id)),
    record: record.slice(0, RECORD_ENTRIES_MAX),
    recordIsCut: record.length > RECORD_ENTRIES_MAX,
    alerts: alertFacts,
    updates: await readUpdates(q, incident.id),
    followUps: await readFollowUps(q, incident.id),
  };
}
