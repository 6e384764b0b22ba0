// How the bootstrap runs other programs.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Git-ignored: the private Node and the lock. */
export const runtimeFolder = path.join(root, ".runtime");

/**
 * Type stripping says that it is experimental; users need not read that. With the default young generation of 16 MB
 * an idle server keeps 100 MB more that it does not use.
 */
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=8"];

/** Something a person must put right; its message is shown without a stack. */
export class BootstrapError extends Error {}

export function say(line) {
  process.stdout.write(`muster: ${line}\n`);
}

/** The environment in which `node` is the first Node on PATH. */
export function environmentWith(node, extra = {}) {
  const environment = { ...process.env, ...extra };
  // Windows writes it "Path"; a second spelling would hide the first.
  const key = Object.keys(environment).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  const folder = path.dirname(node);
  const rest = (environment[key] ?? "").split(path.delimiter).filter((part) => part !== folder);
  environment[key] = [folder, ...rest].join(path.delimiter);
  return environment;
}

/** Runs a program to its end; its output is shown only when it fails. @throws BootstrapError then */
export async function run(what, program, args, options = {}) {
  const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
  const output = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  const { code, signal } = await ended(child, what);
  if (code === 0) return;
  process.stderr.write(Buffer.concat(output));
  throw new BootstrapError(`${what} failed (${signal ?? `exit code ${code}`})`);
}

/** Runs npm with the Node that runs this; its children find `node` first on PATH. */
export async function runNpm(args, node) {
  const npm = npmProgram();
  // A script's npm is told its own options and folders by environment; they are not for this one.
  const environment = environmentWith(node, { NODE_ENV: "" });
  for (const name of ["npm_config_local_prefix", "npm_config_global", "npm_config_omit"]) {
    delete environment[name];
  }
  await run(`npm ${args[0]}`, npm.program, [...npm.args, ...args], {
    env: environment,
    shell: npm.shell,
  });
}

function npmProgram() {
  const here = path.dirname(process.execPath);
  const candidates = [
    process.env.npm_execpath,
    path.join(here, "../lib/node_modules/npm/bin/npm-cli.js"),
    path.join(here, "node_modules/npm/bin/npm-cli.js"),
  ];
  for (const file of candidates) {
    // Another package manager may have run the script; its lock file is not ours.
    if (file && path.basename(file) === "npm-cli.js" && existsSync(file)) {
      return { program: process.execPath, args: [file], shell: false };
    }
  }
  return { program: "npm", args: [], shell: process.platform === "win32" };
}

/**
 * Runs the entry with inherited stdio and ends this process as the entry ended.
 * The first SIGINT or SIGTERM is handed on, once; the entry decides how long it takes to stop.
 */
export async function runEntry(node, entry, args, extraEnvironment) {
  if (!existsSync(path.join(root, entry))) throw new BootstrapError(`${entry} is not there`);
  const child = spawn(node, [...NODE_FLAGS, path.join(root, entry), ...args], {
    cwd: root,
    stdio: "inherit",
    env: environmentWith(node, extraEnvironment),
  });
  let hasForwarded = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      // A terminal's Ctrl-C has reached the entry already: it is in the same process group.
      if (hasForwarded || (signal === "SIGINT" && process.stdin.isTTY)) return;
      hasForwarded = true;
      child.kill(signal);
    });
  }
  const { code, signal } = await ended(child, entry);
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
}

function ended(child, what) {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      reject(new BootstrapError(`${what} could not be started: ${error.message}`));
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}
