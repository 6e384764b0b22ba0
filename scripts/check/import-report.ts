/** The part of dependency-cruiser's JSON that is read. */
export type ImportReport = {
  modules: { source: string }[];
  summary: {
    violations: { from: string; to: string; rule: { name: string; severity: string } }[];
  };
};

/** With an unknown version of TypeScript the tool reads nothing and reports success. */
export const MODULES_MIN = 50;

/** What is wrong, one line each: broken rules, or too few modules seen to believe the report. Pure. */
export function readImportReport(report: ImportReport, folders: readonly string[]): string[] {
  const own = report.modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`)));
  const broken = report.summary.violations
    .filter(({ rule }) => rule.severity === "error")
    .map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  if (own.length >= MODULES_MIN) return broken;
  return [`only ${own.length} modules seen, at least ${MODULES_MIN} expected`, ...broken];
}
