import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Contender } from "./contenders.ts";
import type { LoadOrder, LoadResult } from "./load.ts";

/** What is compiled while a server is new is no cost of an update. */
const WARM_UP_MS = 10_000;

export type Measured = LoadResult & { cpuSeconds: number };

function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the load ended with ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}

/** Puts a load from a process of its own on a contender; what it did, and the CPU that the contender used meanwhile. */
export async function measureLoad(
  contender: Contender,
  rooms: number,
  shape: Omit<LoadOrder, "wire" | "documents">,
  forMs: number,
): Promise<Measured> {
  const documents = [];
  for (let room = 0; room < rooms; room += 1) documents.push(await contender.makeDocument());
  const child = fork(join(import.meta.dirname, "load.ts"), { execArgv: ["--disable-warning=ExperimentalWarning"] });
  try {
    await nextMessage(child);
    const joined = nextMessage(child);
    child.send({ join: { wire: contender.wire, documents, ...shape } });
    await joined;
    await pause(WARM_UP_MS);
    const before = await contender.usage();
    const measured = nextMessage(child);
    child.send({ measure: forMs });
    await measured;
    const result = nextMessage(child);
    const after = await contender.usage();
    return { ...((await result) as LoadResult), cpuSeconds: after.cpuSeconds - before.cpuSeconds };
  } finally {
    child.kill("SIGKILL");
  }
}
