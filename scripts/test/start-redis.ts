import { installWithApt } from "./apt.ts";
import type { Found } from "./needs.ts";
import { findProgram, freePort } from "./process.ts";
import { startServer, temporaryFolder, unprivileged } from "./temporary-server.ts";

/** A Redis: the one named by TEST_REDIS_URL, else a private one that keeps nothing and ends with the run. */
export async function startRedis(): Promise<Found> {
  const named = process.env.TEST_REDIS_URL;
  if (named !== undefined && named !== "") return { env: { TEST_REDIS_URL: named } };
  let program = findProgram(["redis-server", "valkey-server"]);
  if (program === null) {
    const reason = await installWithApt(["redis-server"]);
    program = findProgram(["redis-server"]);
    if (program === null) {
      return { missing: `no redis-server found, and ${reason ?? "apt-get brought none"}` };
    }
  }
  const runAs = await unprivileged(["redis", "nobody"]);
  const folder = temporaryFolder("redis", runAs);
  const port = await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  args.push("--save", "", "--appendonly", "no");
  const problem = await startServer(program, args, { ...runAs, cwd: folder }, port);
  if (problem !== null) return { missing: problem };
  return { env: { TEST_REDIS_URL: `redis://127.0.0.1:${port}` } };
}
