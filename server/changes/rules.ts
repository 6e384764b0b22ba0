import type { IncidentChangeView } from "./contract.ts";
import { CHANGES_AFTER_MS, CHANGES_BEFORE_MS, changeStates, LIKELY_WITHIN_MS } from "./shared/lists.ts";

export type Relation = IncidentChangeView["relation"];
const stateWords: Readonly<Record<string, (typeof changeStates)[number]>> = {
  ...Object.fromEntries(
    ["in_progress", "running", "pending", "queued", "waiting", "created"].map((w) => [w, "started"]),
  ),
  ...Object.fromEntries(["success", "successful", "completed", "finished", "passed"].map((w) => [w, "succeeded"])),
  ...Object.fromEntries(
    ["failure", "error", "errored", "timed_out", "cancelled", "canceled"].map((w) => [w, "failed"]),
  ),
};

/** A sender's word for a state as one of those that are known here; any other stays as it is. Pure. */
export function stateOf(word: string): string {
  const plain = word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_");
  return stateWords[plain] ?? changeStates.find((state) => state === plain) ?? word.trim();
}

type Told = { state: string; at: Date };

/** Whether a report of a known change is its newer state. A start that comes after the end, without a later time, is late. Pure. */
export function isNewer(before: Told, report: { state: string; at: Date | null }): boolean {
  const isStartAfterEnd = report.state === "started" && before.state !== "started" && before.state !== "";
  if (isStartAfterEnd) return report.at !== null && report.at > before.at;
  const isEndAfterStart = before.state === "started" && report.state !== "started";
  return isEndAfterStart || report.at === null || report.at >= before.at;
}

/** When the impact began, as far as it is known, and the span in which changes count. Pure. */
export function windowOf(incident: { impactStartedAt: Date | null; detectedAt: Date | null; declaredAt: Date }) {
  const impactAt = incident.impactStartedAt ?? incident.detectedAt ?? incident.declaredAt;
  return {
    impactAt,
    from: new Date(impactAt.getTime() - CHANGES_BEFORE_MS),
    to: new Date(impactAt.getTime() + CHANGES_AFTER_MS),
  };
}

const sameWords: Readonly<Record<string, string>> = {
  prod: "production",
  prd: "production",
  stage: "staging",
  stg: "staging",
};
const plain = (value: string) => sameWords[value.toLowerCase()] ?? value.toLowerCase();
/** Under which labels senders say where something runs. */
const placeLabels = [
  ["environment", "env", "deployment_environment"],
  ["region", "cloud_region", "aws_region"],
] as const;
export const placeLabelNames: readonly string[] = placeLabels.flat();

/** False when both say where they run and it is not the same place. What says nothing may be anywhere. Pure. */
export function isSamePlace(
  labels: Readonly<Record<string, string>>,
  ofAlerts: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  return placeLabels.every((names) => {
    const own = names.map((name) => labels[name]).find((value) => value);
    const others = names.flatMap((name) => [...(ofAlerts.get(name) ?? [])]).map(plain);
    return !own || others.length === 0 || others.includes(plain(own));
  });
}

type Timed = { kind: string; state: string; startedAt: Date; at: Date };

/** Milliseconds from the change to the impact: 0 while it was under way, negative after it. */
function leadOf({ startedAt, at }: Timed, impactAt: Date): number {
  if (startedAt <= impactAt && at >= impactAt) return 0;
  return impactAt.getTime() - (at < impactAt ? at : startedAt).getTime();
}

/** A neighbour's change counts as if it lay further back. */
const weights: Record<Relation, number> = { named: 1, depends_on: 2, depended_on_by: 4 };
/** A build alters nothing that runs. */
const BUILD_WEIGHT = 4;
const MINUTE = 60_000;

/** How far a change is from having caused the impact: less is nearer. Changes after the impact come last. Pure. */
export function distanceOf(change: Timed & { relation: Relation }, impactAt: Date): number {
  const lead = leadOf(change, impactAt);
  if (lead < 0) return CHANGES_BEFORE_MS * 100 - lead;
  const weight = weights[change.relation] * (change.kind === "build" ? BUILD_WEIGHT : 1);
  return (lead + 5 * MINUTE) * weight;
}

/** Whether it may be marked as the most likely one, when it is the nearest. Pure. */
export function canBeLikely(change: Timed, impactAt: Date): boolean {
  const lead = leadOf(change, impactAt);
  return lead >= 0 && lead <= LIKELY_WITHIN_MS && change.kind !== "build";
}

const verbs: Readonly<Record<string, string>> = {
  deploy: "deployed",
  release: "released",
  build: "built",
  config: "configured",
  flag: "switched",
};

function actOf({ kind, state }: Timed): string {
  if (state === "failed") return `${kind} failed`;
  if (state === "started") return `${kind} started`;
  return verbs[kind] ?? kind;
}

function spanInWords(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  if (minutes < 1) return "less than a minute";
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

const relations: Record<Relation, (named: string) => string> = {
  named: () => "which this incident names",
  depends_on: (named) => `which ${named} depends on`,
  depended_on_by: (named) => `which depends on ${named}`,
};

/** Why a change is listed: when it happened, and how its service stands to the incident's. Pure. */
export function reasonOf(
  change: Timed & { relation: Relation; service: string; named: string },
  impactAt: Date,
): string {
  const lead = leadOf(change, impactAt);
  const where = `on ${change.service}, ${relations[change.relation](change.named)}`;
  if (lead === 0) return `${change.kind} under way when the impact began, ${where}`;
  const span = spanInWords(Math.abs(lead));
  return `${actOf(change)} ${span} ${lead > 0 ? "before the impact" : "after the impact began"}, ${where}`;
}
