/** Tells the parent that the server listens, and afterwards what it has used whenever it asks. */
export function answerParent(): void {
  process.on("message", () => {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ cpuSeconds: (user + system) / 1e6, heapBytes: heapUsed + external, rssBytes: rss });
  });
  process.send?.("ready");
}
