"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import type { AlertFacetsView } from "#/server/alerts/contract.ts";
import { alertFacetNames } from "#/server/alerts/shared/lists.ts";
import { AlertFacet } from "./alert-facet.tsx";
import { facetValueWord, facetWords } from "./alert-words.ts";
import { type Facets, useFacets } from "./use-facets.ts";

type Props = { facets: AlertFacetsView; children: ReactNode };

/** The list of alerts beside what narrows it; on a phone the facets fold into one button. */
export function AlertBrowser({ facets, children }: Props) {
  const chosen = useFacets();
  const [isOpen, setOpen] = useState(false);
  const shown = alertFacetNames.filter((name) => facets.facets[name].length > 0);
  if (shown.length === 0) return children;
  return (
    <div className="items-start gap-x-8 md:grid md:grid-cols-[196px_minmax(0,1fr)]">
      <div className="mb-4 md:hidden">
        <Button
          className="min-h-11 w-full"
          aria-expanded={isOpen}
          aria-controls="facets"
          onClick={() => setOpen(!isOpen)}
        >
          {chosen.count > 0 ? `Filter · ${chosen.count}` : "Filter"}
        </Button>
      </div>
      <search
        id="facets"
        aria-label="Facets"
        className={cx(
          "flex flex-col gap-5 max-md:mb-5 max-md:border-b max-md:border-line max-md:pb-4",
          !isOpen && "max-md:hidden",
        )}
      >
        {shown.map((name) => (
          <AlertFacet key={name} name={name} values={facets.facets[name]} chosen={chosen} />
        ))}
        {isOpen && (
          <Button className="min-h-11 md:hidden" onClick={() => setOpen(false)}>
            Show {totalWords(facets)}
          </Button>
        )}
      </search>
      <div className="min-w-0" aria-busy={chosen.isPending}>
        <Chosen facets={facets} chosen={chosen} />
        <div className={cx("transition-opacity", chosen.isPending && "opacity-50")}>{children}</div>
      </div>
    </div>
  );
}

function totalWords({ total, isPartial }: AlertFacetsView): string {
  const number = total.toLocaleString("en-GB");
  if (isPartial) return `more than ${number} alerts`;
  return total === 1 ? "1 alert" : `${number} alerts`;
}

/** How many there are, and what they were narrowed by: each can be taken back. */
function Chosen({ facets, chosen }: { facets: AlertFacetsView; chosen: Facets }) {
  const taken = alertFacetNames.flatMap((name) =>
    facets.facets[name]
      .filter(({ value }) => chosen.isChosen(name, value))
      .map(({ value, label }) => ({ name, value, word: facetValueWord(name, value, label) })),
  );
  const words = totalWords(facets);
  return (
    <div className="mb-3 flex min-h-7 flex-wrap items-center gap-2">
      <p role="status" className="mr-1 text-s text-muted">
        {chosen.isPending ? "Looking…" : words[0]?.toUpperCase() + words.slice(1)}
        {facets.isPartial && !chosen.isPending && "; the numbers are of the newest of them"}
      </p>
      {taken.map(({ name, value, word }) => (
        <button
          key={`${name} ${value}`}
          type="button"
          onClick={() => chosen.toggle(name, value)}
          className="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-sm border border-line-strong bg-raised px-2 text-s hover:border-text max-md:min-h-11"
        >
          <span className="sr-only">Remove</span> <span className="text-muted">{facetWords[name]}</span>{" "}
          <span className="truncate">{word}</span>
          <span aria-hidden="true">✕</span>
        </button>
      ))}
      {taken.length > 1 && (
        <Button size="s" variant="quiet" className="max-md:min-h-11" onClick={chosen.clear}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
