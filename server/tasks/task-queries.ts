import { asc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Sql } from "#/db/client.ts";
import { tasks, users } from "#/db/schema/index.ts";
import type { TaskView } from "./contract.ts";
import { TASKS_MAX } from "./shared/lists.ts";

const doers = alias(users, "doers");

/** The tasks of an incident, oldest first. The caller has checked that the incident may be seen. */
export async function listTasks(q: Sql, incidentId: string): Promise<TaskView[]> {
  const found = await q
    .select({ task: tasks, ownerName: users.name, doerName: doers.name })
    .from(tasks)
    .leftJoin(users, eq(users.id, tasks.ownerId))
    .leftJoin(doers, eq(doers.id, tasks.doneById))
    .where(eq(tasks.incidentId, incidentId))
    .orderBy(asc(tasks.createdAt), asc(tasks.position), asc(tasks.id))
    .limit(TASKS_MAX);
  return found.map(({ task, ownerName, doerName }) => ({
    id: task.id,
    title: task.title,
    status: task.status,
    owner: task.ownerId ? { id: task.ownerId, name: ownerName ?? "" } : null,
    dueAt: task.dueAt?.toISOString() ?? null,
    overdueAt: task.overdueAt?.toISOString() ?? null,
    acknowledgedAt: task.acknowledgedAt?.toISOString() ?? null,
    createdAt: task.createdAt.toISOString(),
    doneAt: task.doneAt?.toISOString() ?? null,
    doneBy: task.doneById ? { id: task.doneById, name: doerName ?? "" } : null,
    runbookId: task.runbookId,
  }));
}
