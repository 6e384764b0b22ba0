"use client";

import { statusSigns } from "#/components/room/signs.ts";
import { cx } from "#/components/ui/cx.ts";
import type { IncidentStatus } from "#/server/incidents/shared/lists.ts";
import { type UpdateStatus, updateStatuses } from "#/server/updates/shared/lists.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";

export const legendClass = "mb-1.5 text-s font-[550] text-text";
export const chipClass =
  "inline-flex min-h-[30px] items-center gap-1.5 rounded-sm border border-line-strong bg-raised px-3 text-s font-[550] has-checked:border-accent has-checked:bg-accent/15 has-disabled:opacity-50 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-focus max-[900px]:min-h-11";

type Props = { value: UpdateStatus; incidentStatus: IncidentStatus; onChange: (status: UpdateStatus) => void };

/** What the incident is from this update on. An ended one is only ever resolved. */
export function StatusChoice({ value, incidentStatus, onChange }: Props) {
  const isOver = incidentStatus === "resolved" || incidentStatus === "closed";
  return (
    <fieldset className="min-w-0">
      <legend className={legendClass}>Status</legend>
      <div className="flex flex-wrap gap-2">
        {updateStatuses.map((status) => (
          <label key={status} className={cx("relative", chipClass)}>
            <input
              type="radio"
              name="update-status"
              value={status}
              checked={status === value}
              disabled={isOver && status !== "resolved"}
              onChange={() => onChange(status)}
              className="absolute inset-0 m-0 size-full cursor-pointer opacity-0"
            />
            <span aria-hidden="true">{statusSigns[status]}</span>
            {updateStatusWords[status]}
          </label>
        ))}
      </div>
      {value === "resolved" && !isOver && (
        <p className="mt-1 text-s text-muted">
          Publishing this resolves the incident; what it says of its components holds from then on.
        </p>
      )}
      {incidentStatus === "triage" && <p className="mt-1 text-s text-muted">Publishing this accepts the incident.</p>}
      {isOver && <p className="mt-1 text-s text-muted">Reopen the incident to publish that it goes on.</p>}
    </fieldset>
  );
}
