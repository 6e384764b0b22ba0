import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  alertmanagerGroups,
  debouncedByService,
  firingsOf,
  judge,
  scoreOf,
  type Verdict,
} from "#/server/testing/outages/judge.ts";
import { outageStories } from "#/server/testing/outages/outage.ts";
import { type Replay, startReplay } from "#/server/testing/outages/replay.ts";

/** What is promised: hardly more than one incident for each outage, and strangers never together. */
const INCIDENTS_PER_OUTAGE_MAX = 1.3;

let replay: Replay;
beforeAll(async () => {
  replay = await startReplay();
});
afterAll(() => replay.close());

const stories = outageStories();
const verdicts: Verdict[] = [];

describe("the pipeline lives through labelled outages", () => {
  test("of which there are twenty", () => {
    expect(stories).toHaveLength(20);
  });

  test.each(stories)("$file: no alert goes astray, and no stranger joins", async (story) => {
    const homes = await replay.run(story);
    expect(homes).toHaveLength(firingsOf(story).length);
    const verdict = judge(story, homes);
    verdicts.push(verdict);
    expect(verdict.mixed).toBe(0);
    // Every outage has a room: none is left to an alert that nobody hears of.
    expect(Object.values(verdict.perOutage).every((count) => count > 0)).toBe(true);
  });

  test("and opens hardly more than one incident for each, fewer than grouping and debounce do", () => {
    expect(verdicts).toHaveLength(20);
    const ours = scoreOf(verdicts);
    const groups = scoreOf(stories.map((story) => judge(story, alertmanagerGroups(story))));
    const debounce = scoreOf(stories.map((story) => judge(story, debouncedByService(story))));
    const table = { muster: ours, "alertmanager group_by": groups, "30-minute debounce": debounce };
    process.stdout.write(`${JSON.stringify(table)}\n`);
    expect(ours.perOutage).toBeLessThanOrEqual(INCIDENTS_PER_OUTAGE_MAX);
    expect(ours.perOutage).toBeLessThan(debounce.perOutage);
    expect(ours.perOutage).toBeLessThan(groups.perOutage);
  });
});
