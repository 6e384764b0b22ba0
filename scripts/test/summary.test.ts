import { describe, expect, test } from "vitest";
import { type Outcome, readPlaywrightReport, summarise, withStepFailure } from "./summary.ts";

const passed: Outcome = { step: "unit", name: "adds", state: "passed" };
const failed: Outcome = { step: "e2e", name: "resolves", state: "failed", reason: "timeout\n  at x" };
const skipped: Outcome = { step: "postgres", name: "joins", state: "skipped", reason: "no Redis" };

describe("summarise", () => {
  test("ends with the counts and lists what was skipped and what failed before them", () => {
    expect(summarise([passed, failed, skipped, passed])).toEqual({
      lines: ["skipped [postgres] joins: no Redis", "failed [e2e] resolves: timeout", "2 passed, 1 failed, 1 skipped"],
      isOk: false,
    });
  });

  test("is content with skips alone", () => {
    expect(summarise([passed, skipped]).isOk).toBe(true);
  });
});

describe("withStepFailure", () => {
  test("counts a step that ended badly without a failed test", () => {
    expect(withStepFailure("unit", [passed], 1)).toEqual([
      passed,
      { step: "unit", name: "the step unit", state: "failed", reason: "it ended with 1" },
    ]);
    expect(withStepFailure("unit", [passed], null).at(-1)?.reason).toBe("it broke off");
  });

  test("does not count a failure twice", () => {
    expect(withStepFailure("e2e", [failed], 1)).toEqual([failed]);
  });

  test("does not believe a step that ran nothing", () => {
    expect(withStepFailure("unit", [], 0).map(({ state }) => state)).toEqual(["failed"]);
  });
});

test("readPlaywrightReport counts nested tests, flaky ones as failed, and errors outside of tests", () => {
  const spec = (title: string, status: "expected" | "flaky" | "skipped") => ({
    title,
    file: "room.spec.ts",
    tests: [{ status, annotations: [{ type: "skip", description: "no camera" }] }],
  });
  const outcomes = readPlaywrightReport({
    suites: [
      {
        title: "room.spec.ts",
        specs: [spec("joins", "expected")],
        suites: [{ title: "later", specs: [spec("leaves", "flaky"), spec("sees", "skipped")] }],
      },
    ],
    errors: [{ message: "no such file" }],
  });
  expect(outcomes).toEqual([
    { step: "e2e", name: "room.spec.ts › joins", state: "passed" },
    { step: "e2e", name: "room.spec.ts › leaves", state: "failed" },
    { step: "e2e", name: "room.spec.ts › sees", state: "skipped", reason: "no camera" },
    { step: "e2e", name: "outside any test", state: "failed", reason: "no such file" },
  ]);
});
