import { existsSync, readFileSync } from "node:fs";
import { type SourceFile, sourceFile, sourceNames } from "#/server/alerts/sources/index.ts";
import { markOf, sourceIndex, sourcePage } from "./source-page.ts";

export const integrationFolder = new URL("../../docs/integrations/", import.meta.url);

/** A page that somebody wrote stays: it has no mark. */
function isMade(name: string, source: string): boolean {
  const page = new URL(name, integrationFolder);
  return !existsSync(page) || readFileSync(page, "utf8").startsWith(markOf(source));
}

/** What `docs/integrations/` should hold: file name → text, without the pages that people wrote. */
export function madePages(): Map<string, string> {
  const files = new Map<string, SourceFile>();
  for (const name of sourceNames) {
    const file = sourceFile(name);
    if (file) files.set(name, file);
  }
  const pages = new Map([["README.md", sourceIndex(files)]]);
  for (const [source, file] of files) {
    if (isMade(`${source}.md`, source)) pages.set(`${source}.md`, sourcePage(source, file));
  }
  return pages;
}
