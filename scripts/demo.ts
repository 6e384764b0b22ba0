import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, readConfig } from "#/server/platform/config.ts";
import { randomToken } from "#/server/platform/crypto.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { startServer } from "#/server/start-server.ts";
import { demoClient } from "./demo/client.ts";
import { playOutage } from "./demo/outage.ts";
import { startSignInDoor } from "./demo/sign-in-door.ts";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A server in a throw-away data folder with an outage that plays by itself. */
async function demo(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "muster-demo-"));
  const token = `mst_${randomToken()}`;
  const config = readConfig({
    ...process.env,
    DATA_DIR: dataDir,
    DATABASE_URL: "",
    LOG_LEVEL: process.env.LOG_LEVEL ?? "warn",
    MUSTER_API_TOKEN: token,
    MUSTER_ADMIN_EMAIL: "you@example.com",
    MUSTER_ADMIN_PASSWORD: randomToken(12),
  });
  const server = await startServer(config);
  const door = await startSignInDoor(server.core, "you@example.com");
  say("An outage plays by itself; everything is thrown away when you stop with Ctrl-C.");
  say(`Open this link, it signs you in: ${door.url}`);
  say(`What the public sees: ${config.publicUrl}/status`);
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    door.stop();
    server.stop().finally(() => {
      rmSync(dataDir, { recursive: true, force: true });
      process.exit(0);
    });
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    await playOutage(demoClient(`http://127.0.0.1:${server.port}`, token), say);
    say("The outage is over. Look at its postmortem, or stop with Ctrl-C.");
  } catch (error) {
    if (!isStopping) say(`The script stopped: ${messageOf(error)}`);
  }
}

demo().catch((error: unknown) => {
  process.stderr.write(`The demo cannot start: ${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
