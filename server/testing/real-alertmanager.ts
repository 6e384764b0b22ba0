import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const READY_WITHIN_MS = 15_000;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export type RealAlertmanager = {
  url: string;
  /** What it wrote to its log. */
  log(): string;
  push(alerts: readonly object[]): Promise<void>;
  stop(): Promise<void>;
};

async function ready(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until && child.exitCode === null) {
    if (
      await fetch(`${url}/-/ready`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return;
    await pause(100);
  }
  throw new Error(`Alertmanager did not start: ${log()}`);
}

/** A real Alertmanager with this configuration, on a free port and in a folder of its own. */
export async function realAlertmanager(program: string, yaml: string): Promise<RealAlertmanager> {
  const folder = mkdtempSync(join(tmpdir(), "muster-am-"));
  const config = join(folder, "alertmanager.yml");
  writeFileSync(config, yaml);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let text = "";
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  // A test that fails before its end must not leave it running.
  process.once("exit", () => child.kill("SIGKILL"));
  await ready(url, child, () => text);
  return {
    url,
    log: () => text,
    async push(alerts) {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/api/v2/alerts`, { method: "POST", headers, body: JSON.stringify(alerts) });
      if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
