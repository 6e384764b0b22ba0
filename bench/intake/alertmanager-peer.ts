import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "#/server/testing/server-process.ts";
import { cpuMsOf } from "./cpu-of.ts";

const CONNECTIONS = 16;

/** Alertmanager's own API, in memory: milliseconds of CPU for each alert, one a request. Null where there is none. */
export async function measureAlertmanager(count: number): Promise<{ cpuMsPerAlert: number; perSecond: number } | null> {
  const path = process.env.ALERTMANAGER_PATH;
  if (!path) return null;
  const folder = mkdtempSync(join(tmpdir(), "muster-bench-am-"));
  writeFileSync(join(folder, "am.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
  const port = await freePort();
  const flags = [
    `--config.file=${folder}/am.yml`,
    `--storage.path=${folder}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(path, [...flags, "--cluster.listen-address="], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  try {
    const url = `http://127.0.0.1:${port}`;
    while (
      !(await fetch(`${url}/-/ready`).then(
        (answer) => answer.ok,
        () => false,
      ))
    )
      await pause(50);
    const cpuBefore = cpuMsOf(child.pid ?? 0);
    const startedAt = performance.now();
    await postAlerts(`${url}/api/v2/alerts`, count);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { cpuMsPerAlert: (cpuMsOf(child.pid ?? 0) - cpuBefore) / count, perSecond: count / seconds };
  } finally {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function postAlerts(url: string, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let sent = 0;
  const sender = async () => {
    while (sent < count) {
      sent += 1;
      const labels = { alertname: `Load ${sent}`, service: "checkout", severity: "error" };
      const body = JSON.stringify([{ labels, annotations: { summary: "load" }, startsAt: new Date().toISOString() }]);
      await new Promise<void>((resolve, reject) => {
        const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
        const posted = request(url, { method: "POST", agent, headers }, (answer) => {
          answer
            .resume()
            .on("end", () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
        });
        posted.on("error", reject);
        posted.end(body);
      });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  agent.destroy();
}
