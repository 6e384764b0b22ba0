import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./server-process.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Where Caddy is, if anywhere: CADDY_PATH, or where distributions put it. */
export const caddyPath: string | undefined = [process.env.CADDY_PATH, "/usr/bin/caddy"].find(
  (path) => path && existsSync(path),
);

export type RealCaddy = { publicUrl: string; internalUrl: string; stop(): Promise<void> };

async function untilAnswers(url: string, said: () => string): Promise<void> {
  for (let tries = 200; tries > 0; tries -= 1) {
    const answers = await fetch(url, { redirect: "manual" }).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Caddy does not answer: ${said()}`);
}

/** Runs Caddy with a Caddyfile (the one of the repository unless said) on free ports of loopback, without TLS. */
export async function startCaddy(
  environment: Record<string, string>,
  caddyfile = join(ROOT, "Caddyfile"),
): Promise<RealCaddy> {
  if (!caddyPath) throw new Error("There is no Caddy here: set CADDY_PATH.");
  const home = mkdtempSync(join(tmpdir(), "muster-caddy-"));
  const [publicUrl, internalUrl] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: "production",
    PATH: process.env.PATH,
    HOME: home,
    PUBLIC_SITE: publicUrl,
    INTERNAL_SITE: internalUrl,
    ...environment,
  };
  const child = spawn(caddyPath, ["run", "--adapter", "caddyfile", "--config", caddyfile], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    child.kill("SIGKILL");
    await ended;
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await untilAnswers(publicUrl, () => said);
  } catch (error) {
    await stop();
    throw error;
  }
  return { publicUrl, internalUrl, stop };
}

/** A Caddyfile that serves the files of a folder and nothing else. */
export function fileServerConfig(folder: string): { path: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), "muster-caddyfile-"));
  const path = join(home, "Caddyfile");
  writeFileSync(path, `{\n\tadmin off\n}\n{$PUBLIC_SITE} {\n\troot * ${folder}\n\tfile_server\n}\n`);
  return { path, remove: () => rmSync(home, { recursive: true, force: true }) };
}
