import { describe, expect, it } from "vitest";
import {
  BACKOFF_MAX_MS,
  backoffMs,
  changesSince,
  finalWords,
  impactOf,
  isOnPage,
  maskAddress,
  publicTitle,
  RECIPIENT_BACKOFF_MAX_MS,
  RETRY_AFTER_MAX_MS,
  requireConsistent,
  requirePublishable,
  requireSeen,
  wishedMs,
} from "./rules.ts";
import { UPDATE_BODY_LENGTH_MAX } from "./shared/lists.ts";
import { withDataLoss } from "./shared/words.ts";

const now = new Date("2026-11-21T10:00:00.000Z");

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
    expect(() => requireConsistent(internal, now)).toThrow(expect.objectContaining({ code: "invalid" }));
    const left = (status: "major_outage" | "under_maintenance") => ({
      ...input,
      channels: [...input.channels],
      components: [{ id: "a", status }],
    });
    expect(() => requireConsistent(left("under_maintenance"), now)).toThrow(
      expect.objectContaining({ code: "invalid" }),
    );
    expect(() => requireConsistent(left("major_outage"), now)).not.toThrow();
    const early = { ...left("major_outage"), status: "monitoring" as const, dataLost: "no" as const };
    expect(() => requireConsistent(early, now)).toThrow(expect.objectContaining({ code: "invalid" }));
  });

  it.each([
    ["identified", "2026-11-21T10:00:00.000Z", false],
    ["identified", "2026-11-21T10:00:01+00:00", true],
    ["identified", "2026-12-21T10:00:00.000Z", true],
    ["identified", "2026-12-21T10:00:00.001Z", false],
    ["resolved", "2026-11-21T10:20:00.000Z", false],
  ] as const)("%s, next update at %s", (status, nextUpdateAt, isFine) => {
    const check = () => requireConsistent({ status, body: "x", channels: ["slack"], nextUpdateAt }, now);
    if (isFine) expect(check).not.toThrow();
    else
      expect(check).toThrow(
        expect.objectContaining({ errors: [expect.objectContaining({ pointer: "/nextUpdateAt" })] }),
      );
  });

  it("words for a channel that it does not go to are refused", () => {
    const input = { status: "identified", body: "x", channels: ["email" as const], wordings: { slack: "y" } } as const;
    expect(() => requireConsistent({ ...input, channels: ["email"] }, now)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: "/wordings/slack" })] }),
    );
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

describe("what an update says", () => {
  const nextUpdateAt = "2026-11-21T10:20:00.000Z";
  it("is each channel's words with the time of the next update", () => {
    expect(finalWords({ body: "Pay later.", wordings: { slack: "Next update by lunch." }, nextUpdateAt }, now)).toEqual(
      {
        body: "Pay later. Next update at 10:20 UTC.",
        wordings: { slack: "Next update by lunch." },
      },
    );
    expect(finalWords({ body: "Pay later." }, now)).toEqual({ body: "Pay later.", wordings: {} });
  });
  it("is refused when the sentence makes it too long", () => {
    const sentence = " Next update at 10:20 UTC.";
    const longest = `${"x".repeat(UPDATE_BODY_LENGTH_MAX - sentence.length - 1)}.`;
    expect(finalWords({ body: longest, nextUpdateAt }, now).body).toHaveLength(UPDATE_BODY_LENGTH_MAX);
    expect(() => finalWords({ body: `x${longest}`, nextUpdateAt }, now)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: "/body" })] }),
    );
  });
});

describe("what changed since somebody saw it", () => {
  const seen = { updateId: "a", status: "investigating", severity: null } as const;
  it("is said in words", () => {
    expect(changesSince(seen, seen)).toEqual([]);
    expect(changesSince(seen, { updateId: "b", status: "resolved", severity: "SEV1" })).toEqual([
      "another update was published",
      "the status is resolved",
      "the severity is SEV1",
    ]);
  });
  it("stops who did not look", () => {
    expect(() => requireSeen(undefined, { ...seen, updateId: "b" })).not.toThrow();
    expect(() => requireSeen(seen, { ...seen, severity: "SEV2" })).toThrow(expect.objectContaining({ code: "stale" }));
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
  it("has a bound of its own where it is asked for", () => {
    expect(backoffMs(20, 1, RECIPIENT_BACKOFF_MAX_MS)).toBe(RECIPIENT_BACKOFF_MAX_MS);
    expect(backoffMs(1, 1, RECIPIENT_BACKOFF_MAX_MS)).toBe(2_000);
  });
  it("is the other side's own wish where there is one, within reason", () => {
    expect(wishedMs(30_000)).toBe(30_000);
    expect(wishedMs(-1)).toBe(0);
    expect(wishedMs(RETRY_AFTER_MAX_MS)).toBe(RETRY_AFTER_MAX_MS);
    expect(wishedMs(RETRY_AFTER_MAX_MS + 1)).toBe(RETRY_AFTER_MAX_MS);
  });
});

it.each([
  ["cto@example.com", "c…@example.com"],
  ["status_page", "status_page"],
])("%s is masked as %s", (address, masked) => expect(maskAddress(address)).toBe(masked));
