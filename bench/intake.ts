import { measureKills } from "./intake/kill.ts";
import { measureStorm } from "./intake/storm.ts";
import { measureSustained } from "./intake/sustained.ts";
import { listOption } from "./options.ts";
import { recordResult } from "./report.ts";

const PARTS = { sustained: measureSustained, storm: measureStorm, kill: measureKills };

/** Alerts in: how many a second, a storm, and SIGKILL in the middle of one. `--parts=storm,kill` for some of it. */
export async function benchIntake(): Promise<void> {
  const asked = listOption("parts", Object.keys(PARTS));
  const measured: Record<string, unknown> = {};
  for (const [name, measure] of Object.entries(PARTS)) if (asked.includes(name)) measured[name] = await measure();
  recordResult("intake", measured);
}
