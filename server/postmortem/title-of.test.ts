import { expect, test } from "vitest";
import { ACTION_ITEM_TITLE_LENGTH_MAX } from "./shared/lists.ts";
import { titleOf } from "./shared/title-of.ts";

test.each([
  ["Add an alert on queue length", "Add an alert on queue length"],
  ["**Follow up:** ask the `gateway` team\n\nbecause", "Follow up: ask the gateway team"],
  ["---\n\n- [ ] rotate the [key](https://vault.example)", "rotate the key"],
  ["## 1. Write it down", "Write it down"],
  ["", "Follow up on a note"],
  ["***", "Follow up on a note"],
])("the title of %j", (markdown, title) => {
  expect(titleOf(markdown)).toBe(title);
});

test("a title is as long as it may be", () => {
  expect(titleOf("x".repeat(ACTION_ITEM_TITLE_LENGTH_MAX))).toBe("x".repeat(ACTION_ITEM_TITLE_LENGTH_MAX));
  const cut = titleOf("x".repeat(ACTION_ITEM_TITLE_LENGTH_MAX + 1));
  expect([cut.length, cut.at(-1)]).toEqual([ACTION_ITEM_TITLE_LENGTH_MAX, "…"]);
});
