import { expect, test } from "vitest";
import { CHOICES_MAX, choicesFor } from "./choices.ts";

const people = ["Ada", "Lin", "Belinda"].map((name) => ({ id: name, name }));
const services = [{ id: "s", name: "linker" }];

test("names that begin with what was typed come first, people before services", () => {
  expect(choicesFor("LIN ", people, services).map((choice) => choice.name)).toEqual(["Lin", "linker", "Belinda"]);
  expect(choicesFor("", people, services)).toHaveLength(4);
  expect(choicesFor("zz", people, services)).toEqual([]);
});

test("a long list is cut", () => {
  const crowd = Array.from({ length: CHOICES_MAX + 1 }, (_, id) => ({ id: String(id), name: `Sam ${id}` }));
  expect(choicesFor("sam", crowd, [])).toHaveLength(CHOICES_MAX);
});
