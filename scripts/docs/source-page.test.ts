import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sourceNames } from "#/server/alerts/sources/index.ts";
import { integrationFolder, madePages } from "./integration-folder.ts";

const present = readdirSync(integrationFolder).filter((name) => name.endsWith(".md"));

test("every source has a page, and every made page is as its source file says: node scripts/integration-pages.ts", () => {
  const named = sourceNames.filter((name) => name !== "custom").map((name) => `${name}.md`);
  expect(present.sort()).toEqual([...named, "README.md"].sort());
  const stale = [...madePages()].filter(
    ([name, text]) => readFileSync(new URL(name, integrationFolder), "utf8") !== text,
  );
  expect(stale.map(([name]) => name)).toEqual([]);
});

test("a page names the address, the proof and where fields are read from, and no placeholder is left", () => {
  const page = madePages().get("github.md") ?? "";
  expect(page).toContain("https://muster.example.com/hooks/KEY");
  expect(page).toContain("header `x-hub-signature-256`, HMAC-SHA256");
  expect(page).toContain("| service | `{repository.full_name}` |");
  for (const [name, text] of madePages()) expect(text.split("## What is read")[0], name).not.toMatch(/\{(?:url|key)\}/);
});
