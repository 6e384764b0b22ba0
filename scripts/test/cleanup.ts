import { rmSync } from "node:fs";

type Undo = () => void | Promise<void>;

const undos: Undo[] = [];
let isEnding = false;

/** Registers what must be undone however the run ends. @returns a function that forgets it. */
export function onCleanup(undo: Undo): () => void {
  undos.push(undo);
  return () => {
    const at = undos.indexOf(undo);
    if (at !== -1) undos.splice(at, 1);
  };
}

/** A folder that is gone when the run is over. */
export function removeAtEnd(folder: string): void {
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
}

/** Undoes everything, the latest first. One that fails is told and does not stop the others. */
export async function cleanUp(): Promise<void> {
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
    try {
      await undo();
    } catch (error) {
      process.stderr.write(`cleaning up: ${String(error)}\n`);
    }
  }
}

/** Cleans up on Ctrl-C and SIGTERM too. A second signal while that goes on is ignored. */
export function cleanUpOnSignals(): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.on(signal, () => {
      if (isEnding) return;
      isEnding = true;
      void cleanUp().then(() => process.exit(code));
    });
  }
}
