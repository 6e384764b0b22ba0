import { setImmediate as nextTurn } from "node:timers/promises";

/** Code that ran once and what waits for a finalizer go after several collections: one alone leaves megabytes for later. */
const COLLECTIONS = 8;
/** How often memory is looked at for its peak. */
const SAMPLE_MS = 10;

let peakRss = 0;
let isWatched = false;

/** Looks at memory from now on: only for who asks for a peak, because looking is work that would count as the server's. */
function watchPeak(): void {
  peakRss = 0;
  if (isWatched) return;
  isWatched = true;
  setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, SAMPLE_MS);
}

async function collect(): Promise<void> {
  for (let count = 0; count < COLLECTIONS; count += 1) {
    globalThis.gc?.();
    await nextTurn();
  }
}

/** Tells the parent that the server listens, and afterwards what it has used whenever it asks. */
export function answerParent(): void {
  process.on("message", async ({ collects }: { collects: boolean }) => {
    const { user, system } = process.cpuUsage();
    if (collects) await collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({
      cpuSeconds: (user + system) / 1e6,
      heapBytes: heapUsed + external,
      rssBytes: rss,
      peakRssBytes: Math.max(peakRss, rss),
    });
    if (collects) watchPeak();
  });
  process.send?.("ready");
}
