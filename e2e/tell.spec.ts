import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { type Mail, startMailbox } from "./support/mailbox.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn, personIn } from "./support/people.ts";

type Incident = {
  id: string;
  reference: string;
  status: string;
  declineReason: string | null;
  mergedInto: string | null;
};

let muster: Muster;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  mailbox = await startMailbox();
  muster = await Muster.start({ SMTP_URL: mailbox.url, MAIL_FROM: "muster@example.com" });
  await muster.api("PATCH", "/api/v1/settings", { tell: ["ops@example.com"] });
  await muster.api("POST", "/api/v1/services", { name: "checkout" });
});
test.afterAll(async () => {
  await muster?.stop();
  await mailbox?.stop();
});

const triage = (title: string, extra = {}) =>
  muster.api<Incident>("POST", "/api/v1/incidents", { title, status: "triage", ...extra });
const now = (incident: Incident) => muster.api<Incident>("GET", `/api/v1/incidents/${incident.id}`);
const card = (page: Page, name: string) => page.getByRole("article", { name, exact: true });
const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

async function linkOf(incident: Incident, act: "accept" | "merge" | "decline"): Promise<string> {
  const find = (mails: Mail[]) => mails.find(({ mail }) => mail.subject?.includes(`[${incident.reference}]`));
  const { mail } = await until("the mail", async () => find(mailbox.mails));
  return new RegExp(`https?://\\S+/triage/\\S+\\.${act}\\.\\S+`).exec(mail.text ?? "")?.[0] ?? "";
}

test("a triage list is worked off by keyboard alone", async ({ browser }) => {
  const target = await muster.api<Incident>("POST", "/api/v1/incidents", {
    title: "Checkout is down",
    services: ["checkout"],
  });
  const third = await triage("Third: accept me");
  const second = await triage("Second: checkout slow", { services: ["checkout"] });
  const first = await triage("First: a false alarm");
  const { page } = await personIn(browser, muster, "Kay");
  await page.goto(`${muster.url}/incidents`);
  await expect(card(page, "First: a false alarm")).toBeVisible();
  const keys = page.keyboard;

  const atFirst = card(page, "First: a false alarm");
  // A key that is pressed before the page listens goes nowhere.
  await expect(async () => {
    if (!(await atFirst.evaluate((element) => element === document.activeElement))) await keys.press("j");
    await expect(atFirst).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await keys.press("j");
  await expect(card(page, "Second: checkout slow")).toBeFocused();
  await keys.press("k");
  await keys.press("d");
  const decline = page.getByRole("dialog", { name: `Decline ${first.reference}` });
  await expect(decline.getByRole("radio", { name: "Nothing is wrong" })).toBeFocused();
  await keys.press("ArrowDown");
  await expect(decline.getByRole("radio", { name: "Known and expected" })).toBeChecked();
  await keys.press("Enter");
  await expect(card(page, "First: a false alarm")).toHaveCount(0);
  expect(await now(first)).toMatchObject({ status: "declined", declineReason: "Known and expected" });

  await keys.press("j");
  await expect(card(page, "Second: checkout slow")).toBeFocused();
  await keys.press("m");
  const merge = page.getByRole("dialog", { name: `Merge ${second.reference} into` });
  await expect(merge.getByText("Alike: same service: checkout")).toBeVisible();
  await expect(merge.getByRole("radio", { name: /Checkout is down/ })).toBeChecked();
  await keys.press("Enter");
  await expect(card(page, "Second: checkout slow")).toHaveCount(0);
  expect(await now(second)).toMatchObject({ id: target.id });

  await keys.press("j");
  await expect(card(page, "Third: accept me")).toBeFocused();
  await keys.press("a");
  await expect(page).toHaveURL(new RegExp(`/incidents/${third.reference}$`));
  expect(await now(third)).toMatchObject({ status: "investigating" });
});

test("in the room the same keys decide, and declining asks why", async ({ browser }) => {
  const incident = await triage("Room of a false alarm");
  const { page } = await personIn(browser, muster, "Rob");
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(region(page, "Timeline")).toContainText("Rob looks at it");
  await expect(region(page, "Updates")).toContainText("1 told");
  await page.keyboard.press("m");
  await expect(page.getByRole("dialog", { name: /^Merge/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  await page.getByRole("dialog").getByRole("radio", { name: "A test" }).check();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toContainText("Declined.");
  expect(await now(incident)).toMatchObject({ status: "declined", declineReason: "A test" });
});

test("a link of the mail asks once, decides, and afterwards says who did", async ({ browser }) => {
  const incident = await triage("Payments fail");
  const { page } = await ownerIn(browser, muster);
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(await linkOf(incident, "accept"));
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText(`Accept ${incident.reference}?`);
  await expect(stranger.getByText("You act as ops@example.com, by link.")).toBeVisible();
  expect((await new AxeBuilder({ page: stranger }).analyze()).violations).toEqual([]);
  expect(await now(incident)).toMatchObject({ status: "triage" });
  await stranger.getByRole("button", { name: "Accept", exact: true }).click();
  await expect(stranger.getByRole("heading", { level: 1 })).toHaveText(`Accepted ${incident.reference}`);
  expect(await now(incident)).toMatchObject({ status: "investigating" });
  await stranger.goto(await linkOf(incident, "decline"));
  await expect(stranger.getByText(/ops@example.com, by link accepted it/)).toBeVisible();
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(region(page, "Timeline")).toContainText("ops@example.com, by link accepted");
});

test("a declining link takes a reason", async ({ browser }) => {
  const incident = await triage("A drill nobody announced");
  const page = await (await browser.newContext()).newPage();
  await page.goto(await linkOf(incident, "decline"));
  await page.getByRole("radio", { name: "Planned work" }).check();
  await page.getByRole("textbox", { name: "In your words" }).fill("the database moved");
  await page.getByRole("button", { name: "Decline", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`Declined ${incident.reference}`);
  expect(await now(incident)).toMatchObject({ declineReason: "Planned work: the database moved" });
});

test("the tell list, the old pager's address and a token are set in the interface, and keys stay hidden", async ({
  browser,
}) => {
  await muster.api("POST", "/api/v1/integrations", { name: "Old road", source: "generic-json" });
  const { page } = await ownerIn(browser, muster);
  await page.goto(`${muster.url}/settings/channels`);
  const form = page.getByRole("form", { name: "Who hears of every new incident" });
  const list = form.getByRole("textbox", { name: "Tell list", exact: true });
  await list.fill("ops@example.com\npagerduty:tooshort");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.getByText(/it looks like pagerduty:/).first()).toBeVisible();
  await list.fill("ops@example.com\npagerduty:R0UT1NGKEY0123456789ABCDEFGHIJKL");
  await form.getByRole("spinbutton", { name: /^Tell again/ }).fill("7");
  await form.getByRole("textbox", { name: "Fallback list", exact: true }).fill("boss@example.com");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(list).toHaveValue("email:ops@example.com\npagerduty:…IJKL");
  // Saved as it is shown, the key is kept.
  await form.getByRole("button", { name: "Save" }).click();
  await expect(list).toHaveValue("email:ops@example.com\npagerduty:…IJKL");
  await muster.api("PATCH", "/api/v1/settings", { tell: ["ops@example.com"] });

  await page.goto(`${muster.url}/settings/integrations`);
  await page.getByRole("button", { name: "Forward Old road", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Forward Old road" });
  await dialog.getByRole("textbox", { name: "Forward to" }).fill("https://old.example.com/hook");
  await dialog.getByLabel("Token of the source").fill("s3cret-token");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("main")).toContainText("forwards");
  await expect(page.locator("body")).not.toContainText("s3cret-token");
});
