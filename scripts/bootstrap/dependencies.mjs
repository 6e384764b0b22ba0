// The locked dependencies: installed when missing or when the lock file changed.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { BootstrapError, root, runNpm, say } from "./run.mjs";

const lockFile = path.join(root, "package-lock.json");
/** npm's own list of what it installed, written last. */
const installedFile = path.join(root, "node_modules/.package-lock.json");
/** Inside node_modules, so that whoever deletes the folder deletes the claim too. */
const stampFile = path.join(root, "node_modules/.muster-lock-hash");

/** Installs the locked dependencies unless those installed are of this lock file. */
export async function bringDependencies(node) {
  if (reasonToInstall() === null) return;
  await withLock("installing dependencies", async () => {
    const reason = reasonToInstall();
    if (reason === null) return;
    say(`installing the locked dependencies, because ${reason}`);
    fs.rmSync(stampFile, { force: true });
    await runNpm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], node);
    fs.writeFileSync(stampFile, lockHash());
  });
}

function reasonToInstall() {
  if (!fs.existsSync(path.join(root, "node_modules"))) return "node_modules is missing";
  const hasStamp = fs.existsSync(stampFile);
  if (hasStamp && fs.readFileSync(stampFile, "utf8") === lockHash()) return null;
  if (isInstalledAsLocked()) {
    fs.writeFileSync(stampFile, lockHash());
    return null;
  }
  return hasStamp ? "package-lock.json changed" : "node_modules is not as package-lock.json says";
}

/** Somebody may have run `npm ci` or `npm install` by hand: then npm's own list agrees with the lock file. */
function isInstalledAsLocked() {
  if (!fs.existsSync(installedFile)) return false;
  const locked = JSON.parse(fs.readFileSync(lockFile, "utf8")).packages;
  const installed = JSON.parse(fs.readFileSync(installedFile, "utf8")).packages;
  const isSame = (name) =>
    locked[name]?.version === installed[name]?.version && locked[name]?.integrity === installed[name]?.integrity;
  // An optional package of another platform is locked and rightly not installed.
  const isExcused = (name) => installed[name] === undefined && locked[name].optional === true;
  const names = Object.keys(locked).filter((name) => name !== "");
  return names.every((name) => isSame(name) || isExcused(name)) && Object.keys(installed).every(isSame);
}

function lockHash() {
  if (!fs.existsSync(lockFile)) throw new BootstrapError("package-lock.json is missing");
  return createHash("sha256").update(fs.readFileSync(lockFile)).digest("hex");
}
