import { messageOf } from "#/server/platform/errors.ts";
import { benchDurability } from "./durability.ts";
import { benchIntake } from "./intake.ts";
import { benchTimelineScroll } from "./timeline-scroll.ts";

/** Each prints its table and appends its line to bench/results.jsonl; one that may not fail throws. */
const benches: Record<string, () => Promise<void>> = {
  intake: benchIntake,
  durability: benchDurability,
  "timeline-scroll": benchTimelineScroll,
};

async function main(asked: readonly string[]): Promise<void> {
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
