import {
  type IncidentMode,
  type IncidentStatus,
  isOpen,
  type Severity,
  type Visibility,
} from "#/server/incidents/shared/lists.ts";

/** How often people hear at a severity, in minutes; 0 means that nothing is due. */
export type Cadence = {
  /** The first word, from when somebody works on it. */
  firstMinutes: number;
  /** Each next one. */
  everyMinutes: number;
  /** Each next one of a long incident, once the commander said that it is one. */
  longMinutes: number;
};

export const paces = ["usual", "long"] as const;
export type Pace = (typeof paces)[number];

/** A day: whoever hears more seldom needs no clock. */
export const CADENCE_MINUTES_MAX = 24 * 60;
/** Before this nobody knows whether an incident is a long one. */
export const LONG_PACE_AFTER_MS = 2 * 3_600_000;

/**
 * PagerDuty's rules for what customers hear, as the starting point: the first word within five minutes, then at least
 * every twenty in the first two hours. What is minor has no clock until a team sets one.
 */
export const CADENCE_DEFAULT: Record<Severity, Cadence> = {
  SEV1: { firstMinutes: 5, everyMinutes: 20, longMinutes: 60 },
  SEV2: { firstMinutes: 5, everyMinutes: 20, longMinutes: 60 },
  SEV3: { firstMinutes: 15, everyMinutes: 60, longMinutes: 240 },
  SEV4: { firstMinutes: 0, everyMinutes: 0, longMinutes: 0 },
  SEV5: { firstMinutes: 0, everyMinutes: 0, longMinutes: 0 },
};

/** While neither a person nor an alert said how bad it is: the first word waits for no number. */
export const CADENCE_UNKNOWN: Cadence = { firstMinutes: 5, everyMinutes: 30, longMinutes: 60 };
/** Offered where no clock runs: whoever promises a time promises one that people would wait. */
const PAUSE_WITHOUT_CLOCK = 60;

/** Minutes to the next update that the composer offers first: what the clock would give. Pure. */
export function offeredPause(rules: { pace: Pace; everyMinutes: number; longMinutes: number }): number {
  return (rules.pace === "long" ? rules.longMinutes : rules.everyMinutes) || PAUSE_WITHOUT_CLOCK;
}

/**
 * Whom a missed update calls, by how many minutes it is late: who writes updates, then the commander, then everyone
 * who is on the incident or hears of it.
 */
export const overdueSteps = [0, 5, 10] as const;
/** This long before it is due, the room begins to say so. */
export const DUE_SOON_MS = 5 * 60_000;

/** From when the commander can slow the clock down. Pure. */
export function longPaceFrom(workedOnSince: string): number {
  return Date.parse(workedOnSince) + LONG_PACE_AFTER_MS;
}

type Watched = { status: IncidentStatus; mode: IncidentMode; visibility: Visibility };

/** Whether the clock runs by itself: somebody works on it, and there is something that may be published. Pure. */
export function isClocked({ status, mode, visibility }: Watched): boolean {
  return isOpen(status) && status !== "triage" && mode === "live" && visibility === "public";
}
