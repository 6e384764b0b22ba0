/** How often memory is looked at for its peak. */
const SAMPLE_MS = 10;

let peakRss = 0;
let sampler: NodeJS.Timeout | undefined;

/** Looks at memory from now on: only for who asks for a peak, because looking is work that would count as the server's. */
function watchPeak(): void {
  peakRss = 0;
  sampler ??= setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, SAMPLE_MS);
}

/** Tells the parent that the server listens, and afterwards what it has used whenever it asks. */
export function answerParent(): void {
  process.on("message", ({ collects }: { collects: boolean }) => {
    const { user, system } = process.cpuUsage();
    if (collects) globalThis.gc?.();
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
