"use client";

import type { MergeTarget } from "./list-rules.ts";
import { SeverityMark } from "./severity.tsx";
import { statusWords } from "./words.ts";

type Props = { choices: readonly MergeTarget[]; chosen: string | null; onChoose: (reference: string) => void };

/** One of the open incidents, by reference; with the reasons why it may be the one. */
export function IncidentChoice({ choices, chosen, onChoose }: Props) {
  return (
    <fieldset className="max-h-[50vh] min-w-0 overflow-auto rounded-md border border-line-strong">
      <legend className="sr-only">Open incidents</legend>
      {choices.map(({ target, reasons }, index) => (
        <label
          key={target.id}
          className="grid grid-cols-[auto_64px_1fr] items-center gap-x-3 border-t border-line px-3 py-2 first:border-t-0 has-checked:bg-raised"
        >
          <input
            type="radio"
            name="into"
            // biome-ignore lint/a11y/noAutofocus: the list came after the dialog opened; whoever decides by keyboard goes on here.
            autoFocus={chosen ? chosen === target.reference : index === 0}
            checked={chosen === target.reference}
            onChange={() => onChoose(target.reference)}
            className="size-4 accent-accent"
          />
          <SeverityMark severity={target.severity} />
          <span className="min-w-0">
            <span className="block truncate font-[550]">{target.title}</span>
            <span className="text-s text-muted">
              {target.reference} · {statusWords[target.status]}
            </span>
            {reasons && <span className="block text-s text-accent wrap-anywhere">Alike: {reasons.join(" · ")}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
