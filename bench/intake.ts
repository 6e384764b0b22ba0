import { measureFuzz } from "./intake/fuzz.ts";
import { measureKills } from "./intake/kill.ts";
import { measureStorm } from "./intake/storm.ts";
import { measureSustained } from "./intake/sustained.ts";
import { listOption } from "./options.ts";
import { recordResult } from "./report.ts";

const PARTS = { sustained: measureSustained, storm: measureStorm, kill: measureKills, fuzz: measureFuzz };

/** Alerts in: how many a second, a storm, SIGKILL in the middle of one, and a million spoilt bodies. `--parts=storm,kill` for some of it. */
export async function benchIntake(): Promise<void> {
  const asked = listOption("parts", Object.keys(PARTS));
  const measured: Record<string, unknown> = {};
  for (const [name, measure] of Object.entries(PARTS)) if (asked.includes(name)) measured[name] = await measure();
  recordResult("intake", measured);
}
