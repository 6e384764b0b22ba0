import type { GroupEvidence } from "#/db/schema/index.ts";
import { evidenceWith, joinedEvidence } from "../correlation/evidence.ts";
import type { Candidate, ServiceEdge } from "../correlation/relate.ts";
import { type Decision, decide, type Mute, type PlacedIncident, type PlaceState } from "./decide.ts";
import { type Match, matchRoute } from "./match-route.ts";
import type { Route, RoutedAlert } from "./route.ts";

/** An alert of the past, as it was reported, and what ended it. */
export type PastAlert = {
  id: string;
  reported: RoutedAlert;
  firstAt: Date;
  resolvedAt: Date | null;
  /** The end of the incident it was in; null when it was in none. */
  incident: { endedAt: Date | null } | null;
};
export type Outcome = { kind: Decision["kind"]; rule: string; text: string; route: string; incident: string | null };
type World = { routes: readonly Route[]; timeZone: string; mutes: readonly Mute[]; edges: readonly ServiceEdge[] };

type Group = { openedAt: Date; lastAt: Date; recent: number[]; evidence: GroupEvidence; incident: Simulated | null };
type Simulated = {
  reference: string;
  openedAt: Date;
  members: PastAlert[];
  services: Map<string, string>;
  groups: Group[];
};

const MINUTE_MS = 60_000;

/** An incident of the run ends when those did that its alerts were in, or else when its alerts ended. */
function endOf(incident: Simulated, now: Date): Date | null {
  let last = 0;
  for (const member of incident.members) {
    const end = member.incident ? member.incident.endedAt : member.resolvedAt;
    if (!end || end > now) return null;
    last = Math.max(last, end.getTime());
  }
  return new Date(last);
}

function placed(incident: Simulated | null, now: Date): PlacedIncident | null {
  return incident && { id: incident.reference, reference: incident.reference, endedAt: endOf(incident, now) };
}

function candidateOf(incident: Simulated): Candidate {
  const { labels, names } = joinedEvidence(incident.groups.map((group) => group.evidence));
  const times = incident.groups.flatMap((group) => [group.openedAt.getTime(), group.lastAt.getTime()]);
  return {
    incidentId: incident.reference,
    reference: incident.reference,
    services: [...incident.services].map(([id, name]) => ({ id, name })),
    labels,
    names,
    openedAt: new Date(Math.min(...times)),
    lastAt: new Date(Math.max(...times)),
  };
}

/** The world of one run: what the pipeline keeps in tables, in memory. */
class Simulation {
  readonly #world: World;
  readonly #incidents: Simulated[] = [];
  readonly #groups = new Map<string, Group>();
  readonly #waiting = new Map<string, PastAlert[]>();
  readonly outcomes = new Map<string, Outcome>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Decides for one alert, after all that came before it. */
  take(past: PastAlert): void {
    const match = matchRoute(past.reported, this.#world.routes, this.#world.timeZone, past.firstAt);
    const decision = this.#decide(match, past.firstAt);
    const incident = this.#incidentFor(decision, past);
    const { kind, rule, text } = decision;
    const outcome = { kind, rule, text, route: match.route.name, incident: incident?.reference ?? null };
    this.outcomes.set(past.id, outcome);
    if (incident) this.#enter(past, match, incident);
    if (decision.kind !== "wait") return;
    this.#keep(match, null, decision.recent);
    const { key } = match.group;
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), past]);
  }

  #decide(match: Match, now: Date): Decision {
    const state = this.#stateOf(match, now);
    const first = decide(match, state, now);
    if (first.kind !== "ask-candidates") return first;
    const candidates = this.#incidents.filter((each) => endOf(each, now) === null).map(candidateOf);
    const second = decide(match, { ...state, candidates }, now);
    if (second.kind === "ask-candidates") throw new Error("a decision asked twice for what else is open");
    return second;
  }

  #stateOf({ route, alert, group }: Match, now: Date): PlaceState {
    const known = this.#groups.get(group.key);
    const since = now.getTime() - route.debounceMinutes * MINUTE_MS;
    const isOwn = (each: Simulated) => alert.service !== null && each.services.has(alert.service.id);
    // Incidents of a group take that group's alerts alone, and every incident of a run is of a group.
    const ends = (route.groupBy.length > 0 ? [] : this.#incidents.filter(isOwn)).map((each) => ({
      each,
      end: endOf(each, now),
    }));
    const ofService =
      ends.find(({ end }) => end === null) ?? ends.findLast(({ end }) => end !== null && end.getTime() > since);
    return {
      mutes: this.#world.mutes,
      group: known ? { ...known, incident: placed(known.incident, now) } : null,
      ofService: placed(ofService?.each ?? null, now),
      candidates: null,
      edges: this.#world.edges,
    };
  }

  #incidentFor(decision: Decision, past: PastAlert): Simulated | null {
    if (decision.kind === "attach") {
      return this.#incidents.find(({ reference }) => reference === decision.incident.reference) ?? null;
    }
    if (decision.kind !== "open") return null;
    const reference = `#${this.#incidents.length + 1}`;
    const opened = { reference, openedAt: past.firstAt, members: [], services: new Map(), groups: [] };
    this.#incidents.push(opened);
    return opened;
  }

  #enter(past: PastAlert, match: Match, incident: Simulated): void {
    incident.members.push(past);
    const { service } = match.alert;
    if (service) incident.services.set(service.id, service.name);
    this.#keep(match, incident);
    const { reference } = incident;
    for (const other of this.#waiting.get(match.group.key) ?? []) {
      incident.members.push(other);
      const before = this.outcomes.get(other.id);
      const text = `The threshold of its group was reached: ${reference}.`;
      const joined = { kind: "attach", rule: "threshold-reached", text, incident: reference } as const;
      if (before) this.outcomes.set(other.id, { ...before, ...joined });
    }
    this.#waiting.delete(match.group.key);
  }

  #keep({ alert, group }: Match, incident: Simulated | null, recent: number[] = []): void {
    const known = this.#groups.get(group.key);
    const same = known && known.incident === incident ? known : undefined;
    const at = alert.startsAt;
    const row: Group = {
      openedAt: same && same.openedAt < at ? same.openedAt : at,
      lastAt: same && same.lastAt > at ? same.lastAt : at,
      recent,
      evidence: evidenceWith(same?.evidence, alert).evidence,
      incident,
    };
    this.#groups.set(group.key, row);
    if (!incident) return;
    if (same) incident.groups = incident.groups.filter((each) => each !== same);
    incident.groups.push(row);
  }
}

/** What would have become of alerts, oldest first, by these routes: the pipeline's own decision over a world of its own. Pure. */
export function simulate(past: readonly PastAlert[], world: World): Map<string, Outcome> {
  const simulation = new Simulation(world);
  for (const each of past) simulation.take(each);
  return simulation.outcomes;
}
