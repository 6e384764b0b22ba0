import type { Severity } from "#/server/incidents/shared/lists.ts";
import type { AudienceKind } from "./shared/reach.ts";

/** What narrows an audience; empty means all. Ids of services and components. */
export type AudienceMatch = {
  services: readonly string[];
  components: readonly string[];
  severities: readonly Severity[];
};
/** What is known of an incident when something is said about it. `components`: those that its updates name. */
export type MatchSubject = {
  services: readonly string[];
  components: readonly string[];
  severity: Severity | null;
};

/** Why something is not for an audience: the first of its conditions that does not fit; null when all do. */
export type Mismatch = "severity" | "service" | "component";

/**
 * Whether an audience hears of an incident by itself: every condition it has must fit, and of a condition's values one
 * is enough. An incident whose severity nobody has chosen fits only audiences that ask for none; one whose updates name
 * no component fits every component, as with subscribers. Pure.
 */
export function mismatchOf(audience: AudienceMatch, subject: MatchSubject): Mismatch | null {
  const { services, components, severities } = audience;
  if (severities.length > 0 && (!subject.severity || !severities.includes(subject.severity))) return "severity";
  if (services.length > 0 && !services.some((id) => subject.services.includes(id))) return "service";
  const namesComponents = components.length > 0 && subject.components.length > 0;
  if (namesComponents && !components.some((id) => subject.components.includes(id))) return "component";
  return null;
}

/** Whether an update of this kind may be said there: what is internal is never said in public. Pure. */
export function mayHear(audience: AudienceKind, update: AudienceKind): boolean {
  return update === "public" || audience === "internal";
}
