// One bootstrap at a time in one checkout.

import fs from "node:fs";
import path from "node:path";
import { runtimeFolder, say } from "./run.mjs";

const POLL_MS = 150;
const HEARTBEAT_MS = 5_000;
/** A holder that has not touched its lock for so long is gone, even if its process id is used again. */
const SILENT_MS_MAX = 120_000;

const lockFile = path.join(runtimeFolder, "lock");

/** Runs `work` while no other process of this checkout runs its own. A dead holder's lock is taken over. */
export async function withLock(why, work) {
  fs.mkdirSync(runtimeFolder, { recursive: true });
  let hasSaid = false;
  while (!tryToHold()) {
    const holder = readHolder(lockFile);
    if (holder !== null && isGone(holder)) {
      removeStale(holder);
      continue;
    }
    if (!hasSaid && holder !== null) {
      say(`waiting for process ${holder.pid}, which is preparing this checkout (${why})`);
      hasSaid = true;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const isOwn = () => readHolder(lockFile)?.pid === process.pid;
  const heartbeat = setInterval(() => {
    if (isOwn()) fs.utimesSync(lockFile, new Date(), new Date());
  }, HEARTBEAT_MS);
  const release = () => {
    if (isOwn()) fs.rmSync(lockFile, { force: true });
  };
  const stop = (signal) => {
    release();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.once("exit", release).once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off("exit", release).off("SIGINT", stop).off("SIGTERM", stop);
    release();
  }
}

/** A link appears with its content or not at all, so that nobody reads a half-written lock. */
function tryToHold() {
  const own = `${lockFile}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, lockFile);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function readHolder(file) {
  try {
    const pid = Number(fs.readFileSync(file, "utf8"));
    return { pid, silentMs: Date.now() - fs.statSync(file).mtimeMs };
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

function isGone({ pid, silentMs }) {
  if (silentMs > SILENT_MS_MAX) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

/** Two waiters may both see a dead holder: whoever moved a living one's lock away puts it back. */
function removeStale(holder) {
  const aside = `${lockFile}.stale.${process.pid}`;
  try {
    fs.renameSync(lockFile, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  if (readHolder(aside)?.pid !== holder.pid) {
    try {
      fs.linkSync(aside, lockFile);
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
  }
  fs.rmSync(aside, { force: true });
}
