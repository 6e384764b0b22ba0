// Completes package-lock.json: `node scripts/complete-lock.mjs` after a dependency has changed.
//
// npm leaves an optional package (the binaries of another platform) out of the lock file when the
// registry in use does not serve it, and `npm ci` then refuses the lock file everywhere. This adds
// what is missing: the exact version comes from the package that asks for it, the platform from the
// name. Safe to repeat. With `--check` it writes nothing and exits 1 when something is missing.

import fs from "node:fs";
import { fileURLToPath } from "node:url";

const lockFile = fileURLToPath(new URL("../package-lock.json", import.meta.url));

const SYSTEMS = {
  aix: "aix",
  android: "android",
  androideabi: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  win32: "win32",
  linuxmusl: "linux",
};
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64", "wasm32"];

const lock = JSON.parse(fs.readFileSync(lockFile, "utf8"));
const missing = listMissing(lock.packages);
for (const { place, entry } of missing) lock.packages[place] = entry;

if (process.argv.includes("--check")) {
  for (const { place, entry } of missing) process.stdout.write(`missing: ${place} ${entry.version}\n`);
  process.exit(missing.length === 0 ? 0 : 1);
}
const [top, ...rest] = Object.keys(lock.packages);
const ordered = [top, ...rest.sort((a, b) => a.localeCompare(b, "en"))];
lock.packages = Object.fromEntries(ordered.map((place) => [place, lock.packages[place]]));
if (missing.length > 0) fs.writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${missing.length} entries added\n`);

function listMissing(packages) {
  const found = [];
  for (const [owner, { optionalDependencies = {}, dev, devOptional }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isReachable(packages, owner, name)) continue;
      if (!/^\d/.test(version)) continue;
      const place = placeFor(packages, owner, name, found);
      if (place === null) continue;
      const role = dev === true ? { dev } : devOptional === true ? { devOptional } : {};
      found.push({ place, entry: { version, ...platformOf(name), ...role, optional: true } });
    }
  }
  return found;
}

/** Node's own search: the folder of the owner, then every folder above it. */
function isReachable(packages, owner, name) {
  for (let folder = owner; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    if (packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (folder === "") return false;
  }
}

/** At the top, or in the owner's own folder when another version is to stand at the top. */
function placeFor(packages, owner, name, found) {
  const top = `node_modules/${name}`;
  const isTaken = found.some(({ place }) => place === top);
  if (!isTaken && packages[top] === undefined) return top;
  const own = `${owner}/node_modules/${name}`;
  return packages[own] === undefined ? own : null;
}

function platformOf(name) {
  const words = name.split("/").at(-1).split("-");
  const os = words.map((word) => SYSTEMS[word]).find((word) => word !== undefined);
  const cpu = words.find((word) => PROCESSORS.includes(word));
  const isMusl = words.some((word) => word.includes("musl"));
  const isGlibc = words.some((word) => word === "gnu" || word === "gnueabihf");
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(isMusl ? { libc: ["musl"] } : isGlibc && os === "linux" ? { libc: ["glibc"] } : {}),
    ...(os === undefined ? {} : { os: [os] }),
  };
}
