import type { Browser, BrowserContext, Page } from "@playwright/test";
import { Muster } from "#/e2e/support/muster.ts";
import { personIn } from "#/e2e/support/people.ts";
import { type Weight, weigh } from "#/e2e/support/weigh.ts";
import { startBrowser } from "./browser.ts";
import { type PageMarks, pressAndWait, watchPage } from "./page-robot.ts";
import { printTable, quantile, type Row, recordResult } from "./report.ts";

const CLICK_ROUNDS = 10;
const COLD_ROUNDS = 5;
const WAIT_MS = 60_000;
const KIB = 1024;

/** A slow phone on a slow network, by Chromium's own throttles. */
const SLOW = { bitsPerSecond: 1_600_000, latencyMs: 150, cpuSlowdown: 4 };
const limits = { clickMs: 1_000, scriptKib: 220, readableMs: 3_000, noteSavedMs: 5_000 };

/** A room in the middle of an incident. */
async function makeRoom(muster: Muster): Promise<string> {
  const path = "/api/v1/incidents";
  const { id, reference } = await muster.api<{ id: string; reference: string }>("POST", path, {
    title: "Checkout returns 5xx in eu-west",
    severity: "SEV1",
  });
  for (let n = 0; n < 40; n += 1) {
    await muster.api("POST", `${path}/${id}/timeline`, { body: `**${n}** the error rate of \`checkout\` is ${n} %` });
  }
  for (let n = 0; n < 8; n += 1) await muster.api("POST", `${path}/${id}/tasks`, { title: `Task ${n}` });
  await muster.api("PATCH", `${path}/${id}`, { summary: "Half of the payments fail.", impactText: "4,200 orders" });
  return reference;
}

const marksOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { benchMarks: PageMarks }).benchMarks);

async function waitForMark(page: Page, name: keyof PageMarks): Promise<PageMarks> {
  await page.waitForFunction(
    (mark) => (globalThis as unknown as { benchMarks: Record<string, number> }).benchMarks?.[mark] !== undefined,
    name,
    { timeout: WAIT_MS, polling: 50 },
  );
  return marksOf(page);
}

/** The same person in a browser that has loaded nothing yet. */
async function coldContext(browser: Browser, known: BrowserContext): Promise<BrowserContext> {
  return browser.newContext({ storageState: { cookies: await known.cookies(), origins: [] } });
}

async function clickRounds(page: Page, url: string, reference: string): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < CLICK_ROUNDS; round += 1) {
    await page.goto(`${url}/incidents`, { waitUntil: "networkidle" });
    times.push(await page.evaluate(pressAndWait, `/incidents/${reference}`));
  }
  return times;
}

async function coldRounds(browser: Browser, known: BrowserContext, address: string) {
  const rounds: { readable: number; noteSaved: number; weight: Weight }[] = [];
  for (let round = 0; round < COLD_ROUNDS; round += 1) {
    const light = await coldContext(browser, known);
    const weighed = await light.newPage();
    const { weight } = await weigh(weighed);
    await weighed.addInitScript(watchPage, null);
    await weighed.goto(address, { waitUntil: "commit" });
    await waitForMark(weighed, "saved");
    const loaded = { ...weight };
    await light.close();

    const context = await coldContext(browser, known);
    const page = await context.newPage();
    const { session } = await weigh(page);
    const bytesPerSecond = SLOW.bitsPerSecond / 8;
    const network = { offline: false, latency: SLOW.latencyMs };
    await session.send("Network.emulateNetworkConditions", {
      ...network,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    });
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOW.cpuSlowdown });
    await page.addInitScript(watchPage, `a note in round ${round}`);
    await page.goto(address, { waitUntil: "commit", timeout: WAIT_MS });
    const { readable = WAIT_MS, noteSaved = WAIT_MS } = await waitForMark(page, "noteSaved");
    rounds.push({ readable, noteSaved, weight: loaded });
    await context.close();
  }
  return rounds;
}

function rowOf(measured: string, samples: readonly number[], limit: number, unit: string): Row {
  const round = (value: number) => `${Math.round(value).toLocaleString("en-GB")} ${unit}`;
  const p50 = quantile(samples, 0.5);
  return {
    measured,
    p50: round(p50),
    worst: round(Math.max(...samples)),
    limit: round(limit),
    holds: p50 <= limit ? "yes" : "NO",
  };
}

/**
 * How fast a room is there: after a press in the list, and by a cold link on a slow phone; and how much script it takes.
 * @throws Error when a median is over its limit
 */
export async function benchPage(): Promise<void> {
  const browser = await startBrowser();
  const muster = await Muster.start();
  try {
    const reference = await makeRoom(muster);
    const { page, context } = await personIn(browser, muster, "Ada");
    const clicks = await clickRounds(page, muster.url, reference);
    const cold = await coldRounds(browser, context, `${muster.url}/incidents/${reference}`);
    const readable = cold.map((round) => round.readable);
    const noteSaved = cold.map((round) => round.noteSaved);
    const script = cold.map(({ weight }) => weight.script / KIB);
    const rows = [
      rowOf("press in the list to a usable room", clicks, limits.clickMs, "ms"),
      rowOf("script until the room reads and Saved shows", script, limits.scriptKib, "KiB"),
      rowOf("slow phone, cold link: readable", readable, limits.readableMs, "ms"),
      rowOf("slow phone, cold link: a note saved", noteSaved, limits.noteSavedMs, "ms"),
    ];
    printTable(rows);
    const [first] = cold;
    const kib = (bytes = 0) => `${(bytes / KIB).toFixed(1)} KiB`;
    process.stdout.write(
      `  beside the script: document ${kib(first?.weight.document)}, style ${kib(first?.weight.style)}, font ${kib(first?.weight.font)}\n`,
    );
    recordResult("page", {
      clicks,
      readable,
      noteSaved,
      weights: cold.map(({ weight }) => weight),
      limits,
      slow: SLOW,
    });
    const missed = rows.filter((row) => row.holds === "NO");
    if (missed.length > 0) throw new Error(`over the limit: ${missed.map((row) => row.measured).join("; ")}.`);
  } finally {
    await browser.close();
    await muster.stop();
  }
}
