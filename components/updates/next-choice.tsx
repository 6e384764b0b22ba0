"use client";

import { type ReactNode, useState } from "react";
import { fieldProblem } from "#/components/api/client.ts";
import { useNow } from "#/components/ui/clock.tsx";
import { TextField } from "#/components/ui/field.tsx";
import type { NextChoice as Next } from "#/server/updates/shared/lists.ts";
import { utcMinute } from "#/server/updates/shared/next-update.ts";
import { chipClass, legendClass } from "./status-choice.tsx";
import { nextUpdateOf, type UpdateForm } from "./update-form.ts";

/** Offered beside what the severity asks for; any other time can be chosen too. */
const PAUSES = [10, 30, 60];
const DAY_MS = 24 * 60 * 60_000;

/** The next instant that a clock in UTC shows `hours:minutes`. Pure. */
export function nextInstantOf(time: string, nowMs: number): string | null {
  if (!/^\d{2}:\d{2}$/.test(time)) return null;
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const atMs = Date.parse(`${today}T${time}:00.000Z`);
  return new Date(atMs > nowMs ? atMs : atMs + DAY_MS).toISOString();
}

function pauseText(minutes: number): string {
  return minutes < 60 || minutes % 60 > 0 ? `${minutes} min` : `${minutes / 60} h`;
}

type Props = {
  form: UpdateForm;
  /** Minutes that the clock gives: offered first. */
  usual: number;
  onChange: (part: Partial<UpdateForm>) => void;
  problem: unknown;
};

/** When people hear again: what the severity asks for first. The time stands in the text, and the room counts down to it. */
export function NextChoice({ form, usual, onChange, problem }: Props) {
  const nowMs = useNow();
  const [isOther, setOther] = useState(form.next.kind === "at");
  if (form.status === "resolved") return null;
  // What somebody chose is offered too, when the severity has changed since.
  const chosen = form.next.kind === "minutes" ? [form.next.minutes] : [];
  const pauses = [...new Set([usual, ...chosen, ...PAUSES])];
  const at = nextUpdateOf(form, nowMs);
  const choose = (next: Next) => {
    setOther(false);
    onChange({ next });
  };
  const isMinutes = (minutes: number) => !isOther && form.next.kind === "minutes" && form.next.minutes === minutes;
  return (
    <fieldset className="min-w-0">
      <legend className={legendClass}>Next update at</legend>
      <div className="flex flex-wrap items-center gap-2">
        {pauses.map((minutes) => (
          <Chip
            key={minutes}
            title={minutes === usual ? "How often people hear of an incident like this" : undefined}
            isChosen={isMinutes(minutes)}
            onChoose={() => choose({ kind: "minutes", minutes })}
          >
            {isMinutes(minutes) && at
              ? `${utcMinute(at, new Date(nowMs))}, in ${pauseText(minutes)}`
              : `In ${pauseText(minutes)}`}
          </Chip>
        ))}
        <Chip isChosen={isOther} onChoose={() => setOther(true)}>
          Other
        </Chip>
        <Chip isChosen={!isOther && form.next.kind === "none"} onChoose={() => choose({ kind: "none" })}>
          None
        </Chip>
      </div>
      {isOther && (
        <div className="mt-2 max-w-60">
          <TextField
            label="Time of the next update, UTC"
            type="time"
            defaultValue={at?.toISOString().slice(11, 16)}
            onChange={(event) => {
              const chosen = nextInstantOf(event.target.value, nowMs);
              if (chosen) onChange({ next: { kind: "at", at: chosen } });
            }}
            hint={form.next.kind === "at" && at ? `Next update at ${utcMinute(at, new Date(nowMs))}.` : undefined}
            error={fieldProblem(problem, "/nextUpdateAt")}
          />
        </div>
      )}
    </fieldset>
  );
}

type ChipProps = { title?: string | undefined; isChosen: boolean; onChoose: () => void; children: ReactNode };

function Chip({ title, isChosen, onChoose, children }: ChipProps) {
  return (
    <label className={`relative ${chipClass}`} title={title}>
      <input
        type="radio"
        name="next-update"
        checked={isChosen}
        onChange={onChoose}
        className="absolute inset-0 m-0 size-full cursor-pointer opacity-0"
      />
      {children}
    </label>
  );
}
