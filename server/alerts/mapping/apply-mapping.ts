import type { AlertLink } from "#/db/schema/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import type { ParsedDelivery } from "../delivery.ts";
import type { AlertReport, ChangeReport, Report } from "../report.ts";
import { ALERTS_PER_DELIVERY_MAX, type AlertSeverity, alertSeverities } from "../shared/lists.ts";
import { conditionOf } from "./condition.ts";
import { fieldText, type Scope } from "./field.ts";
import { labelFingerprint } from "./fingerprint.ts";
import { labelsOf } from "./labels.ts";
import type { Mapping, Shape } from "./mapping.ts";
import { pathOf, valueAt } from "./path.ts";
import { knownSeverity } from "./severity.ts";
import { saysFailure, statusOf } from "./status.ts";
import { timeOf } from "./time.ts";

/** Labels that name the service, the most telling first. */
const SERVICE_LABELS = [
  "service",
  "service_name",
  "service.name",
  "app",
  "application",
  "app_kubernetes_io_name",
  "component",
  "job",
];

function isFields(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function scopeOf(item: unknown, body: unknown, delivery: ParsedDelivery): Scope {
  const { headers, query, route } = delivery;
  const named = { item, body, headers, query, route };
  const roots: Scope["roots"] = {
    ...named,
    // Counted only where a mapping asks for it.
    get fingerprint() {
      return labelFingerprint(this.labels as Record<string, string>);
    },
  };
  const names = { ...(isFields(item) ? item : {}), ...named };
  return { roots, names, ...(delivery.receivedAt && { receivedAt: delivery.receivedAt }) };
}

/** Only web addresses become links: everything in a payload is a stranger's text. */
function linksOf(shape: Shape, scope: Scope): AlertLink[] {
  return (shape.links ?? []).flatMap(({ kind, title, url }) => {
    const address = fieldText(url, scope);
    return address && /^https?:\/\//i.test(address) && URL.canParse(address) ? [{ kind, title, url: address }] : [];
  });
}

function severityOf(word: string | null): AlertSeverity | null {
  if (word === null) return null;
  // A word that nobody knows ranks in the middle: it must not be lost in the noise.
  return alertSeverities.find((severity) => severity === word) ?? knownSeverity(word) ?? "warning";
}

function keyOf(shape: Shape, scope: Scope, title: string | null, service: string | null): string {
  return fieldText(shape.dedupKey, scope) ?? sha256(JSON.stringify([title, service])).slice(0, 32);
}

function serviceOf(shape: Shape, scope: Scope, labels: Record<string, string>): string | null {
  return fieldText(shape.service, scope) ?? SERVICE_LABELS.map((name) => labels[name]).find((value) => value) ?? null;
}

/** A sender without words for the state says that a problem is over by an end that has passed. */
function stateOf(shape: Shape, scope: Scope, endsAt: Date | null): AlertReport["status"] {
  const { receivedAt } = scope;
  const word = fieldText(shape.status, scope);
  if (word !== null || endsAt === null || receivedAt === undefined) return statusOf(word);
  return endsAt <= receivedAt ? "resolved" : "firing";
}

function alertOf(shape: Shape, scope: Scope): AlertReport {
  const labels = labelsOf(shape.labels, scope);
  scope.roots.labels = labels;
  scope.names.labels ??= labels;
  const title = fieldText(shape.title, scope);
  const service = serviceOf(shape, scope, labels);
  const severityWord = fieldText(shape.severity, scope);
  const endsAt = timeOf(fieldText(shape.endsAt, scope));
  return {
    kind: "alert",
    status: stateOf(shape, scope, endsAt),
    dedupKey: keyOf(shape, scope, title, service),
    title,
    description: fieldText(shape.description, scope),
    severity: severityOf(severityWord),
    severityWord,
    service,
    labels,
    links: linksOf(shape, scope),
    startsAt: timeOf(fieldText(shape.startsAt, scope)),
    endsAt,
    at: timeOf(fieldText(shape.at, scope)),
  };
}

function changeOf(shape: Shape, scope: Scope): ChangeReport {
  const {
    title,
    status: _status,
    severity: _severity,
    severityWord: _word,
    startsAt,
    endsAt,
    at,
    ...rest
  } = alertOf(shape, scope);
  return {
    ...rest,
    kind: "change",
    dedupKey: fieldText(shape.changeKey, scope) ?? rest.dedupKey,
    change: fieldText(shape.change, scope) ?? "change",
    title: title ?? "Change",
    state: fieldText(shape.status, scope),
    by: fieldText(shape.by, scope),
    at: at ?? endsAt ?? startsAt,
  };
}

/** A deploy is a change; one that failed is a problem too, which the next that succeeds ends. */
function deployOf(shape: Shape, scope: Scope): Report[] {
  const change = changeOf(shape, scope);
  const alert = alertOf(shape, scope);
  return alert.status === "resolved" || saysFailure(change.state) ? [alert, change] : [change];
}

function reportsOf(shape: Shape, scope: Scope): Report[] {
  const isTest = shape.kind === "test" || (shape.test !== undefined && conditionOf(shape.test).holds(scope.names));
  if (isTest) return [{ kind: "test", title: fieldText(shape.title, scope) }];
  const isIgnored =
    shape.kind === "ignored" || (shape.ignore !== undefined && conditionOf(shape.ignore).holds(scope.names));
  if (isIgnored) return [{ kind: "ignored", title: fieldText(shape.title, scope) }];
  if (shape.kind === "deploy") return deployOf(shape, scope);
  return [shape.kind === "change" ? changeOf(shape, scope) : alertOf(shape, scope)];
}

function shapeOf(mapping: Mapping, body: unknown, delivery: ParsedDelivery): Shape | undefined {
  const { names } = scopeOf(body, body, delivery);
  return mapping.shapes.find((shape) => shape.when === undefined || conditionOf(shape.when).holds(names));
}

function entriesOf(shape: Shape, body: unknown, delivery: ParsedDelivery): unknown[] | null {
  if (shape.split === undefined) return [body];
  const found = valueAt(pathOf(shape.split), scopeOf(body, body, delivery).roots);
  if (isFields(found)) return [found];
  return Array.isArray(found) && found.length > 0 ? found : null;
}

/** The reports of one body; null when it has none of the shapes. */
function readBody(shape: Shape | undefined, body: unknown, delivery: ParsedDelivery): Report[] | null {
  if (!shape || body === null || typeof body !== "object") return null;
  const entries = entriesOf(shape, body, delivery)?.slice(0, ALERTS_PER_DELIVERY_MAX);
  return entries?.flatMap((entry) => reportsOf(shape, scopeOf(entry, body, delivery))) ?? null;
}

export type Applied = {
  reports: Report[];
  /** Bodies of a list that have none of the shapes. */
  strangers: unknown[];
};

/**
 * Reads a parsed delivery by a mapping: the first shape whose `when` holds, entry by entry. Each body of a list is
 * read by itself when no shape takes the list as a whole, and one of an unknown shape does not spoil the others.
 * Null when nothing has any of the shapes. Pure.
 */
export function applyMapping(mapping: Mapping, delivery: ParsedDelivery): Applied | null {
  const { body } = delivery;
  const whole = shapeOf(mapping, body, delivery);
  if (!Array.isArray(body) || whole?.split !== undefined) {
    const reports = readBody(whole, body, delivery);
    return reports && reports.length > 0 ? { reports, strangers: [] } : null;
  }
  const applied: Applied = { reports: [], strangers: [] };
  for (const one of body.slice(0, ALERTS_PER_DELIVERY_MAX)) {
    const reports = readBody(shapeOf(mapping, one, delivery), one, delivery);
    if (reports) applied.reports.push(...reports);
    else applied.strangers.push(one);
  }
  return applied.reports.length > 0 ? applied : null;
}

/** The first entry of a delivery, with the shape that reads it; for those who want to see how. */
export function firstEntry(mapping: Mapping, delivery: ParsedDelivery): { shape: Shape; scope: Scope } | null {
  const { body } = delivery;
  const whole = shapeOf(mapping, body, delivery);
  const one: unknown = Array.isArray(body) && whole?.split === undefined ? body[0] : body;
  const shape = one === body ? whole : shapeOf(mapping, one, delivery);
  if (!shape || one === null || typeof one !== "object") return null;
  const [entry] = entriesOf(shape, one, delivery) ?? [];
  if (entry === undefined) return null;
  const scope = scopeOf(entry, one, delivery);
  scope.roots.labels = labelsOf(shape.labels, scope);
  return { shape, scope };
}
