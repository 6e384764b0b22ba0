import { writeFileSync } from "node:fs";
import type { Reporter, SerializedError, TestModule } from "vitest/node";
import type { Outcome } from "./summary.ts";

/** Writes each test's outcome, with the reason of a skip, to the file that TEST_REPORT names. */
export class OutcomeReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const file = process.env.TEST_REPORT;
    if (file === undefined) return;
    const outcomes = [...modules.flatMap(readModule), ...errors.map(readError)];
    writeFileSync(file, JSON.stringify(outcomes));
  }
}

function readModule(module: TestModule): Outcome[] {
  const step = module.project.name;
  const outcomes: Outcome[] = [];
  for (const test of module.children.allTests()) {
    const name = `${module.relativeModuleId} › ${test.fullName}`;
    const result = test.result();
    if (result.state === "passed") outcomes.push({ step, name, state: "passed" });
    else if (result.state === "failed") {
      outcomes.push({ step, name, state: "failed", reason: result.errors[0]?.message ?? "no message" });
    } else {
      const reason = result.state === "skipped" ? result.note : "it did not end";
      outcomes.push({ step, name, state: "skipped", reason: reason ?? "no reason given" });
    }
  }
  // A file that does not load, or whose hooks fail, has errors and perhaps no tests.
  for (const { message } of module.errors()) {
    outcomes.push({ step, name: module.relativeModuleId, state: "failed", reason: message });
  }
  return outcomes;
}

function readError({ message }: SerializedError): Outcome {
  return { step: "vitest", name: "outside any test", state: "failed", reason: message };
}
