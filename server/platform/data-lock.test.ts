import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockDataDir } from "./data-lock.ts";

const folder = () => mkdtempSync(join(tmpdir(), "muster-lock-"));

test("a second lock on the same folder is refused, naming it; after the release it is free", async () => {
  const dataDir = folder();
  const lock = await lockDataDir(dataDir);
  await expect(lockDataDir(dataDir)).rejects.toThrow(dataDir);
  await lock.release();
  await (await lockDataDir(dataDir)).release();
});

test("a folder with a long path works too", async () => {
  const dataDir = join(folder(), "a".repeat(60), "b".repeat(60));
  const lock = await lockDataDir(dataDir);
  await expect(lockDataDir(dataDir)).rejects.toThrow("in use");
  await lock.release();
});

test("the lock of a process that was killed is taken over", async () => {
  const dataDir = folder();
  const script = `const { lockDataDir } = await import("${import.meta.dirname}/data-lock.ts");
    await lockDataDir(${JSON.stringify(dataDir)}); console.log("locked"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { cwd: import.meta.dirname });
  await once(child.stdout, "data");
  await expect(lockDataDir(dataDir)).rejects.toThrow("in use");
  child.kill("SIGKILL");
  await once(child, "exit");
  await (await lockDataDir(dataDir)).release();
});
