"use client";

import { useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import type { AlertFacetsView } from "#/server/alerts/contract.ts";
import { type AlertFacetName, alertSeverities, alertStatuses } from "#/server/alerts/shared/lists.ts";
import { facetValueWord, facetWords } from "./alert-words.ts";
import type { Facets } from "./use-facets.ts";

/** As many fit beside the list for each facet; the rest is one press away. */
const SHOWN_AT_FIRST = 8;

type Value = AlertFacetsView["facets"]["status"][number];
type Props = { name: AlertFacetName; values: readonly Value[]; chosen: Facets };

/** Status and severity stand in their own order, everything else by how many there are. Pure. */
function inOrder(name: AlertFacetName, values: readonly Value[]): Value[] {
  const order: readonly string[] = name === "status" ? alertStatuses : name === "severity" ? alertSeverities : [];
  return [...values].sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
}

/** One facet: its values, how many alerts each would show, and which are chosen. */
export function AlertFacet({ name, values, chosen }: Props) {
  const [isWhole, setWhole] = useState(false);
  const ordered = inOrder(name, values);
  const shown = ordered.filter(({ value }, index) => isWhole || index < SHOWN_AT_FIRST || chosen.isChosen(name, value));
  const hidden = ordered.length - shown.length;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-xs font-semibold tracking-[.06em] text-muted uppercase">{facetWords[name]}</legend>
      {shown.map(({ value, label, count }) => (
        <label
          key={value}
          className="flex min-h-7 items-center gap-2 rounded-sm text-s hover:bg-raised max-md:min-h-11"
        >
          <input
            type="checkbox"
            checked={chosen.isChosen(name, value)}
            onChange={() => chosen.toggle(name, value)}
            className="size-4 shrink-0 accent-accent max-md:size-6"
          />
          <span className="min-w-0 grow truncate" title={label}>
            {facetValueWord(name, value, label)}
          </span>
          <span className="pr-1 text-xs text-muted tabular-nums">{count.toLocaleString("en-GB")}</span>
        </label>
      ))}
      {(hidden > 0 || isWhole) && (
        <Button
          size="s"
          variant="quiet"
          className="-ml-2.5 max-md:min-h-11"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? "Show fewer" : `Show ${hidden} more`}
          <span className="sr-only"> of {facetWords[name].toLowerCase()}</span>
        </Button>
      )}
    </fieldset>
  );
}
