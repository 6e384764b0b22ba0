import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { runChecks } from "../check/run-checks.ts";
import { testEnvironment } from "./environment.ts";
import type { Needs } from "./needs.ts";
import { root, show } from "./process.ts";
import type { StepName } from "./step-names.ts";
import { type Outcome, readPlaywrightReport, withStepFailure } from "./summary.ts";

/** Each check counts as one test. */
export async function runCheckStep(): Promise<Outcome[]> {
  const results = await runChecks();
  return results.map(({ name, isOk }): Outcome => {
    if (isOk) return { step: "check", name, state: "passed" };
    return { step: "check", name, state: "failed", reason: "its output is above" };
  });
}

/**
 * The vitest projects among the chosen steps, in one run.
 * Without a PostgreSQL its project is skipped, as one.
 */
export async function runVitestStep(
  steps: ReadonlySet<StepName>,
  { env, missing }: Needs,
  folder: string,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const projects = (["unit", "embedded", "postgres"] as const).filter((name) => steps.has(name));
  const reason = missing.get("PostgreSQL");
  const runnable = projects.filter((name) => name !== "postgres" || reason === undefined);
  if (runnable.length < projects.length) {
    outcomes.push(skipped("postgres", "integration tests on PostgreSQL", reason));
  }
  if (runnable.length === 0) return outcomes;
  const report = path.join(folder, "vitest.json");
  const args = ["run"];
  for (const name of runnable) args.push("--project", name);
  const code = await show(process.execPath, [path.join(root, "node_modules/vitest/vitest.mjs"), ...args], {
    env: testEnvironment({ ...env, TEST_REPORT: report }),
  });
  const ran = readJson<Outcome[]>(report) ?? [];
  return [...outcomes, ...withStepFailure(runnable.join("+"), ran, code)];
}

/** The stories in a real browser. */
export async function runBrowserStep({ env, missing }: Needs, folder: string): Promise<Outcome[]> {
  const reason = missing.get("browser");
  if (reason !== undefined) return [skipped("e2e", "tests in a browser", reason)];
  const report = path.join(folder, "playwright.json");
  const cli = path.join(root, "node_modules/@playwright/test/cli.js");
  const code = await show(process.execPath, [cli, "test"], {
    env: testEnvironment({ ...env, TEST_REPORT: report }),
  });
  return withStepFailure("e2e", readPlaywrightReport(readJson(report) ?? {}), code);
}

function skipped(step: string, name: string, reason = "no reason given"): Outcome {
  return { step, name, state: "skipped", reason };
}

function readJson<Shape>(file: string): Shape | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Shape) : null;
}
