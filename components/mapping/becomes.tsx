"use client";

import { Tag } from "#/components/ui/tag.tsx";
import type { MappingPreview } from "#/server/alerts/contract.ts";

type ReportFields = {
  kind: string;
  title: string | null;
  status?: string;
  severity?: string | null;
  severityWord?: string | null;
  service?: string | null;
  dedupKey?: string;
  description?: string | null;
  labels?: Record<string, string>;
  links?: { title: string; url: string }[];
  at?: string | null;
};

const LABELS_SHOWN_MAX = 12;
const silent: Record<string, string> = {
  test: "A test: it is answered kindly and pages nobody.",
  ignored: "Says nothing of a problem: kept with its delivery, and pages nobody.",
};

/** The alerts that a delivery becomes. */
export function Becomes({ preview }: { preview: MappingPreview }) {
  const reports = preview.reports as unknown as ReportFields[];
  return (
    <div aria-live="polite" className="flex flex-col gap-4">
      {!preview.recognised && (
        <p className="text-s text-warn">
          <span aria-hidden="true">! </span>
          The mapping does not fit: this would be raised as an unrecognised delivery.
        </p>
      )}
      {reports.map((report, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the reports of a preview have no identity but their place
        <Report key={at} report={report} />
      ))}
      {preview.accepted > reports.length && (
        <p className="text-s text-muted">and {preview.accepted - reports.length} more</p>
      )}
    </div>
  );
}

function Report({ report }: { report: ReportFields }) {
  const said = silent[report.kind];
  if (said) return <p className="text-s text-muted">{said}</p>;
  const labels = Object.entries(report.labels ?? {});
  const { severity, severityWord } = report;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="text-s font-[550]">
        {[severity ?? "warning (no severity said)", report.status].filter(Boolean).join(" · ")}
        {severityWord && severityWord !== severity && (
          <span className="font-normal text-muted"> from “{severityWord}”</span>
        )}
      </p>
      <p className="text-[15px] font-semibold wrap-anywhere">
        {report.title ?? "No title: the integration’s name is shown"}
      </p>
      <p className="text-s wrap-anywhere text-muted">
        {[report.service ?? "no service", report.dedupKey && `key ${report.dedupKey}`].filter(Boolean).join(" · ")}
      </p>
      {report.description && <p className="line-clamp-3 text-s wrap-anywhere">{report.description}</p>}
      <div className="mt-1 flex flex-wrap gap-1">
        {labels.slice(0, LABELS_SHOWN_MAX).map(([name, value]) => (
          <Tag key={name}>
            <span className="min-w-0 whitespace-normal wrap-anywhere">
              {name} {value}
            </span>
          </Tag>
        ))}
        {report.links?.map((link) => (
          <Tag key={link.url}>
            <span className="min-w-0 whitespace-normal wrap-anywhere">{link.title} ↗</span>
          </Tag>
        ))}
      </div>
    </div>
  );
}
