// What `next build` reads: the page folders, the settings, and whatever those import.

import fs from "node:fs";
import path from "node:path";

const FOLDERS = ["app", "components", "public"];
const FILES = ["next.config.mjs", "postcss.config.mjs", "tsconfig.json", "package-lock.json"];

/** What may stand between quotes after `from`, `import`, `import(`, `@import` and the like. */
const IMPORTED = /(?:\bfrom|\bimport|\brequire|@import|@source|@config|@plugin)\s*\(?\s*["']([^"'\n]+)["']/g;

/**
 * The files that the build reads, relative to `root`, sorted.
 *
 * Everything in the page folders counts, tests apart; outside of them only what is imported from there,
 * followed as far as it goes. With `known` (what an earlier call found, by file), a file whose size and
 * time are as known is not read again: its imports are among the known ones.
 */
export function listBuildInputs(root, known = null) {
  const found = new Set(FILES.filter((file) => isFile(path.join(root, file))));
  for (const folder of FOLDERS) addFolder(root, folder, found);
  if (known !== null && isUntouched(root, known)) {
    for (const file of Object.keys(known)) if (isFile(path.join(root, file))) found.add(file);
    return [...found].sort();
  }
  const waiting = [...found];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const imported of importsOf(root, file)) {
      if (found.has(imported)) continue;
      found.add(imported);
      waiting.push(imported);
    }
  }
  return [...found].sort();
}

function addFolder(root, folder, found) {
  const absolute = path.join(root, folder);
  if (!fs.existsSync(absolute)) return;
  for (const entry of fs.readdirSync(absolute, { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) addFolder(root, name, found);
    else if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) found.add(name);
  }
}

/** Every known file is there and has the size and time it had, so none imports anything new. */
function isUntouched(root, known) {
  return Object.entries(known).every(([file, { mtimeMs, size }]) => {
    const stat = fs.statSync(path.join(root, file), { throwIfNoEntry: false });
    return stat !== undefined && stat.mtimeMs === mtimeMs && stat.size === size;
  });
}

function importsOf(root, file) {
  if (!/\.(?:[cm]?[jt]sx?|css)$/.test(file)) return [];
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const imports = [];
  for (const [, specifier] of text.matchAll(IMPORTED)) {
    const target = resolveInside(root, file, specifier);
    if (target !== null) imports.push(target);
  }
  return imports;
}

/** The imported file inside the checkout, or null: a package, or a word that only looked like an import. */
function resolveInside(root, file, specifier) {
  const base = specifier.startsWith("#/")
    ? path.join(root, specifier.slice(2))
    : specifier.startsWith(".")
      ? path.resolve(root, path.dirname(file), specifier)
      : null;
  if (base === null) return null;
  for (const suffix of ["", ".ts", ".tsx", "/index.ts", "/index.tsx"]) {
    if (!isFile(base + suffix)) continue;
    const relative = path
      .relative(root, base + suffix)
      .split(path.sep)
      .join("/");
    return relative.startsWith("..") || relative.includes("node_modules/") ? null : relative;
  }
  return null;
}

function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
