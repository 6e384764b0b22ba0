import { expect, test } from "vitest";
import { parseSteps, stepNames } from "./step-names.ts";

test("no step named means all of them, in their order", () => {
  expect([...parseSteps([])]).toEqual([...stepNames]);
  expect([...parseSteps(["e2e", "unit"])]).toEqual(["unit", "e2e"]);
});

test("an unknown step is refused with the usage", () => {
  expect(() => parseSteps(["e2"])).toThrow(/unknown step e2\nusage: npm test/);
});
