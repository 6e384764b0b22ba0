import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, posix, relative, sep } from "node:path";
import { messageOf } from "#/server/platform/errors.ts";
import type { Log } from "#/server/platform/log.ts";

/** Versions left on disk: a static server may still be reading the one before. */
const VERSIONS_KEPT = 3;

/** Where a document lies: its URL's path, and for a page the `index.html` of the folder of that name. Pure. */
export function fileOf(path: string): string {
  return posix.extname(path) ? path.slice(1) : `${path.slice(1)}/index.html`;
}

/** The URL's path of a file. Undoes `fileOf`. Pure. */
export function pathOfFile(file: string): string {
  return `/${file
    .split(sep)
    .join("/")
    .replace(/\/index\.html$/, "")}`;
}

async function versionsIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

type Writing = {
  log: Log;
  /** Leaves none of the versions before, because not everybody may read them any more. */
  isOnlyOne: boolean;
};

/**
 * Writes a whole version beside the others and then makes `current` point to it, in one rename: a reader of the files
 * sees the old version or the new one, never a mix. What a crash leaves half-written is never pointed to.
 */
export async function writeVersion(
  root: string,
  documents: ReadonlyMap<string, Uint8Array>,
  { log, isOnlyOne }: Writing,
): Promise<void> {
  const versions = join(root, "versions");
  const before = await versionsIn(versions);
  const number = (before.at(-1) ?? 0) + 1;
  const folder = join(versions, String(number));
  const folders = new Set([...documents.keys()].map((path) => dirname(join(folder, fileOf(path)))));
  for (const one of folders) await mkdir(one, { recursive: true });
  for (const [path, body] of documents) await writeFile(join(folder, fileOf(path)), body);
  const link = join(root, `current.${process.pid}.new`);
  await rm(link, { force: true });
  await symlink(join("versions", String(number)), link);
  await rename(link, join(root, "current"));
  const kept = isOnlyOne ? 1 : VERSIONS_KEPT;
  for (const old of before.slice(0, Math.max(0, before.length + 1 - kept))) {
    await rm(join(versions, String(old)), { recursive: true, force: true }).catch((error: unknown) => {
      log.warn({ error: messageOf(error) }, "an old version of the status page could not be removed");
    });
  }
}

/** The documents of the version that `current` points to, by path; empty when there is none. */
export async function readVersion(root: string): Promise<Map<string, Buffer>> {
  const current = join(root, "current");
  const found = new Map<string, Buffer>();
  const names = await readdir(current, { recursive: true }).catch((): string[] => []);
  for (const name of names) {
    const file = join(current, name);
    if (!(await stat(file)).isFile()) continue;
    found.set(pathOfFile(relative(current, file)), await readFile(file));
  }
  return found;
}
