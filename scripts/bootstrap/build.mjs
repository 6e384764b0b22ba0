// The build of the pages: made when missing, or when something it reads has changed.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { listBuildInputs } from "./build-inputs.mjs";
import { compressBuild } from "./compress.mjs";
import { withLock } from "./lock.mjs";
import { environmentWith, root, run, say } from "./run.mjs";

const buildFolder = path.join(root, ".next");
const stampFile = path.join(buildFolder, "muster-inputs.json");

/** `next build` rewrites this one, so what counts is how it reads afterwards. */
const REWRITTEN = "tsconfig.json";

/** Builds the pages unless the present build was made of the present files. */
export async function bringBuild(node) {
  if (reasonToBuild() === null) return;
  await withLock("building the pages", async () => {
    const reason = reasonToBuild();
    if (reason === null) return;
    say(`building the pages, because ${reason}`);
    // Without its stamp a build that breaks off half-way is not taken for a whole one.
    fs.rmSync(stampFile, { force: true });
    const before = fingerprint(listBuildInputs(root));
    await run("next build", node, [path.join(root, "node_modules/next/dist/bin/next"), "build"], {
      env: environmentWith(node, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" }),
    });
    await compressBuild(buildFolder);
    // Read before: a file that changed meanwhile must make the next start build again.
    before[REWRITTEN] = fingerprint([REWRITTEN])[REWRITTEN];
    fs.writeFileSync(stampFile, JSON.stringify(before));
  });
}

/** Sizes and times first; contents only when those differ. */
function reasonToBuild() {
  if (!fs.existsSync(path.join(buildFolder, "BUILD_ID"))) return "there is no build";
  const stamp = readStamp();
  if (stamp === null) return "the last build did not finish";
  const files = listBuildInputs(root, stamp);
  let isTouched = false;
  for (const file of files) {
    const known = stamp[file];
    if (known === undefined) return `${file} is new`;
    const { mtimeMs, size } = statOf(file);
    if (known.mtimeMs === mtimeMs && known.size === size) continue;
    if (known.hash !== hashOf(file)) return `${file} changed`;
    known.mtimeMs = mtimeMs;
    known.size = size;
    isTouched = true;
  }
  const present = new Set(files);
  const gone = Object.keys(stamp).find((file) => !present.has(file));
  if (gone !== undefined) return `${gone} is gone`;
  // Same content with other times, as after a fresh checkout: spare the next start the hashing.
  if (isTouched) fs.writeFileSync(stampFile, JSON.stringify(stamp));
  return null;
}

function readStamp() {
  try {
    return JSON.parse(fs.readFileSync(stampFile, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

function fingerprint(files) {
  const prints = {};
  for (const file of files) prints[file] = { ...statOf(file), hash: hashOf(file) };
  return prints;
}

function statOf(file) {
  const { mtimeMs, size } = fs.statSync(path.join(root, file));
  return { mtimeMs, size };
}

function hashOf(file) {
  return createHash("sha256")
    .update(fs.readFileSync(path.join(root, file)))
    .digest("hex");
}
