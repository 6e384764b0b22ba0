"use client";

import { useNow, useZone } from "#/components/ui/clock.tsx";
import { inWords } from "#/components/ui/durations.ts";
import { TextField } from "#/components/ui/field.tsx";
import { ZoneToggle } from "#/components/ui/time.tsx";
import { fieldOf, instantOf } from "./schedule-times.ts";

type Props = {
  /** The chosen instant in milliseconds; null while none is. */
  value: number | null;
  onChange: (at: number | null) => void;
  error?: string | undefined;
  /** Enter in the field; what stands around it must not be sent by it. */
  onEnter?: (() => void) | undefined;
};

/** When it goes out: date and time in UTC or local time, and how long that is from now. */
export function ScheduleField({ value, onChange, error, onEnter }: Props) {
  const { shownZone } = useZone();
  const now = useNow();
  const left = value === null ? null : value - now;
  const hint = left === null ? "Choose a date and a time." : left > 0 ? `In ${inWords(left)}.` : "This time is over.";
  return (
    <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
      <div className="min-w-52 grow">
        <TextField
          // The same instant reads differently in the other zone.
          key={shownZone}
          label="Publish at"
          type="datetime-local"
          min={fieldOf(now, shownZone)}
          defaultValue={value === null ? "" : fieldOf(value, shownZone)}
          onChange={(event) => onChange(instantOf(event.target.value, shownZone))}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            onEnter?.();
          }}
          hint={hint}
          error={error}
        />
      </div>
      <div className="md:mb-6">
        <ZoneToggle />
      </div>
    </div>
  );
}
