// `npm run check`: format and lint, types, import rules, dead code. Exits 1 when any of them failed.

import { runChecks } from "./check/run-checks.ts";

const results = await runChecks();
const failed = results.filter((result) => !result.isOk);
const names = failed.map((result) => result.name).join(", ");
process.stdout.write(failed.length === 0 ? "check: all passed\n" : `check: failed: ${names}\n`);
process.exit(failed.length === 0 ? 0 : 1);
