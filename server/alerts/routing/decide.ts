import { type Candidate, RELATED_FROM, related, type ServiceEdge } from "../correlation/relate.ts";
import type { Match, Step } from "./match-route.ts";
import type { RoutedAlert } from "./route.ts";

/** An incident as far as placing has to know it. `endedAt` is null while somebody works on it. */
export type PlacedIncident = { id: string; reference: string; endedAt: Date | null };
export type GroupState = { openedAt: Date; lastAt: Date; recent: readonly number[]; incident: PlacedIncident | null };
/** Something that keeps alerts quiet for a time: a mute of this house, or a silence by Alertmanager's API. */
export type Mute = {
  id: string;
  kind: "mute" | "silence";
  reason: string;
  by: string;
  from: Date;
  until: Date;
  covers(alert: RoutedAlert, now: Date): boolean;
};

/** What the decision goes by, beside the alert. `candidates` is null until they are asked for. */
export type PlaceState = {
  mutes: readonly Mute[];
  group: GroupState | null;
  /** The incident of the alert's service: an open one, else one that ended within the debounce. */
  ofService: PlacedIncident | null;
  candidates: readonly Candidate[] | null;
  edges: readonly ServiceEdge[];
};

export type Decided = { rule: string; text: string; steps: Step[]; window?: string };
export type Decision =
  | (Decided & { kind: "suppress"; mute?: Mute })
  | (Decided & { kind: "record" })
  | (Decided & { kind: "wait"; recent: number[] })
  | (Decided & { kind: "attach"; incident: { id: string; reference: string }; isRelated: boolean })
  | (Decided & { kind: "hold"; incident: PlacedIncident; until: Date })
  | (Decided & { kind: "open"; status: "triage" | "investigating" });
/** The decision depends on what else is open: decide again with `candidates`. */
export type Undecided = { kind: "ask-candidates" };

const MINUTE_MS = 60_000;

function minutes(count: number): string {
  return `${count} minute${count === 1 ? "" : "s"}`;
}

function quiet({ route, alert, steps }: Match, state: PlaceState, now: Date): Decision | null {
  const mute = state.mutes.find((each) => each.from <= now && now < each.until && each.covers(alert, now));
  if (mute) {
    const what = mute.kind === "mute" ? "Muted" : "Silenced";
    const text = `${what} by ${mute.by} until ${mute.until.toISOString()}: ${mute.reason}`;
    return { kind: "suppress", rule: mute.kind === "mute" ? "muted" : "silenced", text, steps, mute };
  }
  if (route.suppress) {
    return { kind: "suppress", rule: "suppressed-by-route", text: `The route “${route.name}” suppresses it.`, steps };
  }
  if (route.opens === "nothing") {
    return { kind: "record", rule: "recorded-only", text: `The route “${route.name}” only records it.`, steps };
  }
  return null;
}

/** Whether the group still takes alerts by its route's window; without a window as long as its incident is open. */
function windowOf({ route }: Match, group: GroupState, at: Date): { isOver: boolean; words: string } | null {
  if (route.groupWindowMinutes === null) return null;
  const from = route.groupWindowKind === "fixed" ? group.openedAt : group.lastAt;
  const words = `${minutes(route.groupWindowMinutes)} from its ${route.groupWindowKind === "fixed" ? "first" : "last"} alert`;
  return { isOver: at.getTime() - from.getTime() > route.groupWindowMinutes * MINUTE_MS, words };
}

function toOpen(match: Match, state: PlaceState): Decision | null {
  const { alert, steps, group, route } = match;
  const attach = { kind: "attach" as const, isRelated: false };
  const current = state.group?.incident;
  if (state.group && current && current.endedAt === null) {
    const window = windowOf(match, state.group, alert.startsAt);
    if (!window?.isOver) {
      const isOfService = route.groupBy.length === 0 && alert.service;
      const [rule, text] = isOfService
        ? ["open-incident-of-service", `${current.reference} is open for ${alert.service?.name}.`]
        : route.groupBy.length === 0 && !alert.isUnrecognised
          ? ["open-incident-of-same-alert", `${current.reference} holds the same alert from ${alert.integration.name}.`]
          : ["open-incident-of-group", `${current.reference} is open for ${group.words}.`];
      return { ...attach, rule, text, steps, incident: current, ...(window && { window: window.words }) };
    }
    steps.push({ rule: "window-over", text: `The window of ${current.reference} is over: ${window.words}.` });
  }
  const { ofService } = state;
  if (!ofService || ofService.endedAt !== null || !alert.service || ofService.id === current?.id) return null;
  const text = `${ofService.reference} is open for ${alert.service.name}.`;
  return { ...attach, rule: "open-incident-of-service", text, steps, incident: ofService };
}

function toHold({ route, alert, steps, group }: Match, state: PlaceState, now: Date): Decision | null {
  const debounceMs = route.debounceMinutes * MINUTE_MS;
  const ended = [state.group?.incident, state.ofService].find(
    (each) => each?.endedAt && now.getTime() - each.endedAt.getTime() < debounceMs,
  );
  if (!ended?.endedAt) return null;
  const ago = Math.floor((now.getTime() - ended.endedAt.getTime()) / MINUTE_MS);
  const what = alert.service ? alert.service.name : group.words;
  return {
    kind: "hold",
    rule: "held-after-end",
    text: `${ended.reference} for ${what} ended ${minutes(ago)} ago, within the debounce of ${route.debounceMinutes}: reopen it, attach the alert elsewhere, or open a new incident.`,
    steps,
    incident: ended,
    until: new Date(ended.endedAt.getTime() + debounceMs),
  };
}

function counted({ route, steps }: Match, state: PlaceState, now: Date): Decision | null {
  if (route.thresholdCount === null || route.thresholdMinutes === null) return null;
  const since = now.getTime() - route.thresholdMinutes * MINUTE_MS;
  const recent = [...(state.group?.recent ?? []), now.getTime()]
    .filter((at) => at > since)
    .slice(-route.thresholdCount);
  const words = `${recent.length} of ${route.thresholdCount} reports within ${minutes(route.thresholdMinutes)}`;
  if (recent.length >= route.thresholdCount) {
    steps.push({ rule: "threshold", text: `${words}: the threshold is reached.` });
    return null;
  }
  return { kind: "wait", rule: "below-threshold", text: `${words}: nothing is opened yet.`, steps, recent };
}

function toRelated({ alert, steps }: Match, state: PlaceState): Decision | null {
  const found = related(alert, state.candidates ?? [], state.edges);
  if (!found) return null;
  const { candidate, score, evidence } = found;
  return {
    kind: "attach",
    isRelated: true,
    rule: "related",
    text: `Related to ${candidate.reference}: ${evidence.join(", ")}.`,
    steps: [...steps, { rule: "score", text: `Score ${score}; ${RELATED_FROM} or more join.` }],
    incident: { id: candidate.incidentId, reference: candidate.reference },
  };
}

/**
 * Where a new alert belongs. Pure: the pipeline and the dry run ask the same function.
 *
 * In this order: kept quiet (mute, silence, route), only recorded, an open incident of its group or service, held after
 * an end within the debounce, waiting for the threshold, a related incident, a new one.
 */
export function decide(match: Match, state: PlaceState, now: Date): Decision | Undecided {
  const early = quiet(match, state, now);
  if (early) return early;
  const own: Match = { ...match, steps: [...match.steps] };
  const placed = toOpen(own, state) ?? toHold(own, state, now) ?? counted(own, state, now);
  if (placed) return placed;
  if (own.route.correlate) {
    if (state.candidates === null) return { kind: "ask-candidates" };
    const joined = toRelated(own, state);
    if (joined) return joined;
  }
  const { alert, steps, route } = own;
  const where = alert.service ? `for ${alert.service.name}` : `with the alert “${alert.title}”`;
  const isDeclared = route.opens === "declared";
  return {
    kind: "open",
    status: isDeclared ? "investigating" : "triage",
    rule: isDeclared ? "open-declared" : "open-in-triage",
    text: `No incident was open ${where}.`,
    steps,
  };
}
