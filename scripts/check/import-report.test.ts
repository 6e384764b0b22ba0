import { expect, test } from "vitest";
import { MODULES_MIN, readImportReport } from "./import-report.ts";

const modules = (count: number) => Array.from({ length: count }, (_, at) => ({ source: `server/file-${at}.ts` }));
const violation = (severity: string) => ({
  from: "server/a.ts",
  to: "server/b.ts",
  rule: { name: "no-siblings", severity },
});

test("a broken rule is a line, a warning is none", () => {
  const summary = { violations: [violation("error"), violation("warn")] };
  expect(readImportReport({ modules: modules(MODULES_MIN), summary }, ["server"])).toEqual([
    "no-siblings: server/a.ts → server/b.ts",
  ]);
});

test("too few of our own modules seen is a problem in itself", () => {
  const foreign = [{ source: "node_modules/zod/index.js" }];
  const report = { modules: [...modules(MODULES_MIN - 1), ...foreign], summary: { violations: [] } };
  expect(readImportReport(report, ["server"])).toEqual(["only 49 modules seen, at least 50 expected"]);
});
