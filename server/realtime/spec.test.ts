import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const RULE = /^- \*\*(SY\d+)\*\*/gm;
/** Titles stand right behind `test(`, `test.each(…)(` or `describe(`; rules are in brackets at their beginning. */
const TITLE = /\b(?:test|describe)(?:\.each\([\s\S]*?\))?\(\s*(["'`])((?:\[SY\d+\]\s*)+)/g;

function titledRules(): Set<string> {
  const rules = new Set<string>();
  for (const file of globSync("{server,components,e2e}/**/*.{test,spec}.ts", { cwd: ROOT })) {
    for (const [, , named = ""] of readFileSync(join(ROOT, file), "utf8").matchAll(TITLE)) {
      for (const [rule] of named.matchAll(/SY\d+/g)) rules.add(rule);
    }
  }
  return rules;
}

test("every rule of SPEC.md begins the title of a test, and every title names a rule that there is", () => {
  const spec = readFileSync(join(ROOT, "server/realtime/SPEC.md"), "utf8");
  const rules = [...spec.matchAll(RULE)].map(([, rule = ""]) => rule);
  expect(rules.length).toBeGreaterThan(30);
  expect(new Set(rules).size).toBe(rules.length);
  const titled = titledRules();
  expect(rules.filter((rule) => !titled.has(rule))).toEqual([]);
  expect([...titled].filter((rule) => !rules.includes(rule))).toEqual([]);
});
