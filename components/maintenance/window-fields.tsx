"use client";

import { useState } from "react";
import { fieldProblem } from "#/components/api/client.ts";
import { asField, later } from "#/components/mutes/mute-form.ts";
import { Select, TextField } from "#/components/ui/field.tsx";
import { type MaintenanceStart, maintenanceSpans, spanOf, UNTIL_AN_END } from "./maintenance-form.ts";
import { WindowText } from "./window-text.tsx";

type Props = { start: MaintenanceStart; hasBegun: boolean; problem: unknown };

function instantOf(field: string): string | null {
  const at = new Date(`${field}Z`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** From when and for how long, in UTC; what that is here is said below. */
export function WindowFields({ start, hasBegun, problem }: Props) {
  const [from, setFrom] = useState(asField(start.from));
  const [span, setSpan] = useState(hasBegun ? UNTIL_AN_END : spanOf(start.from, start.until));
  const [until, setUntil] = useState(asField(start.until));
  const fromAt = instantOf(from);
  const untilAt = span === UNTIL_AN_END ? instantOf(until) : fromAt && later(fromAt, Number(span));
  return (
    <div className="flex flex-col gap-2">
      <div className="grid gap-4 md:grid-cols-3">
        <TextField
          label="From (UTC)"
          name="from"
          type="datetime-local"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
          readOnly={hasBegun}
          error={fieldProblem(problem, "/from")}
          required
        />
        <Select
          label="Lasts"
          name="span"
          value={span}
          onChange={(event) => {
            if (event.target.value === UNTIL_AN_END && untilAt) setUntil(asField(untilAt));
            setSpan(event.target.value);
          }}
          error={span === UNTIL_AN_END ? undefined : fieldProblem(problem, "/until")}
        >
          {maintenanceSpans.map(({ minutes, label }) => (
            <option key={minutes} value={minutes}>
              {label}
            </option>
          ))}
          <option value={UNTIL_AN_END}>Until an end…</option>
        </Select>
        {span === UNTIL_AN_END && (
          <TextField
            label="Until (UTC)"
            name="until"
            type="datetime-local"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
            error={fieldProblem(problem, "/until")}
            required
          />
        )}
      </div>
      {fromAt && untilAt && fromAt < untilAt && (
        <p className="text-s text-muted">
          <WindowText from={fromAt} until={untilAt} />
        </p>
      )}
    </div>
  );
}
