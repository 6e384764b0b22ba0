import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, until } from "./free-port.ts";

type Labels = Record<string, string>;

/** Where the real one is, as the test driver found it. */
export const alertmanagerPath = process.env.ALERTMANAGER_PATH;

/** A real Prometheus Alertmanager that sends to one webhook. */
export async function startAlertmanager(webhookUrl: string): Promise<{
  fire(labels: Labels, annotations?: Labels): Promise<void>;
  resolve(labels: Labels): Promise<void>;
  stop(): Promise<void>;
}> {
  if (!alertmanagerPath) throw new Error("ALERTMANAGER_PATH is not set");
  const folder = mkdtempSync(join(tmpdir(), "muster-alertmanager-"));
  const config = join(folder, "alertmanager.yml");
  writeFileSync(
    config,
    `route:
  receiver: muster
  group_by: [alertname, service]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
receivers:
  - name: muster
    webhook_configs:
      - url: ${webhookUrl}
        send_resolved: true
`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    alertmanagerPath,
    [
      `--config.file=${config}`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
    { stdio: "ignore" },
  );
  // A test that fails before its end must not leave it running.
  process.once("exit", () => child.kill("SIGKILL"));
  await until("Alertmanager", async () => (await fetch(`${url}/-/ready`)).ok);

  async function push(alert: object): Promise<void> {
    const response = await fetch(`${url}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([alert]),
    });
    if (!response.ok) throw new Error(`Alertmanager answered ${response.status}`);
  }
  return {
    fire: (labels, annotations = {}) =>
      push({
        labels,
        annotations,
        startsAt: new Date().toISOString(),
        generatorURL: "http://prometheus.example/graph",
      }),
    resolve: (labels) => push({ labels, endsAt: new Date().toISOString() }),
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    },
  };
}
