import { describe, expect, it } from "vitest";
import { isForFollower, worstState } from "./rules.ts";
import { subscriberOfToken, subscriberToken } from "./subscriber-token.ts";

describe("who gets an update", () => {
  const everyone = { components: [], internal: false };
  const ofSearch = { components: ["search"], internal: false };
  const insider = { components: [], internal: true };
  it.each([
    [everyone, "public", ["checkout"], true],
    [everyone, "public", [], true],
    [everyone, "internal", [], false],
    [ofSearch, "public", ["checkout"], false],
    [ofSearch, "public", ["checkout", "search"], true],
    [ofSearch, "public", [], true],
    [insider, "internal", ["checkout"], true],
    [insider, "public", ["checkout"], true],
    [{ ...ofSearch, internal: true }, "internal", ["checkout"], false],
    [{ ...ofSearch, internal: true }, "internal", [], true],
  ] as const)("%j, %s %j: %s", (follower, audience, components, isFor) => {
    expect(isForFollower(follower, { audience, components })).toBe(isFor);
  });
});

it.each([
  [[], "operational"],
  [["operational", "degraded_performance"], "degraded_performance"],
  [["major_outage", "partial_outage"], "major_outage"],
  [["under_maintenance", "operational"], "under_maintenance"],
] as const)("the worst of %j is %s", (states, worst) => expect(worstState(states)).toBe(worst));

describe("a subscriber's token", () => {
  const config = { authSecret: "test-secret-test-secret-test-secret" };
  const id = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9";
  it("names its subscriber, for its own purpose only", () => {
    const token = subscriberToken(config, "unsubscribe", id);
    expect(token).toMatch(/^[\w-]{54}$/);
    expect(subscriberOfToken(config, "unsubscribe", token)).toBe(id);
    expect(subscriberOfToken(config, "confirm", token)).toBeUndefined();
    expect(subscriberOfToken({ authSecret: `${config.authSecret}x` }, "unsubscribe", token)).toBeUndefined();
  });
  it.each(["", "x", "A".repeat(54)])("%j is nobody's", (token) => {
    expect(subscriberOfToken(config, "unsubscribe", token)).toBeUndefined();
  });
});
