import type { Page } from "@playwright/test";
import { Muster } from "#/e2e/support/muster.ts";
import { personIn } from "#/e2e/support/people.ts";
import { startBrowser } from "./browser.ts";
import { numberOption } from "./options.ts";
import { makePlaces } from "./places.ts";
import { printTable, quantile, recordResult } from "./report.ts";

const NAMES = ["Ada", "Lin", "Sam", "Noor", "Eve"];
const ROUNDS_DEFAULT = 6;
const KEY_EVERY_MS = 200;
/** The kill comes at a random moment of this stretch of typing. */
const TYPING_MS_MIN = 500;
const TYPING_MS_MAX = 1_500;
/** From the kill until all five read *Saved* again; the start of the new server is part of it. */
const LIMIT_MS = 8_000;
const GIVE_UP_MS = 60_000;

type Typist = { page: Page; name: string };
type Round = { upMs: number; savedMs: number[] };

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function seated(muster: Muster, typists: readonly Typist[]): Promise<string> {
  const incident = await muster.api<{ id: string; reference: string }>("POST", "/api/v1/incidents", {
    title: "Typing",
  });
  for (const { page, name } of typists) {
    await page.goto(`${muster.url}/incidents/${incident.reference}`);
    const field = page.getByRole("textbox", { name: "Add a note", exact: true });
    await field.fill(`note of ${name}`);
    await field.press("Control+Enter");
    const entry = page.getByRole("listitem").filter({ hasText: `note of ${name}` });
    await entry.getByRole("button", { name: /^Edit/ }).click();
    await page.getByRole("textbox", { name: "Note", exact: true }).click();
    await page.keyboard.press("Control+End");
    await page
      .getByRole("status")
      .filter({ hasText: /^Saved$/ })
      .waitFor();
  }
  return incident.id;
}

/** When the page reads *Saved* again after it said otherwise, by the clock that all share. */
function savedAgainAt(page: Page): Promise<number> {
  return page.evaluate(
    (giveUpMs) =>
      new Promise<number>((resolve, reject) => {
        const state = () => document.querySelector('[role="status"]')?.textContent;
        let wasLost = false;
        const giveUpAt = Date.now() + giveUpMs;
        const timer = setInterval(() => {
          wasLost ||= state() !== "Saved";
          const isBack = wasLost && state() === "Saved";
          if (!isBack && Date.now() < giveUpAt) return;
          clearInterval(timer);
          if (isBack) resolve(Date.now());
          else reject(new Error(`it reads ${state()} for too long`));
        }, 20);
      }),
    GIVE_UP_MS,
  );
}

async function killAndWait(muster: Muster, typists: readonly Typist[], round: number): Promise<Round> {
  let isOver = false;
  const typing = typists.map(async ({ page, name }) => {
    for (let n = 0; !isOver; n += 1) {
      await page.keyboard.type(` ${name}-${round}-${n}`);
      await pause(KEY_EVERY_MS);
    }
  });
  await pause(TYPING_MS_MIN + Math.random() * (TYPING_MS_MAX - TYPING_MS_MIN));
  await muster.killHard();
  const killedAt = Date.now();
  // They go on for a moment, so that each of them has something to save.
  const back = typists.map(({ page }) => savedAgainAt(page));
  const starting = muster.start().then(() => Date.now() - killedAt);
  await pause(2 * KEY_EVERY_MS);
  isOver = true;
  const [upMs, savedAt] = await Promise.all([starting, Promise.all(back), Promise.all(typing)]);
  return { upMs, savedMs: savedAt.map((at) => at - killedAt) };
}

/** Whether each word of each typist is stored once. */
async function countDoubled(muster: Muster, incidentId: string): Promise<number> {
  const { items } = await muster.api<{ items: { body: string | null }[] }>(
    "GET",
    `/api/v1/incidents/${incidentId}/timeline?limit=200`,
  );
  const words = items.flatMap((entry) => (entry.body ?? "").match(/\b[A-Z][a-z]+-\d+-\d+\b/g) ?? []);
  return words.length - new Set(words).size;
}

/**
 * SIGKILL under five people who type in five browsers, and a start right after it: how long from the kill until each
 * reads *Saved* again; how much of that is the start of the server is shown beside it.
 * @throws Error when the 95th percentile is over the limit, or a word was doubled
 */
export async function benchRecovery(): Promise<void> {
  const rounds = numberOption("rounds", ROUNDS_DEFAULT);
  const results = [];
  for (const place of await makePlaces()) {
    const browser = await startBrowser();
    const muster = await Muster.start(place.environment);
    try {
      const typists = [];
      for (const name of NAMES) typists.push(await personIn(browser, muster, name));
      const incidentId = await seated(muster, typists);
      const all: Round[] = [];
      for (let round = 0; round < rounds; round += 1) all.push(await killAndWait(muster, typists, round));
      results.push({
        engine: place.engine,
        rounds,
        upMs: all.map((round) => round.upMs),
        savedMs: all.flatMap((round) => round.savedMs),
        afterUpMs: all.flatMap(({ upMs, savedMs }) => savedMs.map((ms) => Math.max(0, ms - upMs))),
        doubled: await countDoubled(muster, incidentId),
      });
    } finally {
      await browser.close();
      await muster.killHard();
      await place.close();
    }
  }
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  printTable(
    results.map((result) => ({
      database: result.engine,
      kills: result.rounds,
      "Saved again p50": seconds(quantile(result.savedMs, 0.5)),
      p95: seconds(quantile(result.savedMs, 0.95)),
      limit: seconds(LIMIT_MS),
      "start of the server": seconds(quantile(result.upMs, 0.5)),
      "after it answers, p95": seconds(quantile(result.afterUpMs, 0.95)),
      doubled: result.doubled,
      allowed: 0,
    })),
  );
  recordResult("recovery", { typists: NAMES.length, limitMs: LIMIT_MS, results });
  const isHeld = results.every((result) => quantile(result.savedMs, 0.95) <= LIMIT_MS && result.doubled === 0);
  if (!isHeld) throw new Error("Saved came back too late, or words were doubled.");
}
