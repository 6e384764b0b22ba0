import type { Happening, OutageStory } from "./outage.ts";

/** Which incident each firing went to, by its place in the story; null when in none. */
export type Homes = readonly (string | null)[];
export type Verdict = {
  /** Incidents of each real outage. */
  perOutage: Record<string, number>;
  /** Incidents that hold alerts of more than one outage. */
  mixed: number;
};
type Firing = Extract<Happening, { kind: "fires" }>;

/** The firings of a story, in their order. */
export function firingsOf(story: OutageStory): Firing[] {
  return story.happenings.filter((each) => each.kind === "fires");
}

/** Compares where alerts went with the outages they belong to. Pure. Alerts in no incident of their own count for none. */
export function judge(story: OutageStory, homes: Homes): Verdict {
  const incidents = new Map<string, Set<string>>();
  const perOutage: Record<string, Set<string>> = {};
  for (const [index, firing] of firingsOf(story).entries()) {
    if (!firing.outage.startsWith("noise:")) perOutage[firing.outage] ??= new Set();
    const home = homes[index];
    if (!home) continue;
    incidents.set(home, (incidents.get(home) ?? new Set()).add(firing.outage));
    perOutage[firing.outage]?.add(home);
  }
  return {
    perOutage: Object.fromEntries(Object.entries(perOutage).map(([outage, found]) => [outage, found.size])),
    mixed: [...incidents.values()].filter((outages) => outages.size > 1).length,
  };
}

export type Score = { outages: number; incidents: number; perOutage: number; mixed: number };

/** The verdicts of all stories as one. Pure. */
export function scoreOf(verdicts: readonly Verdict[]): Score {
  const counts = verdicts.flatMap((verdict) => Object.values(verdict.perOutage));
  const incidents = counts.reduce((sum, count) => sum + count, 0);
  return {
    outages: counts.length,
    incidents,
    perOutage: incidents / counts.length,
    mixed: verdicts.reduce((sum, verdict) => sum + verdict.mixed, 0),
  };
}

/**
 * Alertmanager's grouping, `group_by: [alertname, service]`: a group is told of once and lives until all its alerts
 * have ended and `resolve_timeout`'s flush has passed. Pure.
 */
export function alertmanagerGroups(story: OutageStory): Homes {
  const groupIntervalSeconds = 300;
  const homes: string[] = [];
  const groups = new Map<string, { id: number; firing: Set<string>; endedAt: number | null }>();
  const groupOf = new Map<string, string>();
  let serial = 0;
  for (const each of story.happenings) {
    if (each.kind === "fires") {
      const key = `${each.name}/${each.service}`;
      groupOf.set(each.key, key);
      const known = groups.get(key);
      const isGone = !known || (known.endedAt !== null && each.atSeconds - known.endedAt > groupIntervalSeconds);
      if (isGone) serial += 1;
      const group = isGone ? { id: serial, firing: new Set<string>(), endedAt: null } : known;
      group.firing.add(each.key);
      group.endedAt = null;
      groups.set(key, group);
      homes.push(`group ${group.id}`);
    } else if (each.kind === "ends") {
      const group = groups.get(groupOf.get(each.key) ?? "");
      group?.firing.delete(each.key);
      if (group?.firing.size === 0) group.endedAt = each.atSeconds;
    }
  }
  return homes;
}

/** A plain debounce: alerts of one service are one incident while less than 30 minutes pass between them. Pure. */
export function debouncedByService(story: OutageStory): Homes {
  const debounceSeconds = 1_800;
  const homes: string[] = [];
  const last = new Map<string, { id: number; at: number }>();
  let serial = 0;
  for (const each of firingsOf(story)) {
    const known = last.get(each.service);
    if (!known || each.atSeconds - known.at > debounceSeconds) serial += 1;
    const id = known && each.atSeconds - known.at <= debounceSeconds ? known.id : serial;
    last.set(each.service, { id, at: each.atSeconds });
    homes.push(`service ${id}`);
  }
  return homes;
}
