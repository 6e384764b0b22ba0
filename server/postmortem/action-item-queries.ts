import { and, asc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { actionItems, incidents, users } from "#/db/schema/index.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { findIncidentOrTarget } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { ACTION_ITEMS_PER_INCIDENT_MAX, type ActionItemView, type ListActionItemsQuery } from "./contract.ts";

function selectItems(q: Sql) {
  return q
    .select({ item: actionItems, incident: incidents, owner: { id: users.id, name: users.name } })
    .from(actionItems)
    .innerJoin(incidents, eq(incidents.id, actionItems.incidentId))
    .leftJoin(users, eq(users.id, actionItems.ownerId))
    .$dynamic();
}
type Selected = Awaited<ReturnType<typeof selectItems>>[number];

function present({ item, incident, owner }: Selected): ActionItemView {
  return {
    id: item.id,
    incident: { id: incident.id, reference: incident.reference, title: incident.title },
    title: item.title,
    owner,
    dueOn: item.dueOn,
    doneAt: item.doneAt?.toISOString() ?? null,
    taskId: item.taskId,
  };
}

/** The action items of one incident, oldest first; for callers that have checked who asks. */
export async function actionItemsOf(q: Sql, incidentId: string): Promise<ActionItemView[]> {
  const list = await selectItems(q)
    .where(eq(actionItems.incidentId, incidentId))
    .orderBy(asc(actionItems.createdAt), asc(actionItems.id))
    .limit(ACTION_ITEMS_PER_INCIDENT_MAX);
  return list.map(present);
}

/** One action item. @throws AppError "not_found" also for one of an incident that the actor may not see */
export async function readActionItem(q: Sql, ctx: Pick<Ctx, "actor">, id: string): Promise<ActionItemView> {
  const [found] = await selectItems(q).where(and(eq(actionItems.id, id), visibleTo(ctx.actor)));
  if (!found) throw new AppError("not_found", "There is no such action item.");
  return present(found);
}

type Cursor = { at: Date; id: string };

function writeCursor({ item }: Selected): string {
  return Buffer.from(`${item.createdAt.getTime()}.${item.id}`).toString("base64url");
}

function readCursor(cursor: string): Cursor {
  const [, at, id] = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (!at || !id) throw new AppError("invalid", "The cursor is not one of this list.");
  return { at: new Date(Number(at)), id };
}

/** Action items of the incidents that the actor may see, oldest first, a page at a time. */
export async function listActionItems(
  ctx: Ctx,
  query: ListActionItemsQuery & { cursor?: string | undefined; limit: number },
): Promise<{ items: ActionItemView[]; nextCursor: string | null }> {
  const q = ctx.db.read;
  requireAbility(ctx.actor, "actionitems.read");
  const incident = query.incident ? (await findIncidentOrTarget(q, ctx, query.incident)).row : undefined;
  const after = query.cursor ? readCursor(query.cursor) : undefined;
  const list = await selectItems(q)
    .where(
      and(
        visibleTo(ctx.actor),
        incident && eq(actionItems.incidentId, incident.id),
        query.done && (query.done === "true" ? isNotNull(actionItems.doneAt) : isNull(actionItems.doneAt)),
        after &&
          sql`(${actionItems.createdAt}, ${actionItems.id}) > (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(asc(actionItems.createdAt), asc(actionItems.id))
    .limit(query.limit + 1);
  const page = list.slice(0, query.limit);
  const last = page.at(-1);
  return { items: page.map(present), nextCursor: list.length > query.limit && last ? writeCursor(last) : null };
}
