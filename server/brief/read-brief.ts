import { and, asc, desc, eq, inArray, isNotNull, isNull, or } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentPresence, timelineEntries, updates, users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx, EventType } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget, presentIncident } from "#/server/incidents/index.ts";
import { sentenceOf } from "#/server/postmortem/shared/sentences.ts";
import { titleOf } from "#/server/postmortem/shared/title-of.ts";
import type { TaskView } from "#/server/tasks/contract.ts";
import { listTasks } from "#/server/tasks/index.ts";
import { noteMarkNames } from "#/server/timeline/shared/lists.ts";
import type { BriefView } from "./contract.ts";
import { briefMarkdown } from "./to-markdown.ts";

/** What was said last; older updates are on the page. */
const UPDATES_MAX = 3;
/** A screen of what mattered; the timeline has the rest. */
const EVENTS_MAX = 12;

/** Events that change what one has to know. */
const IMPORTANT: readonly EventType[] = [
  "incident.declared",
  "incident.triaged",
  "incident.accepted",
  "incident.absorbed",
  "incident.status_changed",
  "incident.severity_changed",
  "incident.resolved",
  "incident.reopened",
  "alert.attached",
  "alert.resolved",
  "role.claimed",
  "role.assigned",
  "role.accepted",
  "role.taken_over",
  "role.released",
  "role.unfilled",
  "task.done",
  "task.overdue",
  "update.published",
];

async function lastUpdates(q: Sql, incidentId: string): Promise<BriefView["updates"]> {
  const found = await q
    .select()
    .from(updates)
    .where(eq(updates.incidentId, incidentId))
    .orderBy(desc(updates.publishedAt), desc(updates.id))
    .limit(UPDATES_MAX);
  return found.map((row) => ({
    at: row.publishedAt.toISOString(),
    by: row.publishedByName,
    status: row.status,
    audience: row.audience,
    body: row.body,
  }));
}

async function lastEvents(q: Sql, incidentId: string): Promise<BriefView["events"]> {
  const found = await q
    .select()
    .from(timelineEntries)
    .where(
      and(
        eq(timelineEntries.incidentId, incidentId),
        isNull(timelineEntries.deletedAt),
        // Decisions, follow-ups and what somebody pinned matter by themselves.
        or(
          inArray(timelineEntries.type, [...IMPORTANT]),
          isNotNull(timelineEntries.mark),
          isNotNull(timelineEntries.pinnedAt),
        ),
      ),
    )
    .orderBy(desc(timelineEntries.seq))
    .limit(EVENTS_MAX);
  return found.map((row) => ({ at: row.at.toISOString(), text: lineOf(row) }));
}

/** An event as a sentence, or a note's first line with what it stands for. Pure. */
function lineOf(row: typeof timelineEntries.$inferSelect): string {
  if (row.kind === "event") return sentenceOf(row);
  const what = row.mark ? noteMarkNames[row.mark] : "Pinned";
  return `${what} · ${row.actorName}: ${titleOf(row.body ?? "")}`;
}

async function peopleHere(q: Sql, incidentId: string): Promise<string[]> {
  const found = await q
    .select({ name: users.name })
    .from(incidentPresence)
    .innerJoin(users, eq(users.id, incidentPresence.userId))
    .where(and(eq(incidentPresence.incidentId, incidentId), isNull(incidentPresence.leftAt)))
    .orderBy(asc(users.name));
  return found.map((row) => row.name);
}

/** The open tasks: those whose time is over first, then those with a time, then the others. Pure. */
export function openTasks(tasks: readonly TaskView[], now: Date): BriefView["tasks"] {
  const place = (task: TaskView) => (task.dueAt ? Date.parse(task.dueAt) : Number.POSITIVE_INFINITY);
  return tasks
    .filter((task) => task.status === "open")
    .sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
    .map((task) => ({
      title: task.title,
      owner: task.owner?.name ?? null,
      dueAt: task.dueAt,
      isOverdue: task.dueAt !== null && Date.parse(task.dueAt) < now.getTime(),
    }));
}

/**
 * What somebody has to know who takes a role or comes late: as of now, written by nobody.
 * @throws AppError "not_found" | "forbidden"
 */
export async function readBrief(ctx: Ctx, key: string): Promise<BriefView> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, key);
  requireAbility(ctx.actor, "incidents.read", await accessTo(ctx.db.read, ctx, row));
  const q = ctx.db.read;
  const [incident, tasks, said, events, here] = await Promise.all([
    presentIncident(q, row),
    listTasks(q, row.id),
    lastUpdates(q, row.id),
    lastEvents(q, row.id),
    peopleHere(q, row.id),
  ]);
  const brief = {
    reference: incident.reference,
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    declaredAt: incident.declaredAt,
    summary: incident.summary,
    impact: incident.impactText,
    theory: incident.hypothesis,
    services: incident.services.map((service) => service.name),
    alertsFiring: incident.alertCounts.firing,
    roles: incident.roles.flatMap(({ role, holder }) => (holder ? [{ role, holder: holder.name }] : [])),
    missingRoles: incident.roles.filter((role) => role.isRequired && !role.holder).map((role) => role.role),
    here,
    updates: said,
    nextUpdateDueAt: incident.nextUpdateDueAt,
    tasks: openTasks(tasks, ctx.now()),
    events,
  };
  return { ...brief, markdown: briefMarkdown(brief) };
}
