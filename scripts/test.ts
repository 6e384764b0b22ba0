// `npm test [-- STEP…]`: the whole suite, or the named steps of it: check unit embedded postgres e2e measure.
//
// Finds, starts or installs what the tests need, runs the steps, and ends with one line of counts.

import { cleanUp, cleanUpOnSignals } from "./test/cleanup.ts";
import { runMeasureStep } from "./test/measure.ts";
import { findNeeds } from "./test/needs.ts";
import { parseSteps, type StepName } from "./test/step-names.ts";
import { runBrowserStep, runCheckStep, runVitestStep } from "./test/steps.ts";
import { type Outcome, summarise } from "./test/summary.ts";
import { temporaryFolder } from "./test/temporary-server.ts";

const startedAt = performance.now();
/** Set by the bootstrap, which goes on without the pages so that the rest is still tested. */
const isBuildBroken = process.env.TEST_BUILD_FAILED === "1";

async function runSuite(steps: ReadonlySet<StepName>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const folder = temporaryFolder("test");
  const run = async (step: string, work: () => Promise<Outcome[]>): Promise<void> => {
    process.stdout.write(`\n— ${step}\n`);
    try {
      outcomes.push(...(await work()));
    } catch (error) {
      // A step that breaks must not take the others, or the last line, with it.
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${reason}\n`);
      outcomes.push({ step, name: `the step ${step}`, state: "failed", reason });
    }
  };

  if (steps.has("check")) await run("check", runCheckStep);
  const needs = { env: {}, missing: new Map<string, string>() };
  await run("needs", async () => {
    Object.assign(needs, await findNeeds(steps));
    return [...needs.missing]
      .filter(([name]) => name !== "browser" && name !== "PostgreSQL")
      .map(([name, reason]): Outcome => ({ step: "needs", name, state: "skipped", reason }));
  });
  if (steps.has("unit") || steps.has("embedded") || steps.has("postgres")) {
    await run("vitest", () => runVitestStep(steps, needs, folder));
  }
  if (isBuildBroken) {
    outcomes.push({ step: "build", name: "next build", state: "failed", reason: "see above" });
    return outcomes;
  }
  if (steps.has("e2e")) await run("e2e", () => runBrowserStep(needs, folder));
  if (steps.has("measure")) await run("measure", () => runMeasureStep(startedAt));
  return outcomes;
}

async function main(): Promise<number> {
  cleanUpOnSignals();
  let steps: Set<StepName>;
  try {
    steps = parseSteps(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  const outcomes = await runSuite(steps);
  await cleanUp();
  const { lines, isOk } = summarise(outcomes);
  process.stdout.write(`\n${lines.join("\n")}\n`);
  return isOk ? 0 : 1;
}

process.exit(await main());
