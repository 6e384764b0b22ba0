import { expect, type Locator, type Page, test } from "@playwright/test";
import { Muster, PASSWORD } from "./support/muster.ts";
import { ownerIn } from "./support/people.ts";

type Incident = { id: string; reference: string; status: string; severity: string | null };

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const noteField = (page: Page) => page.getByRole("textbox", { name: "Add a note", exact: true });
const here = (page: Page) => page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem");
/** More stops than any page of this story has. */
const STOPS_MAX = 80;

let muster: Muster;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  muster = await Muster.start();
});
test.afterAll(async () => {
  await muster?.stop();
});

/** Goes on with Tab until this has the focus; whatever has it on the way can be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < STOPS_MAX; stops++) {
    if (await target.evaluate((each) => each === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}

/** What has the focus, and how it shows that: an outline, or a shadow of the box around it. */
async function focusShown(page: Page): Promise<{ what: string; isShown: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return { what: "nothing", isShown: true };
    const isMarked = (each: Element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    };
    let around: Element | null = element;
    for (let up = 0; up < 4 && around; up++, around = around.parentElement) {
      if (isMarked(around)) return { what: element.outerHTML.slice(0, 120), isShown: true };
    }
    return { what: element.outerHTML.slice(0, 120), isShown: false };
  });
}

test("the main story by keyboard alone: from signing in to resolved", async ({ browser }) => {
  test.setTimeout(180_000);
  const { email } = await muster.person("Kay");
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", {
    title: "Refunds are late",
    status: "triage",
    severity: "SEV3",
  });
  const now = () => muster.api<Incident>("GET", `/api/v1/incidents/${incident.id}`);
  const path = `/api/v1/incidents/${incident.id}`;
  const page = await (await browser.newContext()).newPage();
  const keys = page.keyboard;

  await test.step("sign in", async () => {
    await page.goto(`${muster.url}/incidents`);
    await tabTo(page, page.getByRole("textbox", { name: "E-mail", exact: true }));
    await keys.type(email);
    await keys.press("Tab");
    await keys.type(PASSWORD);
    await keys.press("Enter");
    await expect(page).toHaveURL(/\/incidents$/);
  });

  await test.step("open triage, accept, claim commander: two keys", async () => {
    await tabTo(page, page.getByRole("article", { name: "Refunds are late", exact: true }));
    await keys.press("a");
    await expect(page).toHaveURL(new RegExp(`/incidents/${incident.reference}$`));
    await expect(here(page)).toHaveCount(1);
    await keys.press("c");
    await expect(region(page, "Roster").getByRole("listitem").filter({ hasText: "commander" })).toContainText("Kay");
    expect(await now()).toMatchObject({ status: "investigating", severity: "SEV3" });
  });

  await test.step("add a note", async () => {
    await keys.press("n");
    await expect(noteField(page)).toBeFocused();
    await keys.type("The queue of refunds stands still since 09:40");
    await keys.press("Control+Enter");
    await expect(region(page, "Timeline")).toContainText("The queue of refunds stands still");
    await expect(noteField(page)).toBeFocused();
    await expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  });

  await test.step("change the status in the note field", async () => {
    await keys.type("/status id");
    await expect(page.getByRole("option", { name: /Identified/ })).toBeVisible();
    await keys.press("Enter");
    await expect.poll(async () => (await now()).status).toBe("identified");
    await expect(noteField(page)).toHaveValue("");
  });

  await test.step("add a task in the palette", async () => {
    await keys.press("Control+k");
    await expect(page.getByRole("combobox")).toBeFocused();
    await keys.type("add task");
    await keys.press("Enter");
    await expect(page.getByRole("combobox", { name: "What is to be done?", exact: true })).toBeFocused();
    await keys.type("Restart the worker 15m");
    await keys.press("Enter");
    await expect(region(page, "Tasks")).toContainText("Restart the worker");
    await expect(noteField(page)).toBeFocused();
  });

  await test.step("read the timeline entry by entry", async () => {
    await keys.press("Escape");
    await expect(noteField(page)).not.toBeFocused();
    await keys.press("k");
    const entries = region(page, "Timeline").locator("li[data-entry]");
    await expect(entries.last()).toBeFocused();
    await keys.press("k");
    await expect(entries.nth(-2)).toBeFocused();
    await keys.press("j");
    await expect(entries.last()).toBeFocused();
  });

  await test.step("publish an update", async () => {
    await keys.press("u");
    const dialog = page.getByRole("dialog", { name: "Update", exact: true });
    await expect(dialog).toBeVisible();
    await tabTo(page, dialog.getByRole("textbox", { name: "Update text", exact: true }));
    await keys.type("Refunds are late. None is lost.");
    const publish = dialog.getByRole("button", { name: "Publish update", exact: true });
    await expect(publish).toBeEnabled();
    await tabTo(page, publish);
    await keys.press("Enter");
    await expect(dialog).toHaveCount(0);
    await expect(region(page, "Updates")).toContainText("Refunds are late. None is lost.");
  });

  await test.step("resolve", async () => {
    await keys.press("Control+k");
    await expect(page.getByRole("combobox")).toBeFocused();
    await keys.type("resolve");
    await keys.press("Enter");
    const dialog = page.getByRole("dialog", { name: `Resolve ${incident.reference}`, exact: true });
    await expect(dialog.getByRole("textbox", { name: "What fixed it?", exact: true })).toBeFocused();
    await keys.type("The worker was restarted");
    await tabTo(page, dialog.getByRole("button", { name: "Resolve incident", exact: true }));
    await keys.press("Enter");
    await expect.poll(async () => (await now()).status).toBe("resolved");
    await expect(page.getByText("Resolved.", { exact: true })).toBeVisible();
  });
  const { items } = await muster.api<{ items: { title: string; dueAt: string | null }[] }>("GET", `${path}/tasks`);
  expect(items).toMatchObject([{ title: "Restart the worker", dueAt: expect.any(String) }]);
  await page.context().close();
});

test("whatever has the focus shows it, and Tab comes round on every kind of page", async ({ browser }) => {
  test.setTimeout(120_000);
  const { reference } = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Focus", severity: "SEV4" });
  const { page, context } = await ownerIn(browser, muster);
  for (const path of ["/incidents", "/alerts", "/settings", "/settings/people", `/incidents/${reference}`]) {
    await page.goto(`${muster.url}${path}`);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    let isRound = false;
    for (let stops = 0; stops < STOPS_MAX && !isRound; stops++) {
      await page.keyboard.press("Tab");
      const { what, isShown } = await focusShown(page);
      expect.soft(isShown, `${path}: ${what}`).toBe(true);
      isRound = what === "nothing";
    }
    expect(isRound, `${path} comes round`).toBe(true);
  }
  await context.close();
});

test("the first Tab in a room leads past its head", async ({ browser }) => {
  const { reference } = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "Skip", severity: "SEV4" });
  const { page, context } = await ownerIn(browser, muster);
  await page.goto(`${muster.url}/incidents/${reference}`);
  await expect(here(page)).toHaveCount(1);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to timeline", exact: true });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(region(page, "Timeline")).toBeFocused();
  await context.close();
});
