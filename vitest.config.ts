import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { OutcomeReporter } from "./scripts/test/vitest-reporter.ts";

const withDatabase = ["**/*.db.test.ts", "**/*.socket.test.ts"];
const elsewhere = ["**/node_modules/**", ".next/**", ".runtime/**", "data/**", "e2e/**"];
/** Reads what Node reads: `#/…` names a file from the top of the checkout. */
const resolve = { alias: [{ find: /^#\//, replacement: `${import.meta.dirname}/` }] };

/** The same tests on both databases; which one is told by TEST_DATABASE_ENGINE. */
function onDatabase(engine: "embedded" | "postgres") {
  return {
    resolve,
    test: {
      name: engine,
      include: withDatabase,
      exclude: elsewhere,
      env: { TEST_DATABASE_ENGINE: engine },
      // A migrated database to copy for each file, on a machine with two busy cores.
      testTimeout: 20_000,
      expect: { poll: { timeout: 10_000 } },
      hookTimeout: 60_000,
    },
  };
}

/** In each project those that start processes first: they take longest, and the last one would be waited for alone. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const startsProcesses = ({ moduleId }: TestSpecification) => /server\/(process|never-lost)[\w.-]*$/.test(moduleId);
    const byProject = Map.groupBy(await super.sort(files), ({ project }) => project.name);
    return [...byProject.values()].flatMap((own) => [
      ...own.filter(startsProcesses),
      ...own.filter((file) => !startsProcesses(file)),
    ]);
  }
}

export default defineConfig({
  test: {
    // Many tests wait for timers, sockets and processes: one more than there are cores keeps the cores busy.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: ProcessesFirst },
    execArgv: [
      "--disable-warning=ExperimentalWarning",
      "--import",
      `${import.meta.dirname}/server/platform/quick-imports.ts`,
    ],
    reporters: ["default", new OutcomeReporter()],
    projects: [
      {
        resolve,
        test: { name: "unit", include: ["**/*.test.ts"], exclude: [...elsewhere, ...withDatabase] },
      },
      onDatabase("embedded"),
      onDatabase("postgres"),
    ],
  },
});
