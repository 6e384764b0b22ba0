import { monitorEventLoopDelay } from "node:perf_hooks";

/** How often memory is looked at for its peak. */
const SAMPLE_MS = 10;

const delay = monitorEventLoopDelay({ resolution: 5 });
let peakRss = 0;

/** Tells the parent that the server listens, and afterwards what it has used whenever it asks: since it asked last, for peaks. */
export function answerParent(): void {
  delay.enable();
  setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, SAMPLE_MS);
  process.on("message", ({ collects }: { collects: boolean }) => {
    const { user, system } = process.cpuUsage();
    if (collects) globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({
      cpuSeconds: (user + system) / 1e6,
      heapBytes: heapUsed + external,
      rssBytes: rss,
      peakRssBytes: Math.max(peakRss, rss),
      loopDelayMaxMs: delay.max / 1e6,
    });
    peakRss = 0;
    delay.reset();
  });
  process.send?.("ready");
}
