import { and, desc, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type ComponentChange, publicIncidents, updates } from "#/db/schema/index.ts";
import {
  type ComponentRow,
  leaveComponents,
  lockComponents,
  lockTogether,
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

/**
 * The components that an update names with their states before and after, locked; so are the incident's own, whose
 * states it changes on the page.
 * A `resolved` update on the page returns those of the incident's own that it does not name to operational.
 * @throws AppError "invalid" for a component that does not exist
 */
export async function componentChanges(
  tx: Sql,
  input: PublishUpdateInput,
  known: PublicIncidentRow | undefined,
  isOnPage: boolean,
): Promise<ComponentChange[]> {
  const named = input.components ?? [];
  const own = isOnPage && known ? Object.keys(known.components) : [];
  await lockTogether(tx, [...named.map(({ id }) => id), ...own]);
  const rows = await lockComponents(
    tx,
    named.map((component) => component.id),
  );
  if (named.length > 0) {
    const chosen = named.flatMap((one) => {
      const row = rows.get(one.id);
      return row ? [changeOf(row, one.status)] : [];
    });
    // Named twice, by its id and its public id: the last word counts.
    const changes = new Map(chosen.map((change) => [change.id, change]));
    const rest = await ownBroken(tx, input, known, isOnPage);
    return [...changes.values(), ...rest.filter((change) => !changes.has(change.id))];
  }
  return ownBroken(tx, input, known, isOnPage);
}

/** The components that the incident itself broke, returned to operational by its resolving update. */
async function ownBroken(
  tx: Sql,
  input: PublishUpdateInput,
  known: PublicIncidentRow | undefined,
  isOnPage: boolean,
): Promise<ComponentChange[]> {
  if (input.status !== "resolved" || !isOnPage || !known) return [];
  const broken = Object.keys(known.components).filter((id) => known.components[id] !== "operational");
  if (broken.length === 0) return [];
  const all = await selectComponents(tx);
  return all.filter((row) => broken.includes(row.id)).map((row) => changeOf(row, "operational"));
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
