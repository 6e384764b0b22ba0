import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { chownSync, mkdtempSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onCleanup, removeAtEnd } from "./cleanup.ts";
import { capture, isRoot } from "./process.ts";

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;

/** Whom a server runs as. Empty: as whoever runs the tests. */
export type RunAs = { uid?: number; gid?: number };

/** Servers refuse to run as root: the first of these users that exists takes over. */
export async function unprivileged(users: readonly string[]): Promise<RunAs> {
  if (!isRoot()) return {};
  for (const user of users) {
    const uid = await capture("id", ["-u", user]);
    const gid = await capture("id", ["-g", user]);
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new Error(`none of the users ${users.join(", ")} exists`);
}

/** A new folder of that user, gone at the end of the run. */
export function temporaryFolder(name: string, { uid, gid }: RunAs = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), `muster-${name}-`));
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  removeAtEnd(folder);
  return folder;
}

/**
 * Starts a server and waits until its port takes connections and `isReady` agrees.
 * It is stopped at the end of the run. @returns null, or why it did not start.
 */
export async function startServer(
  program: string,
  args: string[],
  options: SpawnOptions,
  port: number,
  isReady: () => Promise<boolean> = async () => true,
): Promise<string | null> {
  // Its own process group: Ctrl-C reaches it through the clean-up, after its users have ended.
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  let ended = false;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-2_000);
  });
  child.once("error", (error) => {
    stderr += error.message;
    ended = true;
  });
  child.once("exit", () => {
    ended = true;
  });
  onCleanup(() => (ended ? undefined : stop(child)));
  const deadline = performance.now() + READY_MS_MAX;
  while (!ended && performance.now() < deadline) {
    if ((await isListening(port)) && (await isReady())) return null;
    await sleep(50);
  }
  return `${path.basename(program)} did not start: ${stderr.trim().split("\n").at(-1) ?? ""}`;
}

async function stop(child: ChildProcess): Promise<void> {
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // Both servers take it as "stop now, do not wait for clients".
  child.kill("SIGINT");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  await exited;
  clearTimeout(force);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
