import { describe, expect, test } from "vitest";
import { excerptOf, likePattern, wordsOf } from "./excerpt.ts";

describe("excerpt", () => {
  test("says where each word is, in any case", () => {
    const { excerpt, matches } = excerptOf("The Pool of checkout\nis at its limit", ["pool", "LIMIT"]);
    expect(matches.map(({ start, end }) => excerpt.slice(start, end))).toEqual(["Pool", "limit"]);
  });

  test("a long text is shown around the first match", () => {
    const { excerpt, matches } = excerptOf(`${"word ".repeat(200)}needle${" word".repeat(200)}`, ["needle"]);
    expect(excerpt.length).toBeLessThan(210);
    expect(excerpt.startsWith("… ") && excerpt.endsWith(" …")).toBe(true);
    expect(matches.map(({ start, end }) => excerpt.slice(start, end))).toEqual(["needle"]);
  });

  test("a word without spaces around is found too", () => {
    const { excerpt, matches } = excerptOf(`${"x".repeat(500)}needle${"y".repeat(500)}`, ["needle"]);
    expect(matches.map(({ start, end }) => excerpt.slice(start, end))).toEqual(["needle"]);
  });

  test("signs of patterns are only signs", () => {
    expect(likePattern("100%_\\")).toBe("%100\\%\\_\\\\%");
    expect(excerptOf("a.b (c) [d]", ["(c)", "[d]", "a.b"]).matches).toHaveLength(3);
    expect(excerptOf("axb", ["a.b"]).matches).toHaveLength(0);
  });

  test("words are counted once, and only so many", () => {
    expect(wordsOf(" a  b a c ", 2)).toEqual(["a", "b"]);
  });
});
