import { desc, gte, inArray, isNull, lt, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { componentStates, publicIncidents, updates } from "#/db/schema/index.ts";
import { type ComponentRow, selectComponents } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import { hmacSha256, purposeKey } from "#/server/platform/crypto.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { publicBase, publicPageUrl, readSettings } from "#/server/settings/index.ts";
import { selectLogo } from "./logo.ts";
import type { PageComponent, PageIncident, PageModel, PageUpdate } from "./model.ts";
import { readMaintenances } from "./read-maintenances.ts";
import { BAR_DAYS, DAY_MS } from "./rules.ts";

/** Incidents with a page of their own; about a year of a busy team. */
export const INCIDENTS_KEPT_MAX = 500;

/** Changes of components' states over the shown days; of more the oldest are not told. */
const STATES_READ_MAX = 20_000;

/** Who may read the page, and what opens it. */
export type PageAccessRule = { kind: Settings["statusPage"]["access"]; linkKey: string | null };

type PublicRow = typeof publicIncidents.$inferSelect;
type UpdateRow = typeof updates.$inferSelect;

/** The page's own id: the same for ever, and known only as what it is. */
function pageId(authSecret: string): string {
  const mac = hmacSha256(purposeKey(authSecret, "status-page-id"), "page");
  return BigInt(`0x${mac.toString("hex")}`)
    .toString(36)
    .slice(0, 12);
}

function componentOf(
  row: ComponentRow,
  publicIds: ReadonlyMap<string, string>,
  states: PageComponent["states"] = [],
): PageComponent {
  return {
    id: row.publicId,
    name: row.name,
    description: row.description,
    status: row.status,
    group: row.isGroup,
    groupId: (row.groupId && publicIds.get(row.groupId)) ?? null,
    showcase: row.showcase,
    onlyShowIfDegraded: row.onlyShowIfDegraded,
    startDate: row.startOn ?? row.createdAt.toISOString().slice(0, 10),
    position: row.position,
    states,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function updateOf(row: UpdateRow, publicIds: ReadonlyMap<string, string>): PageUpdate {
  return {
    id: row.publicId,
    status: row.status,
    body: row.body,
    publishedAt: row.publishedAt,
    correctedAt: row.correctedAt,
    hasMail: row.channels.includes("email"),
    // A component that was taken off the page has no public id any more.
    components: row.components.flatMap(({ id, ...change }) => {
      const publicId = publicIds.get(id);
      return publicId ? [{ ...change, id: publicId }] : [];
    }),
  };
}

function incidentOf(row: PublicRow, said: readonly UpdateRow[], publicIds: ReadonlyMap<string, string>): PageIncident {
  return {
    id: row.publicId,
    title: row.title,
    impact: row.impact,
    status: row.status,
    startedAt: row.startedAt,
    monitoringAt: row.monitoringAt,
    resolvedAt: row.resolvedAt,
    createdAt: row.createdAt,
    updatedAt: said.reduce(
      (last, one) => (one.correctedAt && one.correctedAt > last ? one.correctedAt : last),
      row.updatedAt,
    ),
    components: Object.entries(row.components).flatMap(([id, status]) => {
      const publicId = publicIds.get(id);
      return publicId ? [{ id: publicId, status }] : [];
    }),
    updates: said.map((one) => updateOf(one, publicIds)),
  };
}

/** How each component was since an instant, and the state that it was in then. Oldest first, by its id. */
async function selectStates(tx: Sql, since: Date): Promise<Map<string, PageComponent["states"]>> {
  const { componentId } = componentStates;
  const before = await tx
    .selectDistinctOn([componentId])
    .from(componentStates)
    .where(lt(componentStates.since, since))
    .orderBy(componentId, desc(componentStates.since));
  const within = await tx
    .select()
    .from(componentStates)
    .where(gte(componentStates.since, since))
    .orderBy(desc(componentStates.since))
    .limit(STATES_READ_MAX);
  const byId = Map.groupBy([...before, ...within.reverse()], (row) => row.componentId);
  return new Map(
    [...byId].map(([id, found]) => [id, found.map((row) => ({ at: row.since.getTime(), status: row.status }))]),
  );
}

async function selectIncidents(tx: Sql): Promise<PublicRow[]> {
  const newest = await tx
    .select()
    .from(publicIncidents)
    .orderBy(desc(publicIncidents.createdAt), desc(publicIncidents.publicId))
    .limit(INCIDENTS_KEPT_MAX);
  const unresolved = await tx.select().from(publicIncidents).where(isNull(publicIncidents.resolvedAt));
  const older = unresolved.filter((row) => !newest.some((one) => one.incidentId === row.incidentId));
  return [...newest, ...older];
}

/** The updates that were published to the page, newest first. */
async function selectUpdates(tx: Sql, incidentIds: readonly string[]): Promise<Map<string, UpdateRow[]>> {
  if (incidentIds.length === 0) return new Map();
  const found = await tx
    .select()
    .from(updates)
    .where(
      sql`${inArray(updates.incidentId, [...incidentIds])} and ${updates.audience} = 'public'
        and ${updates.channels} @> '["status_page"]'::jsonb`,
    )
    .orderBy(desc(updates.publishedAt), desc(updates.id));
  return Map.groupBy(found, (row) => row.incidentId);
}

/**
 * Reads everything the public may know, as of one instant.
 * Asks only for components, public incidents and updates that went to the page: nothing else can get out this way.
 */
export async function readPageModel(core: Core): Promise<PageModel & { access: PageAccessRule }> {
  return core.db.transaction(async (tx) => {
    await rows(tx, sql`set transaction isolation level repeatable read, read only`);
    const settings = await readSettings(tx, core);
    const components = await selectComponents(tx);
    const publicIds = new Map(components.map((row) => [row.id, row.publicId]));
    const states = await selectStates(tx, new Date(core.now().getTime() - BAR_DAYS * DAY_MS));
    const incidents = await selectIncidents(tx);
    const said = await selectUpdates(
      tx,
      incidents.map((row) => row.incidentId),
    );
    return {
      page: {
        id: pageId(core.config.authSecret),
        name: settings.statusPage.name,
        url: publicBase(settings, core.config),
        suffix: publicPageUrl(settings, core.config, "").slice(publicBase(settings, core.config).length),
        timeZone: "Etc/UTC",
        color: settings.statusPage.color,
        logo: await selectLogo(tx),
      },
      access: { kind: settings.statusPage.access, linkKey: settings.statusPage.linkKey },
      builtAt: core.now(),
      components: components.map((row) => componentOf(row, publicIds, states.get(row.id))),
      incidents: incidents.map((row) => incidentOf(row, said.get(row.incidentId) ?? [], publicIds)),
      maintenances: await readMaintenances(tx, publicIds),
      hasMail: settings.smtp !== null,
    };
  });
}
