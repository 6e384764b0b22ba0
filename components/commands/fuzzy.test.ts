import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuzzyMatch, rank } from "./fuzzy.ts";

const names = (query: string, all: readonly string[]) =>
  rank(query, all, (name) => ({ name })).map((each) => each.item);
const marked = (query: string, text: string) =>
  fuzzyMatch(query, text)?.ranges.map(([start, end]) => text.slice(start, end));

describe("fuzzyMatch", () => {
  it.each([
    ["sev", "Change severity", true],
    ["chsev", "Change severity", true],
    ["sev change", "Change severity", true],
    ["CHANGE", "change severity", true],
    ["kovac", "Ada Kovač", true],
    ["inc42", "INC-42 Checkout is slow", true],
    ["", "anything", true],
    ["xyz", "Change severity", false],
    ["severityy", "Change severity", false],
    ["sev xyz", "Change severity", false],
  ])("%j in %j: %s", (query, text, isFound) => {
    expect(fuzzyMatch(query, text) !== null).toBe(isFound);
  });

  it("marks the letters that it found, at the starts of words when it can", () => {
    expect(marked("sev", "Serve several")).toEqual(["sev"]);
    expect(marked("cs", "Change severity")).toEqual(["C", "s"]);
    expect(marked("kovac", "Ada Kovač")).toEqual(["Kovač"]);
  });

  it("prefers beginnings and runs", () => {
    expect(names("res", ["Close the dresser", "Write a postmortem", "Resolve"])[0]).toBe("Resolve");
    expect(names("ca", ["Declare", "Claim administrator", "Cancel"])[0]).toBe("Cancel");
    expect(names("gi", ["Logging", "Go to incidents"])[0]).toBe("Go to incidents");
  });

  it("finds other words of an item, behind its name", () => {
    const items = [
      { name: "Change severity", others: ["sev"] },
      { name: "Several things", others: [] },
    ];
    const found = rank("sev", items, (item) => item);
    expect(found.map((each) => each.item.name)).toEqual(["Several things", "Change severity"]);
    expect(rank("sv", [{ name: "Other", others: ["sev"] }], (item) => item)[0]?.match.ranges).toEqual([]);
  });

  it("lifts what has a bonus, and keeps the order of equals", () => {
    expect(
      rank("", ["a", "b", "c"], (name) => ({ name, bonus: name === "c" ? 1 : 0 })).map((each) => each.item),
    ).toEqual(["c", "a", "b"]);
  });

  it("finds every piece of a text in it, marks only what is there, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.nat(60), fc.nat(60), (text, a, b) => {
        const piece = text.slice(Math.min(a, b), Math.max(a, b));
        const match = fuzzyMatch(piece, text);
        expect(match).not.toBeNull();
        for (const [start, end] of match?.ranges ?? []) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });

  it("is quick on long input", () => {
    const text = "a".repeat(10_000);
    expect(fuzzyMatch("a".repeat(10_000), text)).not.toBeNull();
  });
});
