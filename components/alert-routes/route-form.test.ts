import { describe, expect, it } from "vitest";
import { createRouteInput } from "#/server/alerts/routing/contract.ts";
import { routeIn } from "./route-form.ts";

function formOf(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  return form;
}

const simple = { name: "A", condition: "true", enabled: "on", outcome: "triage", thresholdMinutes: "10" };

describe("the editor's form as a route", () => {
  it("of a name, a condition and a choice is what the API makes of the same three", () => {
    const { correlate: _, ...made } = createRouteInput.parse({ name: "A", condition: "true" });
    expect(routeIn(formOf(simple), false)).toEqual(made);
  });
  it("reads every part", () => {
    const form = formOf({
      ...simple,
      service: "checkout",
      severity: "error",
      team: "payments",
      outcome: "declared",
      groupBy: "service, labels.cluster",
      windowMinutes: "30",
      windowKind: "sliding",
      thresholdCount: "3",
      thresholdMinutes: "5",
      debounceMinutes: "0",
      correlate: "no",
      autoResolve: "propose",
      staleAfterMinutes: "60",
      tell: "#ops\na@example.com",
    });
    const input = routeIn(form, false);
    expect(createRouteInput.parse(input)).toEqual({
      name: "A",
      condition: "true",
      enabled: true,
      service: "checkout",
      severity: "error",
      team: "payments",
      suppress: false,
      opens: "declared",
      groupBy: ["service", "labels.cluster"],
      groupWindow: { minutes: 30, kind: "sliding" },
      threshold: { count: 3, minutes: 5 },
      debounceMinutes: 0,
      correlate: false,
      autoResolve: "propose",
      staleAfterMinutes: 60,
      tell: ["#ops", "a@example.com"],
    });
  });
  it("keeps what it opened when it is made quiet, and is off without its tick", () => {
    const { enabled: _, ...off } = simple;
    const input = routeIn(formOf({ ...off, outcome: "suppress" }), false);
    expect(input).toMatchObject({ suppress: true, enabled: false });
    expect(input).not.toHaveProperty("opens");
  });
  it("names neither condition nor switch of the default route", () => {
    const input = routeIn(formOf(simple), true);
    expect(input).not.toHaveProperty("condition");
    expect(input).not.toHaveProperty("enabled");
  });
});
