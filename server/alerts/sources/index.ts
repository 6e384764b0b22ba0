import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { type SourceFile, sourceFileSchema } from "./source-file.ts";

export type { Signature, SourceFile } from "./source-file.ts";

const EXTENSION = ".yaml";
const folder = new URL(".", import.meta.url);

/** Every source that has a file here, by name, and `custom`, which is mapped in the interface. */
export const sourceNames: readonly string[] = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length)),
  "custom",
].sort();

export function isSource(name: string): boolean {
  return sourceNames.includes(name);
}

const read = new Map<string, SourceFile>();

/** What is known of a source; read once, when it is first asked for. Undefined for `custom` and for unknown ones. */
export function sourceFile(name: string): SourceFile | undefined {
  const known = read.get(name);
  if (known || name === "custom" || !isSource(name)) return known;
  const text = readFileSync(new URL(`${name}${EXTENSION}`, folder), "utf8");
  const file = sourceFileSchema.parse(parse(text));
  read.set(name, file);
  return file;
}
