import { expect, test } from "vitest";
import { type KillPoint, runPublishKills } from "#/server/testing/publish-kills.ts";
import { testProcesses } from "#/server/testing/test-processes.ts";

const processes = testProcesses();

/** The worst moments, and one around the commit; `npm run bench publish-kills` takes 30 points. */
const POINTS: KillPoint[] = [{ at: "Slack took it", nth: 1 }, { at: "mail took it", nth: 2 }, { afterMs: 12 }];

test("a publish that is cut off by SIGKILL arrives everywhere once", { timeout: 180_000 }, async () => {
  const findings = await runPublishKills(processes.place.environment, POINTS);
  expect(findings.broken).toEqual([]);
  expect(findings.points).toBe(POINTS.length);
  // What Slack had taken without being heard was looked for, not posted again.
  expect(findings.lookedFor).toBeGreaterThan(0);
});
