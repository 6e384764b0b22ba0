import { Environment } from "@marcbachmann/cel-js";
import { messageOf } from "#/server/platform/errors.ts";
import { type ConditionScope, conditionOf } from "../mapping/condition.ts";
import { conditionNames } from "../shared/condition-names.ts";
import { alertName, type RoutedAlert } from "./route.ts";

const checker = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true });
for (const [name, { type }] of Object.entries(conditionNames)) checker.registerVariable(name, type);

/** What is wrong with a condition, in words for whoever wrote it; null when it can be used. Pure. */
export function conditionFault(source: string): string | null {
  try {
    conditionOf(source);
  } catch (error) {
    return messageOf(error);
  }
  const checked = checker.check(source);
  if (!checked.valid) {
    const said = messageOf(checked.error);
    const unknown = /Unknown variable: (\w+)/.exec(said);
    if (unknown)
      return `An alert has no “${unknown[1]}”. A condition may name ${Object.keys(conditionNames).join(", ")}.`;
    return `The condition cannot be used: ${said}`;
  }
  const gives = String(checked.type);
  if (gives !== "bool" && gives !== "dyn") return `A condition must be true or false; this one gives ${gives}.`;
  return null;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant on the clock of a time zone: `hour` 0–23, `minute`, `weekday` as `Mon`, `date` as `2026-11-21`. Pure. */
export function clockIn(timeZone: string, at: Date): { hour: number; minute: number; weekday: string; date: string } {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  const weekday = weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? "";
  return { hour: Number(parts.hour), minute: Number(parts.minute), weekday, date };
}

/** An alert as conditions name it; `now` is the clock of the organisation's time zone. Pure. */
export function scopeOf(alert: RoutedAlert, timeZone: string, now: Date): ConditionScope {
  return {
    title: alert.title,
    description: alert.description,
    name: alertName(alert),
    status: alert.status,
    severity: alert.severity,
    source: alert.source,
    integration: alert.integration.name,
    service: alert.service?.name ?? "",
    team: alert.team ?? "",
    labels: alert.labels,
    links: alert.links,
    now: clockIn(timeZone, now),
  };
}
