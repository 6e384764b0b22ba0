import { expect, test } from "vitest";
import { pathWith } from "./query.ts";

test.each([
  [{}, "/alerts"],
  [{ q: "", team: [] }, "/alerts"],
  [
    { q: "a b", team: ["web", ""], status: ["firing", "resolved"] },
    "/alerts?q=a+b&team=web&status=firing&status=resolved",
  ],
  [{ service: ["a,b", "c&d"] }, "/alerts?service=a%2Cb&service=c%26d"],
])("a path carries the filters that are set: %j", (filters, path) => {
  expect(pathWith("/alerts", filters)).toBe(path);
});
