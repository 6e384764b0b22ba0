import { appendFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

type Cell = string | number;
export type Row = Record<string, Cell>;

const RESULTS = join(import.meta.dirname, "results.jsonl");

/** Prints rows as a table; the names of the first row's fields are the head. */
export function printTable(rows: readonly Row[]): void {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? "")))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`  ${cells.join("  ")}\n`);
  }
}

/** Appends one line with what was measured, when, and on what. */
export function recordResult(bench: string, measured: Record<string, unknown>): void {
  const cores = cpus();
  const machine = { cores: cores.length, cpu: cores[0]?.model ?? "unknown", node: process.version };
  appendFileSync(RESULTS, `${JSON.stringify({ bench, at: new Date().toISOString(), machine, ...measured })}\n`);
}

/** The value below which this part of the samples lies. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
