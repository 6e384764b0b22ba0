import { copyFileSync, mkdirSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { Muster } from "./support/muster.ts";
import { type BrowserOptions, ownerIn, signedIn } from "./support/people.ts";
import { setupLinkOf } from "./support/setup-link.ts";
import { type Story, startStory } from "./support/story.ts";
import { showTheme, themes } from "./support/themes.ts";
import { violationsOf } from "./support/violations.ts";

type Size = "desktop" | "phone";
type Shot = {
  name: string;
  path: string;
  /** What the page is about: its heading of the first level. */
  heading: string | RegExp;
  before?: (page: Page) => Promise<unknown>;
};

const FOLDER = "e2e/screenshots";
const viewports = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const settings =
  "Integrations Channels Destinations Audiences People Services Components Subscribers Organisation".split(" ");

let story: Story;
let fresh: Muster;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  mkdirSync(FOLDER, { recursive: true });
  fresh = await Muster.start({ MUSTER_ADMIN_EMAIL: "", MUSTER_ADMIN_PASSWORD: "", MUSTER_API_TOKEN: "" });
  story = await startStory();
});
test.afterAll(async () => {
  await fresh?.stop();
  await story?.stop();
});

function optionsFor(size: Size): BrowserOptions {
  return { viewport: viewports[size], hasTouch: size === "phone" };
}

async function take(page: Page, shot: Shot, size: Size): Promise<void> {
  await page.goto(shot.path);
  await expect.soft(page.getByRole("heading", { level: 1, name: shot.heading }), shot.name).toBeVisible();
  await shot.before?.(page);
  // A page without its font or with half a room is no picture of it.
  await page.evaluate(() => document.fonts.ready);
  await expect.soft(page.locator("nextjs-portal"), shot.name).toHaveCount(0);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${shot.name} is too wide by`).toBeLessThanOrEqual(0);
  for (const theme of themes) {
    await showTheme(page, theme);
    await page.screenshot({ path: `${FOLDER}/${shot.name}-${size}-${theme}.png` });
  }
}

/** Everybody's face is there, and every document is open. */
async function here(page: Page): Promise<void> {
  const people = page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem");
  if (await page.getByRole("region", { name: "Roster", exact: true }).isVisible())
    await expect(people).not.toHaveCount(0);
  await saved(page);
}

const saved = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();

/** The postmortem's text is there, not only its frame. */
async function written(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Overview", exact: true })).toBeVisible();
  await saved(page);
}

async function openComposer(page: Page): Promise<void> {
  await saved(page);
  const update = page.getByRole("navigation", { name: "Panels" }).getByRole("button", { name: "Update" });
  if (await update.isVisible()) await update.click();
  await page.getByRole("button", { name: "Publish update", exact: true }).filter({ visible: true }).first().click();
  const composer = page.getByRole("dialog", { name: "Update", exact: true });
  const text = composer.getByRole("textbox", { name: "Update text", exact: true });
  await text.click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Rollback is at 40 % and error rates are falling. Card payments in Europe may still fail.");
  await expect(text).toContainText("may still fail.");
  await expect(composer.getByText("The preview comes in a moment.")).toHaveCount(0);
}

/** A route as somebody makes it, and what it would have done. */
async function triedRoute(page: Page): Promise<void> {
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Latency waits");
  await page
    .getByRole("textbox", { name: "Condition", exact: true })
    .fill('name.startsWith("Latency") || service == "search"');
  await page.getByText("How it groups", { exact: true }).click();
  await page.getByRole("spinbutton", { name: "Opens from (reports)" }).fill("3");
  await page.getByRole("button", { name: "Try on the last 7 days" }).click();
  await expect(page.getByText(/would have ended elsewhere/)).toBeVisible();
}

function shotsOf({ muster, active, resolved, triage, publicPath, alertId, integrationId }: Story): Shot[] {
  const room = `/incidents/${active.reference}`;
  const at = (path: string) => `${muster.url}${path}`;
  return [
    { name: "incidents", path: at("/incidents"), heading: "Incidents" },
    { name: "incidents-none", path: at("/incidents?q=nothing-is-called-so"), heading: "Incidents" },
    {
      name: "declare",
      path: at("/incidents"),
      heading: "Incidents",
      before: (page) => page.getByRole("button", { name: "Declare incident", exact: true }).first().click(),
    },
    { name: "room", path: at(room), heading: /Checkout returns 5xx/, before: here },
    { name: "room-composer", path: at(room), heading: /Checkout returns 5xx/, before: openComposer },
    { name: "room-triage", path: at(`/incidents/${triage.reference}`), heading: /Search latency/, before: here },
    { name: "room-resolved", path: at(`/incidents/${resolved.reference}`), heading: /Card tokens/, before: here },
    {
      name: "postmortem",
      path: at(`/incidents/${resolved.reference}/postmortem`),
      heading: /Card tokens/,
      before: written,
    },
    { name: "postmortem-none", path: at(`${room}/postmortem`), heading: /Checkout returns 5xx/ },
    { name: "not-found", path: at("/incidents/INC-999"), heading: "There is nothing here" },
    { name: "alerts", path: at("/alerts"), heading: "Alerts" },
    { name: "mutes", path: at("/alerts/mutes"), heading: "Mutes and maintenance" },
    {
      name: "mutes-new",
      path: at("/alerts/mutes"),
      heading: "Mutes and maintenance",
      before: (page) => page.getByRole("button", { name: "Mute alerts", exact: true }).click(),
    },
    { name: "noise", path: at("/alerts/noise"), heading: "Noise" },
    { name: "alerts-none", path: at("/alerts?q=nothing-is-called-so"), heading: "Alerts" },
    { name: "alert", path: at(`/alerts/${alertId}`), heading: /Card tokens/ },
    {
      name: "integration",
      path: at(`/settings/integrations/${integrationId}`),
      heading: /Nightly jobs/,
      before: (page) =>
        expect(
          page.getByRole("region", { name: "Becomes" }).getByText("Card tokens rejected by the new gateway"),
        ).toBeVisible(),
    },
    { name: "settings", path: at("/settings"), heading: "Settings" },
    ...settings.map((name) => ({
      name: `settings-${name.toLowerCase()}`,
      path: at(`/settings/${name.toLowerCase()}`),
      heading: name,
    })),
    { name: "settings-update-templates", path: at("/settings/update-templates"), heading: "Update templates" },
    { name: "settings-alert-routes", path: at("/settings/alert-routes"), heading: "Alert routes" },
    { name: "alert-route", path: at("/settings/alert-routes/new"), heading: "New alert route", before: triedRoute },
    { name: "settings-tokens", path: at("/settings/tokens"), heading: "API tokens" },
    { name: "settings-audit", path: at("/settings/audit"), heading: "Audit log" },
    { name: "status", path: at("/status"), heading: /./ },
    { name: "status-incident", path: at(publicPath), heading: /Card payments fail/ },
    { name: "status-history", path: at("/status/history"), heading: /./ },
    { name: "api-docs", path: at("/api/docs"), heading: "Muster API" },
  ];
}

for (const size of ["desktop", "phone"] as const) {
  test(`every page, ${size}, in both themes`, async ({ browser }) => {
    test.setTimeout(300_000);
    const options = optionsFor(size);
    const stranger = await browser.newContext(options);
    const door = await stranger.newPage();
    await take(door, { name: "sign-in", path: `${story.muster.url}/sign-in`, heading: "Sign in" }, size);
    const setup = await until("the set-up link", async () => setupLinkOf(fresh));
    await take(door, { name: "set-up", path: setup, heading: "Create the first account" }, size);
    await stranger.close();

    const owner = await ownerIn(browser, story.muster, options);
    const lin = await signedIn(browser, story.muster, story.lin, options);
    await lin.page.goto(`${story.muster.url}/incidents/${story.active.reference}`);
    for (const shot of shotsOf(story)) await take(owner.page, shot, size);
    if (size === "phone") {
      const panels = owner.page.getByRole("navigation", { name: "Panels" });
      for (const name of ["Board", "Alerts", "People", "Update"]) {
        await take(
          owner.page,
          {
            name: `room-${name.toLowerCase()}`,
            path: `${story.muster.url}/incidents/${story.active.reference}`,
            heading: /Checkout returns 5xx/,
            before: () => panels.getByRole("button", { name }).click(),
          },
          size,
        );
      }
    }
    await owner.context.close();
    await lin.context.close();
    if (size === "desktop" && process.env.UPDATE_DOCS_IMAGES === "1") {
      mkdirSync("docs/images", { recursive: true });
      copyFileSync(`${FOLDER}/room-desktop-dark.png`, "docs/images/room-dark.png");
    }
  });
}

/** The newest mail of each kind, as HTML. */
function mailsOf({ mails }: Story): Record<string, string> {
  const newest = (isIt: (each: Story["mails"][number]) => boolean) => mails.findLast(isIt)?.mail.html || "";
  return {
    update: newest(({ mail }) => mail.headers.has("list")),
    triage: newest(({ mail }) => mail.subject?.includes("Triage:") ?? false),
    confirmation: newest(({ mail }) => mail.subject?.startsWith("Confirm your subscription") ?? false),
  };
}

for (const size of ["desktop", "phone"] as const) {
  test(`every mail, ${size}, in both themes`, async ({ browser }) => {
    const context = await browser.newContext(optionsFor(size));
    const page = await context.newPage();
    await expect.poll(() => Object.values(mailsOf(story)).every((html) => html !== "")).toBe(true);
    for (const [name, html] of Object.entries(mailsOf(story))) {
      await page.setContent(html);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `the mail ${name} is too wide by`).toBeLessThanOrEqual(0);
      // A mail is a part of the mail program's page: landmarks are that one's.
      const ofMail = await violationsOf(page, (axe) => axe.disableRules(["landmark-one-main", "region"]));
      expect.soft(ofMail, `the mail ${name}`).toEqual([]);
      for (const theme of themes) {
        await page.emulateMedia({ colorScheme: theme });
        await page.screenshot({ path: `${FOLDER}/mail-${name}-${size}-${theme}.png`, fullPage: true });
      }
    }
    await context.close();
  });
}
