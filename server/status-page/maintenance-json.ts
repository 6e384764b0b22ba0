import { isEnded, isRunning, type MaintenanceStatus } from "#/server/maintenance/shared/lists.ts";
import type { PageMaintenance, PageModel } from "./model.ts";
import { linkTo } from "./pages/layout.ts";
import { updateJson } from "./update-json.ts";

/** What Statuspage itself lists. */
const LISTED_MAX = 50;

/** Statuspage knows no word for what was called off: its clients read that it is over, and the text says why. */
function knownStatus(status: MaintenanceStatus): Exclude<MaintenanceStatus, "cancelled"> {
  return status === "cancelled" ? "completed" : status;
}

/** A maintenance as Statuspage tells it; `components` are those of the page in its shape. Pure. */
export function maintenanceOf<T extends { id: string }>(
  maintenance: PageMaintenance,
  model: PageModel,
  components: readonly T[],
) {
  return {
    id: maintenance.id,
    name: maintenance.title,
    status: knownStatus(maintenance.status),
    created_at: maintenance.createdAt.toISOString(),
    updated_at: maintenance.updatedAt.toISOString(),
    monitoring_at: null,
    resolved_at: maintenance.endedAt?.toISOString() ?? null,
    impact: "maintenance",
    shortlink: `${model.page.url}${linkTo(model, `/status/maintenance/${maintenance.id}`)}`,
    started_at: (maintenance.startedAt ?? maintenance.createdAt).toISOString(),
    page_id: model.page.id,
    reminder_intervals: null,
    incident_updates: maintenance.updates.map((update) =>
      updateJson(update, { of: maintenance.id, status: knownStatus(update.status), isNotified: update.isNotified }),
    ),
    components: components.filter((component) => maintenance.components.includes(component.id)),
    scheduled_for: maintenance.scheduledFor.toISOString(),
    scheduled_until: maintenance.scheduledUntil.toISOString(),
  };
}

/** The three lists of maintenance, and what the summary holds of it. Pure. */
export function maintenanceLists<T extends { id: string }>(model: PageModel, components: readonly T[]) {
  const shown = (wanted: (status: MaintenanceStatus) => boolean) =>
    model.maintenances
      .filter((one) => wanted(one.status))
      .slice(0, LISTED_MAX)
      .map((one) => maintenanceOf(one, model, components));
  return {
    all: shown(() => true),
    upcoming: shown((status) => status === "scheduled"),
    active: shown(isRunning),
    notEnded: shown((status) => !isEnded(status)),
  };
}
