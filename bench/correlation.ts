import {
  alertmanagerGroups,
  debouncedByService,
  type Homes,
  judge,
  type Score,
  scoreOf,
} from "#/server/testing/outages/judge.ts";
import { type OutageStory, outageStories } from "#/server/testing/outages/outage.ts";
import { startReplay } from "#/server/testing/outages/replay.ts";
import { printTable, recordResult } from "./report.ts";

/** The promise, and that no strangers are joined. */
const INCIDENTS_PER_OUTAGE_MAX = 1.3;

function shown(name: string, score: Score) {
  return {
    grouping: name,
    outages: score.outages,
    incidents: score.incidents,
    "per outage": score.perOutage.toFixed(2),
    "mixed outages": score.mixed,
  };
}

function incidentsIn(homes: Homes): number {
  return new Set(homes.filter((home) => home !== null)).size;
}

/**
 * Labelled outages through the pipeline, beside Alertmanager's grouping by alert name and service and a debounce of
 * 30 minutes for each service, in the same run.
 * @throws Error when an outage takes more incidents than promised, or strangers are joined
 */
export async function benchCorrelation(): Promise<void> {
  const stories = outageStories();
  const replay = await startReplay();
  const homes = new Map<OutageStory, Homes>();
  try {
    for (const story of stories) homes.set(story, await replay.run(story));
  } finally {
    await replay.close();
  }
  printTable(
    stories.map((story) => ({
      story: story.file,
      alerts: story.happenings.filter((each) => each.kind === "fires").length,
      muster: incidentsIn(homes.get(story) ?? []),
      "group_by alertname, service": incidentsIn(alertmanagerGroups(story)),
      "30-minute debounce": incidentsIn(debouncedByService(story)),
    })),
  );
  const muster = scoreOf(stories.map((story) => judge(story, homes.get(story) ?? [])));
  const grouped = scoreOf(stories.map((story) => judge(story, alertmanagerGroups(story))));
  const debounced = scoreOf(stories.map((story) => judge(story, debouncedByService(story))));
  printTable([
    shown("muster", muster),
    shown("Alertmanager group_by: [alertname, service]", grouped),
    shown("debounce of 30 minutes per service", debounced),
  ]);
  recordResult("correlation", { muster, grouped, debounced });
  if (muster.perOutage > INCIDENTS_PER_OUTAGE_MAX) throw new Error(`${muster.perOutage} incidents for each outage`);
  if (muster.mixed > 0) throw new Error(`${muster.mixed} incidents hold alerts of more than one outage`);
}
