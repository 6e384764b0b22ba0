import type { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { ownerIn, personIn, signedIn } from "./support/people.ts";
import { type Story, startStory } from "./support/story.ts";
import { violationsOf } from "./support/violations.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const settings = [
  "",
  "/integrations",
  "/alert-routes",
  "/channels",
  "/destinations",
  "/audiences",
  "/people",
  "/services",
  "/components",
  "/subscribers",
].concat(["/status-page", "/tokens", "/organisation", "/audit", "/update-templates"]);

let story: Story;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  story = await startStory();
});
test.afterAll(async () => {
  await story?.stop();
});

/** Only colours differ between the themes. */
const narrowed = (axe: AxeBuilder, theme: string) =>
  theme === "dark" ? axe.withTags(TAGS) : axe.withRules(["color-contrast"]);

async function check(page: Page, path: string, prepare?: (page: Page) => Promise<unknown>): Promise<void> {
  await page.goto(`${story.muster.url}${path}`);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await prepare?.(page);
  expect.soft(await violationsOf(page, narrowed), path).toEqual([]);
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).filter({ visible: true });
const pressed = (name: string) => (page: Page) => button(page, name).first().click();
const menuOf = (name: RegExp) => async (page: Page) => {
  await page.getByRole("button", { name }).first().click();
  await expect(page.getByRole("menu")).toBeVisible();
};
const live = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
/** The palette with what these keys open and type. */
const paletteWith = (typed: string) => async (page: Page) => {
  await expect(button(page, "Search and commands").first()).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await page.keyboard.type(typed);
  await expect(page.getByRole("dialog").getByRole("option").first()).toBeVisible();
};
/** One step further: a command that asks for a value. */
const paletteAt = (typed: string) => async (page: Page) => {
  await paletteWith(typed)(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeVisible();
};
const keyMap = async (page: Page) => {
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts", exact: true })).toBeVisible();
};
/** The note field with this in it, and the list that comes with it. */
const noted = (text: string) => async (page: Page) => {
  await live(page);
  // What an earlier visit left there is kept as a draft.
  await page.getByRole("textbox", { name: "Add a note", exact: true }).fill("");
  await page.keyboard.type(text);
  await expect(page.getByRole("option").first()).toBeVisible();
};
const refusedNote = async (page: Page) => {
  await live(page);
  await page.getByRole("textbox", { name: "Add a note", exact: true }).fill("");
  await page.keyboard.type("/nonsense");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "no command" })).toBeVisible();
};
const present = (page: Page) =>
  expect(page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem")).not.toHaveCount(0);

const written = (page: Page) => expect(page.getByRole("heading", { name: "Overview", exact: true })).toBeVisible();

/** A route with every part open, tried, and refused for its condition. */
const triedRoute = async (page: Page) => {
  await page.getByRole("textbox", { name: "Condition", exact: true }).fill("true");
  for (const part of ["What it sets", "How it groups", "How it ends", "Who hears"]) {
    await page.getByText(part, { exact: true }).click();
  }
  await page.getByText("What a condition can name").click();
  await page.getByRole("radio", { name: "Nothing, kept quiet" }).check();
  await button(page, "Try on the last 7 days").click();
  await expect(page.getByText(/would have ended elsewhere/)).toBeVisible();
  await page.getByRole("textbox", { name: "Condition", exact: true }).fill("nothing ==");
  await button(page, "Try on the last 7 days").click();
  await expect(page.getByRole("alert").filter({ hasText: "condition" })).toBeVisible();
};

test("no page breaks WCAG 2.2 AA in either theme", async ({ browser }) => {
  test.setTimeout(300_000);
  const owner = await ownerIn(browser, story.muster, {});
  const { page } = owner;
  const room = `/incidents/${story.active.reference}`;
  await check(page, "/incidents");
  await check(page, "/incidents", pressed("Declare incident"));
  await check(page, "/incidents?q=nothing-is-called-so");
  await check(page, room, present);
  await check(page, room, pressed("Publish update"));
  await check(page, room, pressed("Resolve"));
  await check(page, room, menuOf(/SEV1/));
  await check(page, `/incidents/${story.triage.reference}`, present);
  await check(page, `/incidents/${story.triage.reference}`, menuOf(/^Choose a severity/));
  for (const name of ["Decline", "Merge"]) await check(page, `/incidents/${story.triage.reference}`, pressed(name));
  await check(page, room, menuOf(/^Status /));
  await check(page, room, menuOf(/update due/));
  await check(page, room, paletteWith(""));
  await check(page, room, paletteWith("check"));
  await check(page, room, paletteAt("change severity"));
  await check(page, room, keyMap);
  await check(page, room, noted("/"));
  await check(page, room, noted("@"));
  await check(page, room, refusedNote);
  await check(page, "/incidents", paletteWith("settings"));
  await check(page, `/incidents/${story.resolved.reference}`, present);
  await check(page, `/incidents/${story.resolved.reference}/postmortem`, written);
  await check(page, `${room}/postmortem`);
  await check(page, "/incidents/INC-999");
  await check(page, "/alerts");
  await check(page, "/alerts/mutes");
  await check(page, "/alerts/mutes", pressed("Mute alerts"));
  await check(page, "/alerts/noise");
  await check(page, "/settings/alert-routes/new", triedRoute);
  await check(page, "/alerts?severity=critical&severity=error");
  await check(page, "/alerts?q=nothing-is-called-so");
  await check(page, `/alerts/${story.alertId}`);
  await check(page, `/alerts/${story.alertId}`, (each) =>
    each
      .getByText(/Nightly jobs/)
      .last()
      .click(),
  );
  await check(page, `/alerts/${story.alertId}`, pressed("Attach to…"));
  await check(page, `/settings/integrations/${story.integrationId}`);
  await check(page, `/settings/integrations/${story.integrationId}`, pressed("Add heartbeat"));
  for (const part of settings) await check(page, `/settings${part}`);
  await check(page, "/settings/people", pressed("Add person"));
  await check(page, "/settings/tokens", pressed("Create token"));
  for (const path of ["/status", "/status/history", "/status/subscribe", story.publicPath, "/api/docs"]) {
    await check(page, path);
  }
  await owner.context.clearCookies();
  await check(page, "/sign-in");
  await owner.context.close();
});

test("nor on a phone", async ({ browser }) => {
  test.setTimeout(120_000);
  const options = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const lin = await signedIn(browser, story.muster, story.lin, options);
  const { page } = lin;
  await check(page, "/incidents");
  await check(page, "/alerts");
  await check(page, "/alerts/mutes");
  await check(page, "/alerts/noise");
  await check(page, "/settings/alert-routes");
  await check(page, "/alerts", pressed("Filter"));
  await check(page, `/alerts/${story.alertId}`);
  await check(page, `/incidents/${story.active.reference}`, paletteWith(""));
  await check(page, `/incidents/${story.active.reference}`, noted("/"));
  await page.getByRole("textbox", { name: "Add a note", exact: true }).fill("");
  await check(page, `/incidents/${story.active.reference}`);
  for (const name of ["Board", "Alerts", "People", "Update"]) {
    await page.getByRole("navigation", { name: "Panels" }).getByRole("button", { name }).click();
    expect.soft(await violationsOf(page), name).toEqual([]);
  }
  await check(page, `/incidents/${story.resolved.reference}/postmortem`, written);
  await check(page, "/status");
  await lin.context.close();
});

test("the names that others rely on are there, each once", async ({ browser }) => {
  const lin = await signedIn(browser, story.muster, story.lin);
  const { page } = lin;
  await page.goto(`${story.muster.url}/incidents/${story.active.reference}`);
  const main = page.getByRole("main");
  await expect(main).toHaveCount(1);
  for (const name of ["Status board", "Timeline", "Roster", "Updates", "Alerts", "Tasks"]) {
    await expect(main.getByRole("region", { name, exact: true }), name).toHaveCount(1);
  }
  await expect(page.getByRole("textbox", { name: "Add a note", exact: true })).toHaveCount(1);
  await expect(page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem")).toHaveCount(1);
  for (const name of ["Room", "Postmortem"]) await expect(page.getByRole("link", { name, exact: true })).toHaveCount(1);
  for (const name of ["Publish update", "Resolve", "Claim scribe"]) await expect(button(page, name)).toHaveCount(1);
  const saved = page.getByRole("status").filter({ hasText: /^(Saved|Saving…|Not saved|Offline.*)$/ });
  await expect(saved).toHaveCount(1);
  await expect(saved).toHaveText("Saved");
  await button(page, "Publish update").click();
  const dialog = page.getByRole("dialog", { name: "Update", exact: true });
  await expect(dialog.getByRole("button", { name: "Publish update", exact: true })).toHaveCount(1);
  await expect(saved).toHaveCount(1);

  await page.goto(`${story.muster.url}/incidents/${story.triage.reference}`);
  for (const name of ["Accept", "Decline", "Merge"]) await expect(button(page, name)).toHaveCount(1);
  await page.goto(`${story.muster.url}/incidents`);
  await expect(button(page, "Declare incident")).toHaveCount(1);
  await lin.context.close();
});

test("a dialog takes the focus, Esc closes it and gives the focus back", async ({ browser }) => {
  const owner = await ownerIn(browser, story.muster);
  const { page } = owner;
  const cases: [path: string, opener: string][] = [
    ["/incidents", "Declare incident"],
    [`/incidents/${story.active.reference}`, "Publish update"],
    [`/incidents/${story.active.reference}`, "Resolve"],
    [`/incidents/${story.triage.reference}`, "Decline"],
    ["/settings/people", "Add person"],
    ["/settings/tokens", "Create token"],
  ];
  for (const [path, opener] of cases) {
    await page.goto(`${story.muster.url}${path}`);
    const asked = button(page, opener).first();
    await asked.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await expect(dialog, opener).toBeVisible();
    await expect
      .poll(() => dialog.evaluate((each) => each.contains(document.activeElement) && document.activeElement !== each))
      .toBe(true);
    await page.keyboard.press("Escape");
    await expect(dialog, opener).toHaveCount(0);
    await expect(asked, opener).toBeFocused();
  }
  await owner.context.close();
});

test("the first Tab leads past the navigation", async ({ browser }) => {
  const owner = await ownerIn(browser, story.muster);
  const { page } = owner;
  await page.goto(`${story.muster.url}/incidents`);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content", exact: true });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(button(page, "Declare incident")).toBeFocused();
  await owner.context.close();
});

test("a triage incident is taken on by keyboard alone", async ({ browser }) => {
  const { id, reference } = await story.muster.api<{ id: string; reference: string }>("POST", "/api/v1/incidents", {
    title: "Refunds are late",
    status: "triage",
    severity: "SEV3",
  });
  const ada = await personIn(browser, story.muster, "Kay");
  const { page } = ada;
  await page.goto(`${story.muster.url}/incidents`);
  const card = page.getByRole("article", { name: "Refunds are late", exact: true });
  await expect(card).toBeVisible();
  for (let tabs = 0; tabs < 60; tabs++) {
    if (await card.evaluate((each) => each === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(card).toBeFocused();
  await page.keyboard.press("a");
  await expect(page).toHaveURL(new RegExp(`/incidents/${reference}$`));
  const incident = await story.muster.api<{ status: string; severity: string }>("GET", `/api/v1/incidents/${id}`);
  expect(incident).toMatchObject({ status: "investigating", severity: "SEV3" });
  await ada.context.close();
});
