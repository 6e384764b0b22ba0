import { expect, test } from "vitest";
import { oftenAsked } from "./kept-statements.ts";

function ask(isOften: (text: string) => boolean, text: string, times: number): boolean[] {
  return Array.from({ length: times }, () => isOften(text));
}

test("a statement is kept from its fifth time on", () => {
  const isOften = oftenAsked();
  expect(ask(isOften, "select 1", 6)).toEqual([false, false, false, false, true, true]);
});

test("no more than 250 are kept, and those that are stay", () => {
  const isOften = oftenAsked();
  for (let n = 0; n < 250; n += 1) ask(isOften, `select ${n}`, 5);
  expect(ask(isOften, "select 'one more'", 10)).not.toContain(true);
  expect(isOften("select 0")).toBe(true);
});

test("texts that come once, however many, keep no place from those that come again", () => {
  const isOften = oftenAsked();
  for (let n = 0; n < 5_000; n += 1) isOften(`select ${n}`);
  expect(ask(isOften, "select 'often'", 5).at(-1)).toBe(true);
});
