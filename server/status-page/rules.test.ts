import { describe, expect, it } from "vitest";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { Impact } from "#/server/updates/shared/lists.ts";
import { fileOf, pathOfFile } from "./files.ts";
import type { PageComponent, PageIncident } from "./model.ts";
import { durationText } from "./pages/parts.ts";
import { dailyStates, headlineOf, indicatorOf, lastDays } from "./rules.ts";
import { coalesced } from "./status-page.ts";

const at = (text: string) => new Date(`2026-11-${text}Z`);

function component(status: ComponentStatus): PageComponent {
  const createdAt = at("10T00:00:00.000");
  const shown = { group: false, groupId: null, showcase: true, onlyShowIfDegraded: false, startDate: "2026-11-10" };
  return {
    ...shown,
    id: "c1",
    name: "Checkout",
    description: "",
    status,
    position: 1,
    createdAt,
    updatedAt: createdAt,
  };
}
function incident(impact: Impact, isResolved = false): PageIncident {
  const startedAt = at("20T10:00:00.000");
  return {
    id: "i1",
    title: "Service incident",
    impact,
    status: isResolved ? "resolved" : "investigating",
    startedAt,
    monitoringAt: null,
    resolvedAt: isResolved ? at("20T12:00:00.000") : null,
    createdAt: startedAt,
    updatedAt: startedAt,
    components: [],
    updates: [],
  };
}

describe("the headline", () => {
  it.each([
    [[], [], "none", "All Systems Operational"],
    [["operational"], [incident("critical", true)], "none", "All Systems Operational"],
    [["under_maintenance"], [], "maintenance", "Service Under Maintenance"],
    [["degraded_performance", "operational"], [], "minor", "Partially Degraded Service"],
    [["degraded_performance"], [], "minor", "Degraded System Service"],
    [["operational"], [incident("minor")], "minor", "Minor Service Outage"],
    [["operational"], [incident("none")], "minor", "Minor Service Outage"],
    [["degraded_performance"], [incident("major")], "major", "Partial System Outage"],
    [["partial_outage"], [incident("minor")], "major", "Partial System Outage"],
    [["operational"], [incident("critical")], "critical", "Major System Outage"],
    [["major_outage", "operational"], [], "critical", "Major System Outage"],
  ] as const)("of %j and %# is right", (states, incidents, indicator, headline) => {
    const model = { components: states.map((state) => component(state)), incidents: [...incidents] };
    expect(indicatorOf(model)).toBe(indicator);
    expect(headlineOf(model)).toBe(headline);
  });
});

it("days show the worst that was said, and nothing before the component was there", () => {
  const said = (publishedAt: Date, newStatus: ComponentStatus) => ({
    id: "u",
    status: "identified" as const,
    body: "",
    publishedAt,
    correctedAt: null,
    hasMail: false,
    components: [{ id: "c1", name: "Checkout", oldStatus: "operational" as const, newStatus }],
  });
  const one = {
    ...incident("major", true),
    startedAt: at("12T22:00:00.000"),
    resolvedAt: at("14T01:00:00.000"),
    updates: [said(at("13T09:00:00.000"), "degraded_performance"), said(at("12T22:00:00.000"), "major_outage")],
  };
  const now = at("15T10:00:00.000");
  const days = lastDays(now, 7);
  expect(days[0]).toBe("2026-11-09");
  expect(dailyStates(component("operational"), [one], days, now)).toEqual([
    null,
    "operational",
    "operational",
    "major_outage",
    "major_outage",
    "degraded_performance",
    "operational",
  ]);
});

it.each([
  [0, "1 min"],
  [48 * 60_000, "48 min"],
  [60 * 60_000, "1 h"],
  [108 * 60_000, "1 h 48 min"],
])("%i ms is %s", (ms, text) => expect(durationText(ms)).toBe(text));

it.each([
  ["/status", "status/index.html"],
  ["/status/incidents/abc", "status/incidents/abc/index.html"],
  ["/status/feed.atom", "status/feed.atom"],
  ["/api/v2/incidents/unresolved.json", "api/v2/incidents/unresolved.json"],
])("%s lies in %s", (path, file) => {
  expect(fileOf(path)).toBe(file);
  expect(pathOfFile(file)).toBe(path);
});

it("builds one at a time, and once more for all who asked meanwhile", async () => {
  const gates: (() => void)[] = [];
  const run = coalesced(() => new Promise<void>((resolve) => gates.push(resolve)));
  const first = run();
  const later = [run(), run(), run()];
  expect(gates).toHaveLength(1);
  gates[0]?.();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect(gates).toHaveLength(2);
  gates[1]?.();
  await Promise.all(later);
  expect(gates).toHaveLength(2);
});

it("a failed build fails who waited for it and nobody else", async () => {
  let runs = 0;
  const run = coalesced(async () => {
    runs += 1;
    if (runs === 1) throw new Error("no disk");
  });
  const first = run();
  const second = run();
  await expect(first).rejects.toThrow("no disk");
  await expect(second).resolves.toBeUndefined();
});
