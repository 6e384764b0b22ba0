import { ConfigError, readConfig } from "./platform/config.ts";
import { messageOf } from "./platform/errors.ts";
import "./platform/quick-imports.ts";

/** Longer than the drain needs, shorter than an orchestrator's patience (30 s). */
const STOP_LIMIT_MS = 20_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  // Only now: a setting that cannot be is told at once, and the hook for imports is in place.
  const { startServer } = await import("./start-server.ts");
  const server = await startServer(config);
  let isStopping = false;
  const stop = () => {
    // A second signal during the drain changes nothing: the drain ends by itself.
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Muster did not stop cleanly: ${messageOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Whoever reads this line may stop it at once.
  say(`Muster is ready: ${config.publicUrl}`);
  const link = await server.setupLink();
  if (link) say(`Nobody has an account yet. Create the first one here, once: ${link}`);
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`Muster cannot start: ${text}\n`);
  process.exit(1);
});
