import type { CDPSession, Page } from "@playwright/test";

/** Bytes by kind, as they come over the wire. */
export type Weight = { script: number; style: number; font: number; document: number; other: number };

const kindOf: Record<string, keyof Weight> = {
  Script: "script",
  Stylesheet: "style",
  Font: "font",
  Document: "document",
};

/** Counts what a page loads from now on; the weight grows as it comes. */
export async function weigh(page: Page): Promise<{ session: CDPSession; weight: Weight }> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const weight: Weight = { script: 0, style: 0, font: 0, document: 0, other: 0 };
  const kinds = new Map<string, keyof Weight>();
  session.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, kindOf[type] ?? "other"));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    weight[kinds.get(requestId) ?? "other"] += encodedDataLength;
  });
  return { session, weight };
}
