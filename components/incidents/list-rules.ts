import type { IncidentView } from "#/server/incidents/contract.ts";
import { isOpen, severities } from "#/server/incidents/shared/lists.ts";
import type { SuggestionView } from "#/server/triage/contract.ts";

/** The filters of the list, as its address carries them; empty means no filter. */
export type ListFilters = { status: string; severity: string; q: string };

/** Whether a change that was heard belongs into a filtered list. The server's search looks deeper than this. */
export function isMatch(incident: IncidentView, filters: ListFilters): boolean {
  if (filters.status && !filters.status.split(",").includes(incident.status)) return false;
  if (filters.severity && incident.severity !== filters.severity) return false;
  const text = `${incident.reference} ${incident.title} ${incident.summary}`.toLowerCase();
  return text.includes(filters.q.toLowerCase());
}

/** The newer state of each incident, and those heard of since that match. A change that no longer matches leaves the list. */
export function withHeard(
  listed: readonly IncidentView[],
  heard: ReadonlyMap<string, IncidentView>,
  filters: ListFilters,
): IncidentView[] {
  const byId = new Map(listed.map((incident) => [incident.id, incident]));
  for (const incident of heard.values()) {
    const known = byId.get(incident.id);
    if (known && known.lastSeq >= incident.lastSeq) continue;
    const belongs = known ? !filters.status || filters.status.split(",").includes(incident.status) : true;
    if (known ? belongs : isMatch(incident, filters)) byId.set(incident.id, incident);
    else byId.delete(incident.id);
  }
  return [...byId.values()];
}

function rank(incident: IncidentView): number {
  return incident.severity ? severities.indexOf(incident.severity) : severities.length;
}

const newestFirst = (a: IncidentView, b: IncidentView) => b.declaredAt.localeCompare(a.declaredAt);

/** The three parts of the list: waiting for a decision, worked on (worst first), and over. */
export function inSections(incidents: readonly IncidentView[]) {
  return {
    triage: incidents.filter((each) => each.status === "triage").sort(newestFirst),
    active: incidents
      .filter((each) => isOpen(each.status) && each.status !== "triage")
      .sort((a, b) => rank(a) - rank(b) || newestFirst(a, b)),
    recent: incidents.filter((each) => !isOpen(each.status)).sort(newestFirst),
  };
}

function sharesService(a: IncidentView, b: IncidentView): boolean {
  return a.services.some((service) => b.services.some((other) => other.id === service.id));
}

/** What an incident can be merged into: open ones of its mode, first those of its services, then what is worked on, worst first. */
export function mergeTargets(incident: IncidentView, open: readonly IncidentView[]): IncidentView[] {
  const score = (each: IncidentView) =>
    (sharesService(incident, each) ? 0 : 100) + (each.status === "triage" ? 10 : 0) + rank(each);
  return open
    .filter((each) => each.id !== incident.id && each.mode === incident.mode && isOpen(each.status))
    .sort((a, b) => score(a) - score(b) || newestFirst(a, b));
}

/** The target that is chosen already: the only one, or the first that shares a service. Otherwise somebody has to choose. */
export function likelyTarget(incident: IncidentView, targets: readonly IncidentView[]): IncidentView | undefined {
  const [first, second] = targets;
  return first && (!second || sharesService(incident, first)) ? first : undefined;
}

/** An incident to merge into; `reasons` where it was suggested. */
export type MergeTarget = { target: IncidentView; reasons: readonly string[] | null };

/** The targets with those first that are alike, in their order and with their reasons. Pure. */
export function withSuggestions(targets: readonly IncidentView[], alike: readonly SuggestionView[]): MergeTarget[] {
  const suggested = alike.flatMap(({ incident, reasons }) => {
    const target = targets.find((each) => each.id === incident.id);
    return target ? [{ target, reasons }] : [];
  });
  const ids = new Set(suggested.map(({ target }) => target.id));
  return [...suggested, ...targets.filter((each) => !ids.has(each.id)).map((target) => ({ target, reasons: null }))];
}
