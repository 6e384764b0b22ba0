import { describe, expect, test } from "vitest";
import { createHeartbeatInput, listAlertsQuery } from "./contract.ts";
import { FACET_CHOSEN_MAX, HEARTBEAT_SECONDS_MAX, HEARTBEAT_SECONDS_MIN } from "./shared/lists.ts";

describe("the query of the list of alerts", () => {
  const teams = (count: number) => ({ team: Array.from({ length: count }, (_, n) => `team ${n}`) });
  test("takes one value or several of a facet, up to a limit", () => {
    expect(listAlertsQuery.safeParse({ team: "web" }).success).toBe(true);
    expect(listAlertsQuery.safeParse(teams(FACET_CHOSEN_MAX)).success).toBe(true);
    expect(listAlertsQuery.safeParse(teams(FACET_CHOSEN_MAX + 1)).success).toBe(false);
  });
});

describe("the interval of a heartbeat", () => {
  test.each([
    [HEARTBEAT_SECONDS_MIN, true],
    [HEARTBEAT_SECONDS_MIN - 1, false],
    [HEARTBEAT_SECONDS_MAX, true],
    [HEARTBEAT_SECONDS_MAX + 1, false],
    [60.5, false],
  ])("%s seconds: %s", (intervalSeconds, isTaken) => {
    expect(createHeartbeatInput.safeParse({ name: "nightly", intervalSeconds }).success).toBe(isTaken);
  });
});
