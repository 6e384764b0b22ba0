import { describe, expect, it } from "vitest";
import { tellListInput } from "./contract.ts";
import {
  maskedTellLine,
  parseTellTarget,
  TELL_TARGET_LENGTH_MAX,
  TELL_TARGETS_MAX,
  tellLine,
} from "./shared/tell-target.ts";
import { openTellList, readTellLines, sealTellList } from "./tell-list.ts";

const pdKey = "R0UT1NGKEY0123456789ABCDEFGHIJKL";
const genieKey = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

describe("a line of a tell list", () => {
  it.each([
    ["ops@example.com", "email:ops@example.com"],
    ["Email: ops@example.com ", "email:ops@example.com"],
    ["#incidents", "slack:#incidents"],
    ["slack:C0INCIDENTS", "slack:C0INCIDENTS"],
    ["https://example.com/hook?k=1", "webhook:https://example.com/hook?k=1"],
    [`pagerduty:${pdKey}`, `pagerduty:${pdKey}`],
    [`pagerduty:${pdKey}@eu`, `pagerduty:${pdKey}@eu`],
    [`opsgenie:${genieKey}`, `opsgenie:${genieKey}`],
  ])("%s is read", (given, line) => {
    const parsed = parseTellTarget(given);
    expect("problem" in parsed ? parsed : tellLine(parsed)).toBe(line);
  });
  it.each([
    "",
    "ops",
    "email:ops",
    "slack:two words",
    "webhook:ftp://example.com",
    "webhook:https://",
    "pagerduty:short",
    "fax:123",
    "email:a@b,c@d",
  ])("%s is refused, and it is said what was wanted", (given) => {
    expect(parseTellTarget(given)).toEqual({ problem: expect.stringMatching(/looks like|begins with none/) });
  });
  it("hides keys, and nothing else", () => {
    const shown = (line: string) => {
      const parsed = parseTellTarget(line);
      return "problem" in parsed ? parsed : maskedTellLine(parsed);
    };
    expect(shown("ops@example.com")).toBe("email:ops@example.com");
    expect(shown(`pagerduty:${pdKey}@eu`)).toBe("pagerduty:…IJKL@eu");
    expect(shown("webhook:https://hooks.example.com/T0/secret")).toBe("webhook:https://hooks.example.com/…cret");
  });
  it("has a longest length, and a list a most", () => {
    const long = `https://example.com/${"x".repeat(TELL_TARGET_LENGTH_MAX - 20)}`;
    expect(tellListInput.safeParse([long]).success).toBe(true);
    expect(tellListInput.safeParse([`${long}x`]).success).toBe(false);
    const many = Array.from({ length: TELL_TARGETS_MAX }, (_, n) => `a${n}@example.com`);
    expect(tellListInput.safeParse(many).success).toBe(true);
    expect(tellListInput.safeParse([...many, "b@example.com"]).success).toBe(false);
  });
});

describe("a kept tell list", () => {
  const secret = "a secret of thirty-two characters!";
  const stored = sealTellList(
    secret,
    readTellLines(["a@example.com", `pagerduty:${pdKey}`, `pagerduty:${pdKey}`], [], "tell"),
  );
  it("holds each target once, and no key in clear", () => {
    expect(stored.emails).toEqual(["a@example.com"]);
    expect(stored.sealed).not.toContain(pdKey);
    expect(openTellList(secret, stored).map(tellLine)).toEqual(["email:a@example.com", `pagerduty:${pdKey}`]);
  });
  it("keeps a key that comes back hidden, and refuses one that it does not know", () => {
    const kept = openTellList(secret, stored);
    expect(readTellLines(["pagerduty:…IJKL"], kept, "tell").map(tellLine)).toEqual([`pagerduty:${pdKey}`]);
    expect(() => readTellLines(["pagerduty:…WXYZ"], kept, "tell")).toThrow(/hidden/);
  });
  it("loses its keys with another secret, and keeps its addresses", () => {
    expect(openTellList("another secret, of some characters", stored).map(tellLine)).toEqual(["email:a@example.com"]);
  });
});
