import { expect, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { Muster } from "./support/muster.ts";
import { personIn } from "./support/people.ts";

const timeline = (page: Page) => page.getByRole("region", { name: "Timeline", exact: true });
const saveState = (page: Page) => page.getByRole("status").filter({ hasText: /^(Saved|Saving…|Not saved|Offline.*)$/ });

/** Types into the note field in words, until told to stop; each word that was followed by *Saved* is remembered. */
async function typeUntil(page: Page, name: string, isOver: () => boolean, saved: string[]): Promise<void> {
  for (let n = 0; !isOver() && n < 200; n++) {
    const word = `${name}-${n}`;
    try {
      await page.keyboard.type(`${word} `);
      await expect(saveState(page)).toHaveText("Saved", { timeout: 2_000 });
      saved.push(word);
    } catch {
      // The server is gone: what was typed last is not called saved.
    }
  }
}

test("what was shown as saved is there after SIGKILL while two people type", async ({ browser }) => {
  test.setTimeout(120_000);
  const muster = await Muster.start();
  const incident = await muster.api<{ id: string; reference: string }>("POST", "/api/v1/incidents", {
    title: "Typing",
  });
  const people = [await personIn(browser, muster, "Ada"), await personIn(browser, muster, "Lin")];
  for (const { page, name } of people) {
    await page.goto(`${muster.url}/incidents/${incident.reference}`);
    const field = page.getByRole("textbox", { name: "Add a note", exact: true });
    await field.click();
    await field.pressSequentially(`note of ${name}`);
    await page.keyboard.press("Control+Enter");
    const entry = timeline(page)
      .getByRole("listitem")
      .filter({ hasText: `note of ${name}` });
    await entry.getByRole("button", { name: /^Edit/ }).click();
    await page.getByRole("textbox", { name: "Note", exact: true }).click();
    await page.keyboard.press("Control+End");
    await expect(saveState(page)).toHaveText("Saved");
  }

  let isOver = false;
  const saved: string[] = [];
  const typing = people.map(({ page, name }) => typeUntil(page, name, () => isOver, saved));
  await expect.poll(() => saved.length, { timeout: 30_000 }).toBeGreaterThan(4);
  await muster.killHard();
  isOver = true;
  await Promise.all(typing);

  await muster.start();
  for (const { page } of people) await expect(saveState(page)).toHaveText("Saved", { timeout: 40_000 });
  const bodies = await until("both notes", async () => {
    const { items } = await muster.api<{ items: { body: string | null }[] }>(
      "GET",
      `/api/v1/incidents/${incident.id}/timeline`,
    );
    const text = items.map((entry) => entry.body ?? "").join("\n");
    return saved.every((word) => text.includes(`${word} `) || text.endsWith(word)) && text;
  });
  for (const word of saved) expect(bodies.match(new RegExp(`${word}(?!\\d)`, "g")), word).toHaveLength(1);
  await muster.stop();
});
