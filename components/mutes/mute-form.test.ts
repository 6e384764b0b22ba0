import { describe, expect, it } from "vitest";
import { createMuteInput } from "#/server/alerts/muting/contract.ts";
import { asField, instantIn, muteIn, spanInWords } from "./mute-form.ts";

const NOW = "2026-11-21T10:00:00.000Z";

function formOf(values: Record<string, string>, services: string[] = []): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.set(name, value);
  for (const name of services) form.append("services", name);
  return form;
}

describe("the form of a mute", () => {
  it("counts a span from now", () => {
    const input = muteIn(formOf({ span: "30", reason: "Upgrade" }, ["checkout", "search"]), NOW);
    expect(createMuteInput.parse(input)).toEqual({
      services: ["checkout", "search"],
      condition: null,
      until: "2026-11-21T10:30:00.000Z",
      reason: "Upgrade",
    });
  });
  it("counts it from its start, when that is said", () => {
    const input = muteIn(formOf({ span: "120", from: "2026-11-22T03:00", reason: "x", condition: "true" }), NOW);
    expect(input).toMatchObject({ from: "2026-11-22T03:00:00.000Z", until: "2026-11-22T05:00:00.000Z" });
  });
  it("takes a time instead of a span, in UTC", () => {
    const input = muteIn(formOf({ span: "until", until: "2026-11-23T00:00", reason: "x", condition: "true" }), NOW);
    expect(input.until).toBe("2026-11-23T00:00:00.000Z");
    expect(input).not.toHaveProperty("from");
  });
  it("leaves a missing time to the server's words", () => {
    const input = muteIn(formOf({ span: "until", reason: "x", condition: "true" }), NOW);
    expect(createMuteInput.safeParse(input).error?.issues[0]).toMatchObject({ path: ["until"] });
  });
  it.each([
    [-5, "0 min"],
    [30_000, "1 min"],
    [2 * 3_600_000, "2 h"],
    [2 * 3_600_000 - 61_000, "1 h 59 min"],
    [47 * 3_600_000, "47 h"],
    [52 * 3_600_000, "2 d 4 h"],
  ])("says %i ms as %s", (ms, words) => {
    expect(spanInWords(ms)).toBe(words);
  });
  it("shows an instant as its field reads it", () => {
    expect(asField(NOW)).toBe("2026-11-21T10:00");
    expect(instantIn(formOf({ at: asField(NOW) }), "at")).toBe(NOW);
  });
});
