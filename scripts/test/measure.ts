import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { onCleanup } from "./cleanup.ts";
import { testEnvironment } from "./environment.ts";
import { serverMemory } from "./memory.ts";
import { freePort, root } from "./process.ts";
import type { Outcome } from "./summary.ts";
import { temporaryFolder } from "./temporary-server.ts";

const START_MS_LIMIT = 3_000;
const SUITE_MS_LIMIT = 15 * 60_000;
const MEMORY_MB_LIMIT = 400;

/** Longer than the first timers after a start, short enough to wait for. */
const IDLE_MS = 8_000;
const ANSWER_MS_MAX = 60_000;
const STOP_MS_MAX = 30_000;

type Running = { child: ChildProcess; port: number; startMs: number };

/**
 * Starts Muster twice in one throw-away data folder and prints what a person would feel, each figure
 * beside its limit. A figure over its limit is marked and fails nothing: a busy machine is not a bug.
 */
export async function runMeasureStep(suiteStartedAt: number): Promise<Outcome[]> {
  try {
    const data = temporaryFolder("measure");
    await stop(await start(data));
    const warm = await start(data);
    await sleep(IDLE_MS);
    const memory = warm.child.pid === undefined ? null : await serverMemory(warm.child.pid);
    await stop(warm);
    const suiteMs = performance.now() - suiteStartedAt;
    print("warm npm start to first answer", warm.startMs / 1000, START_MS_LIMIT / 1000, "s");
    print("npm test so far", suiteMs / 60_000, SUITE_MS_LIMIT / 60_000, "min");
    if (memory === null) return [outcome("skipped", "memory cannot be read on this system")];
    print("memory of the idle server", memory, MEMORY_MB_LIMIT, "MB");
    return [outcome("passed")];
  } catch (error) {
    return [outcome("failed", error instanceof Error ? error.message : String(error))];
  }
}

function outcome(state: Outcome["state"], reason?: string): Outcome {
  return { step: "measure", name: "starts, idles and stops", state, ...(reason === undefined ? {} : { reason }) };
}

function print(what: string, value: number, limit: number, unit: string): void {
  const mark = value > limit ? "  OVER" : "";
  process.stdout.write(`${what.padEnd(32)} ${value.toFixed(1).padStart(6)} ${unit}  (limit ${limit} ${unit})${mark}\n`);
}

/** From the command a person types to the first answer that says ready. */
async function start(data: string): Promise<Running> {
  const port = await freePort();
  const env = testEnvironment({ PORT: String(port), DATA_DIR: data, LOG_LEVEL: "warn" });
  const startedAt = performance.now();
  const child = spawn("npm", ["start", "--silent"], {
    cwd: root,
    env,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
    // Its own process group, so that the whole of it can be stopped.
    detached: process.platform !== "win32",
  });
  const forget = onCleanup(() => signalGroup(child, "SIGKILL"));
  child.once("exit", forget);
  let problem: string | null = null;
  child.once("error", (error) => {
    problem = error.message;
  });
  while (performance.now() - startedAt < ANSWER_MS_MAX) {
    if (problem !== null) throw new Error(`npm start: ${problem}`);
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    if (await isReady(port)) return { child, port, startMs: performance.now() - startedAt };
    await sleep(20);
  }
  throw new Error(`npm start did not answer within ${ANSWER_MS_MAX / 1000} s`);
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    // Nobody listens yet.
    return false;
  }
}

async function stop({ child }: Running): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  signalGroup(child, "SIGTERM");
  const force = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_MS_MAX);
  await exited;
  clearTimeout(force);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32") child.kill(signal);
  else process.kill(-child.pid, signal);
}
