import { existsSync } from "node:fs";
import path from "node:path";
import { capture, root } from "../test/process.ts";
import { readImportReport } from "./import-report.ts";

export type CheckResult = {
  name: string;
  isOk: boolean;
  durationMs: number;
  /** What a person needs to put it right; empty when it passed. */
  output: string;
};

type Check = { name: string; run: () => Promise<{ isOk: boolean; output: string }> };

/** Two cores are what a small machine has, and each tool keeps one busy. */
const PARALLEL_MAX = 2;

/** The folders under the import rules. */
const CODE_FOLDERS = ["app", "components", "server", "db", "e2e", "bench", "scripts"];

/** Slowest first, so that the last one to start is a short one. */
const checks: readonly Check[] = [
  { name: "types (tsc)", run: () => runTool("typescript/bin/tsc", ["--noEmit"]) },
  { name: "import rules (dependency-cruiser)", run: runImportRules },
  { name: "format and lint (biome)", run: () => runTool("@biomejs/biome/bin/biome", biomeArgs()) },
  { name: "dead code (knip)", run: () => runTool("knip/bin/knip.js", ["--no-progress"]) },
];

/** Runs every check, at most two at a time, and prints one line for each as it ends. */
export async function runChecks(): Promise<CheckResult[]> {
  const waiting = [...checks];
  const results: CheckResult[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await runCheck(check);
      results.push(result);
      const seconds = (result.durationMs / 1000).toFixed(1);
      process.stdout.write(`${result.isOk ? "✓" : "✗"} ${result.name} ${seconds} s\n`);
      if (!result.isOk) process.stdout.write(`${result.output.trimEnd()}\n`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_MAX }, worker));
  return results;
}

async function runCheck({ name, run }: Check): Promise<CheckResult> {
  const startedAt = performance.now();
  const { isOk, output } = await run();
  return { name, isOk, output: isOk ? "" : output, durationMs: performance.now() - startedAt };
}

/** Changed nothing: `npx biome check --write .` is for people. */
function biomeArgs(): string[] {
  return ["check", "--no-errors-on-unmatched", "--diagnostic-level=warn", "."];
}

async function runTool(file: string, args: string[]): Promise<{ isOk: boolean; output: string }> {
  const program = path.join(root, "node_modules", file);
  const { code, stdout, stderr } = await capture(process.execPath, [program, ...args]);
  return { isOk: code === 0, output: `${stdout}${stderr}` || `${file} ended with ${code}` };
}

async function runImportRules(): Promise<{ isOk: boolean; output: string }> {
  const program = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const folders = CODE_FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const args = ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...folders];
  const { code, stdout, stderr } = await capture(process.execPath, [program, ...args]);
  if (!stdout.startsWith("{")) return { isOk: false, output: stderr || `ended with ${code}` };
  const problems = readImportReport(JSON.parse(stdout), folders);
  return { isOk: problems.length === 0, output: problems.join("\n") };
}
