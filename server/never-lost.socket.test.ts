import { expect, test } from "vitest";
import { runKillStory } from "#/server/testing/kill-rounds.ts";
import { testProcesses } from "#/server/testing/test-processes.ts";

const KILLS = 20;
const TIME_LIMIT_MS = 300_000;
/** Another one each time, so that the suite sees many; a failure prints it, and SEED= repeats its choices. */
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

const processes = testProcesses();

test(`[SY32] [SY15] [SY22] five people type, the server is killed ${KILLS} times, and nothing acknowledged is lost or doubled`, {
  timeout: TIME_LIMIT_MS,
}, async () => {
  const found = await runKillStory({ environment: processes.place.environment, kills: KILLS, seed });
  expect({ lost: found.lost, doubled: found.doubled, broken: found.broken }, `SEED=${seed}`).toEqual({
    lost: [],
    doubled: [],
    broken: [],
  });
  expect(found.kills).toBe(KILLS);
  // The typists were really typing, and the kills really cut something off.
  expect(found.edits).toBeGreaterThan(KILLS * 10);
  expect(found.cutOff).toBeGreaterThan(0);
});
