import { listIn, textIn } from "#/components/api/form-values.ts";
import type { AlertRouteView, ChangeRouteInput } from "#/server/alerts/routing/contract.ts";
import {
  alertSeverities,
  autoResolvePolicies,
  DEBOUNCE_MINUTES_DEFAULT,
  groupWindowKinds,
} from "#/server/alerts/shared/lists.ts";

/** What a route makes of its alerts, as one choice. */
export const routeOutcomes = ["triage", "declared", "nothing", "suppress"] as const;
export type RouteOutcome = (typeof routeOutcomes)[number];

/** The choice that a route stands for. Pure. */
export function outcomeOf({ suppress, opens }: Pick<AlertRouteView, "suppress" | "opens">): RouteOutcome {
  return suppress ? "suppress" : opens;
}

function numberIn(form: FormData, name: string): number | null {
  const text = textIn(form, name);
  return text === "" ? null : Number(text);
}

function oneOf<T extends string>(list: readonly T[], value: string): T | null {
  return list.find((each) => each === value) ?? null;
}

/** What the editor's form says of a route. The default one has no condition and no switch of its own. Pure. */
export function routeIn(form: FormData, isDefault: boolean): ChangeRouteInput {
  const outcome = oneOf(routeOutcomes, textIn(form, "outcome")) ?? "triage";
  const windowMinutes = numberIn(form, "windowMinutes");
  const count = numberIn(form, "thresholdCount");
  return {
    name: textIn(form, "name"),
    ...(!isDefault && { condition: textIn(form, "condition"), enabled: form.has("enabled") }),
    service: textIn(form, "service") || null,
    severity: oneOf(alertSeverities, textIn(form, "severity")),
    team: textIn(form, "team") || null,
    suppress: outcome === "suppress",
    ...(outcome !== "suppress" && { opens: outcome }),
    groupBy: listIn(form, "groupBy"),
    groupWindow:
      windowMinutes === null
        ? null
        : { minutes: windowMinutes, kind: oneOf(groupWindowKinds, textIn(form, "windowKind")) ?? "fixed" },
    threshold: count === null ? null : { count, minutes: numberIn(form, "thresholdMinutes") ?? 0 },
    debounceMinutes: numberIn(form, "debounceMinutes") ?? DEBOUNCE_MINUTES_DEFAULT,
    // Left open on a new route: the server goes by whether it has groups of its own.
    ...(textIn(form, "correlate") && { correlate: textIn(form, "correlate") === "yes" }),
    autoResolve: oneOf(autoResolvePolicies, textIn(form, "autoResolve")) ?? "never",
    staleAfterMinutes: numberIn(form, "staleAfterMinutes"),
    tell: listIn(form, "tell"),
  };
}

/** The same for a dry run: who hears makes no difference to it, and a route that has no name yet can be tried. Pure. */
export function triedRoute(form: FormData, route: AlertRouteView | null): ChangeRouteInput & { id?: string } {
  const { tell: _, ...rest } = routeIn(form, route?.isDefault ?? false);
  return { ...rest, name: rest.name || "This route", ...(route && { id: route.id }) };
}
