import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { components, incidents, publicIncidents, rosterRoles, updates, users } from "#/db/schema/index.ts";
import { requireAbility, systemActor, visibleTo } from "#/server/access/index.ts";
import {
  type ComponentRow,
  countUnexplained,
  enqueueUnexplained,
  reviewUnexplained,
  selectUnexplained,
  UNEXPLAINED_JOB,
} from "#/server/audience/index.ts";
import { type Core, type Ctx, ctxFor, type EventType } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { notify, settle } from "#/server/notifications/index.ts";
import { componentStatusWords } from "#/server/updates/shared/words.ts";
import type { UnexplainedComponent } from "./contract.ts";

/** So long it may be an update that is being written; then people hear of it. */
export const UNEXPLAINED_AFTER_MS = 15 * 60_000;

/** After these the public may see something broken that nobody works on, or somebody works on it again. */
const REVIEWED_AFTER: readonly EventType[] = [
  "update.published",
  "incident.accepted",
  "incident.declined",
  "incident.merged",
  "incident.unmerged",
  "incident.resolved",
  "incident.reopened",
  "incident.closed",
];

/** The incident that said last how a component is. */
async function incidentBehind(q: Sql, componentId: string): Promise<IncidentRow | undefined> {
  const [found] = await q
    .select({ incident: incidents })
    .from(updates)
    .innerJoin(incidents, eq(incidents.id, updates.incidentId))
    .where(
      and(
        eq(updates.audience, "public"),
        sql`${updates.channels} @> '["status_page"]'::jsonb`,
        sql`${updates.components} @> ${JSON.stringify([{ id: componentId }])}::jsonb`,
      ),
    )
    .orderBy(desc(updates.publishedAt))
    .limit(1);
  return found?.incident;
}

/** Whoever speaks for the incident, and the administrators. */
async function whoMends(tx: Sql, incidentId: string): Promise<string[]> {
  const liaison = await tx
    .select({ id: rosterRoles.holderId })
    .from(rosterRoles)
    .where(and(eq(rosterRoles.incidentId, incidentId), eq(rosterRoles.role, "communications")));
  const admins = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(inArray(users.role, ["admin", "owner"]), isNull(users.disabledAt)));
  return [...liaison, ...admins].flatMap((row) => row.id ?? []);
}

/** What a notification about a component is about. */
export function subjectOfComponent(id: string): string {
  return `component:${id}`;
}

/**
 * Reminds people of a component that the public sees broken while nobody works on it, and plans the next reminder.
 * One transaction. Safe to repeat: each `since` and number of reminders tells once; what was mended meanwhile is quiet.
 */
export async function remindOfComponent(
  core: Core,
  data: { componentId: string; since: string; reminded: number },
): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    await reviewUnexplained(tx, ctx, [data.componentId]);
    const [row] = await tx.select().from(components).where(eq(components.id, data.componentId)).for("update");
    if (row?.unexplainedSince?.toISOString() !== data.since || row.unexplainedReminded !== data.reminded) return;
    const incident = await incidentBehind(tx, row.id);
    const minutes = Math.round((core.now().getTime() - Date.parse(data.since)) / 60_000);
    if (incident) {
      await notify(tx, ctx, incident, await whoMends(tx, incident.id), {
        kind: "alarm",
        subject: subjectOfComponent(row.id),
        cause: `component:${row.id}:${data.since}:${row.unexplainedReminded}`,
        title: `${row.name} is shown as ${componentStatusWords[row.status].toLowerCase()}, and nobody works on it`,
        body: `For ${minutes} min the status page has said so without an open incident. Say that it is operational, or open an incident.`,
      });
    }
    await countUnexplained(tx, ctx, row);
  });
}

/** Watches components from the events that change them; before the queue starts. `recover` makes the jobs again that a restored database lost. */
export function registerUnexplainedComponents(core: Core): { recover(): Promise<void> } {
  for (const type of REVIEWED_AFTER) {
    core.handlers.on(type, async (tx, ctx, { incidentId }) => {
      const [row] = await tx.select().from(publicIncidents).where(eq(publicIncidents.incidentId, incidentId));
      if (row) await reviewAndSettle(tx, ctx, Object.keys(row.components));
    });
  }
  core.queue.work(UNEXPLAINED_JOB, {}, (data) =>
    remindOfComponent(core, {
      componentId: String(data.componentId),
      since: String(data.since),
      reminded: Number(data.reminded),
    }),
  );
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        for (const row of await selectUnexplained(tx)) {
          const since = row.unexplainedSince;
          if (since) await enqueueUnexplained(tx, core, { id: row.id, since, reminded: row.unexplainedReminded });
        }
      }),
  };
}

/** The same as the review; whoever was reminded of what is well now need not look any more. */
export async function reviewAndSettle(tx: Sql, ctx: Ctx, ids: readonly string[]): Promise<void> {
  const before = (await selectUnexplained(tx)).filter((row) => ids.includes(row.id));
  await reviewUnexplained(tx, ctx, ids);
  const after = new Set((await selectUnexplained(tx)).map((row) => row.id));
  for (const row of before) {
    if (after.has(row.id)) continue;
    const incident = await incidentBehind(tx, row.id);
    if (incident) await settle(tx, ctx, incident.id, subjectOfComponent(row.id));
  }
}

async function present(q: Sql, ctx: Ctx, row: ComponentRow): Promise<UnexplainedComponent> {
  const since = row.unexplainedSince ?? ctx.now();
  const incident = await incidentBehind(q, row.id);
  const [seen] = incident
    ? await q
        .select({ reference: incidents.reference, title: incidents.title })
        .from(incidents)
        .where(and(eq(incidents.id, incident.id), visibleTo(ctx.actor)))
    : [];
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    since: since.toISOString(),
    isDue: ctx.now().getTime() - since.getTime() >= UNEXPLAINED_AFTER_MS,
    incident: seen ?? null,
  };
}

/** Components that the public sees broken while no open incident says why, the longest first. @throws AppError "forbidden" */
export async function listUnexplained(ctx: Ctx): Promise<UnexplainedComponent[]> {
  requireAbility(ctx.actor, "components.read");
  const found = await selectUnexplained(ctx.db.read);
  return Promise.all(found.map((row) => present(ctx.db.read, ctx, row)));
}
