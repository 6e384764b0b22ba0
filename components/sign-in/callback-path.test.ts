import { expect, test } from "vitest";
import { callbackPath } from "./callback-path.ts";

test.each([
  ["/incidents/INC-42?tab=notes#last", "/incidents/INC-42?tab=notes#last"],
  ["/", "/"],
  [undefined, "/incidents"],
  ["", "/incidents"],
  [["/alerts", "/incidents"], "/incidents"],
  ["https://other.example/", "/incidents"],
  ["//other.example/", "/incidents"],
  ["/\\other.example", "/incidents"],
  ["/\t/other.example", "/incidents"],
  ["javascript:alert(1)", "/incidents"],
  ["/sign-in?callbackUrl=/sign-in", "/incidents"],
  ["/api/v1/incidents", "/incidents"],
])("%j leads to %s", (given, expected) => {
  expect(callbackPath(given)).toBe(expected);
});
