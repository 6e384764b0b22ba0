import { sha256 } from "#/server/platform/crypto.ts";
import type { ParsedDelivery } from "./delivery.ts";
import { type Guess, guess } from "./guess.ts";
import { applyMapping } from "./mapping/apply-mapping.ts";
import type { Mapping } from "./mapping/mapping.ts";
import { knownSeverity } from "./mapping/severity.ts";
import type { AlertReport, ReadDelivery, Report } from "./report.ts";
import { ALERTS_PER_DELIVERY_MAX } from "./shared/lists.ts";
import { sourceFile } from "./sources/index.ts";

/** Any JSON may come here: what surely is an alert counts as one. */
const GUESSED_SOURCE = "generic-json";

/** The alert that stands for what nobody understands, so that it is seen and not lost. */
function unreadable(source: string, body: unknown, { report }: Guess): AlertReport {
  const fields = body !== null && typeof body === "object" ? (body as Record<string, unknown>) : {};
  const shape = Object.keys(fields).sort().join(",") || typeof body;
  return {
    ...report,
    status: "firing",
    // One alert for each shape: a sender that surprises us does so at every delivery.
    dedupKey: `unrecognised:${sha256(shape).slice(0, 16)}`,
    title: report.title ? `Unrecognised delivery: ${report.title}` : `Unrecognised delivery from ${source}`,
    description: `Fields: ${shape}`.slice(0, 1_000),
    severity: report.severity ?? "warning",
  };
}

/** What a body of no known shape most likely says. Its keys are kept apart from those that a source surely gave. */
function guessed(source: string, body: unknown): AlertReport[] {
  return guess(body).map((one) =>
    one.isClear ? { ...one.report, dedupKey: `unrecognised:${one.report.dedupKey}` } : unreadable(source, body, one),
  );
}

/** A problem must have a name: one that the mapping found none for gets the likeliest, when it is more than a word. */
function named(report: Report, delivery: ParsedDelivery): Report {
  if (report.kind !== "alert" || report.title !== null || report.status !== "firing") return report;
  const title = guess(delivery.body)[0]?.report.title ?? "";
  return title.includes(" ") ? { ...report, title } : report;
}

function acceptedOf(reports: readonly Report[]): number {
  return reports.filter((report) => report.kind === "alert" || report.kind === "change").length;
}

/** Keep's way to say how bad the alerts of one receiver are: `?severity=critical` in its URL. */
function asForced(report: Report, { route, query }: ParsedDelivery): Report {
  const forced = route.protocol === "keep" ? knownSeverity(query.severity ?? null) : null;
  return forced && report.kind === "alert" ? { ...report, severity: forced } : report;
}

function understood(source: string, mapping: Mapping | null, delivery: ParsedDelivery): ReadDelivery {
  const file = sourceFile(source);
  const applied = (mapping && applyMapping(mapping, delivery)) ?? (file && applyMapping(file, delivery));
  if (applied) {
    const reports = applied.reports.length === 1 ? applied.reports.map((one) => named(one, delivery)) : applied.reports;
    const others = applied.strangers.flatMap((body) => guessed(source, body));
    const all = [...reports, ...others].slice(0, ALERTS_PER_DELIVERY_MAX);
    return { reports: all, recognised: true, accepted: acceptedOf(reports) };
  }
  const guesses = source === GUESSED_SOURCE && mapping === null ? guess(delivery.body) : [];
  if (guesses.length > 0 && guesses.every((one) => one.isClear)) {
    return { reports: guesses.map((one) => one.report), recognised: true, accepted: guesses.length };
  }
  return { reports: guessed(source, delivery.body), recognised: false, accepted: 0 };
}

/**
 * What a parsed delivery says, by the mapping somebody made for its integration, else by the file of its source.
 * Pure; what has none of their shapes becomes the alert that it most likely is, not recognised and not counted.
 */
export function readDelivery(source: string, mapping: Mapping | null, delivery: ParsedDelivery): ReadDelivery {
  const read = understood(source, mapping, delivery);
  return { ...read, reports: read.reports.map((report) => asForced(report, delivery)) };
}
