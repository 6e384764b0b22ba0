// The one door to every command: `node scripts/muster.mjs <command> [args…]`.
//
// Brings what a fresh clone lacks (Node 24, the locked dependencies, the build), says in one line
// each what it does and why, then runs the command's entry with Node 24. When nothing is missing it
// says nothing and starts no other program. Depends on nothing and is written for Node 18.

import path from "node:path";
import { bringBuild } from "./bootstrap/build.mjs";
import { bringDependencies } from "./bootstrap/dependencies.mjs";
import { findOrBringNode } from "./bootstrap/node-runtime.mjs";
import { BootstrapError, runEntry, runtimeFolder } from "./bootstrap/run.mjs";

/** What each command runs, and what it needs before it can. */
const commands = {
  start: { entry: "server/main.ts", mode: "production", needsBuild: true },
  dev: { entry: "server/main.ts", mode: "development", needsBuild: false },
  demo: { entry: "scripts/demo.ts", mode: "production", needsBuild: true },
  test: { entry: "scripts/test.ts", mode: null, needsBuild: true },
  check: { entry: "scripts/check.ts", mode: null, needsBuild: false },
  bench: { entry: "bench/main.ts", mode: null, needsBuild: true },
  backup: { entry: "scripts/backup.ts", mode: "production", needsBuild: false },
  restore: { entry: "scripts/restore.ts", mode: "production", needsBuild: false },
};

const [name, ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name ?? "") ? commands[name] : null;

if (command === null) {
  process.stderr.write(`usage: node scripts/muster.mjs <${Object.keys(commands).join("|")}> [args…]\n`);
  process.exit(2);
}

try {
  const node = await findOrBringNode();
  await bringDependencies(node);
  const isBuilt = await buildWhenNeeded(node);
  await runEntry(node, command.entry, args, {
    ...(command.mode === null ? {} : { NODE_ENV: command.mode }),
    // Half a second of a start is reading code that has not changed since the last one.
    ...(command.mode === "production" ? { NODE_COMPILE_CACHE: path.join(runtimeFolder, "compile-cache") } : {}),
    ...(isBuilt ? {} : { TEST_BUILD_FAILED: "1" }),
  });
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error;
  process.stderr.write(`muster: ${error.message}\n`);
  // The suite's last line is a promise, kept also when it could not begin.
  if (name === "test") process.stdout.write("0 passed, 1 failed, 0 skipped\n");
  process.exit(1);
}

/** Builds unless the command can do without. The suite goes on without a build and counts it as failed. */
async function buildWhenNeeded(node) {
  if (!command.needsBuild || process.env.MUSTER_PAGES === "off") return true;
  if (name === "test" && !testStepsNeedBuild(args)) return true;
  if (name === "bench" && !benchesNeedBuild(args)) return true;
  try {
    await bringBuild(node);
    return true;
  } catch (error) {
    if (name !== "test" || !(error instanceof BootstrapError)) throw error;
    process.stderr.write(`muster: ${error.message}\n`);
    return false;
  }
}

/** Only the browser tests and the measurements load pages. No step named means all of them. */
function testStepsNeedBuild(steps) {
  return steps.length === 0 || steps.includes("e2e") || steps.includes("measure");
}

/** These measure pages. No bench named means all of them. */
function benchesNeedBuild(names) {
  return names.length === 0 || names.includes("page") || names.includes("recovery");
}
