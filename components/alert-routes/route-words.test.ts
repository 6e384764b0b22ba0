import { describe, expect, it } from "vitest";
import type { AlertRouteView, DryRunOutcome } from "#/server/alerts/routing/contract.ts";
import { minutesInWords, outcomeWords, routeDoes, routeExtras } from "./route-words.ts";

function routeWith(over: Partial<AlertRouteView> = {}): AlertRouteView {
  return {
    id: "r",
    name: "R",
    enabled: true,
    isDefault: false,
    condition: "true",
    service: null,
    severity: null,
    team: null,
    suppress: false,
    groupBy: [],
    groupWindow: null,
    threshold: null,
    debounceMinutes: 30,
    correlate: true,
    opens: "triage",
    autoResolve: "never",
    staleAfterMinutes: null,
    tell: [],
    version: 1,
    ...over,
  };
}

describe("what a route does, in words", () => {
  const cases: [over: Partial<AlertRouteView>, words: string][] = [
    [{}, "opens a triage incident for each service"],
    [{ opens: "declared", groupBy: ["labels.cluster"] }, "declares an incident for each labels.cluster"],
    [
      { groupBy: ["service", "name", "labels.env"], groupWindow: { minutes: 90, kind: "sliding" } },
      "opens a triage incident for each combination of service, name and labels.env, which takes alerts for 90 minutes from its last one",
    ],
    [
      { threshold: { count: 3, minutes: 60 } },
      "opens a triage incident for each service, once 3 reports came within 1 hour",
    ],
    [
      { service: { id: "s", name: "checkout" }, severity: "error", team: "payments", opens: "nothing" },
      "sets service checkout, severity error and team payments, then only records them",
    ],
    [{ suppress: true, opens: "declared", threshold: { count: 3, minutes: 5 } }, "keeps them quiet"],
  ];
  it.each(cases)("%j", (over, words) => {
    expect(routeDoes(routeWith(over))).toBe(words);
  });

  it("says nothing of what is as usual", () => {
    expect(routeExtras(routeWith())).toEqual([]);
    expect(routeExtras(routeWith({ groupBy: ["name"], correlate: false }))).toEqual([]);
  });
  it("says what is not", () => {
    expect(
      routeExtras(
        routeWith({
          correlate: false,
          debounceMinutes: 0,
          autoResolve: "propose",
          staleAfterMinutes: 2880,
          tell: ["email:a@example.com", "slack:#ops", "pagerduty:…IJKL"],
        }),
      ),
    ).toEqual([
      "holds nothing after an end",
      "joins no incident of related services",
      "declines what nobody accepted, or asks whether it is over, when its alerts have ended",
      "ends alerts not heard of for 2 days",
      "tells a@example.com, #ops, pagerduty:…IJKL",
    ]);
  });
  it("says of what opens nothing neither debounce nor who hears", () => {
    expect(routeExtras(routeWith({ suppress: true, debounceMinutes: 5, tell: ["slack:#ops"] }))).toEqual([]);
  });
});

describe("minutes in words", () => {
  it.each([
    [0, "0 minutes"],
    [1, "1 minute"],
    [90, "90 minutes"],
    [120, "2 hours"],
    [1440, "1 day"],
    [1500, "25 hours"],
  ])("%i", (minutes, words) => {
    expect(minutesInWords(minutes)).toBe(words);
  });
});

describe("what became of an alert, in words", () => {
  const outcome = (over: Partial<DryRunOutcome>): DryRunOutcome => ({
    kind: "open",
    rule: "open-in-triage",
    text: "",
    route: "Quiet",
    incident: null,
    openedBy: null,
    ...over,
  });
  it.each<[Partial<DryRunOutcome>, string]>([
    [{}, "opens a triage incident"],
    [{ rule: "open-declared" }, "declares an incident"],
    [{ kind: "attach", openedBy: "Disk full" }, "joins the incident of “Disk full”"],
    [{ kind: "attach", openedBy: "x".repeat(61) }, `joins the incident of “${"x".repeat(60)}…”`],
    [{ kind: "hold" }, "held after an end"],
    [{ kind: "wait" }, "waits for the threshold"],
    [{ kind: "record" }, "only recorded"],
    [{ kind: "suppress", rule: "suppressed-by-route" }, "kept quiet by “Quiet”"],
    [{ kind: "suppress", rule: "muted" }, "kept quiet by a mute"],
  ])("%j", (over, words) => {
    expect(outcomeWords(outcome(over))).toBe(words);
  });
});
