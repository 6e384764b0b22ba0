import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { withLongTimeline } from "#/e2e/support/long-timeline.ts";
import { Muster } from "#/e2e/support/muster.ts";
import { personIn } from "#/e2e/support/people.ts";
import { startBrowser } from "./browser.ts";
import { printTable, recordResult } from "./report.ts";

const ENTRIES = 5_000;
/** The promise: nothing holds up the page for longer. */
const LONG_TASK_MAX_MS = 100;
/** What a hurried wheel moves in one turn. */
const WHEEL_PX = 2_000;

type Measured = { phase: string; tasksOver50Ms: number; longestTaskMs: number; longestCpuMs: number };
type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { name?: string };
};

/**
 * Runs one act in the page and tells what held it up meanwhile: its tasks by the clock, as a reader feels them, and by
 * the CPU time of the page's main thread, which a busy machine does not stretch.
 */
async function measure(page: Page, phase: string, act: (page: Page) => Promise<void>): Promise<Measured> {
  const browser = page.context().browser();
  if (!browser) throw new Error("the page has no browser");
  await browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  await act(page);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const isMain = ({ name, args }: TraceEvent) => name === "thread_name" && args?.name === "CrRendererMain";
  const threads = new Set(trace.traceEvents.filter(isMain).map(({ pid, tid }) => `${pid}.${tid}`));
  const tasks = trace.traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === "X" && name.endsWith("RunTask") && threads.has(`${pid}.${tid}`),
  );
  if (tasks.length === 0) throw new Error("the trace has no tasks of the page");
  const longest = (of: (task: TraceEvent) => number | undefined) =>
    Math.round(tasks.reduce((max, task) => Math.max(max, of(task) ?? 0), 0) / 1_000);
  return {
    phase,
    tasksOver50Ms: tasks.filter((task) => (task.dur ?? 0) > 50_000).length,
    longestTaskMs: longest((task) => task.dur),
    longestCpuMs: longest((task) => task.tdur),
  };
}

const rows = (page: Page) => page.locator("li[data-entry]").count();

/** Turns the wheel over the timeline until there is nothing more in this direction. */
async function wheel(page: Page, direction: -1 | 1): Promise<void> {
  const box = page.locator('section[aria-label="Timeline"] div.overflow-y-auto').last();
  const at = await box.boundingBox();
  if (!at) throw new Error("there is no timeline");
  await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
  const top = () => box.evaluate((element) => element.scrollTop);
  let still = 0;
  for (let last = -1; still < 6; ) {
    await page.mouse.wheel(0, direction * WHEEL_PX);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    const now = await top();
    still = now === last ? still + 1 : 0;
    last = now;
  }
}

/** Reads everything: up to the start by the wheel, until the last page is there. */
async function readAll(page: Page): Promise<void> {
  const until = Date.now() + 120_000;
  while ((await rows(page)) < ENTRIES) {
    if (Date.now() > until) throw new Error(`only ${await rows(page)} of ${ENTRIES} entries were read`);
    await wheel(page, -1);
  }
}

/** The longest task while a timeline of 5,000 entries is read and scrolled in Chromium, against the promise. */
export async function benchTimelineScroll(): Promise<void> {
  if (!existsSync(join(import.meta.dirname, "../.next/BUILD_ID"))) {
    throw new Error("the pages are not built; `npm start` builds them.");
  }
  const browser = await startBrowser();
  const muster = await Muster.start();
  try {
    const incident = await withLongTimeline(muster, ENTRIES);
    const { page } = await personIn(browser, muster, "Ada");
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${muster.url}/incidents/${incident.reference}`);
    await page
      .getByRole("status")
      .filter({ hasText: /^Saved$/ })
      .waitFor();
    const results = [
      await measure(page, "read back to the start", readAll),
      await measure(page, "scroll to the end", (each) => wheel(each, 1)),
      await measure(page, "scroll to the start", (each) => wheel(each, -1)),
      await measure(page, "an entry arrives", async () => {
        for (let n = 0; n < 5; n += 1) {
          await muster.api("POST", `/api/v1/incidents/${incident.id}/timeline`, { body: `late ${n}` });
        }
        await page.getByText("late 4").waitFor({ state: "attached" });
      }),
    ];
    printTable(
      results.map((result) => ({
        phase: result.phase,
        entries: ENTRIES,
        "tasks over 50 ms": result.tasksOver50Ms,
        "longest task ms": result.longestTaskMs,
        "longest by CPU ms": result.longestCpuMs,
        promised: `<= ${LONG_TASK_MAX_MS}`,
        kept: result.longestTaskMs <= LONG_TASK_MAX_MS ? "yes" : "no",
      })),
    );
    recordResult("timeline-scroll", { entries: ENTRIES, longTaskMaxMs: LONG_TASK_MAX_MS, results });
  } finally {
    await browser.close();
    await muster.stop();
  }
}
