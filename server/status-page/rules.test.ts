import { describe, expect, it } from "vitest";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { Impact } from "#/server/updates/shared/lists.ts";
import { coalesced } from "./coalesced.ts";
import { fileOf, pathOfFile } from "./files.ts";
import type { PageComponent, PageIncident } from "./model.ts";
import { durationText } from "./pages/dates.ts";
import { historyPages } from "./pages/history.ts";
import { excerptOf } from "./pages/parts.ts";
import { headlineOf, indicatorOf } from "./rules.ts";
import { refreshIn } from "./status-page.ts";

const at = (text: string) => new Date(`2026-11-${text}Z`);

function component(status: ComponentStatus): PageComponent {
  const createdAt = at("10T00:00:00.000");
  const shown = {
    group: false,
    groupId: null,
    showcase: true,
    onlyShowIfDegraded: false,
    startDate: "2026-11-10",
    states: [],
  };
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

it.each([
  [0, "1 min"],
  [48 * 60_000, "48 min"],
  [60 * 60_000, "1 h"],
  [108 * 60_000, "1 h 48 min"],
])("%i ms is %s", (ms, text) => expect(durationText(ms)).toBe(text));

it.each([
  ["/status", "status/index.html"],
  ["/status/incidents/abc", "status/incidents/abc/index.html"],
  ["/status/history", "status/history/index.html"],
  ["/status/history/2026-q3", "status/history/2026-q3/index.html"],
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

describe("the history", () => {
  const on = (day: string) => ({ ...incident("minor", true), id: day, createdAt: new Date(`${day}T10:00:00Z`) });
  const now = at("21T10:00:00.000");
  const months = (days: string[]) =>
    historyPages(days.map(on), now).map((page) => [page.path, page.months.map(({ month }) => month).join(" ")]);

  it("is one page as long as all of it is in the last three months", () => {
    const front = ["/status/history", "2026-11 2026-10 2026-09"];
    expect(months([])).toEqual([front]);
    expect(months(["2026-11-20", "2026-09-01"])).toEqual([front]);
  });

  it("has a page for each quarter back to the first incident, and each way leads on", () => {
    expect(months(["2026-11-20", "2026-02-28"])).toEqual([
      ["/status/history", "2026-11 2026-10 2026-09"],
      ["/status/history/2026-q4", "2026-11 2026-10"],
      ["/status/history/2026-q3", "2026-09 2026-08 2026-07"],
      ["/status/history/2026-q2", "2026-06 2026-05 2026-04"],
      ["/status/history/2026-q1", "2026-03 2026-02 2026-01"],
    ]);
    const pages = historyPages([on("2026-02-28")], now);
    const seen: string[] = [];
    for (let path: string | null = "/status/history"; path; ) {
      const page = pages.find((one) => one.path === path);
      seen.push(...(page?.months.map(({ month }) => month) ?? []));
      path = page?.older ?? null;
    }
    expect(new Set(seen).size).toBe(11);
    expect(pages.at(-1)).toMatchObject({ newer: "/status/history/2026-q2", older: null });
    expect(
      pages.find((page) => page.months.some(({ month }) => month === "2026-02"))?.months[1]?.incidents,
    ).toHaveLength(1);
  });
});

it.each([
  ["short", "short"],
  ["x".repeat(280), "x".repeat(280)],
  [`${"word ".repeat(60)}`, `${"word ".repeat(55)}word …`],
  ["x".repeat(400), `${"x".repeat(280)} …`],
  [`${"x".repeat(279)}😀 and more of it`, `${"x".repeat(279)} …`],
])("an excerpt of %# ends between words and holds no half character", (text, excerpt) => {
  expect(excerptOf(text)).toBe(excerpt);
});

it("is built again by itself each quarter of an hour, and at midnight", () => {
  expect(refreshIn(at("21T10:00:00.000"))).toBe(15 * 60_000);
  expect(refreshIn(at("21T23:59:00.000"))).toBe(60_000);
});
