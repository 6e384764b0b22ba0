"use client";

import type { FieldProblem } from "#/components/api/client.ts";
import { controlClass } from "#/components/ui/field.tsx";
import type { MappingPreview } from "#/server/alerts/contract.ts";
import type { MappingForm } from "#/server/alerts/shared/mapping-form.ts";

export type FormRow = keyof MappingForm;

const rows: readonly { row: FormRow; label: string; placeholder: string; isEmptyMeans: string }[] = [
  { row: "title", label: "Title", placeholder: "{job.name}: {error}", isEmptyMeans: "the integration’s name" },
  { row: "status", label: "Status", placeholder: 'event == "job.ok" ? "resolved" : "firing"', isEmptyMeans: "firing" },
  { row: "severity", label: "Severity", placeholder: "level: 5→critical 4→error *→warning", isEmptyMeans: "warning" },
  { row: "dedupKey", label: "Dedup key", placeholder: "{job.name}", isEmptyMeans: "made of title and service" },
  { row: "service", label: "Service", placeholder: "{owner}", isEmptyMeans: "the integration’s service" },
  { row: "link", label: "Link", placeholder: "{job.url}", isEmptyMeans: "no link" },
  { row: "at", label: "Time", placeholder: "{finished_at}", isEmptyMeans: "the time of receipt" },
  { row: "description", label: "Details", placeholder: "{error.trace}", isEmptyMeans: "nothing" },
  { row: "labels", label: "Labels", placeholder: "tags, job.labels", isEmptyMeans: "no labels" },
  { row: "split", label: "Entries", placeholder: "alerts", isEmptyMeans: "the body is one alert" },
];

/** Where the contract's fields are shown in the form, for its problems. */
const pointers: readonly [RegExp, FormRow][] = [
  [/\/links\//, "link"],
  [/\/labels/, "labels"],
  [/\/(title|status|severity|dedupKey|service|at|description|split)\b/, "title"],
];

function rowOf(pointer: string): FormRow | null {
  for (const [pattern, row] of pointers) {
    const match = pattern.exec(pointer);
    if (match) return (match[1] as FormRow | undefined) ?? row;
  }
  return null;
}

type Props = {
  form: MappingForm;
  problems: readonly FieldProblem[];
  paths: MappingPreview["paths"];
  onChange: (row: FormRow, text: string) => void;
  onFocus: (row: FormRow) => void;
};

/** One line for each part of an alert. */
export function MappingRows({ form, problems, paths, onChange, onFocus }: Props) {
  const wrong = new Map(problems.map(({ pointer, detail }) => [rowOf(pointer), detail]));
  return (
    <div className="flex flex-col gap-2">
      {rows.map(({ row, label, placeholder, isEmptyMeans }) => {
        const missing = paths.find((use) => use.row === row && !use.isFound);
        const error = wrong.get(row);
        const absent = missing
          ? `“${missing.path}” is not in this delivery: ${isEmptyMeans}${row === "at" ? " is used" : ""}`
          : null;
        const said = error ?? absent;
        return (
          <div key={row} className="grid grid-cols-[86px_minmax(0,1fr)] items-center gap-x-2 max-sm:grid-cols-1">
            <label htmlFor={`mapping-${row}`} className="text-[13px] text-muted">
              {label}
            </label>
            <input
              id={`mapping-${row}`}
              value={form[row]}
              placeholder={placeholder}
              spellCheck={false}
              autoComplete="off"
              maxLength={1_000}
              aria-invalid={error !== undefined || undefined}
              aria-describedby={said ? `mapping-${row}-said` : undefined}
              onChange={(event) => onChange(row, event.target.value)}
              onFocus={() => onFocus(row)}
              className={`${controlClass} font-mono text-[12.5px]! placeholder:text-faint`}
            />
            {said && (
              <p
                id={`mapping-${row}-said`}
                className={`col-start-2 text-s max-sm:col-start-1 ${error ? "text-bad" : "text-warn"}`}
              >
                <span aria-hidden="true">! </span>
                {said}
              </p>
            )}
          </div>
        );
      })}
    </div>
  );
}
