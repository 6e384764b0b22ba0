import { describe, expect, test } from "vitest";
import { MENTIONS_MAX, mentionedIn } from "./mentions.ts";
import { waysFor } from "./rules.ts";

const people = ["Ada", "Ada Lovelace", "Zoë Ünal", "Jo"].map((name) => ({ id: name, name }));
const names = (text: string) => mentionedIn(text, people).map((person) => person.name);

describe("who a text calls", () => {
  test.each<[string, string[]]>([
    ["@Ada please look", ["Ada"]],
    ["@ada lovelace, the pool is empty", ["Ada Lovelace"]],
    ["(@ADA LOVELACE) and @Jo.", ["Ada Lovelace", "Jo"]],
    ["@Ada Lovelaced", ["Ada"]],
    ["@Adam knows", []],
    ["ada@Jo.example", []],
    ["@zoë ünal", ["Zoë Ünal"]],
    ["@Jo @Jo @Jo", ["Jo"]],
    ["no name, @ alone", []],
    ["ends with @", []],
  ])("%s", (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  test("people of one name are all called, up to the limit", () => {
    const crowd = Array.from({ length: MENTIONS_MAX + 1 }, (_, index) => ({ id: String(index), name: "Sam" }));
    expect(mentionedIn("@Sam", crowd.slice(0, 2))).toHaveLength(2);
    expect(mentionedIn("@Sam", crowd)).toHaveLength(MENTIONS_MAX);
  });
});

describe("how somebody is reached", () => {
  const both = { slack: true, email: true };
  test.each([
    ["both", both, both],
    ["slack", both, { slack: true, email: false }],
    ["email", both, { slack: false, email: true }],
    ["slack", { slack: false, email: true }, { slack: false, email: true }],
    ["none", both, { slack: false, email: false }],
  ] as const)("who chose %s, of what is set up", (choice, ready, expected) => {
    expect(waysFor(choice, ready)).toEqual(expected);
  });
});
