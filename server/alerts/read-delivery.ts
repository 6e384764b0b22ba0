import { sha256 } from "#/server/platform/crypto.ts";
import type { ParsedDelivery } from "./delivery.ts";
import { applyMapping } from "./mapping/apply-mapping.ts";
import type { Mapping } from "./mapping/mapping.ts";
import { asText } from "./mapping/path.ts";
import { knownSeverity } from "./mapping/severity.ts";
import type { AlertReport, ReadDelivery, Report } from "./report.ts";
import { ALERTS_PER_DELIVERY_MAX } from "./shared/lists.ts";
import { sourceFile } from "./sources/index.ts";

/** The alert that stands for a delivery nobody understands, so that it is seen and not lost. */
function unrecognised(source: string, body: unknown): AlertReport {
  const fields = body !== null && typeof body === "object" ? (body as Record<string, unknown>) : {};
  const shape = Object.keys(fields).sort().join(",") || typeof body;
  const said = asText(fields.title ?? fields.summary ?? fields.message ?? fields.subject ?? fields.name);
  return {
    kind: "alert",
    status: "firing",
    // One alert for each shape: a sender that surprises us does so at every delivery.
    dedupKey: `unrecognised:${sha256(shape).slice(0, 16)}`,
    title: said ? `Unrecognised delivery: ${said}` : `Unrecognised delivery from ${source}`,
    description: `Fields: ${shape}`.slice(0, 1_000),
    severity: "warning",
    severityWord: null,
    service: asText(fields.service),
    labels: {},
    links: [],
    startsAt: null,
    endsAt: null,
    at: null,
  };
}

/** Keep's way to say how bad the alerts of one receiver are: `?severity=critical` in its URL. */
function asForced(report: Report, { route, query }: ParsedDelivery): Report {
  const forced = route.protocol === "keep" ? knownSeverity(query.severity ?? null) : null;
  return forced && report.kind === "alert" ? { ...report, severity: forced } : report;
}

/**
 * What a parsed delivery says, by the mapping somebody made for its integration, else by the file of its source.
 * Pure; what is not recognised becomes one generic alert.
 */
export function readDelivery(source: string, mapping: Mapping | null, delivery: ParsedDelivery): ReadDelivery {
  const file = sourceFile(source);
  const applied = (mapping && applyMapping(mapping, delivery)) ?? (file && applyMapping(file, delivery));
  if (!applied) return { reports: [unrecognised(source, delivery.body)], recognised: false, accepted: 0 };
  const { strangers } = applied;
  const reports = applied.reports.map((report) => asForced(report, delivery));
  const accepted = reports.filter((report) => report.kind === "alert" || report.kind === "change").length;
  const others = strangers.map((body) => unrecognised(source, body));
  return { reports: [...reports, ...others].slice(0, ALERTS_PER_DELIVERY_MAX), recognised: true, accepted };
}
