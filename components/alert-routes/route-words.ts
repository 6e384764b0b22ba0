import type { AlertRouteView, DryRunOutcome } from "#/server/alerts/routing/contract.ts";
import { DEBOUNCE_MINUTES_DEFAULT } from "#/server/alerts/shared/lists.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** `90 minutes`, `2 hours`, `1 day`: in the largest unit that is exact. Pure. */
export function minutesInWords(minutes: number): string {
  if (minutes > 0 && minutes % DAY === 0) return counted(minutes / DAY, "day");
  if (minutes > 0 && minutes % HOUR === 0) return counted(minutes / HOUR, "hour");
  return counted(minutes, "minute");
}

/** `a`, `a and b`, `a, b and c`. Pure. */
export function joined(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

type Grouping = Pick<AlertRouteView, "groupBy" | "groupWindow" | "threshold">;

/** Which alerts share an incident: `for each service`. Pure. */
export function groupWords({ groupBy, groupWindow }: Omit<Grouping, "threshold">): string {
  const each =
    groupBy.length === 0
      ? "for each service"
      : groupBy.length === 1
        ? `for each ${groupBy[0]}`
        : `for each combination of ${joined(groupBy)}`;
  if (!groupWindow) return each;
  const from = groupWindow.kind === "fixed" ? "first" : "last";
  return `${each}, which takes alerts for ${minutesInWords(groupWindow.minutes)} from its ${from} one`;
}

function opensWords(route: AlertRouteView): string {
  if (route.suppress) return "keeps them quiet";
  if (route.opens === "nothing") return "only records them";
  const what = route.opens === "declared" ? "declares an incident" : "opens a triage incident";
  const { threshold } = route;
  const once = threshold ? `, once ${threshold.count} reports came within ${minutesInWords(threshold.minutes)}` : "";
  return `${what} ${groupWords(route)}${once}`;
}

/** What a route sets on its alerts: `sets service checkout and severity error`; empty when it sets nothing. Pure. */
export function setsWords({ service, severity, team }: Pick<AlertRouteView, "service" | "severity" | "team">): string {
  const sets = [service && `service ${service.name}`, severity && `severity ${severity}`, team && `team ${team}`];
  const given = sets.filter((each) => each !== null);
  return given.length > 0 ? `sets ${joined(given)}` : "";
}

/** What a route does with the alerts it takes, as the end of a sentence about them. Pure. */
export function routeDoes(route: AlertRouteView): string {
  return [setsWords(route), opensWords(route)].filter(Boolean).join(", then ");
}

/** How its alerts and incidents end by themselves; none when only people end them. Pure. */
export function endWords({
  autoResolve,
  staleAfterMinutes,
}: Pick<AlertRouteView, "autoResolve" | "staleAfterMinutes">): string[] {
  const words: (string | false)[] = [
    autoResolve === "triage" && "declines what nobody accepted when its alerts have ended",
    autoResolve === "propose" &&
      "declines what nobody accepted, or asks whether it is over, when its alerts have ended",
    staleAfterMinutes !== null && `ends alerts not heard of for ${minutesInWords(staleAfterMinutes)}`,
  ];
  return words.filter((each) => each !== false);
}

/** What is beside the usual, one part each: debounce, related services, ends, who hears. Pure. */
export function routeExtras(route: AlertRouteView): string[] {
  const { groupBy, correlate, debounceMinutes, tell } = route;
  const isOpening = !route.suppress && route.opens !== "nothing";
  const extras: (string | false)[] = [
    isOpening &&
      debounceMinutes !== DEBOUNCE_MINUTES_DEFAULT &&
      (debounceMinutes === 0
        ? "holds nothing after an end"
        : `holds what fires within ${minutesInWords(debounceMinutes)} after an end`),
    isOpening && groupBy.length > 0 && correlate && "may join incidents of related services",
    isOpening && groupBy.length === 0 && !correlate && "joins no incident of related services",
    ...endWords(route),
    isOpening && tell.length > 0 && `tells ${tell.map((line) => line.replace(/^(email|slack):/, "")).join(", ")}`,
  ];
  return extras.filter((each) => each !== false);
}

/** So much of a title tells an incident from the others. */
const TITLE_SHOWN_MAX = 60;

function shortened(title: string): string {
  return title.length > TITLE_SHOWN_MAX ? `${title.slice(0, TITLE_SHOWN_MAX)}…` : title;
}

/** What became of an alert in a dry run. Pure. */
export function outcomeWords({ kind, rule, route, openedBy }: DryRunOutcome): string {
  switch (kind) {
    case "open":
      return rule === "open-declared" ? "declares an incident" : "opens a triage incident";
    case "attach":
      return openedBy ? `joins the incident of “${shortened(openedBy)}”` : "joins an incident";
    case "hold":
      return "held after an end";
    case "wait":
      return "waits for the threshold";
    case "record":
      return "only recorded";
    case "suppress":
      return rule === "suppressed-by-route" ? `kept quiet by “${route}”` : "kept quiet by a mute";
    default:
      return kind satisfies never;
  }
}
