import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillDataDir, testDatabase, testEngine } from "#/db/test-database.ts";

export const PROCESS_TOKEN = "mst_process_0123456789abcdef0123456789abcdef0123";

const ROOT = join(import.meta.dirname, "../..");
/** Compiled once for all processes: a start is a fifth shorter. */
const COMPILE_CACHE = join(tmpdir(), "muster-compile-cache");
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning"];

type Environment = Record<string, string>;
type Ending = { code: number | null; signal: NodeJS.Signals | null };
type Answer<T> = { status: number; body: T; text: string };
export type AskOptions = { token?: string | null; headers?: Record<string, string> };

/** A real process of the server. */
export type ServerProcess = {
  url: string;
  /** What it wrote until now. */
  stdout(): string;
  stderr(): string;
  ended: Promise<Ending>;
  signal(name: NodeJS.Signals): void;
  /** No warning, no flush; waits until it is gone. */
  killHard(): Promise<void>;
  stop(): Promise<Ending>;
  /** A request with the token of MUSTER_API_TOKEN, unless said; null for none. */
  ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    options?: AskOptions,
  ): Promise<Answer<T>>;
};

type Running = { child: ChildProcess; stdout(): string; stderr(): string; ended: Promise<Ending> };

/** Nothing of the settings of whoever runs the tests gets into the process. */
function run(file: string, args: readonly string[], environment: Environment): Running {
  const child = spawn(process.execPath, [...NODE_FLAGS, join(ROOT, file), ...args], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: tmpdir(),
      NODE_ENV: "production",
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  // "close" comes after the last output, "exit" may come before it.
  const ended = new Promise<Ending>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** Runs a file of the checkout to its end. */
export async function runToEnd(
  file: string,
  args: readonly string[],
  environment: Environment,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const running = run(file, args, environment);
  const { code } = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

/** A port that nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function asker(url: string, ownToken: string | null): ServerProcess["ask"] {
  return async <T>(method: string, path: string, body?: unknown, options: AskOptions = {}) => {
    const token = options.token === undefined ? ownToken : options.token;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
    return { status: response.status, text, body: (isJson ? JSON.parse(text) : text) as T };
  };
}

async function untilReady(running: Running): Promise<void> {
  const ready = new Promise<void>((resolve) => {
    const look = () => running.stdout().includes("Muster is ready") && resolve();
    running.child.stdout?.on("data", look);
    look();
  });
  const failed = running.ended.then(({ code, signal }) => {
    throw new Error(`the server ended with ${code ?? signal} at its start: ${running.stderr()}${running.stdout()}`);
  });
  await Promise.race([ready, failed]);
}

/** Starts `server/main.ts` without pages on a free port, and waits until it answers. */
export async function startServerProcess(environment: Environment): Promise<ServerProcess> {
  const port = environment.PORT ?? String(await freePort());
  const running = run("server/main.ts", [], { MUSTER_PAGES: "off", LOG_LEVEL: "error", ...environment, PORT: port });
  await untilReady(running);
  const url = `http://127.0.0.1:${port}`;
  const { child, ended } = running;
  // The banner is written when it listens; the set-up link, if any, right after it.
  return {
    url,
    ended,
    stdout: running.stdout,
    stderr: running.stderr,
    signal: (name) => child.kill(name),
    async killHard() {
      child.kill("SIGKILL");
      await ended;
    },
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
    ask: asker(url, environment.MUSTER_API_TOKEN ?? null),
  };
}

/** Where a state lies: a data folder, and a database of its own on the engine under test. */
export type Place = { dataDir: string; environment: Environment; close(): Promise<void> };

/** An empty data folder; with PostgreSQL (unless told otherwise) an empty database beside it. */
export async function makePlace(engine: "embedded" | "postgres" = testEngine): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), "muster-process-"));
  const database = engine === "postgres" ? await testDatabase() : undefined;
  return {
    dataDir,
    environment: { DATA_DIR: dataDir, ...(database?.url && { DATABASE_URL: database.url }) },
    async close() {
      await database?.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same with the embedded database in its folder, as PostgreSQL's is: a first start that need not make it. */
export async function makeReadyPlace(): Promise<Place> {
  const place = await makePlace();
  if (testEngine === "embedded") await fillDataDir(place.dataDir);
  return place;
}
