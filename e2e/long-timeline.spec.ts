import { expect, type Locator, type Page, test } from "@playwright/test";
import { withLongTimeline } from "./support/long-timeline.ts";
import { Muster } from "./support/muster.ts";
import { personIn } from "./support/people.ts";

const timeline = (page: Page) => page.getByRole("region", { name: "Timeline", exact: true });
const entry = (page: Page, text: string | RegExp): Locator =>
  timeline(page).locator("li[data-entry]").filter({ hasText: text });
const show = (page: Page, kind: string) => timeline(page).getByRole("radio", { name: new RegExp(`^${kind} \\d+$`) });

test("a timeline of 5,000 entries is scrolled, searched and linked to its beginning", async ({ browser }) => {
  test.setTimeout(240_000);
  const muster = await Muster.start();
  const incident = await withLongTimeline(muster, 5_000);
  const room = `${muster.url}/incidents/${incident.reference}`;
  const { page } = await personIn(browser, muster, "Ada");
  await page.goto(room);
  await expect(show(page, "All")).toHaveAccessibleName("All 5000");
  const box = timeline(page).locator("div.overflow-y-auto").last();

  await test.step("scrolling up reads what came before, and what is read stays in its place", async () => {
    await expect(entry(page, "Observation 4995:")).toBeInViewport();
    await expect(entry(page, "Observation 4100:")).toHaveCount(0);
    await box.evaluate((element) => element.scrollTo(0, 300));
    const seen = timeline(page).locator("li[data-entry]").first();
    const text = (await seen.textContent()) ?? "";
    const row = entry(page, text.slice(5, 40)).first();
    const before = (await row.boundingBox())?.y ?? 0;
    await expect(entry(page, "Observation 4400:")).toHaveCount(1);
    await expect
      .poll(async () => Math.abs(((await row.boundingBox())?.y ?? 0) - before), { timeout: 5_000 })
      .toBeLessThan(60);
  });

  await test.step("a filter finds what is not here, with the server's help", async () => {
    await timeline(page).getByRole("searchbox", { name: "Find in the timeline" }).fill("observation 15: queue");
    // 15, 115, 215 … 4915: one in a hundred, and only the last five were here.
    await expect(entry(page, "Observation 15:")).toHaveCount(1);
    await expect(timeline(page).locator("li[data-entry]")).toHaveCount(50);
    await page.goto("about:blank");
    await page.goto(`${room}?show=notes`);
    await expect(show(page, "Notes")).toHaveAccessibleName("Notes 999");
  });

  await test.step("a link to the beginning reads all that lies between", async () => {
    const first = await muster.api<{ items: { id: string }[] }>(
      "GET",
      `/api/v1/incidents/${incident.id}/timeline?limit=1`,
    );
    const startedAt = Date.now();
    await page.goto("about:blank");
    await page.goto(`${room}#t=${first.items[0]?.id}`);
    await expect(entry(page, "declared the incident")).toBeFocused({ timeout: 60_000 });
    await expect(entry(page, "declared the incident")).toBeInViewport();
    process.stdout.write(`  link to the first of 5,000 entries: ${Date.now() - startedAt} ms\n`);
    await expect(timeline(page).locator("li[data-entry]")).toHaveCount(5_000);
    await expect(timeline(page).getByRole("button", { name: "Load earlier entries" })).toHaveCount(0);
  });

  await test.step("every part of it is drawn when it is scrolled to", async () => {
    for (const n of [5, 1_000, 2_500, 4_000, 4_995]) {
      const row = entry(page, `Observation ${n}:`);
      await row.scrollIntoViewIfNeeded();
      await expect(row).toBeInViewport();
    }
  });
  await muster.stop();
});
