import { expect, type Locator, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { personIn } from "./support/people.ts";

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const timeline = (page: Page) => region(page, "Timeline");
const entry = (page: Page, text: string | RegExp): Locator =>
  timeline(page).locator("li[data-entry]").filter({ hasText: text });
const show = (page: Page, kind: string) => timeline(page).getByRole("radio", { name: new RegExp(`^${kind} \\d+$`) });

async function addNote(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Add a note", exact: true });
  await field.click();
  await field.fill(text);
  await page.keyboard.press("Control+Enter");
  // It has its row once its menu is there.
  await expect(entry(page, text.split("\n")[0] ?? text).getByRole("button", { name: /^More/ })).toBeAttached();
}

async function pick(page: Page, row: Locator, act: string): Promise<void> {
  await row.hover();
  await row.getByRole("button", { name: /^More/ }).click();
  await page.getByRole("menuitem", { name: act, exact: true }).click();
}

test("two people mark, pin, narrow, link, and bring back what a note was", async ({ browser }) => {
  test.setTimeout(180_000);
  const muster = await Muster.start();
  const incident = await muster.api<{ id: string; reference: string }>("POST", "/api/v1/incidents", {
    title: "Checkout is slow",
  });
  const room = `${muster.url}/incidents/${incident.reference}`;
  const ada = await personIn(browser, muster, "Ada");
  const lin = await personIn(browser, muster, "Lin");
  await ada.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const { page } of [ada, lin]) {
    await page.goto(room);
    await expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  }

  await test.step("what one marks and pins, the other sees, as words", async () => {
    await addNote(ada.page, "Roll back release 42 first");
    await addNote(lin.page, "Alert on queue length");
    await pick(ada.page, entry(ada.page, "Roll back release 42"), "Mark as decision");
    await pick(ada.page, entry(ada.page, "Roll back release 42"), "Pin");
    await pick(lin.page, entry(lin.page, "Alert on queue length"), "Mark as follow-up");
    await expect(lin.page.getByRole("article", { name: "Decision, note by Ada" })).toContainText("Decision");
    await expect(ada.page.getByRole("article", { name: "Follow-up, note by Lin" })).toContainText("Follow-up");
    const pin = lin.page.getByRole("navigation", { name: "Pinned", exact: true }).getByRole("link");
    await expect(pin).toContainText("Decision · Ada: Roll back release 42 first");
    await pin.click();
    await expect(entry(lin.page, "Roll back release 42")).toBeFocused();
    await expect(lin.page).toHaveURL(/#t=[0-9a-f-]{36}$/);
  });

  await test.step("somebody else's new entry is read out, one's own and keystrokes are not", async () => {
    const spoken = timeline(lin.page).locator(":scope > [aria-live=polite]");
    await expect(spoken).toContainText(/Ada|new entries/, { timeout: 8_000 });
    await expect(spoken).not.toContainText("Alert on queue length");
  });

  await test.step("the timeline is narrowed by kind and by words, and the address says so", async () => {
    await show(lin.page, "Decisions").check();
    await expect(lin.page).toHaveURL(/\?show=decisions/);
    await expect(timeline(lin.page).locator("li[data-entry]")).toHaveCount(1);
    await lin.page.reload();
    await expect(show(lin.page, "Decisions")).toBeChecked();
    await expect(timeline(lin.page).locator("li[data-entry]")).toHaveCount(1);
    await timeline(lin.page).getByRole("searchbox", { name: "Find in the timeline" }).fill("nothing like this");
    await expect(timeline(lin.page)).toContainText("No entry under Decisions holds “nothing like this”.");
    await lin.page.getByRole("button", { name: "Show all entries" }).click();
    await expect(entry(lin.page, "Alert on queue length")).toBeVisible();
    await expect(lin.page).not.toHaveURL(/show=|find=/);
  });

  await test.step("a copied link leads somebody else to the entry", async () => {
    await pick(ada.page, entry(ada.page, "Alert on queue length"), "Copy link");
    const link = await ada.page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(new RegExp(`^${room}#t=[0-9a-f-]{36}$`));
    await lin.page.goto("about:blank");
    await lin.page.goto(link);
    await expect(entry(lin.page, "Alert on queue length")).toBeFocused();
    await expect(entry(lin.page, "Alert on queue length")).toHaveClass(/outline-warn/);
    await lin.page.keyboard.press("ArrowUp");
    await expect(entry(lin.page, "Alert on queue length")).not.toHaveClass(/outline-warn/);
    await lin.page.goto("about:blank");
    await lin.page.goto(`${room}#t=2020-01-01T10:04Z`);
    await expect(timeline(lin.page).locator("li[data-entry]").first()).toBeFocused();
    await lin.page.goto("about:blank");
    await lin.page.goto(`${room}#t=00000000-0000-4000-8000-000000000000`);
    await expect(lin.page.getByText("This link leads to an entry that is not in this timeline.")).toBeVisible();
  });

  await test.step("a note opens by Enter, closes by Esc, and the other sees who has it open", async () => {
    await entry(ada.page, "Roll back release 42").focus();
    await ada.page.keyboard.press("Enter");
    await expect(ada.page.getByRole("textbox", { name: "Note", exact: true })).toBeVisible();
    await ada.page.keyboard.press("Control+End");
    await ada.page.keyboard.type(", then wait ten minutes");
    await expect(entry(lin.page, "then wait ten minutes")).toContainText("Ada is editing");
    await ada.page.keyboard.press("Escape");
    await expect(ada.page.getByRole("textbox", { name: "Note", exact: true })).toHaveCount(0);
    await expect(entry(ada.page, "then wait ten minutes")).toBeFocused();
    await expect(entry(lin.page, "then wait ten minutes")).not.toContainText("is editing");
  });

  await test.step("code is copied, a table is a table, a long log is folded, an empty note says so", async () => {
    const log = Array.from({ length: 80 }, (_, n) => `10:01:${n} pool is at its limit`).join("\n");
    await addNote(
      ada.page,
      "What the pool says\n\n```\nselect 1;\n```\n\n| host | load |\n|---|---|\n| a | 9 |\n\n- [x] looked",
    );
    const rendered = entry(ada.page, "What the pool says");
    await rendered.getByRole("button", { name: "Copy code" }).click();
    expect((await ada.page.evaluate(() => navigator.clipboard.readText())).trim()).toBe("select 1;");
    await expect(rendered.getByRole("cell", { name: "9" })).toBeVisible();
    await expect(rendered.getByRole("checkbox")).toBeChecked();
    await addNote(ada.page, `The log\n\n${log}`);
    await expect(entry(ada.page, "The log").getByRole("button", { name: /^Show all \d+ lines/ })).toBeVisible();
    await entry(ada.page, "The log")
      .getByRole("button", { name: /^Show all/ })
      .click();
    await expect(entry(ada.page, "The log").getByRole("button", { name: "Show less" })).toBeVisible();
  });

  await test.step("what a note was is shown, compared, brought back and undone", async () => {
    await entry(lin.page, "then wait ten minutes").hover();
    await entry(lin.page, "then wait ten minutes").getByRole("button", { name: "Edit" }).click();
    await lin.page.getByRole("textbox", { name: "Note", exact: true }).press("Control+End");
    await lin.page.keyboard.type(" in eu-west");
    await expect(entry(ada.page, "ten minutes in eu-west")).toBeVisible();
    await lin.page.keyboard.press("Escape");
    await pick(ada.page, entry(ada.page, "ten minutes in eu-west"), "History");
    const history = ada.page.getByRole("dialog", { name: "History of the note by Ada" });
    const versions = history.getByRole("list", { name: "Versions" }).getByRole("button");
    await expect(versions.first()).toContainText("Lin");
    await expect(versions.first()).toContainText("3 words added, 0 removed · now");
    await versions.nth(1).click();
    await expect(history.getByRole("deletion")).toHaveText(" in eu-west");
    await history.getByRole("button", { name: "Restore this version" }).click();
    await expect(history.getByRole("status")).toContainText("Restored.");
    await expect(versions.first()).toContainText("as it was at");
    await expect(entry(lin.page, "then wait ten minutes")).not.toContainText("in eu-west");
    await history.getByRole("button", { name: "Undo" }).click();
    await expect(entry(lin.page, "ten minutes in eu-west")).toBeVisible();
    await history.getByRole("button", { name: "Close" }).last().click();
  });

  await test.step("a corrected time shows both; a link to a deleted note says that it was", async () => {
    const note = entry(ada.page, "Alert on queue length");
    await pick(lin.page, entry(lin.page, "Alert on queue length"), "Correct time");
    await lin.page.getByLabel("Time (UTC)").fill("2026-01-05T09:15:00");
    await lin.page.getByRole("button", { name: "Correct time" }).click();
    await expect(note).toContainText("09:15");
    await expect(note).toContainText(/recorded \d/);
    const id = await note.getAttribute("data-entry");
    await pick(lin.page, entry(lin.page, "Alert on queue length"), "Delete");
    await lin.page.getByRole("button", { name: "Delete note" }).click();
    await expect(entry(ada.page, "A note by Lin was deleted")).toBeVisible();
    await ada.page.goto("about:blank");
    await ada.page.goto(`${room}#t=${id}`);
    await expect(entry(ada.page, "A note by Lin was deleted")).toBeFocused();
  });

  await test.step("the postmortem calls the decision by its name", async () => {
    await muster.api("POST", `/api/v1/incidents/${incident.id}/resolve`, { summary: "Rolled back" });
    await ada.page.goto(`${room}/postmortem`);
    await expect(ada.page.getByRole("main")).toContainText("Decision · Ada:");
  });
  await muster.stop();
});

test("a viewer reads, finds and follows, and changes nothing", async ({ browser }) => {
  const muster = await Muster.start();
  const incident = await muster.api<{ id: string; reference: string }>("POST", "/api/v1/incidents", { title: "Slow" });
  await muster.api("POST", `/api/v1/incidents/${incident.id}/timeline`, { body: "Roll back", mark: "decision" });
  const vera = await personIn(browser, muster, "Vera", "viewer");
  await vera.page.goto(`${muster.url}/incidents/${incident.reference}`);
  const note = entry(vera.page, "Roll back");
  await note.hover();
  await expect(note.getByRole("button", { name: "Edit" })).toHaveCount(0);
  await note.getByRole("button", { name: /^More/ }).click();
  await expect(vera.page.getByRole("menuitem")).toHaveText(["Copy link", "History"]);
  await vera.page.getByRole("menuitem", { name: "History" }).click();
  await expect(vera.page.getByRole("dialog").getByRole("button", { name: "Restore this version" })).toHaveCount(0);
  await muster.stop();
});
