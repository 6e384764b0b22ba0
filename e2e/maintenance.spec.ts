import { mkdirSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import type { ComponentView } from "#/server/audience/contract.ts";
import type { MaintenanceView } from "#/server/maintenance/contract.ts";
import { until } from "./support/free-port.ts";
import { type Mail, startMailbox } from "./support/mailbox.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn, personIn } from "./support/people.ts";
import { showTheme, themes } from "./support/themes.ts";
import { violationsOf } from "./support/violations.ts";

type Incident = { id: string; reference: string };
type Summary = {
  components: { id: string; name: string; status: string; group: boolean; group_id: string | null }[];
  scheduled_maintenances: { name: string; status: string; components: { name: string }[] }[];
  status: { indicator: string; description: string };
};

const FOLDER = "e2e/screenshots";
const phone = { width: 390, height: 844 };
let muster: Muster;
let mailbox: { url: string; mails: Mail[]; stop(): Promise<void> };

test.beforeAll(async () => {
  test.setTimeout(120_000);
  mkdirSync(FOLDER, { recursive: true });
  mailbox = await startMailbox();
  muster = await Muster.start({ SMTP_URL: mailbox.url, MAIL_FROM: "Muster <muster@example.com>" });
  await muster.api("POST", "/api/v1/subscribers", { email: "cto@example.com", confirmed: true });
});
test.afterAll(async () => {
  await muster?.stop();
  await mailbox?.stop();
});

const summary = async () => (await (await fetch(`${muster.url}/api/v2/summary.json`)).json()) as Summary;
const stateOnPage = async (name: string) => (await summary()).components.find((one) => one.name === name)?.status;
const order = (page: Page) => page.getByRole("list", { name: "Components", exact: true }).getByRole("listitem");
const add = async (page: Page, what: "component" | "group", name: string) => {
  await page.getByRole("button", { name: `Add ${what}`, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(name);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(order(page).filter({ hasText: name })).toHaveCount(1);
};
/** The component of this name; it is made when no earlier test did. */
const named = async (name: string) => {
  const { items } = await muster.api<{ items: ComponentView[] }>("GET", "/api/v1/components");
  return items.find((one) => one.name === name) ?? muster.api<ComponentView>("POST", "/api/v1/components", { name });
};
const names = (page: Page) => order(page).locator("span.break-words").allTextContents();

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${name} is too wide by`).toBeLessThanOrEqual(0);
  for (const theme of themes) {
    await showTheme(page, theme);
    await page.screenshot({ path: `${FOLDER}/${name}-${theme}.png`, fullPage: true });
  }
}

test("components are grouped and put in order by mouse and by keyboard", async ({ browser }) => {
  const { page, context } = await ownerIn(browser, muster);
  await page.goto(`${muster.url}/settings/components`);
  await add(page, "component", "API");
  for (const name of ["Checkout", "Search"]) await add(page, "component", name);
  await add(page, "group", "Europe");
  expect(await names(page)).toEqual(["API", "Checkout", "Search", "Europe"]);

  const handle = (name: string) =>
    page.getByRole("button", { name: `Move ${name} by dragging or with the arrow keys` });
  const row = (name: string) => order(page).filter({ has: handle(name) });
  await handle("Checkout").dragTo(row("Europe"), { targetPosition: { x: 200, y: 45 } });
  await expect.poll(() => names(page)).toEqual(["API", "Search", "Europe", "Checkout"]);
  expect((await named("Checkout")).groupId).toBe((await named("Europe")).id);

  await handle("Search").focus();
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => names(page)).toEqual(["Search", "API", "Europe", "Checkout"]);
  await page.getByRole("button", { name: "Edit Search", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Edit Search", exact: true });
  await dialog.getByRole("combobox", { name: "Group", exact: true }).selectOption("Europe");
  await dialog.getByRole("checkbox", { name: "Show it only when something is wrong", exact: true }).check();
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect.poll(() => names(page)).toEqual(["API", "Europe", "Checkout", "Search"]);

  await until("the page", async () => {
    const { components } = await summary();
    return (components.length === 4 && components.at(-1)?.name === "Search") || undefined;
  });
  const [api, europe, checkout, search] = (await summary()).components;
  expect(api).toMatchObject({ name: "API", group: false, group_id: null });
  expect(europe).toMatchObject({ name: "Europe", group: true, components: [checkout?.id, search?.id] });
  expect(checkout).toMatchObject({ name: "Checkout", group_id: europe?.id, only_show_if_degraded: false });
  expect(search).toMatchObject({ name: "Search", group_id: europe?.id, only_show_if_degraded: true });
  const html = await (await fetch(`${muster.url}/status`)).text();
  expect(html).toContain("Europe");
  expect(html.replace(/<section id="subscribe".*/s, "")).not.toContain("Search");

  expect(await violationsOf(page)).toEqual([]);
  await take(page, "components-groups-desktop");
  await page.setViewportSize(phone);
  await take(page, "components-groups-phone");
  await context.close();
});

test("maintenance is scheduled, told, started, prolonged and completed, and the page says so all along", async ({
  browser,
}) => {
  test.setTimeout(120_000);
  for (const name of ["API", "Checkout"]) await named(name);
  const { page, context } = await personIn(browser, muster, "Ada");
  await page.goto(`${muster.url}/incidents`);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Maintenance", exact: true }).click();
  await expect(page.getByText("No maintenance is planned", { exact: true })).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await take(page, "maintenance-empty-desktop");

  await page.getByRole("link", { name: "Schedule maintenance", exact: true }).click();
  await expect(page).toHaveURL(/\/maintenance\/new$/);
  await page.getByRole("textbox", { name: "Title", exact: true }).fill("Database upgrade");
  await page
    .getByRole("textbox", { name: "What will be done", exact: true })
    .fill("We move to a new version of the database. Payments stop for a few minutes.");
  await page.getByRole("combobox", { name: "Lasts", exact: true }).selectOption("2 hours");
  await page.getByRole("checkbox", { name: "Checkout", exact: true }).check();
  await expect(page.getByRole("checkbox", { name: "Slack", exact: true })).toBeDisabled();
  await expect(page.getByRole("complementary", { name: "Preview" })).toContainText("Payments stop for a few minutes.");
  expect(await violationsOf(page)).toEqual([]);
  await take(page, "maintenance-editor-desktop");
  await page.setViewportSize(phone);
  await take(page, "maintenance-editor-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: "Schedule and announce", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Database upgrade" })).toBeVisible();

  const mailOf = (heading: string) =>
    until(`the mail ${heading}`, async () => mailbox.mails.find(({ mail }) => mail.text?.includes(heading)));
  const announced = await mailOf("Maintenance · Scheduled: Database upgrade");
  expect(announced.mail.subject).toMatch(/^\[.*\] Maintenance: Database upgrade$/);
  await until("the page", async () => (await summary()).scheduled_maintenances[0]);
  expect((await summary()).scheduled_maintenances).toMatchObject([
    { name: "Database upgrade", status: "scheduled", components: [{ name: "Checkout" }] },
  ]);
  expect(await (await fetch(`${muster.url}/status`)).text()).toContain("Scheduled maintenance");

  const press = async (
    name: string,
    submit: string,
    fill?: (dialog: ReturnType<Page["getByRole"]>) => Promise<unknown>,
  ) => {
    await page.getByRole("button", { name, exact: true }).click();
    const dialog = page.getByRole("dialog");
    await fill?.(dialog);
    await dialog.getByRole("button", { name: submit, exact: true }).click();
    await expect(dialog).toHaveCount(0);
  };
  await press("Start now", "Start now", (dialog) => dialog.getByRole("textbox").fill("We begin early."));
  const updates = page.getByRole("list", { name: "Updates of this maintenance", exact: true });
  await expect(updates.getByRole("listitem").first()).toContainText("We begin early.");
  await until("under maintenance", async () => (await stateOnPage("Checkout")) === "under_maintenance" || undefined);
  expect((await summary()).status).toEqual({ indicator: "maintenance", description: "Service Under Maintenance" });
  expect(await (await fetch(`${muster.url}/status`)).text()).toContain("Maintenance in progress");
  await mailOf("Maintenance · In progress: Database upgrade");

  await press("Prolong", "Save", (dialog) => dialog.getByRole("combobox", { name: "By" }).selectOption("1 hour"));
  await expect(updates.getByRole("listitem").first()).toContainText("takes longer than planned");
  await press("Verify", "Verify");
  await expect(updates.getByRole("listitem").first()).toContainText("We are verifying that all is well.");
  await expect(updates.getByRole("listitem").last()).toContainText("e-mail 1 ✓");
  expect(await violationsOf(page)).toEqual([]);
  await take(page, "maintenance-detail-desktop");
  await page.setViewportSize(phone);
  // The navigation at the thumb holds all of it.
  const search = await page.getByRole("button", { name: "Search and commands", exact: true }).boundingBox();
  expect((search?.x ?? 0) + (search?.width ?? 0)).toBeLessThanOrEqual(phone.width);
  await take(page, "maintenance-detail-phone");
  const [{ name: shown } = { name: "" }] = (await summary()).scheduled_maintenances;
  expect(shown).toBe("Database upgrade");
  await page.goto(`${muster.url}/status`);
  expect(await violationsOf(page)).toEqual([]);
  await take(page, "status-maintenance-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await take(page, "status-maintenance-desktop");
  await page.getByRole("link", { name: "Database upgrade" }).click();
  await expect(page).toHaveURL(/\/status\/maintenance\/[0-9a-z]{12}$/);
  expect(await violationsOf(page)).toEqual([]);
  const publicPage = page.url();

  await page.goto(`${muster.url}/maintenance`);
  await page.getByRole("link", { name: "Database upgrade", exact: true }).click();
  await press("Complete", "Complete");
  await until("operational", async () => (await stateOnPage("Checkout")) === "operational" || undefined);
  expect((await summary()).scheduled_maintenances).toEqual([]);
  await until(
    "history",
    async () => (await (await fetch(`${muster.url}/status/history`)).text()).includes("Past maintenance") || undefined,
  );
  expect(await (await fetch(publicPage)).text()).toContain("The maintenance is completed.");
  for (const feed of ["atom", "rss"]) {
    expect(await (await fetch(`${muster.url}/status/feed.${feed}`)).text()).toContain("Database upgrade");
  }
  await page.goto(`${muster.url}/maintenance`);
  await expect(page.getByRole("list", { name: "Over maintenance" })).toContainText("Completed");
  expect(await violationsOf(page)).toEqual([]);
  await take(page, "maintenance-list-desktop");
  await page.setViewportSize(phone);
  await take(page, "maintenance-list-phone");
  await context.close();
});

test("maintenance begins and ends by itself, and is changed and cancelled from the keyboard", async ({ browser }) => {
  const { page, context } = await personIn(browser, muster, "Lin");
  const [from, end] = [new Date(Date.now() + 4_000), new Date(Date.now() + 9_000)];
  const made = await muster.api<MaintenanceView>("POST", "/api/v1/maintenances", {
    title: "Short restart",
    body: "We restart the API.",
    components: [(await named("API")).id],
    from: from.toISOString(),
    until: end.toISOString(),
  });
  await page.goto(`${muster.url}/maintenance/${made.id}`);
  await until("under maintenance", async () => (await stateOnPage("API")) === "under_maintenance" || undefined);
  await until("operational", async () => (await stateOnPage("API")) === "operational" || undefined);
  await expect(page.getByText("The maintenance is completed.", { exact: true })).toBeVisible();

  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/maintenance$/);
  const next = await muster.api<MaintenanceView>("POST", "/api/v1/maintenances", {
    title: "Move of the search index",
    body: "Results may be old for a while.",
    from: new Date(Date.now() + 48 * 3_600_000).toISOString(),
    until: new Date(Date.now() + 50 * 3_600_000).toISOString(),
  });
  await page.goto(`${muster.url}/maintenance/${next.id}`);
  await page.getByRole("link", { name: "Change", exact: true }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Change Move of the search index" })).toBeVisible();
  await page.getByRole("combobox", { name: "Lasts", exact: true }).selectOption("4 hours");
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Save", exact: true }).press("Enter");
  await expect(page.getByText("takes longer than planned")).toBeVisible();
  await page.getByRole("button", { name: "Cancel this maintenance", exact: true }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Cancel this maintenance", exact: true });
  await expect(dialog.getByRole("textbox", { name: "Why", exact: true })).toBeFocused();
  await page.keyboard.type("The vendor is not ready.");
  await dialog.getByRole("button", { name: "Cancel maintenance", exact: true }).press("Enter");
  await expect(page.getByText("The maintenance is cancelled. The vendor is not ready.", { exact: true })).toBeVisible();
  await until("nothing announced on the page", async () => {
    const lists = await (await fetch(`${muster.url}/api/v2/scheduled-maintenances/upcoming.json`)).json();
    return lists.scheduled_maintenances.length === 0 || undefined;
  });

  const vera = await personIn(browser, muster, "Vera", "viewer");
  await vera.page.goto(`${muster.url}/maintenance/${made.id}`);
  await expect(vera.page.getByRole("heading", { level: 1, name: "Short restart" })).toBeVisible();
  await expect(vera.page.getByRole("main").getByRole("button")).toHaveCount(0);
  expect((await vera.page.goto(`${muster.url}/maintenance/new`))?.status()).toBe(404);
  await vera.context.close();
  await context.close();
});

test("resolving asks how components are and whether data was lost, and a red one is mended in one press", async ({
  browser,
}) => {
  const { page, context } = await personIn(browser, muster, "Ben");
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", {
    title: "Payments fail",
    severity: "SEV2",
  });
  await muster.api("POST", `/api/v1/incidents/${incident.id}/updates`, {
    status: "investigating",
    body: "Payments fail.",
    channels: ["status_page"],
    components: [
      { id: (await named("Checkout")).id, status: "major_outage" },
      { id: (await named("Search")).id, status: "degraded_performance" },
    ],
  });
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await page.getByRole("button", { name: "Resolve", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Resolve ${incident.reference}`, exact: true });
  await dialog.getByRole("textbox", { name: "What fixed it?", exact: true }).fill("Rolled back");
  await dialog.getByRole("textbox", { name: "What the public reads", exact: true }).fill("Payments work again.");
  await dialog.getByRole("combobox", { name: "Search is now", exact: true }).selectOption("Degraded performance");
  await dialog.getByRole("radio", { name: "No", exact: true }).check();
  expect(await violationsOf(page)).toEqual([]);
  await take(page, "resolve-desktop");
  await page.setViewportSize(phone);
  await take(page, "resolve-phone");
  await page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole("button", { name: "Resolve incident", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await until("the page", async () => (await stateOnPage("Checkout")) === "operational" || undefined);
  expect(await stateOnPage("Search")).toBe("degraded_performance");
  const html = await (await fetch(`${muster.url}/status`)).text();
  expect(html).toContain("No data was lost.");
  // What stays off the page while all is well is on it now, and says so.
  expect(html).toContain("Search");

  const banner = page.getByText("Search is shown as degraded performance.", { exact: true });
  await expect(banner).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await take(page, "unexplained-desktop");
  await page.getByRole("button", { name: "Mark operational: Search", exact: true }).click();
  await expect(banner).toHaveCount(0);
  await until("operational", async () => (await stateOnPage("Search")) === "operational" || undefined);
  await context.close();
});

test.describe("far from Greenwich", () => {
  test.use({ timezoneId: "Asia/Kolkata" });

  test("a window is shown in UTC and in the reader's own time", async ({ browser }) => {
    const { page, context } = await personIn(browser, muster, "Asha", "viewer");
    const { id } = await muster.api<MaintenanceView>("POST", "/api/v1/maintenances", {
      title: "Night work",
      body: "Nothing stops.",
      from: "2027-01-10T20:00:00Z",
      until: "2027-01-10T22:30:00Z",
    });
    await page.goto(`${muster.url}/maintenance/${id}`);
    const main = page.getByRole("main");
    await expect(main).toContainText("10 Jan 2027, 20:00 – 22:30 UTC · 11 Jan 2027, 01:30 – 04:00 Asia/Calcutta");
    await context.close();
  });
});
