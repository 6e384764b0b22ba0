import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "./process.ts";

test("the lock file has the optional packages of every platform", () => {
  // Exits 1 and prints what is missing; `node scripts/complete-lock.mjs` adds it.
  const check = [path.join(root, "scripts/complete-lock.mjs"), "--check"];
  expect(execFileSync(process.execPath, check, { encoding: "utf8" })).toBe("");
});

test("the lock file names no registry", () => {
  const text = readFileSync(path.join(root, "package-lock.json"), "utf8");
  expect(text.match(/"resolved": "(?!https:\/\/registry\.npmjs\.org\/)[^"]*"/g)).toBeNull();
});
