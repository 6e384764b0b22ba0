import { describe, expect, test } from "vitest";
import { canBeLikely, distanceOf, isNewer, isSamePlace, type Relation, reasonOf, stateOf } from "./rules.ts";
import { LIKELY_WITHIN_MS } from "./shared/lists.ts";

const impact = new Date("2026-11-21T10:00:00.000Z");
const at = (minutes: number) => new Date(impact.getTime() + minutes * 60_000);
type Given = { kind?: string; state?: string; from?: number; to?: number; relation?: Relation };
function change({ kind = "deploy", state = "succeeded", from, to = -4, relation = "named" }: Given = {}) {
  return { kind, state, startedAt: at(from ?? to), at: at(to), relation, service: "payments", named: "checkout" };
}

describe("the reason", () => {
  test.each([
    [change(), "deployed 4 min before the impact, on payments, which this incident names"],
    [change({ relation: "depends_on" }), "deployed 4 min before the impact, on payments, which checkout depends on"],
    [
      change({ relation: "depended_on_by", kind: "flag" }),
      "switched 4 min before the impact, on payments, which depends on checkout",
    ],
    [change({ state: "failed" }), "deploy failed 4 min before the impact, on payments, which this incident names"],
    [
      change({ state: "started", kind: "release", to: -0.2 }),
      "release started less than a minute before the impact, on payments, which this incident names",
    ],
    [change({ from: -3, to: 2 }), "deploy under way when the impact began, on payments, which this incident names"],
    [
      change({ to: 12, kind: "rollback" }),
      "rollback 12 min after the impact began, on payments, which this incident names",
    ],
    [change({ to: -200 }), "deployed 3 h before the impact, on payments, which this incident names"],
  ])("%#", (given, words) => {
    expect(reasonOf(given, impact)).toBe(words);
  });
});

test("changes are ranked by nearness in time and graph, builds behind, what came after the impact last", () => {
  const ranked = {
    "under way": change({ from: -20, to: 1 }),
    "named, 4 min": change(),
    "depends on, 4 min": change({ relation: "depends_on" }),
    "named, 30 min": change({ to: -30 }),
    "depended on by, 4 min": change({ relation: "depended_on_by" }),
    "build, 5 min": change({ kind: "build", to: -5 }),
    "named, 20 h": change({ to: -20 * 60 }),
    "rollback after": change({ to: 3 }),
    "rollback later": change({ to: 30 }),
  };
  const order = Object.entries(ranked)
    .sort(([, a], [, b]) => distanceOf(a, impact) - distanceOf(b, impact))
    .map(([name]) => name);
  expect(order).toEqual([
    "under way",
    "named, 4 min",
    "depends on, 4 min",
    "named, 30 min",
    "depended on by, 4 min",
    "build, 5 min",
    "named, 20 h",
    "rollback after",
    "rollback later",
  ]);
});

test.each([
  ["In Progress", "started"],
  ["success", "succeeded"],
  ["FAILURE", "failed"],
  ["started", "started"],
  ["rolled back", "rolled back"],
  ["", ""],
])("the state %s is %s", (word, expected) => {
  expect(stateOf(word)).toBe(expected);
});

test("only a change shortly before the impact, or under way, is accused", () => {
  const limit = LIKELY_WITHIN_MS / 60_000;
  expect(canBeLikely(change({ to: -limit }), impact)).toBe(true);
  expect(canBeLikely(change({ to: -limit - 1 }), impact)).toBe(false);
  expect(canBeLikely(change({ from: -limit - 60, to: 5 }), impact)).toBe(true);
  expect(canBeLikely(change({ to: 1 }), impact)).toBe(false);
  expect(canBeLikely(change({ kind: "build" }), impact)).toBe(false);
});

test.each([
  ["an end after the start", "started", "succeeded", 1, true],
  ["an end that says an earlier time than the start", "started", "failed", -1, true],
  ["a start that comes after the end", "succeeded", "started", -5, false],
  ["a start without a time, after the end", "failed", "started", null, false],
  ["the next try, started later", "failed", "started", 10, true],
  ["the end of the second try", "failed", "succeeded", 12, true],
  ["an end that was told before", "succeeded", "failed", -3, false],
  ["no state at all", "", "", null, true],
])("%s", (_, before, state, minutes, expected) => {
  const report = { state, at: minutes === null ? null : at(minutes) };
  expect(isNewer({ state: before, at: at(0) }, report)).toBe(expected);
});

test("a change elsewhere is left out, and only when both say where they are", () => {
  const alerts = new Map([
    ["environment", new Set(["production"])],
    ["region", new Set(["eu-west", "eu-north"])],
  ]);
  expect(isSamePlace({ env: "Prod", region: "eu-west" }, alerts)).toBe(true);
  expect(isSamePlace({ environment: "staging" }, alerts)).toBe(false);
  expect(isSamePlace({ region: "us-east" }, alerts)).toBe(false);
  expect(isSamePlace({}, alerts)).toBe(true);
  expect(isSamePlace({ environment: "staging" }, new Map())).toBe(true);
});
