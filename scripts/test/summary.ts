/** One thing that was tried: a test, a check, or a step that broke off. */
export type Outcome = {
  /** Where it belongs: a check, a vitest project, `e2e`. */
  step: string;
  name: string;
  state: "passed" | "failed" | "skipped";
  /** Why it was skipped, or how it failed. */
  reason?: string;
};

/** The part of Playwright's JSON that is read. */
export type PlaywrightReport = {
  suites?: PlaywrightSuite[];
  errors?: { message?: string }[];
};
type PlaywrightSuite = {
  title: string;
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    file: string;
    tests: {
      status: "expected" | "unexpected" | "flaky" | "skipped";
      annotations?: { type: string; description?: string }[];
    }[];
  }[];
};

/** Playwright's report as outcomes. One that passed only when repeated is flaky, and that is a failure. Pure. */
export function readPlaywrightReport(report: PlaywrightReport): Outcome[] {
  const outcomes: Outcome[] = (report.suites ?? []).flatMap(readSuite);
  for (const { message } of report.errors ?? []) {
    const reason = message ?? "no message";
    outcomes.push({ step: "e2e", name: "outside any test", state: "failed", reason });
  }
  return outcomes;
}

function readSuite(suite: PlaywrightSuite): Outcome[] {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test): Outcome => {
      const name = `${spec.file} › ${spec.title}`;
      if (test.status === "skipped") {
        const annotation = (test.annotations ?? []).find(({ type }) => type === "skip" || type === "fixme");
        const reason = annotation?.description ?? "no reason given";
        return { step: "e2e", name, state: "skipped", reason };
      }
      return { step: "e2e", name, state: test.status === "expected" ? "passed" : "failed" };
    }),
  );
  return [...own, ...(suite.suites ?? []).flatMap(readSuite)];
}

/**
 * A step's outcomes made honest by its exit code: one that ended badly without a failed test has
 * itself failed, and so has one that ran nothing. Pure.
 */
export function withStepFailure(step: string, outcomes: readonly Outcome[], exitCode: number | null): Outcome[] {
  const hasFailed = outcomes.some(({ state }) => state === "failed");
  if (exitCode !== 0 && !hasFailed) {
    const reason = exitCode === null ? "it broke off" : `it ended with ${exitCode}`;
    return [...outcomes, { step, name: `the step ${step}`, state: "failed", reason }];
  }
  if (outcomes.length === 0) {
    return [{ step, name: `the step ${step}`, state: "failed", reason: "it ran nothing" }];
  }
  return [...outcomes];
}

/** Everything skipped and failed, one line each, and the counts in the last line. Pure. */
export function summarise(outcomes: readonly Outcome[]): { lines: string[]; isOk: boolean } {
  const of = (state: Outcome["state"]): Outcome[] => outcomes.filter((outcome) => outcome.state === state);
  const describe = ({ state, step, name, reason }: Outcome): string =>
    `${state} [${step}] ${name}${reason === undefined ? "" : `: ${firstLine(reason)}`}`;
  const failed = of("failed");
  const skipped = of("skipped");
  return {
    lines: [
      ...skipped.map(describe),
      ...failed.map(describe),
      `${of("passed").length} passed, ${failed.length} failed, ${skipped.length} skipped`,
    ],
    isOk: failed.length === 0,
  };
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
