import { maintenanceLists } from "./maintenance-json.ts";
import type { PageComponent, PageIncident, PageModel } from "./model.ts";
import { linkTo } from "./pages/layout.ts";
import { headlineOf, indicatorOf, isUnresolved } from "./rules.ts";
import { updateJson } from "./update-json.ts";

/** What Statuspage itself lists. */
const INCIDENTS_LISTED_MAX = 50;

function iso(at: Date): string {
  return at.toISOString();
}

/** When anything of the page changed last: the same until something does, so that clients hear of nothing new. */
function changedAt({ components, incidents, maintenances, builtAt }: PageModel): Date {
  const times = [...components, ...incidents, ...maintenances].map((one) => one.updatedAt.getTime());
  return times.length > 0 ? new Date(Math.max(...times)) : builtAt;
}

function pageOf(model: PageModel) {
  const { page } = model;
  return {
    id: page.id,
    name: page.name,
    url: `${page.url}${linkTo(model, "/status")}`,
    time_zone: page.timeZone,
    updated_at: iso(changedAt(model)),
  };
}

/** A component as Statuspage tells it; `all` are those of the page, for what stands in a group. Pure. */
export function componentOf(component: PageComponent, pageId: string, all: readonly PageComponent[]) {
  return {
    id: component.id,
    name: component.name,
    status: component.status,
    created_at: iso(component.createdAt),
    updated_at: iso(component.updatedAt),
    position: component.position,
    description: component.description || null,
    showcase: component.showcase && !component.group,
    start_date: component.group ? null : component.startDate,
    group_id: component.groupId,
    page_id: pageId,
    group: component.group,
    only_show_if_degraded: component.onlyShowIfDegraded,
    ...(component.group && {
      components: all.filter((one) => one.groupId === component.id).map((one) => one.id),
    }),
  };
}

/** An incident as Statuspage tells it. Pure. */
export function incidentOf(incident: PageIncident, model: PageModel) {
  const touched = new Set(incident.components.map((one) => one.id));
  return {
    id: incident.id,
    name: incident.title,
    status: incident.status,
    created_at: iso(incident.createdAt),
    updated_at: iso(incident.updatedAt),
    monitoring_at: incident.monitoringAt && iso(incident.monitoringAt),
    resolved_at: incident.resolvedAt && iso(incident.resolvedAt),
    impact: incident.impact,
    shortlink: `${model.page.url}${linkTo(model, `/status/incidents/${incident.id}`)}`,
    started_at: iso(incident.startedAt),
    page_id: model.page.id,
    reminder_intervals: null,
    incident_updates: incident.updates.map((update) =>
      updateJson(update, { of: incident.id, status: update.status, isNotified: update.hasMail }),
    ),
    components: model.components
      .filter((component) => touched.has(component.id))
      .map((component) => componentOf(component, model.page.id, model.components)),
  };
}

/** Every JSON document of the page by its path, in the shapes that Statuspage serves. Pure. */
export function jsonDocuments(model: PageModel): Map<string, unknown> {
  const page = pageOf(model);
  const status = { indicator: indicatorOf(model), description: headlineOf(model) };
  const components = model.components.map((component) => componentOf(component, model.page.id, model.components));
  const unresolved = model.incidents.filter(isUnresolved).map((incident) => incidentOf(incident, model));
  const incidents = model.incidents.slice(0, INCIDENTS_LISTED_MAX).map((incident) => incidentOf(incident, model));
  const { all, upcoming, active, notEnded } = maintenanceLists(model, components);
  return new Map<string, unknown>([
    ["/api/v2/summary.json", { page, components, incidents: unresolved, scheduled_maintenances: notEnded, status }],
    ["/api/v2/status.json", { page, status }],
    ["/api/v2/components.json", { page, components }],
    ["/api/v2/incidents.json", { page, incidents }],
    ["/api/v2/incidents/unresolved.json", { page, incidents: unresolved }],
    ["/api/v2/scheduled-maintenances.json", { page, scheduled_maintenances: all }],
    ["/api/v2/scheduled-maintenances/upcoming.json", { page, scheduled_maintenances: upcoming }],
    ["/api/v2/scheduled-maintenances/active.json", { page, scheduled_maintenances: active }],
  ]);
}
