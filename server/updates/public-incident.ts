import { and, desc, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type ComponentChange, publicIncidents, updates } from "#/db/schema/index.ts";
import {
  type ComponentRow,
  leaveComponents,
  lockComponents,
  refreshComponentStates,
  selectComponents,
} from "#/server/audience/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import type { PublishUpdateInput } from "./contract.ts";
import { PUBLIC_ID_LENGTH } from "./rules.ts";
import type { Impact, UpdateStatus } from "./shared/lists.ts";

export type PublicIncidentRow = typeof publicIncidents.$inferSelect;

/** What the public knows of an incident, or undefined before the first publish. */
export async function findPublicIncident(q: Sql, incidentId: string): Promise<PublicIncidentRow | undefined> {
  const [row] = await q.select().from(publicIncidents).where(eq(publicIncidents.incidentId, incidentId));
  return row;
}

/** The name that the last public update gave. */
export async function lastPublicTitle(q: Sql, incidentId: string): Promise<string | null> {
  const [row] = await q
    .select({ title: updates.title })
    .from(updates)
    .where(and(eq(updates.incidentId, incidentId), eq(updates.audience, "public")))
    .orderBy(desc(updates.publishedAt), desc(updates.id))
    .limit(1);
  return row?.title ?? null;
}

function changeOf(row: ComponentRow, newStatus: ComponentChange["newStatus"]): ComponentChange {
  return { id: row.id, name: row.name, oldStatus: row.status, newStatus };
}

type Naming = Pick<PublishUpdateInput, "status" | "components">;

/**
 * The components of `all` that an update names, each with its state before and after; what is not there is left out.
 * A `resolved` update on the page returns those of the incident's own that it does not name to operational. Pure.
 */
export function changesIn(
  all: readonly ComponentRow[],
  input: Naming,
  known: PublicIncidentRow | undefined,
  isOnPage: boolean,
): ComponentChange[] {
  const byKey = new Map(all.flatMap((row) => [[row.id, row] as const, [row.publicId, row] as const]));
  const named = (input.components ?? []).flatMap((one) => {
    const row = byKey.get(one.id.toLowerCase());
    return row ? [changeOf(row, one.status)] : [];
  });
  // Named twice, by its id and its public id: the last word counts.
  const changes = new Map(named.map((change) => [change.id, change]));
  const rest = input.status === "resolved" && isOnPage ? all.filter((row) => isBrokenBy(known, row.id)) : [];
  return [
    ...changes.values(),
    ...rest.filter((row) => !changes.has(row.id)).map((row) => changeOf(row, "operational")),
  ];
}

/** Whether a component is not well by the incident's own word. */
function isBrokenBy(known: PublicIncidentRow | undefined, id: string): boolean {
  return (known?.components[id] ?? "operational") !== "operational";
}

/** The changes that an update speaks of by itself: all, when it names any. Pure. */
export function namedBy(input: Naming, changes: readonly ComponentChange[]): readonly ComponentChange[] {
  return (input.components ?? []).length > 0 ? changes : [];
}

/**
 * The same for what is published: the components that it names are locked, together with the incident's own, whose
 * states it changes on the page. @throws AppError "invalid" for one that does not exist
 */
export async function componentChanges(
  tx: Sql,
  input: Naming,
  known: PublicIncidentRow | undefined,
  isOnPage: boolean,
): Promise<ComponentChange[]> {
  const named = (input.components ?? []).map((component) => component.id);
  await lockComponents(tx, named, isOnPage ? Object.keys(known?.components ?? {}) : []);
  if (named.length === 0 && input.status !== "resolved") return [];
  return changesIn(await selectComponents(tx), input, known, isOnPage);
}

type Published = {
  incidentId: string;
  title: string;
  impact: Impact;
  status: UpdateStatus;
  changes: readonly ComponentChange[];
};

/**
 * Writes what the page says about an incident from now on, and the states of its components.
 * Part of the publishing transaction. The public id is drawn at the first publish and never changes.
 */
export async function savePublicIncident(
  tx: Sql,
  ctx: Ctx,
  known: PublicIncidentRow | undefined,
  { incidentId, title, impact, status, changes }: Published,
): Promise<void> {
  const now = ctx.now();
  const touched = { ...known?.components, ...Object.fromEntries(changes.map((one) => [one.id, one.newStatus])) };
  const values = {
    title,
    impact,
    status,
    components: touched,
    monitoringAt: status === "monitoring" ? now : (known?.monitoringAt ?? null),
    resolvedAt: status === "resolved" ? (known?.resolvedAt ?? now) : null,
    updatedAt: now,
  };
  if (known) await tx.update(publicIncidents).set(values).where(eq(publicIncidents.incidentId, incidentId));
  else {
    const publicId = randomBase36(PUBLIC_ID_LENGTH);
    await tx.insert(publicIncidents).values({ ...values, incidentId, publicId, startedAt: now, createdAt: now });
  }
  // What a resolved incident leaves broken stays so; a good word, whoever says it, mends what was left before.
  const last = status === "resolved" ? changes : changes.filter((change) => change.newStatus === "operational");
  await leaveComponents(tx, last);
  await refreshComponentStates(tx, ctx, Object.keys(touched));
}
