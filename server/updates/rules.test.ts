import { describe, expect, it } from "vitest";
import {
  BACKOFF_MAX_MS,
  backoffMs,
  impactOf,
  isOnPage,
  maskAddress,
  publicTitle,
  RETRY_AFTER_MAX_MS,
  requireConsistent,
  requirePublishable,
} from "./rules.ts";
import { withDataLoss } from "./shared/words.ts";

describe("the public title", () => {
  it.each([
    ["Payments failing", "Old name", ["Checkout"], "Payments failing"],
    [null, "Old name", ["Checkout"], "Old name"],
    [undefined, null, ["Checkout"], "Incident affecting Checkout"],
    [null, null, ["Checkout", "Search"], "Incident affecting Checkout and Search"],
    [null, null, ["A", "B", "C"], "Incident affecting A, B and C"],
    [null, null, [], "Service incident"],
    [null, null, Array.from({ length: 30 }, (_, n) => `Component ${n}`), "Incident affecting 30 components"],
  ])("%j after %j with %j is %j", (given, last, names, title) => {
    expect(publicTitle(given, last, names)).toBe(title);
  });
});

describe("the public impact", () => {
  it.each([
    ["SEV1", "critical"],
    ["SEV2", "major"],
    ["SEV3", "minor"],
    ["SEV4", "minor"],
    ["SEV5", "minor"],
    [null, "minor"],
  ] as const)("of %s is %s", (severity, impact) => expect(impactOf(severity)).toBe(impact));
});

describe("what may be published", () => {
  const incident = { visibility: "public", mode: "live", status: "investigating" } as const;
  it.each([
    [{ ...incident, visibility: "private" as const }, "investigating"],
    [{ ...incident, mode: "drill" as const }, "resolved"],
    [{ ...incident, status: "resolved" as const }, "monitoring"],
    [{ ...incident, status: "closed" as const }, "investigating"],
    [{ ...incident, status: "declined" as const }, "investigating"],
    [{ ...incident, status: "merged" as const }, "resolved"],
  ] as const)("not %j as %s", (one, status) => {
    expect(() => requirePublishable(one, status)).toThrow(expect.objectContaining({ code: "conflict" }));
  });
  it.each([
    [incident, "identified"],
    [{ ...incident, status: "triage" as const }, "investigating"],
    [{ ...incident, status: "resolved" as const }, "resolved"],
    [{ ...incident, status: "closed" as const }, "resolved"],
    [{ ...incident, mode: "retrospective" as const }, "resolved"],
  ] as const)("%j as %s", (one, status) => expect(() => requirePublishable(one, status)).not.toThrow());

  it("refuses parts that contradict each other", () => {
    const input = { status: "resolved", body: "x", channels: ["status_page"] } as const;
    const internal = { ...input, channels: [...input.channels], audience: "internal" as const };
    expect(() => requireConsistent(internal)).toThrow(expect.objectContaining({ code: "invalid" }));
    const left = (status: "major_outage" | "under_maintenance") => ({
      ...input,
      channels: [...input.channels],
      components: [{ id: "a", status }],
    });
    expect(() => requireConsistent(left("under_maintenance"))).toThrow(expect.objectContaining({ code: "invalid" }));
    expect(() => requireConsistent(left("major_outage"))).not.toThrow();
    const early = { ...left("major_outage"), status: "monitoring" as const, dataLost: "no" as const };
    expect(() => requireConsistent(early)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  it("says of data once, at the end of the text", () => {
    expect(withDataLoss("Done.", null)).toBe("Done.");
    expect(withDataLoss("Done.", "no")).toBe("Done.\n\nNo data was lost.");
    expect(withDataLoss("Done. No data was lost.", "no")).toBe("Done. No data was lost.");
  });

  it("only public updates that were sent to the page are on it", () => {
    expect(isOnPage({ audience: "public", channels: ["status_page", "slack"] })).toBe(true);
    expect(isOnPage({ audience: "public", channels: ["slack"] })).toBe(false);
    expect(isOnPage({ audience: "internal", channels: ["status_page"] })).toBe(false);
  });
});

describe("the pause after a failed attempt", () => {
  it.each([
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [8, 256_000],
    [9, BACKOFF_MAX_MS],
    [64, BACKOFF_MAX_MS],
    [100_000, BACKOFF_MAX_MS],
  ])("after attempt %i is at most %i ms, and anything below", (attempt, bound) => {
    expect(backoffMs(attempt, 1)).toBe(bound);
    expect(backoffMs(attempt, 0)).toBe(0);
    expect(backoffMs(attempt, 0.5)).toBe(bound / 2);
  });
  it("is the other side's own wish where there is one, within reason", () => {
    expect(backoffMs(1, 0, 30_000)).toBe(30_000);
    expect(backoffMs(9, 1, 1_000)).toBe(1_000);
    expect(backoffMs(1, 1, 10 * RETRY_AFTER_MAX_MS)).toBe(RETRY_AFTER_MAX_MS);
  });
});

it.each([
  ["cto@example.com", "c…@example.com"],
  ["status_page", "status_page"],
])("%s is masked as %s", (address, masked) => expect(maskAddress(address)).toBe(masked));
