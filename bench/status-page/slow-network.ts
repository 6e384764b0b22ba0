import { startBrowser } from "../browser.ts";

/** A phone out of town. */
const BITS_PER_SECOND = 1_600_000;
const LATENCY_MS = 150;

export type Slow = { htmlBytes: number; sentBytes: number; readableMs: number };

/** How heavy the page is, and when it can be read by a slow network: its first words are painted. */
export async function measureSlowNetwork(url: string): Promise<Slow> {
  const htmlBytes = (await (await fetch(`${url}/status`)).arrayBuffer()).byteLength;
  const browser = await startBrowser();
  try {
    const times: number[] = [];
    let sentBytes = 0;
    // The first one starts the browser's own machinery; each has a cache of its own.
    for (let round = 0; round < 4; round += 1) {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      const bytes = BITS_PER_SECOND / 8;
      await session.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: LATENCY_MS,
        downloadThroughput: bytes,
        uploadThroughput: bytes,
      });
      let sent = 0;
      session.on("Network.loadingFinished", ({ encodedDataLength }) => {
        sent += encodedDataLength;
      });
      await page.goto(`${url}/status`, { waitUntil: "load" });
      await page.getByRole("heading", { level: 1 }).waitFor();
      const painted = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => {
              const last = list.getEntries().at(-1);
              if (last) resolve(last.startTime);
            }).observe({ type: "largest-contentful-paint", buffered: true });
          }),
      );
      if (round > 0) times.push(painted);
      sentBytes = Math.max(sentBytes, sent);
      await context.close();
    }
    return { htmlBytes, sentBytes, readableMs: Math.max(...times) };
  } finally {
    await browser.close();
  }
}
