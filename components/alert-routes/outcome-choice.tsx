"use client";

import type { AlertRouteView } from "#/server/alerts/routing/contract.ts";
import { outcomeOf, type RouteOutcome, routeOutcomes } from "./route-form.ts";

const words: Record<RouteOutcome, { label: string; about: string }> = {
  triage: { label: "A triage incident", about: "Somebody accepts, merges or declines it" },
  declared: { label: "A declared incident", about: "It is being worked on from the start" },
  nothing: { label: "Nothing, only recorded", about: "Firing among the alerts; nobody is told" },
  suppress: { label: "Nothing, kept quiet", about: "Suppressed among the alerts; nobody is told" },
};

/** What the route makes of its alerts. */
export function OutcomeChoice({ route }: { route: AlertRouteView | null }) {
  const chosen = route ? outcomeOf(route) : "triage";
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-s font-[550]">What it opens</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {routeOutcomes.map((outcome) => (
          <label
            key={outcome}
            className="flex gap-2.5 rounded-md border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-accent/10 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-focus"
          >
            <input
              type="radio"
              name="outcome"
              value={outcome}
              defaultChecked={outcome === chosen}
              aria-describedby={`outcome-${outcome}`}
              aria-label={words[outcome].label}
              className="mt-0.5 size-4 shrink-0 accent-accent outline-none"
            />
            <span className="min-w-0">
              <span className="block text-[13px] font-[550]">{words[outcome].label}</span>
              <span id={`outcome-${outcome}`} className="block text-s text-muted">
                {words[outcome].about}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
