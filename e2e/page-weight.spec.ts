import { type BrowserContext, expect, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { personIn } from "./support/people.ts";
import { weigh } from "./support/weigh.ts";

/** What a phone on a slow network can wait for. `npm start` and `npm test` compress what they build; `next build` alone does not. */
const SCRIPT_KIB_MAX = 220;

/** The script that a page takes over the wire until it reads *Saved*, in a browser that has loaded nothing yet. */
async function scriptKibOf(cold: BrowserContext, address: string): Promise<number> {
  const page = await cold.newPage();
  const { weight } = await weigh(page);
  await page.goto(address);
  await expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  return weight.script / 1024;
}

test("a room takes at most 220 KiB of script until it reads and says that it is saved", async ({ browser }) => {
  const muster = await Muster.start();
  const { reference } = await muster.api<{ reference: string }>("POST", "/api/v1/incidents", { title: "Checkout" });
  const { context } = await personIn(browser, muster, "Ada");
  const cookies = await context.cookies();
  // On a machine so busy that this takes seconds, what is loaded ahead for later would be counted, too: then once more.
  await expect(async () => {
    const cold = await browser.newContext({ storageState: { cookies, origins: [] } });
    const kib = await scriptKibOf(cold, `${muster.url}/incidents/${reference}`);
    await cold.close();
    expect(kib).toBeGreaterThan(50);
    expect(kib).toBeLessThanOrEqual(SCRIPT_KIB_MAX);
  }).toPass({ timeout: 45_000 });
  await context.close();
  await muster.stop();
});
