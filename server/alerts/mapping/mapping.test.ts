import { describe, expect, test } from "vitest";
import { AppError } from "#/server/platform/errors.ts";
import { applyMapping } from "./apply-mapping.ts";
import { conditionOf } from "./condition.ts";
import { fieldText } from "./field.ts";
import { type Mapping, mappingSchema } from "./mapping.ts";
import { pathOf, type Roots, valueAt } from "./path.ts";
import { fill, templateOf } from "./template.ts";
import { timeOf } from "./time.ts";

const item = {
  a: { b: [1, { c: "x" }], "d.e": "dotted", "f g": 0 },
  list: [
    { key: "severity", value: "high" },
    { key: "app", value: "cart" },
  ],
  inner: '{"deep": {"state": "ALARM"}}',
  text: '{"not": "unpacked as text"}',
  slash: "https://x.example/",
  empty: "",
  nothing: null,
};
const roots: Roots = {
  item,
  body: { whole: true },
  headers: { "x-event": "push" },
  query: {},
  route: { action: "close" },
};
const scope = { roots, names: { ...item, ...roots } };

describe("paths", () => {
  test.each<[string, unknown]>([
    ["a.b[0]", 1],
    ["a.b[1].c", "x"],
    ['a["d.e"]', "dotted"],
    ["a.f g", 0],
    ["list[key=severity].value", "high"],
    ["list[].value", ["high", "cart"]],
    ["list[*].key", ["severity", "app"]],
    ["inner[*].state", ["ALARM"]],
    ["inner.deep.state", "ALARM"],
    ["$body.whole", true],
    ["$headers.x-event", "push"],
    ["$route.action", "close"],
    ["a.b.c", undefined],
    ["nothing.at.all", undefined],
    ["constructor.name", undefined],
    ["__proto__", undefined],
  ])("%s", (path, value) => expect(valueAt(pathOf(path), roots)).toEqual(value));

  test("what is no path is refused with the place", () => {
    expect(() => pathOf("a[b")).toThrow(/at “\[b”/);
    expect(() => pathOf("a".repeat(301))).toThrow(AppError);
  });
});

describe("templates", () => {
  test.each<[string, string | null]>([
    ["{a.b[1].c}: {list[key=app].value}", "x: cart"],
    ["{gone|a.b[1].c}", "x"],
    ["{a.b[1].c}: {gone}", "x"],
    ["{a.b[1].c} ({gone})", "x"],
    ["{gone}: {slash}: {gone}", "https://x.example/"],
    ["{gone} - {empty}", null],
    ["no paths at all", "no paths at all"],
    ["{{braces}} {a.b[0]}", "{braces} 1"],
    ["{text}", '{"not": "unpacked as text"}'],
  ])("%s", (template, text) => expect(fill(templateOf(template), roots)).toBe(text));
});

describe("conditions", () => {
  test.each<[string, boolean]>([
    ['a.b.size() == 2 && item.list.exists(l, l.value == "high")', true],
    ["gone.deeper == 1", false],
    ["has(item.gone)", false],
    ['inner.matches("ALARM$")', false],
    ['inner.matches("ALARM")', true],
    ['"a.matches(b)" == "a.matches(b)"', true],
  ])("%s", (condition, holds) => expect(conditionOf(condition).holds(scope.names)).toBe(holds));

  test("a loop in a loop, a broken pattern and a broken condition are refused in words", () => {
    expect(() => conditionOf("item.list.exists(a, item.list.exists(b, a == b))")).toThrow(/loop inside a loop/);
    expect(() => conditionOf("a ==")).toThrow(/cannot be read/);
    expect(() => conditionOf("x".repeat(2_001))).toThrow(/2000 characters/);
  });

  test("a pattern that backtracks elsewhere takes no time", () => {
    const evil = { text: "a".repeat(19_000) };
    expect(conditionOf('text.matches("^(a+)+$x")').holds(evil)).toBe(false);
  });
});

describe("fields", () => {
  test.each<[Parameters<typeof fieldText>[0], string | null]>([
    [["{gone}", "{list[0].value}"], "high"],
    [{ from: "{list[0].value}", values: { HIGH: "critical" } }, "critical"],
    [{ from: "{list[1].value}", values: { high: "critical" }, otherwise: "info" }, "info"],
    [[{ from: "{list[0].value}", values: { high: "" } }, "{list[1].value}"], "cart"],
    [{ from: "job 88 failed", find: "job (\\d+)" }, "88"],
    [{ cel: 'a.b[0] == 1 ? "resolved" : "firing"' }, "resolved"],
    [{ cel: "gone.x" }, null],
    [{ hash: "gone" }, null],
  ])("%j", (field, text) => expect(fieldText(field, scope)).toBe(text));
});

describe("times", () => {
  const at = "2026-02-10T12:00:00.000Z";
  test.each<[unknown, string | null]>([
    ["2026-02-10T12:00:00Z", at],
    [1770724800, at],
    [1770724800000, at],
    ["1770724800", at],
    ["1770724800000000000", at],
    ["2026-02-10 12:00:00 UTC", at],
    ["2026-02-10 12:00:00 +0000 UTC", at],
    ["2026-02-10 12:00:00", at],
    ["2026-02-10T13:00:00.123456789+0100", "2026-02-10T12:00:00.123Z"],
    ["2026-02-10T04:00:00-08:00", at],
    ["Tue, 10 Feb 2026 12:00:00 GMT", at],
    ["February 10, 2026 1:00 PM BST", at],
    ["2/10/2026 12:00 PM", at],
    ["2026/02/10 20:00:00 GMT+08:00", at],
    ["20260210120000", at],
    ["2020-07-20 16:26:22 (UTC)", "2020-07-20T16:26:22.000Z"],
    ["Feb 10, 2026 at 12:00 UTC", at],
    ["0001-01-01T00:00:00Z", null],
    ["0001-01-01T00:00:00.000Z", null],
    ["2026-02-10T12:00:00+01.00", "2026-02-10T11:00:00.000Z"],
    ["*alertDateTime*", null],
    ["", null],
    [0, null],
    [null, null],
    [{}, null],
  ])("%j", (value, iso) => expect(timeOf(value)?.toISOString() ?? null).toBe(iso));
});

describe("mappings", () => {
  const mapping: Mapping = mappingSchema.parse({
    shapes: [
      {
        when: "has(body.alerts)",
        split: "alerts",
        title: "{name}",
        status: "{state}",
        dedupKey: "{name}",
        test: "item.name == 'ping'",
      },
      { when: "has(item.name)", title: "{name}", severity: "{level}", labels: ["tags"] },
    ],
  });
  const apply = (body: unknown) => applyMapping(mapping, { body, headers: {}, query: {}, route: {} });
  const read = (body: unknown) => apply(body)?.reports ?? null;

  test("a batch is read entry by entry, its tests apart", () => {
    const reports = read({ alerts: [{ name: "a", state: "ok" }, { name: "ping" }, "what?"] });
    expect(reports?.map((report) => report.kind)).toEqual(["alert", "test", "alert"]);
    expect(reports?.[0]).toMatchObject({ dedupKey: "a", status: "resolved", title: "a" });
  });

  test("a list of bodies is read one by one; one of no shape does not spoil the others", () => {
    expect(read([{ name: "a" }, { alerts: [{ name: "b" }] }])).toHaveLength(2);
    expect(apply([{ name: "a" }, { other: 1 }])).toMatchObject({
      reports: [{ title: "a" }],
      strangers: [{ other: 1 }],
    });
    expect(read([{ other: 1 }, { other: 2 }])).toBeNull();
    expect(read("text")).toBeNull();
    expect(read({ alerts: [] })).toBeNull();
  });

  test("an unknown word for the severity ranks in the middle and is kept", () => {
    expect(read({ name: "a", level: "spicy", tags: ["env:prod", "bare"] })?.[0]).toMatchObject({
      severity: "warning",
      severityWord: "spicy",
      labels: { env: "prod", bare: "true" },
    });
  });

  test("a hash is the same in any order of the fields, and differs by a value", () => {
    const hash = (labels: unknown) =>
      fieldText({ hash: "labels" }, { roots: { ...roots, item: { labels } }, names: {} });
    expect(hash({ a: 1, b: { c: 2, d: 3 } })).toBe(hash({ b: { d: 3, c: 2 }, a: 1 }));
    expect(hash({ a: 1, b: 2 })).not.toBe(hash({ a: 2, b: 1 }));
  });

  test("a deploy is a change; a failed one is an alert too, which a success ends", () => {
    const deploys = mappingSchema.parse({
      shapes: [{ kind: "deploy", title: "{name}", status: "{state}", dedupKey: "{name}", changeKey: "{id}" }],
    });
    const told = (state: string) =>
      applyMapping(deploys, { body: { name: "shop", id: 7, state }, headers: {}, query: {}, route: {} })?.reports;
    expect(told("started")).toMatchObject([{ kind: "change", dedupKey: "7", state: "started" }]);
    expect(told("failed")).toMatchObject([{ kind: "alert", dedupKey: "shop", status: "firing" }, { kind: "change" }]);
    expect(told("succeeded")).toMatchObject([{ kind: "alert", status: "resolved" }, { kind: "change" }]);
  });

  test("what cannot be read is refused when it is set", () => {
    const result = mappingSchema.safeParse({
      shapes: [{ title: "{a", when: "a ==", severity: { from: "{x}", find: "(" } }],
    });
    expect(result.error?.issues.length).toBeGreaterThanOrEqual(2);
  });
});
