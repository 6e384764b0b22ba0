"use client";

import { type Severity, severities, severityMeanings } from "#/server/incidents/shared/lists.ts";
import { SeverityMark } from "./severity.tsx";

type Props = {
  value: Severity | null;
  onChange: (severity: Severity | null) => void;
  /** Marked as what the alerts suggest. */
  suggested?: Severity | null | undefined;
  /** Offers to leave it open. */
  canBeOpen?: boolean | undefined;
};

const row =
  "flex items-start gap-3 border-t border-line px-3 py-2 first:border-t-0 has-checked:bg-raised has-[:focus-visible]:outline-2 has-[:focus-visible]:-outline-offset-2 has-[:focus-visible]:outline-focus";

/** A choice of severity that says what each one means. */
export function SeverityChoice({ value, onChange, suggested, canBeOpen = false }: Props) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-s font-[550]">Severity</legend>
      <div className="overflow-hidden rounded-md border border-line-strong">
        {severities.map((severity) => (
          <label key={severity} className={row}>
            <input
              type="radio"
              name="severity"
              value={severity}
              checked={value === severity}
              onChange={() => onChange(severity)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <SeverityMark severity={severity} className="mt-0.5 w-14 shrink-0" />
            <span className="min-w-0 text-s">
              <b className="font-semibold">{severityMeanings[severity].name}.</b>{" "}
              <span className="text-muted">{severityMeanings[severity].meaning}</span>
              {suggested === severity && <span className="text-accent"> Suggested by the alerts.</span>}
            </span>
          </label>
        ))}
        {canBeOpen && (
          <label className={row}>
            <input
              type="radio"
              name="severity"
              value=""
              checked={value === null}
              onChange={() => onChange(null)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <span className="text-s text-muted">Not known yet; choose it in the room</span>
          </label>
        )}
      </div>
    </fieldset>
  );
}
