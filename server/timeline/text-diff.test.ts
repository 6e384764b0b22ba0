import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffText, wordsChanged } from "./shared/text-diff.ts";

const side = (parts: ReturnType<typeof diffText>, without: "added" | "removed") =>
  parts
    .filter((part) => part.kind !== without)
    .map((part) => part.text)
    .join("");

describe("the difference of two texts", () => {
  test("names the words that differ, and leaves the rest as it is", () => {
    expect(diffText("roll back release 42 now", "roll back release 43 now")).toEqual([
      { kind: "same", text: "roll back release " },
      { kind: "removed", text: "42" },
      { kind: "added", text: "43" },
      { kind: "same", text: " now" },
    ]);
  });

  test("keeps lines that both have", () => {
    expect(diffText("a\nb\nc\n", "a\nc\nd\n")).toEqual([
      { kind: "same", text: "a\n" },
      { kind: "removed", text: "b\n" },
      { kind: "same", text: "c\n" },
      { kind: "added", text: "d\n" },
    ]);
  });

  test("of equal texts and of empty ones", () => {
    expect(diffText("same", "same")).toEqual([{ kind: "same", text: "same" }]);
    expect(diffText("", "")).toEqual([]);
    expect(diffText("", "new")).toEqual([{ kind: "added", text: "new" }]);
    expect(diffText("old", "")).toEqual([{ kind: "removed", text: "old" }]);
  });

  test("gives both texts back, whatever they are", () => {
    const word = fc.constantFrom("a", "b", "🚒", " ", "\n", "é", "x1", "-");
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = diffText(before, after);
        expect(side(parts, "added")).toBe(before);
        expect(side(parts, "removed")).toBe(after);
        // A character of two halves is never cut in two.
        expect(parts.every((part) => part.text.isWellFormed())).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("of two long texts that have nothing in common is a replacement, found quickly", () => {
    const long = (word: string) => Array.from({ length: 6_000 }, (_, at) => `${word}${at}`).join("\n");
    const parts = diffText(long("a"), long("b"));
    expect(side(parts, "added")).toBe(long("a"));
    expect(side(parts, "removed")).toBe(long("b"));
  });

  test("counts words", () => {
    expect(wordsChanged("one two three", "one three four five")).toEqual({ added: 2, removed: 1 });
  });
});
