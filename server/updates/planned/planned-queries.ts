import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { plannedUpdates, updateClocks, updates } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { findIncidentOrTarget, type IncidentRow } from "#/server/incidents/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { type UpdateRules, updateRulesAt } from "#/server/settings/index.ts";
import { type Audience, audiences } from "../shared/lists.ts";
import { BYPASS_AFTER_MS, openPlannedStates, type PlannedState } from "../shared/planned.ts";
import type { PlannedUpdateView, UpdateRulesView } from "./contract.ts";
import { detailsOfCorrection, detailsOfUpdate, type PlannedWorld, plannedWorld } from "./planned-details.ts";
import { hindranceOf } from "./release.ts";
import { bodyOf, contentOf, type PlannedRow } from "./store.ts";

const iso = (at: Date | null) => at?.toISOString() ?? null;

type Texts = Pick<typeof updates.$inferSelect, "body" | "wordings">;
type Around = { incident: IncidentRow; rules: UpdateRules; out: ReadonlyMap<string, Texts>; world: PlannedWorld };

/** The texts that are out under an update's id, and the last ones to each audience. */
async function textsOut(q: Sql, incidentId: string): Promise<ReadonlyMap<string, Texts>> {
  const found = await q
    .select({ id: updates.id, audience: updates.audience, body: updates.body, wordings: updates.wordings })
    .from(updates)
    .where(eq(updates.incidentId, incidentId))
    .orderBy(asc(updates.publishedAt), asc(updates.id));
  return new Map(found.flatMap((each) => [[each.id, each] as const, [each.audience, each] as const]));
}

function present(row: PlannedRow, { incident, rules, out, world }: Around): PlannedUpdateView {
  const update = row.kind === "update" ? contentOf(row).update() : null;
  const correction = update ? null : { ...contentOf(row).correction(), updateId: row.correctsId ?? "" };
  const isOpen = row.state === "waiting" || row.state === "scheduled";
  const before = out.get(correction?.updateId ?? row.audience);
  const details = update
    ? detailsOfUpdate(update, world)
    : detailsOfCorrection(contentOf(row).correction(), before?.wordings);
  return {
    id: row.id,
    incidentId: row.incidentId,
    kind: row.kind,
    audience: row.audience,
    state: row.state,
    version: row.version,
    update,
    correction,
    body: bodyOf(row.content),
    details: (openPlannedStates as readonly PlannedState[]).includes(row.state) ? details : [],
    bodyBefore: row.contentBefore && bodyOf(row.contentBefore),
    bodyOut: before?.body ?? null,
    rule: rules.approvalFor(row.audience),
    publishAt: iso(row.publishAt),
    askedBy: { id: row.askedById, name: row.askedByName },
    askedAt: row.askedAt.toISOString(),
    bypassFrom: new Date(row.askedAt.getTime() + BYPASS_AFTER_MS).toISOString(),
    approvedBy: row.approvedByName === null ? null : { id: row.approvedById, name: row.approvedByName },
    approvedAt: iso(row.approvedAt),
    isBypassed: row.isBypassed,
    reason: row.reason,
    endedBy: row.endedByName,
    endedAt: iso(row.endedAt),
    incidentStatus: row.incidentStatus,
    hindrance: isOpen ? hindranceOf(row, incident) : null,
    publishedId: row.publishedId,
  };
}

async function presentAll(q: Sql, incident: IncidentRow, found: readonly PlannedRow[]): Promise<PlannedUpdateView[]> {
  if (found.length === 0) return [];
  const rules = await updateRulesAt(q, incident);
  const out = await textsOut(q, incident.id);
  const world = await plannedWorld(q, incident);
  return found.map((row) => present(row, { incident, rules, out, world }));
}

/** What waits in a room for approval, for its time, or for somebody to look; the caller has checked that the actor may see it. */
export async function openPlanned(q: Sql, incident: IncidentRow): Promise<PlannedUpdateView[]> {
  const found = await q
    .select()
    .from(plannedUpdates)
    .where(and(eq(plannedUpdates.incidentId, incident.id), inArray(plannedUpdates.state, [...openPlannedStates])))
    .orderBy(asc(plannedUpdates.createdAt), asc(plannedUpdates.id));
  return presentAll(q, incident, found);
}

/** One planned update as it stands; the caller has checked that the actor may see it. */
export async function readPlanned(q: Sql, incident: IncidentRow, id: string): Promise<PlannedUpdateView> {
  const found = await q.select().from(plannedUpdates).where(eq(plannedUpdates.id, id));
  const [view] = await presentAll(q, incident, found);
  if (!view) throw new Error("a planned update that was just written is gone");
  return view;
}

/** One planned update for somebody who may see its incident; undefined when there is none. @throws AppError "not_found" */
export async function findPlanned(ctx: Ctx, key: string, id: string): Promise<PlannedUpdateView | undefined> {
  requireAbility(ctx.actor, "incidents.read");
  const q = ctx.db.read;
  const { row: incident } = await findIncidentOrTarget(q, ctx, key);
  const ofIncident = and(eq(plannedUpdates.id, id), eq(plannedUpdates.incidentId, incident.id));
  const [view] = await presentAll(q, incident, await q.select().from(plannedUpdates).where(ofIncident));
  return view;
}

type Page = { all: boolean; cursor?: string | undefined; limit: number };

/** A page of an incident's planned updates, newest first: the open ones, or with `all` what became of the others too. @throws AppError "not_found" */
export async function pagePlanned(
  ctx: Ctx,
  key: string,
  page: Page,
): Promise<{ items: PlannedUpdateView[]; nextCursor: string | null }> {
  requireAbility(ctx.actor, "incidents.read");
  const q = ctx.db.read;
  const { row: incident } = await findIncidentOrTarget(q, ctx, key);
  const states: PlannedState[] = [...openPlannedStates, ...(page.all ? (["published", "cancelled"] as const) : [])];
  const after = decodeCursor(page.cursor, ["instant", "id"]);
  const found = await q
    .select()
    .from(plannedUpdates)
    .where(
      and(
        eq(plannedUpdates.incidentId, incident.id),
        inArray(plannedUpdates.state, states),
        after
          ? sql`(${plannedUpdates.createdAt}, ${plannedUpdates.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(plannedUpdates.createdAt), desc(plannedUpdates.id))
    .limit(page.limit + 1);
  const { items, nextCursor } = pageOf<PlannedRow>(found, page.limit, (last) => [
    last.createdAt.toISOString(),
    last.id,
  ]);
  return { items: await presentAll(q, incident, items), nextCursor };
}

/** How updates of an incident are made now: who has to agree, and by what clock. */
export async function readUpdateRules(q: Sql, incident: IncidentRow): Promise<UpdateRulesView> {
  const rules = await updateRulesAt(q, incident);
  const [clock] = await q.select().from(updateClocks).where(eq(updateClocks.incidentId, incident.id));
  const of = (audience: Audience) => [audience, rules.approvalFor(audience)] as const;
  return {
    approval: Object.fromEntries(audiences.map(of)) as UpdateRulesView["approval"],
    pace: clock?.pace ?? "usual",
    everyMinutes: rules.cadence.everyMinutes,
    longMinutes: rules.cadence.longMinutes,
  };
}
