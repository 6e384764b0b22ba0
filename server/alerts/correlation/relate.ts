import { alertName, type RoutedAlert } from "../routing/route.ts";

/** Edges of the service graph: the first cannot work without the second. */
export type ServiceEdge = { serviceId: string; dependsOnId: string };
/** An open incident as correlation sees it: what fails in it, where, and when. */
export type Candidate = {
  incidentId: string;
  reference: string;
  services: { id: string; name: string }[];
  /** Values of the labels that say where, over all its alerts. */
  labels: Record<string, string[]>;
  names: string[];
  /** The starts of its first and its last alert. */
  openedAt: Date;
  lastAt: Date;
};
export type Relation = { candidate: Candidate; score: number; evidence: string[] };

/** From here on two things are one problem: a direct dependency that failed at about the same time. */
export const RELATED_FROM = 4;
/** Longer apart, and the service graph alone is no reason any more. */
const HORIZON_MS = 45 * 60_000;
const CLOSE_MS = 2 * 60_000;
const NEAR_MS = 10 * 60_000;
/** A service that so many others need says little about which of them fail together. */
const HUB_FROM = 6;
/** Strangers at one place with one alert name: from the third service on the place itself is the problem. */
const WIDESPREAD_FROM = 2;
/** Where it is: the same environment is taken for granted, another one rules it out. */
const ENVIRONMENT_LABELS = ["env", "environment", "stage", "deployment_environment", "tenant"];
const HOST_LABELS = ["host", "hostname", "node", "nodename", "machine", "vm"];
const PLACE_LABELS = ["cluster", "region", "datacenter", "dc", "zone", "availability_zone"];

/** The labels that are remembered of an incident's alerts. */
export const EVIDENCE_LABELS: readonly string[] = [...ENVIRONMENT_LABELS, ...HOST_LABELS, ...PLACE_LABELS];

type Point = { points: number; text: string };

function sharedLabel(alert: RoutedAlert, candidate: Candidate, labels: readonly string[]): string | undefined {
  return labels.find((name) => {
    const value = alert.labels[name];
    return value !== undefined && candidate.labels[name]?.includes(value);
  });
}

function otherLabel(alert: RoutedAlert, candidate: Candidate, labels: readonly string[]): string | undefined {
  return labels.find((name) => {
    const value = alert.labels[name];
    const known = candidate.labels[name];
    return value !== undefined && known !== undefined && known.length > 0 && !known.includes(value);
  });
}

/** How services hang together: directly, over one between them, or by something that both need. */
function connected(alert: RoutedAlert, candidate: Candidate, edges: readonly ServiceEdge[]): Point | null {
  const { service } = alert;
  if (!service) return null;
  const needs = (id: string) => edges.filter((edge) => edge.serviceId === id).map((edge) => edge.dependsOnId);
  const own = needs(service.id);
  const pairs = candidate.services.map((other) => ({ name: other.name, id: other.id, theirs: needs(other.id) }));
  const below = pairs.find(({ id }) => own.includes(id));
  if (below) return { points: 3, text: `${service.name} depends on ${below.name}` };
  const above = pairs.find(({ theirs }) => theirs.includes(service.id));
  if (above) return { points: 3, text: `${above.name} depends on ${service.name}` };
  const through = (from: readonly string[], to: string) => from.some((id) => needs(id).includes(to));
  const far = pairs.find(({ id, theirs }) => through(own, id) || through(theirs, service.id));
  if (far) return { points: 2, text: `${service.name} and ${far.name} are two steps apart` };
  const isHub = (id: string) => edges.filter((edge) => edge.dependsOnId === id).length >= HUB_FROM;
  const sibling = pairs.find(({ theirs }) => theirs.some((id) => own.includes(id) && !isHub(id)));
  return sibling ? { points: 2, text: `${service.name} and ${sibling.name} need the same service` } : null;
}

/** Zero while the incident's alerts come in, else how long before or after them this one began. */
function apartMs(alert: RoutedAlert, candidate: Candidate): number {
  const at = alert.startsAt.getTime();
  if (at < candidate.openedAt.getTime()) return candidate.openedAt.getTime() - at;
  return Math.max(0, at - candidate.lastAt.getTime());
}

function inTime(ms: number): Point {
  const words = ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
  if (ms <= CLOSE_MS) return { points: 2, text: `${words} apart` };
  if (ms <= NEAR_MS) return { points: 1, text: `${words} apart` };
  return { points: 0, text: `${words} apart` };
}

function inPlace(alert: RoutedAlert, candidate: Candidate): Point[] {
  const host = sharedLabel(alert, candidate, HOST_LABELS);
  if (host) return [{ points: 2, text: `the same ${host} ${alert.labels[host]}` }];
  const other = otherLabel(alert, candidate, PLACE_LABELS);
  if (other) return [{ points: -2, text: `another ${other} ${alert.labels[other]}` }];
  const place = sharedLabel(alert, candidate, PLACE_LABELS);
  return place ? [{ points: 1, text: `the same ${place} ${alert.labels[place]}` }] : [];
}

/** How many services have the same alert at the same place at this time. */
function sameElsewhere(alert: RoutedAlert, candidates: readonly Candidate[]): number {
  const name = alertName(alert);
  const alike = candidates.filter(
    (each) =>
      each.names.includes(name) &&
      sharedLabel(alert, each, PLACE_LABELS) !== undefined &&
      otherLabel(alert, each, [...PLACE_LABELS, ...ENVIRONMENT_LABELS]) === undefined &&
      apartMs(alert, each) <= CLOSE_MS,
  );
  return new Set(alike.flatMap((each) => each.services.map(({ id }) => id)).filter((id) => id !== alert.service?.id))
    .size;
}

/** What joins services that the graph does not connect: a host, or a place where the same fails everywhere. */
function together(alert: RoutedAlert, candidate: Candidate, elsewhere: number): Point[] | null {
  if (sharedLabel(alert, candidate, HOST_LABELS)) {
    // A warning of a neighbour on the same host is most often its own.
    return alert.severity === "critical" || alert.severity === "error" ? [] : null;
  }
  const isAlike = candidate.names.includes(alertName(alert)) && sharedLabel(alert, candidate, PLACE_LABELS);
  if (!isAlike || elsewhere < WIDESPREAD_FROM) return null;
  return [{ points: 1, text: `${elsewhere} other services there have it` }];
}

function relation(
  alert: RoutedAlert,
  candidate: Candidate,
  edges: readonly ServiceEdge[],
  elsewhere: number,
): Relation | null {
  if (otherLabel(alert, candidate, ENVIRONMENT_LABELS)) return null;
  const apart = apartMs(alert, candidate);
  if (apart > HORIZON_MS) return null;
  const graph = connected(alert, candidate, edges);
  // Time alone, or a common name alone, joins strangers: something must say that they stand together.
  const reasons = graph ? [graph] : together(alert, candidate, elsewhere);
  if (!reasons) return null;
  const points = [...reasons, inTime(apart), ...inPlace(alert, candidate)];
  const name = alertName(alert);
  if (candidate.names.includes(name)) points.push({ points: 1, text: `the same alert ${name}` });
  const score = points.reduce((sum, each) => sum + each.points, 0);
  return { candidate, score, evidence: points.map((each) => each.text) };
}

/**
 * The open incident that an alert clearly belongs to, though its group is another: connected in the service graph, on
 * the same host, or one of many at a place that fails as a whole; close in time, never in another environment. Pure.
 * The best score wins, of equals the older one.
 */
export function related(
  alert: RoutedAlert,
  candidates: readonly Candidate[],
  edges: readonly ServiceEdge[],
): Relation | null {
  let best: Relation | null = null;
  const elsewhere = sameElsewhere(alert, candidates);
  for (const candidate of candidates) {
    const found = relation(alert, candidate, edges, elsewhere);
    if (!found || found.score < RELATED_FROM) continue;
    const isOlder = best !== null && candidate.openedAt < best.candidate.openedAt;
    if (!best || found.score > best.score || (found.score === best.score && isOlder)) best = found;
  }
  return best;
}
