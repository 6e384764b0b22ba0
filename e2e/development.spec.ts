import { expect, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";

test("in development pages reload by themselves, beside the room's own sockets", async ({ page }) => {
  // The page is compiled when it is asked for; with other browsers beside it that takes its time.
  test.setTimeout(180_000);
  const muster = await Muster.start({ NODE_ENV: "development" });
  const heard: string[] = [];
  page.on("websocket", (socket) => {
    if (socket.url().includes("/_next/hmr")) socket.on("framereceived", ({ payload }) => heard.push(String(payload)));
  });
  await page.goto(`${muster.url}/sign-in`, { timeout: 120_000 });
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect.poll(() => heard.some((frame) => frame.includes("turbopack-connected"))).toBe(true);
  await muster.stop();
});
