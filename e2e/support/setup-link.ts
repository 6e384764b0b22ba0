import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Muster } from "./muster.ts";

/** The one-time link that a server without an account printed, or null while it has not. */
export function setupLinkOf(muster: Muster): string | null {
  const log = readFileSync(join(muster.dataDir, "server.log"), "utf8");
  return /https?:\S+\/setup\/\S+/.exec(log)?.[0] ?? null;
}
