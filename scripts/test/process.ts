import { type SpawnOptions, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { onCleanup } from "./cleanup.ts";

/** The checkout's top folder. */
export const root = path.resolve(import.meta.dirname, "../..");

export type Ended = { code: number | null; stdout: string; stderr: string };

/** Runs a program to its end and returns what it wrote. A program that cannot be started ends with null. */
export function capture(program: string, args: string[], options: SpawnOptions = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const forget = onCleanup(() => void child.kill("SIGTERM"));
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const end = (code: number | null): void => {
      forget();
      resolve({ code, stdout, stderr });
    };
    child.once("error", (error) => {
      stderr += error.message;
      end(null);
    });
    child.once("close", end);
  });
}

/** Runs a program with its output shown. @returns its exit code, or null when a signal or no start ended it. */
export function show(program: string, args: string[], options: SpawnOptions = {}): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      ...options,
    });
    const forget = onCleanup(() => void child.kill("SIGTERM"));
    const end = (code: number | null): void => {
      forget();
      resolve(code);
    };
    child.once("error", (error) => {
      process.stderr.write(`${program}: ${error.message}\n`);
      end(null);
    });
    child.once("exit", end);
  });
}

/** The first of the named programs found on PATH, or in one of the further folders. */
export function findProgram(names: readonly string[], folders: readonly string[] = []): string | null {
  const onPath = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    for (const folder of [...onPath, ...folders]) {
      const file = path.join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  return null;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Absent and forbidden are the same answer here.
    return false;
  }
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  });
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
