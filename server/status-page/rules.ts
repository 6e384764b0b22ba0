import { worseState } from "#/server/audience/index.ts";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { Impact } from "#/server/updates/shared/lists.ts";
import type { PageIncident, PageModel } from "./model.ts";

export type Indicator = "none" | "maintenance" | "minor" | "major" | "critical";
const indicators: readonly Indicator[] = ["none", "maintenance", "minor", "major", "critical"];

const ofComponent: Record<ComponentStatus, Indicator> = {
  operational: "none",
  under_maintenance: "maintenance",
  degraded_performance: "minor",
  partial_outage: "major",
  major_outage: "critical",
};

/** What an unresolved incident makes of the whole; also one without impact is not *none*. */
function ofImpact(impact: Impact): Indicator {
  return impact === "none" ? "minor" : impact;
}

export function isUnresolved(incident: Pick<PageIncident, "resolvedAt">): boolean {
  return incident.resolvedAt === null;
}

/** The worst of the component states and of the impacts of unresolved incidents. Pure. */
export function indicatorOf(model: Pick<PageModel, "components" | "incidents">): Indicator {
  const all = [
    ...model.components.map((component) => ofComponent[component.status]),
    ...model.incidents.filter(isUnresolved).map((incident) => ofImpact(incident.impact)),
  ];
  return all.reduce<Indicator>(
    (worst, one) => (indicators.indexOf(one) > indicators.indexOf(worst) ? one : worst),
    "none",
  );
}

/** The headline, in Statuspage's words. Pure. */
export function headlineOf(model: Pick<PageModel, "components" | "incidents">): string {
  const indicator = indicatorOf(model);
  switch (indicator) {
    case "none":
      return "All Systems Operational";
    case "maintenance":
      return "Service Under Maintenance";
    case "minor": {
      if (model.incidents.some(isUnresolved)) return "Minor Service Outage";
      const isAll = model.components.every((component) => component.status === "degraded_performance");
      return isAll ? "Degraded System Service" : "Partially Degraded Service";
    }
    case "major":
      return "Partial System Outage";
    case "critical":
      return "Major System Outage";
    default:
      return indicator satisfies never;
  }
}

export const DAY_MS = 86_400_000;
/** UTC days that the page has a bar for. */
export const BAR_DAYS = 90;

/** The UTC day of an instant, `2026-11-21`. Pure. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The last `count` UTC days up to and with this instant's, oldest first. Pure. */
export function lastDays(now: Date, count: number): string[] {
  const today = Date.parse(dayOf(now));
  return Array.from({ length: count }, (_, index) => dayOf(new Date(today - (count - 1 - index) * DAY_MS)));
}

/** The worst state that an incident ever said of any component. Pure. */
export function worstOf(incident: PageIncident): ComponentStatus {
  const said = incident.updates.flatMap((update) => update.components.map((one) => one.newStatus));
  return said.reduce<ComponentStatus>(worseState, "operational");
}
