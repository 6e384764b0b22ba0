import { createHash } from "node:crypto";
import { conditionOf } from "../mapping/condition.ts";
import { groupFields } from "../shared/condition-names.ts";
import { alertName, defaultRoute, type Route, type RoutedAlert } from "./route.ts";
import { scopeOf } from "./route-condition.ts";

export type Step = { rule: string; text: string };
/** Which route an alert takes, what the route made of it, and the group it belongs to. */
export type Match = { route: Route; alert: RoutedAlert; group: { key: string; words: string }; steps: Step[] };

/** A key of the table has to fit an index. */
const KEY_LENGTH_MAX = 300;

function fieldOf(alert: RoutedAlert, field: string): string {
  if (field.startsWith("labels.")) return alert.labels[field.slice("labels.".length)] ?? "";
  switch (field) {
    case "service":
      return alert.service?.name ?? "";
    case "integration":
      return alert.integration.name;
    case "name":
      return alertName(alert);
    case "team":
      return alert.team ?? "";
    case "title":
      return alert.title;
    case "severity":
      return alert.severity;
    case "source":
      return alert.source;
    default:
      return "";
  }
}

/** True for what `groupBy` may name: a field of an alert, or `labels.<name>`. */
export function isGroupField(field: string): boolean {
  return /^labels\..{1,100}$/.test(field) || groupFields.some((each) => each === field);
}

function short(key: string): string {
  if (key.length <= KEY_LENGTH_MAX) return key;
  return `${key.slice(0, 200)}…${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}

/** The group that alerts of a service share, whatever routes say, unless they group by fields of their own. */
export function groupKeyOfService(serviceId: string): string {
  return `service:${serviceId}`;
}

function groupOf(route: Route, alert: RoutedAlert): Match["group"] {
  if (route.groupBy.length > 0) {
    const values = route.groupBy.map((field) => [field, fieldOf(alert, field)] as const);
    const words = values.map(([field, value]) => `${field} = ${value || "(none)"}`).join(", ");
    return { key: short(`route:${route.id}:${JSON.stringify(values)}`), words };
  }
  // Without fields of its own a route shares the groups of all the others: a service fails once, whoever says it.
  if (alert.service) return { key: groupKeyOfService(alert.service.id), words: `service = ${alert.service.name}` };
  // A sender that nobody described surprises with every shape of body: that is one thing to look at.
  if (alert.isUnrecognised) {
    const words = `deliveries from ${alert.integration.name} that were not recognised`;
    return { key: `unrecognised:${alert.integration.id}`, words };
  }
  const name = alertName(alert);
  return { key: short(`alert:${alert.integration.id}:${name}`), words: `the alert “${name}”` };
}

function applied(route: Route, alert: RoutedAlert): { alert: RoutedAlert; steps: Step[] } {
  const steps: Step[] = [];
  const changed = { ...alert };
  if (route.setService && route.setService.id !== alert.service?.id) {
    changed.service = route.setService;
    steps.push({ rule: "set-service", text: `The service is ${route.setService.name} by the route.` });
  }
  if (route.setSeverity && route.setSeverity !== alert.severity) {
    changed.severity = route.setSeverity;
    steps.push({ rule: "set-severity", text: `The severity is ${route.setSeverity} by the route.` });
  }
  if (route.setTeam) {
    changed.team = route.setTeam;
    steps.push({ rule: "set-team", text: `The team is ${route.setTeam} by the route.` });
  }
  return { alert: changed, steps };
}

/**
 * The first enabled route whose condition holds, and what it makes of the alert. Pure.
 * A condition that names what the alert does not have does not hold. The default route takes what is left.
 */
export function matchRoute(reported: RoutedAlert, routes: readonly Route[], timeZone: string, now: Date): Match {
  const scope = scopeOf(reported, timeZone, now);
  const found = routes.find((each) => each.enabled && !each.isDefault && conditionOf(each.condition).holds(scope));
  const route = found ?? routes.find((each) => each.isDefault) ?? defaultRoute;
  const { alert, steps } = applied(route, reported);
  const why = route.isDefault ? "No other route matched." : `Its condition holds: ${route.condition.slice(0, 200)}`;
  const group = groupOf(route, alert);
  return {
    route,
    alert,
    group,
    steps: [
      { rule: "route", text: `The route “${route.name}” decides. ${why}` },
      ...steps,
      { rule: "group", text: `Its group: ${group.words}.` },
    ],
  };
}
