import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { installWithApt } from "./apt.ts";
import type { Found } from "./needs.ts";
import { capture, findProgram, freePort, isExecutable } from "./process.ts";
import { startServer, temporaryFolder, unprivileged } from "./temporary-server.ts";

/** The oldest that Muster supports. */
const VERSION_MIN = 15;

/** Where Debian, Red Hat and Homebrew keep the server's programs, which are seldom on PATH. */
const PARENTS = ["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt"];

/** A PostgreSQL: the one named by TEST_DATABASE_URL, else a private cluster that ends with the run. */
export async function startPostgres(): Promise<Found> {
  const named = process.env.TEST_DATABASE_URL;
  if (named !== undefined && named !== "") return { env: { TEST_DATABASE_URL: named } };
  let folder = await findServerPrograms();
  if (folder === null) {
    const reason = await installWithApt(["postgresql"]);
    folder = await findServerPrograms();
    if (folder === null) {
      return { missing: `no PostgreSQL ${VERSION_MIN}+ found, and ${reason ?? "apt-get brought none"}` };
    }
  }
  return startCluster(folder);
}

async function startCluster(programs: string): Promise<Found> {
  const runAs = await unprivileged(["postgres", "nobody"]);
  const folder = temporaryFolder("postgres", runAs);
  const data = path.join(folder, "data");
  // Open to this machine only, for the length of the run, with nothing in it but made-up data.
  const init = ["-D", data, "-U", "muster", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"];
  const options = { ...runAs, cwd: folder };
  const made = await capture(path.join(programs, "initdb"), init, options);
  if (made.code !== 0) return { missing: `initdb failed: ${made.stderr.trim()}` };
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    // What a crash would lose does not matter here; the time that syncing takes does.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
  };
  const args = ["-D", data, "-p", String(port)];
  for (const [name, value] of Object.entries(settings)) args.push("-c", `${name}=${value}`);
  const ready = ["-h", "127.0.0.1", "-p", String(port)];
  const problem = await startServer(path.join(programs, "postgres"), args, options, port, async () => {
    const answer = await capture(path.join(programs, "pg_isready"), ready);
    return answer.code === 0 || answer.code === null;
  });
  if (problem !== null) return { missing: problem };
  return { env: { TEST_DATABASE_URL: `postgres://muster@127.0.0.1:${port}/postgres` } };
}

/** The folder with the newest supported server's programs. */
async function findServerPrograms(): Promise<string | null> {
  const onPath = findProgram(["postgres"]);
  const folders = onPath === null ? [] : [path.dirname(onPath)];
  for (const parent of PARENTS) {
    if (!existsSync(parent)) continue;
    const versions = readdirSync(parent).filter((name) => /^(?:postgresql@|pgsql-)?\d+$/.test(name));
    versions.sort((a, b) => Number(b.replace(/\D/g, "")) - Number(a.replace(/\D/g, "")));
    folders.push(...versions.map((version) => path.join(parent, version, "bin")));
  }
  for (const folder of folders) {
    if (!isExecutable(path.join(folder, "initdb"))) continue;
    const { stdout } = await capture(path.join(folder, "postgres"), ["--version"]);
    if (Number(/(\d+)/.exec(stdout)?.[1] ?? 0) >= VERSION_MIN) return folder;
  }
  return null;
}
