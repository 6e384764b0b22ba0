import { findProgram, isRoot, show } from "./process.ts";

let isUpdated = false;

/** Why the system's package manager cannot be asked, or null when it can. */
function reasonNotToUseApt(): string | null {
  if (process.platform !== "linux" || findProgram(["apt-get"]) === null) {
    return "there is no apt-get here";
  }
  return isRoot() ? null : "installing it needs root";
}

/** Installs Debian packages. @returns null, or why it did not work. */
export async function installWithApt(packages: readonly string[]): Promise<string | null> {
  const reason = reasonNotToUseApt();
  if (reason !== null) return reason;
  process.stdout.write(`installing ${packages.join(" ")} with apt-get, because the tests need it\n`);
  // Run level 1: a service that comes with a package is not started.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  if (!isUpdated && (await show("apt-get", ["update", "-q"], { env })) !== 0) {
    return "apt-get update failed";
  }
  isUpdated = true;
  const args = ["install", "-y", "-q", "--no-install-recommends", ...packages];
  return (await show("apt-get", args, { env })) === 0 ? null : "apt-get install failed";
}
