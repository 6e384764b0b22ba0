import { describe, expect, test } from "vitest";
import { type Decision, decide, type Mute, type PlaceState } from "./decide.ts";
import { matchRoute } from "./match-route.ts";
import { defaultRoute, type Route, type RoutedAlert } from "./route.ts";
import { clockIn, conditionFault } from "./route-condition.ts";

const now = new Date("2026-11-21T10:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const alert: RoutedAlert = {
  title: "5xx on checkout",
  description: "",
  status: "firing",
  severity: "critical",
  source: "prometheus-alertmanager",
  integration: { id: "i1", name: "prod alerts" },
  service: { id: "s1", name: "checkout" },
  team: null,
  labels: { alertname: "HighErrorRate", env: "prod", cluster: "c1" },
  links: [],
  isUnrecognised: false,
  startsAt: now,
};
const route = (over: Partial<Route> = {}): Route => ({
  ...defaultRoute,
  id: "r1",
  isDefault: false,
  name: "R",
  ...over,
});
const empty: PlaceState = { mutes: [], group: null, ofService: null, candidates: [], edges: [] };
const open = { id: "inc1", reference: "INC-1", endedAt: null };

function decided(routes: Route[], state: Partial<PlaceState> = {}, of: RoutedAlert = alert): Decision {
  const decision = decide(matchRoute(of, [...routes, defaultRoute], "UTC", now), { ...empty, ...state }, now);
  if (decision.kind === "ask-candidates") throw new Error("asked for candidates");
  return decision;
}
const group = (over: object) => ({ openedAt: ago(5), lastAt: ago(1), recent: [], incident: open, ...over });
const mute = (over: Partial<Mute> = {}): Mute => ({
  id: "m1",
  kind: "mute",
  reason: "Upgrade",
  by: "Ada",
  from: ago(10),
  until: ago(-10),
  covers: () => true,
  ...over,
});

describe("a condition", () => {
  test.each([
    ['severity == "critical" && labels.env == "prod"', true],
    ['labels.env == "staging"', false],
    ['labels.absent == "x"', false],
    ['has(labels.env) && service == "checkout"', true],
    ['name == "HighErrorRate" && integration.startsWith("prod")', true],
    ['title.matches("^5..")', true],
    ["now.hour >= 10 && now.hour < 11", true],
    ['now.weekday in ["Sat", "Sun"]', true],
  ])("%s: %s", (condition, holds) => {
    const match = matchRoute(alert, [route({ condition }), defaultRoute], "UTC", now);
    expect(match.route.isDefault).toBe(!holds);
    expect(conditionFault(condition)).toBeNull();
  });
  test.each([
    ['sevrity == "critical"', "An alert has no “sevrity”"],
    ["title", "must be true or false"],
    ["title == ", "cannot be read"],
    ["title > 3", "cannot be used"],
    ["labels.exists(a, labels.exists(b, true))", "loop inside a loop"],
  ])("%s is refused", (condition, words) => {
    expect(conditionFault(condition)).toContain(words);
  });
  test("tells the time of the organisation's zone, also when the clocks change", () => {
    expect(clockIn("Europe/Berlin", new Date("2026-10-25T00:30:00Z"))).toMatchObject({
      hour: 2,
      minute: 30,
      weekday: "Sun",
    });
    expect(clockIn("Europe/Berlin", new Date("2026-10-25T01:30:00Z"))).toMatchObject({ hour: 2, minute: 30 });
    expect(clockIn("Pacific/Auckland", new Date("2026-12-31T23:00:00Z")).date).toBe("2027-01-01");
  });
});

describe("routes", () => {
  test("are asked in their order, and disabled ones not at all", () => {
    const routes = [route({ id: "off", enabled: false }), route({ id: "first" }), route({ id: "second" })];
    expect(matchRoute(alert, [...routes, defaultRoute], "UTC", now).route.id).toBe("first");
  });
  test("set service, severity and team, and the group goes by them", () => {
    const set = route({ setService: { id: "s9", name: "shop" }, setSeverity: "info", setTeam: "web" });
    const match = matchRoute(alert, [set, defaultRoute], "UTC", now);
    expect(match.alert).toMatchObject({ service: { id: "s9" }, severity: "info", team: "web" });
    expect(match.group).toEqual({ key: "service:s9", words: "service = shop" });
    expect(match.steps.map((step) => step.rule)).toEqual(["route", "set-service", "set-severity", "set-team", "group"]);
  });
  test("group by fields and labels, and a missing one is a value too", () => {
    const by = route({ groupBy: ["labels.cluster", "labels.zone"] });
    const match = matchRoute(alert, [by, defaultRoute], "UTC", now);
    expect(match.group.words).toBe("labels.cluster = c1, labels.zone = (none)");
  });
  test("share the group of a service when they have no fields of their own", () => {
    const keys = [route({ id: "a" }), route({ id: "b" })].map(
      (each) => matchRoute(alert, [each, defaultRoute], "UTC", now).group.key,
    );
    expect(new Set(keys).size).toBe(1);
  });
});

describe("a decision", () => {
  test.each<[string, string, Route[], Partial<PlaceState>]>([
    ["nothing is open", "open-in-triage", [], {}],
    ["the route declares", "open-declared", [route({ opens: "declared" })], {}],
    ["the route only records", "recorded-only", [route({ opens: "nothing" })], { group: group({}) }],
    ["the route suppresses", "suppressed-by-route", [route({ suppress: true })], { group: group({}) }],
    ["a mute covers it", "muted", [], { mutes: [mute()], group: group({}) }],
    ["a silence covers it", "silenced", [], { mutes: [mute({ kind: "silence" })] }],
    ["a mute has not begun", "open-in-triage", [], { mutes: [mute({ from: ago(-1) })] }],
    ["a mute ends now", "open-in-triage", [], { mutes: [mute({ until: now })] }],
    ["a mute is for others", "open-in-triage", [], { mutes: [mute({ covers: () => false })] }],
    ["its service's incident is open", "open-incident-of-service", [], { group: group({}) }],
    ["people declared one for its service", "open-incident-of-service", [], { ofService: open }],
    [
      "its group's incident is open",
      "open-incident-of-group",
      [route({ groupBy: ["labels.cluster"] })],
      { group: group({}) },
    ],
    [
      "the fixed window is over",
      "open-in-triage",
      [route({ groupBy: ["labels.cluster"], groupWindowMinutes: 4 })],
      { group: group({}) },
    ],
    [
      "the sliding window is not",
      "open-incident-of-group",
      [route({ groupBy: ["labels.cluster"], groupWindowMinutes: 4, groupWindowKind: "sliding" })],
      { group: group({}) },
    ],
    [
      "it ended within the debounce",
      "held-after-end",
      [],
      { group: group({ incident: { ...open, endedAt: ago(29) } }) },
    ],
    [
      "it ended before the debounce",
      "open-in-triage",
      [],
      { group: group({ incident: { ...open, endedAt: ago(30) } }) },
    ],
    [
      "without a debounce",
      "open-in-triage",
      [route({ debounceMinutes: 0 })],
      { ofService: { ...open, endedAt: ago(0) } },
    ],
    [
      "below the threshold",
      "below-threshold",
      [route({ thresholdCount: 3, thresholdMinutes: 10 })],
      { group: group({ incident: null, recent: [ago(20).getTime(), ago(1).getTime()] }) },
    ],
    [
      "the threshold is reached",
      "open-in-triage",
      [route({ thresholdCount: 3, thresholdMinutes: 10 })],
      { group: group({ incident: null, recent: [ago(9).getTime(), ago(1).getTime()] }) },
    ],
    [
      "open incidents take alerts below the threshold",
      "open-incident-of-service",
      [route({ thresholdCount: 3, thresholdMinutes: 10 })],
      { group: group({}) },
    ],
  ])("when %s: %s", (_, rule, routes, state) => {
    const decision = decided(routes, state);
    expect(decision.rule).toBe(rule);
    expect(decision.text.length).toBeGreaterThan(10);
    expect(decision.steps[0]?.rule).toBe("route");
  });

  test("asks what else is open only when nothing nearer decides", () => {
    const match = matchRoute(alert, [defaultRoute], "UTC", now);
    expect(decide(match, { ...empty, candidates: null }, now)).toEqual({ kind: "ask-candidates" });
    expect(decide(match, { ...empty, candidates: null, ofService: open }, now)).toMatchObject({ kind: "attach" });
    const alone = matchRoute(alert, [route({ correlate: false }), defaultRoute], "UTC", now);
    expect(decide(alone, { ...empty, candidates: null }, now)).toMatchObject({ kind: "open" });
  });

  test("held alerts say until when, and what can be done", () => {
    const decision = decided([], { group: group({ incident: { ...open, endedAt: ago(10) } }) });
    expect(decision).toMatchObject({ kind: "hold", until: ago(-20) });
    expect(decision.text).toBe(
      "INC-1 for checkout ended 10 minutes ago, within the debounce of 30: reopen it, attach the alert elsewhere, or open a new incident.",
    );
  });

  test("joins a related incident and says by what", () => {
    const candidate = {
      incidentId: "inc7",
      reference: "INC-7",
      services: [{ id: "s2", name: "postgres" }],
      labels: { env: ["prod"], cluster: ["c1"] },
      names: ["PostgresDown"],
      openedAt: ago(3),
      lastAt: ago(1),
    };
    const edges = [{ serviceId: "s1", dependsOnId: "s2" }];
    const decision = decided([], { candidates: [candidate], edges });
    expect(decision).toMatchObject({ kind: "attach", rule: "related", isRelated: true });
    expect(decision.text).toBe("Related to INC-7: checkout depends on postgres, 1 min apart, the same cluster c1.");
    expect(decided([], { candidates: [{ ...candidate, labels: { env: ["staging"] } }], edges }).kind).toBe("open");
    expect(decided([], { candidates: [candidate], edges: [] }).kind).toBe("open");
  });
});
