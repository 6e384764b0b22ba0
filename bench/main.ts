import { messageOf } from "#/server/platform/errors.ts";
import { benchConvergence } from "./convergence.ts";
import { benchCorrelation } from "./correlation.ts";
import { benchDurability } from "./durability.ts";
import { benchHostile } from "./hostile.ts";
import { benchIntake } from "./intake.ts";
import { benchPage } from "./page.ts";
import { benchPublish } from "./publish.ts";
import { benchPublishKills } from "./publish-kills.ts";
import { benchRecovery } from "./recovery.ts";
import { benchStatusPage } from "./status-page.ts";
import { benchSync } from "./sync.ts";
import { benchTell } from "./tell.ts";
import { benchTimelineScroll } from "./timeline-scroll.ts";

/** Each prints its table and appends its line to bench/results.jsonl; one that may not fail throws. */
const benches: Record<string, () => Promise<void>> = {
  intake: benchIntake,
  durability: benchDurability,
  sync: benchSync,
  page: benchPage,
  recovery: benchRecovery,
  convergence: benchConvergence,
  correlation: benchCorrelation,
  hostile: benchHostile,
  "status-page": benchStatusPage,
  tell: benchTell,
  publish: benchPublish,
  "publish-kills": benchPublishKills,
  "timeline-scroll": benchTimelineScroll,
};

async function main(args: readonly string[]): Promise<void> {
  // Options such as --seed=7 are read by the bench that knows them.
  const asked = args.filter((arg) => !arg.startsWith("--"));
  const known = Object.keys(benches);
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no bench ${unknown.join(", ")}; known are ${known.join(", ")}.\n`);
    process.exit(1);
  }
  for (const name of asked.length > 0 ? asked : known) {
    process.stdout.write(`\n${name}\n`);
    await benches[name]?.();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`The bench failed: ${messageOf(error)}\n`);
  process.exit(1);
});
