import { eq } from "drizzle-orm";
import { publicIncidents } from "#/db/schema/index.ts";
import { selectComponents } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import type { UnpublishedUpdate } from "#/server/updates/index.ts";
import type { PageIncident, PageModel, PageUpdate } from "./model.ts";
import { incidentPage } from "./pages/incident.ts";
import { readPageModel } from "./read-model.ts";

/** An incident of the page as it would be with one more update. Pure. */
function withUpdate(
  known: PageIncident | undefined,
  update: UnpublishedUpdate,
  model: PageModel,
  publicIds: ReadonlyMap<string, string>,
): PageIncident {
  const now = model.builtAt;
  const changes = update.components.flatMap(({ id, ...change }) => {
    const publicId = publicIds.get(id);
    return publicId ? [{ ...change, id: publicId }] : [];
  });
  const said: PageUpdate = {
    id: "preview",
    status: update.status,
    body: update.body,
    publishedAt: now,
    correctedAt: null,
    hasMail: false,
    components: changes,
  };
  const states = new Map(known?.components.map((each) => [each.id, each.status]));
  for (const change of changes) states.set(change.id, change.newStatus);
  return {
    id: "preview",
    startedAt: now,
    createdAt: now,
    monitoringAt: null,
    ...known,
    title: update.title,
    impact: update.impact,
    status: update.status,
    resolvedAt: update.status === "resolved" ? (known?.resolvedAt ?? now) : null,
    updatedAt: now,
    components: [...states].map(([id, status]) => ({
      id,
      status: update.status === "resolved" && changes.length === 0 ? "operational" : status,
    })),
    updates: [said, ...(known?.updates ?? [])],
  };
}

/** The page of an incident as it would be with one more update; made by the page's own code, and kept nowhere. */
export async function previewPage(core: Core, update: UnpublishedUpdate): Promise<string> {
  const model = await readPageModel(core);
  const [row] = await core.db.read
    .select({ publicId: publicIncidents.publicId })
    .from(publicIncidents)
    .where(eq(publicIncidents.incidentId, update.incidentId));
  const known = model.incidents.find((incident) => incident.id === row?.publicId);
  const publicIds = new Map((await selectComponents(core.db.read)).map((each) => [each.id, each.publicId]));
  return (await incidentPage(withUpdate(known, update, model, publicIds), model)).toString();
}
