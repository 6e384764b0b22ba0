import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fileServerConfig, startCaddy } from "#/server/testing/real-caddy.ts";

const run = promisify(execFile);
const WORKER = join(import.meta.dirname, "load-worker.ts");
const PATHS = ["/status", "/api/v2/summary.json"] as const;
const CONNECTIONS = 64;
/** Ours and Caddy take turns, so that a busy moment of the machine hits both. */
const ROUNDS = 3;

export type Throughput = { path: string; bytes: number; ours: number; caddy: number; ratio: number; failed: number };

async function load(url: string, path: string, seconds: number): Promise<{ perSecond: number; failed: number }> {
  const { stdout } = await run(process.execPath, [WORKER, url, path, String(CONNECTIONS), String(seconds)]);
  return JSON.parse(stdout);
}

const best = (samples: readonly number[]) => Math.max(...samples);

/** Caddy with what the page answers now, as files of the same size and nothing else. */
export async function startStaticCopy(
  url: string,
): Promise<{ url: string; sizes: Map<string, number>; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "muster-static-"));
  mkdirSync(join(folder, "api/v2"), { recursive: true });
  const sizes = new Map<string, number>();
  for (const path of PATHS) {
    const body = Buffer.from(await (await fetch(url + path)).arrayBuffer());
    sizes.set(path, body.length);
    writeFileSync(join(folder, path), body);
  }
  const config = fileServerConfig(folder);
  const caddy = await startCaddy({}, config.path);
  const stop = async () => {
    await caddy.stop();
    config.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: caddy.publicUrl, sizes, stop };
}

/** Requests a second of our page, and of Caddy with the same bytes as files, in turns. */
export async function measureThroughput(url: string, seconds: number): Promise<Throughput[]> {
  const copy = await startStaticCopy(url);
  const results: Throughput[] = [];
  try {
    for (const path of PATHS) {
      const [ours, theirs]: [number[], number[]] = [[], []];
      let failed = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const mine = await load(url, path, seconds);
        const other = await load(copy.url, path, seconds);
        ours.push(mine.perSecond);
        theirs.push(other.perSecond);
        failed += mine.failed + other.failed;
      }
      const ratio = best(ours) / best(theirs);
      results.push({ path, bytes: copy.sizes.get(path) ?? 0, ours: best(ours), caddy: best(theirs), ratio, failed });
    }
  } finally {
    await copy.stop();
  }
  return results;
}
