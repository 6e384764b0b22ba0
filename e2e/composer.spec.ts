import { expect, type Locator, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { type Mail, startMailbox } from "./support/mailbox.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn, type Person, personIn } from "./support/people.ts";
import { startSlack } from "./support/slack.ts";
import { violationsOf } from "./support/violations.ts";

type Incident = { id: string; reference: string; nextUpdateDueAt: string | null };

let muster: Muster;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let slack: Awaited<ReturnType<typeof startSlack>>;
let ada: Person & { id: string };
let lin: Person & { id: string };

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  mailbox = await startMailbox();
  slack = await startSlack();
  muster = await Muster.start({
    SMTP_URL: mailbox.url,
    MAIL_FROM: "status@example.com",
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_CHANNEL: "C0INCIDENTS",
    SLACK_API_URL: slack.url,
  });
  await muster.api("POST", "/api/v1/components", { name: "Checkout" });
  await muster.api("POST", "/api/v1/subscribers", { email: "cto@example.com", confirmed: true });
  ada = await personIn(browser, muster, "Ada");
  lin = await personIn(browser, muster, "Lin");
});
test.afterAll(async () => {
  await muster?.stop();
  await Promise.all([mailbox?.stop(), slack?.stop()]);
});

const declare = (more: object = {}) =>
  muster.api<Incident>("POST", "/api/v1/incidents", { title: "db-7 lags behind", severity: "SEV1", ...more });
const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const button = (within: Page | Locator, name: string) => within.getByRole("button", { name, exact: true });
const textOf = (composer: Locator) => composer.getByRole("textbox", { name: "Update text", exact: true });
const mailsWith = (text: string): Mail[] => mailbox.mails.filter((each) => each.mail.text?.includes(text));

async function openComposer(page: Page, incident: Incident): Promise<Locator> {
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await button(page, "Publish update").filter({ visible: true }).first().click();
  const composer = page.getByRole("dialog", { name: "Update", exact: true });
  // Shared, not this tab's own: the editor is there.
  await expect(composer.locator(".cm-content")).toBeVisible();
  return composer;
}

async function write(composer: Locator, text: string): Promise<void> {
  await textOf(composer).click();
  await composer.page().keyboard.press("Control+A");
  await composer.page().keyboard.type(text);
}

test("two people write one draft, see what each channel gets, and one press sends it", async () => {
  test.setTimeout(120_000);
  const incident = await declare();
  let hers = await openComposer(ada.page, incident);
  const his = await openComposer(lin.page, incident);

  await test.step("text and fields are one for both, and survive a reload", async () => {
    await write(hers, "Card payments may fail.");
    await expect(textOf(his)).toContainText("Card payments may fail.");
    await expect(his).toContainText("Ada is writing");
    await his.getByRole("radio", { name: "Identified", exact: true }).check();
    await his.getByRole("textbox", { name: "Public title", exact: true }).fill("Card payments fail");
    await his.getByRole("combobox", { name: "Add a component", exact: true }).selectOption("Checkout");
    await expect(hers.getByRole("radio", { name: "Identified", exact: true })).toBeChecked();
    await expect(hers).toContainText("draft saved");
    await expect(hers.getByRole("textbox", { name: "Public title", exact: true })).toHaveValue("Card payments fail");
    hers = await openComposer(ada.page, incident);
    await expect(textOf(hers)).toContainText("Card payments may fail.");
    await expect(hers.getByRole("textbox", { name: "Public title", exact: true })).toHaveValue("Card payments fail");
    await expect(hers.getByRole("combobox", { name: "State of Checkout", exact: true })).toHaveValue("partial_outage");
  });

  await test.step("the lint says what readers would take wrongly, and stops nobody", async () => {
    await write(hers, "db-7 will be fixed in 20 minutes.");
    const looked = hers.getByRole("list", { name: "Looked over", exact: true });
    for (const text of ["Promises a time to fix", "“db-7” looks like a host name", "Does not say who or what"]) {
      await expect(looked).toContainText(text);
    }
    await expect(button(hers, "Publish update")).toBeEnabled();
    await write(hers, "Card payments may fail; PayPal works.");
    await expect(looked).toContainText("Says who or what is affected");
    await expect(looked).toContainText("Says when the next update comes");
    await expect(looked).not.toContainText("Promises");
  });

  await test.step("each channel shows what its readers get, and may say it in other words", async () => {
    const page = hers.getByRole("article", { name: "Preview: Status page", exact: true });
    const onPage = page.frameLocator("iframe").locator("body");
    await expect(onPage).toContainText(/Card payments may fail; PayPal works\. Next update (on .+ )?at/);
    await expect(onPage.getByRole("heading", { name: "Card payments fail" })).toBeVisible();
    const inSlack = hers.getByRole("article", { name: "Preview: Slack", exact: true });
    await button(inSlack, "Other words for Slack").click();
    await inSlack.getByRole("textbox", { name: "Words for Slack", exact: true }).fill("Cards fail, see the runbook.");
    await expect(inSlack).toContainText("Identified: Card payments fail");
    await expect(
      inSlack.locator("p").filter({ hasText: /Cards fail, see the runbook\. Next update (on .+ )?at/ }),
    ).toBeVisible();
    const asMail = hers.getByRole("article", { name: "Preview: E-mail", exact: true });
    await expect(asMail).toContainText("1 subscriber");
    await expect(asMail.frameLocator("iframe").locator("body")).toContainText(/PayPal works\. Next update (on .+ )?at/);
    await asMail.getByText("Text", { exact: true }).click();
    await expect(asMail.locator("pre")).toContainText("Checkout: Partial outage");
    expect(await violationsOf(ada.page)).toEqual([]);
  });

  await test.step("one press sends it everywhere, empties the draft, and shows what became of it", async () => {
    await button(his, "Publish update").click();
    await expect(his).toHaveCount(0);
    const sent = region(lin.page, "Just published");
    for (const chip of ["✓ page", "✓ Slack", "✓ 1 mail"]) await expect(sent).toContainText(chip);
    const said = JSON.stringify(slack.calls);
    expect(said).toContain("see the runbook");
    expect(said).not.toContain("PayPal works");
    await until("the mail", async () => mailsWith("PayPal works").length > 0);
    expect(await (await fetch(`${muster.url}/status`)).text()).toMatch(/PayPal works\. Next update (on .+ )?at/);
    const now = await muster.api<Incident>("GET", `/api/v1/incidents/${incident.id}`);
    expect(now.nextUpdateDueAt).toMatch(/:00\.000Z$/);
  });

  await test.step("who still has it open is told, and goes on from there", async () => {
    await expect(hers.getByRole("alert")).toContainText("Changed since you opened this");
    await expect(hers.getByRole("alert")).toContainText("Lin published “Identified”.");
    await expect(textOf(hers)).not.toContainText("PayPal");
    await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, { severity: "SEV2" });
    await expect(hers.getByRole("alert")).toContainText("The severity is SEV2 now, not SEV1.");
    await button(hers, "Go on from there").click();
    await expect(hers.getByRole("alert")).toHaveCount(0);
    await expect(hers.getByRole("radio", { name: "Identified", exact: true })).toBeChecked();
    await button(hers, "Cancel").click();
  });
});

test("a holding statement goes out from the room in three presses and 20 seconds on a phone", async ({ browser }) => {
  const opened = await declare({ status: "triage", severity: null, title: "Checkout is slow" });
  const phone = await ownerIn(browser, muster, { viewport: { width: 390, height: 844 }, hasTouch: true });
  const { page } = phone;
  await muster.api("POST", `/api/v1/incidents/${opened.id}/accept`, { severity: "SEV2" });
  await page.goto(`${muster.url}/incidents/${opened.reference}`);
  await expect(page.getByText("Nobody outside knows yet.")).toBeVisible();
  await expect(page.getByText(/A holding statement is due in/)).toContainText(/0[0-4]:\d\d/);
  expect(await violationsOf(page)).toEqual([]);
  const startedAt = Date.now();
  let presses = 0;
  const press = async (locator: Locator) => {
    presses += 1;
    await locator.tap();
  };
  await press(button(page, "Holding statement"));
  const composer = page.getByRole("dialog", { name: "Update", exact: true });
  await expect(textOf(composer)).toContainText("We are looking into a problem that affects some of our services.");
  await press(button(composer, "Publish update"));
  await expect(region(page, "Just published")).toContainText("✓ page");
  expect(presses).toBeLessThanOrEqual(3);
  expect(Date.now() - startedAt).toBeLessThanOrEqual(20_000);
  expect(await (await fetch(`${muster.url}/status`)).text()).toContain("We are looking into a problem");
  await expect(page.getByText("Nobody outside knows yet.")).toHaveCount(0);
  const { items } = await muster.api<{ items: { body: string; nextUpdateAt: string }[] }>(
    "GET",
    `/api/v1/incidents/${opened.id}/updates`,
  );
  expect(items).toHaveLength(1);
  expect(items[0]?.body).toMatch(/Next update (on \d+ \w+ )?at \d\d:\d\d UTC\.$/);
  expect(Date.parse(items[0]?.nextUpdateAt ?? "") - Date.now()).toBeLessThanOrEqual(31 * 60_000);
  await phone.context.close();
});

test("templates are the team's own, filled from the board, and what they replace comes back", async ({ browser }) => {
  const owner = await ownerIn(browser, muster);
  const settings = owner.page;
  await settings.goto(`${muster.url}/settings/update-templates`);
  await expect(settings.getByText("These came with Muster")).toBeVisible();
  await button(settings, "Add template").click();
  const dialog = settings.getByRole("dialog", { name: "Add template", exact: true });
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill("Refunds");
  const body = dialog.getByRole("textbox", { name: "Text", exact: true });
  await body.fill("{{title}} is late.");
  await dialog.getByRole("checkbox", { name: "Identified", exact: true }).check();
  await button(dialog, "Add").click();
  await expect(dialog).toContainText("There is no field {{title}}.");
  await body.fill("Refunds of {{components|the shop}} are late. {{impact|[Who waits?]}}");
  await expect(dialog).toContainText("Refunds of Checkout are late. Card payments may fail; PayPal works.");
  await button(dialog, "Add").click();
  await expect(settings.getByRole("list", { name: "Update templates" })).toContainText("Refunds");

  const incident = await declare({ title: "Refunds wait" });
  await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, { status: "identified" });
  const composer = await openComposer(ada.page, incident);
  await button(composer, "Refunds").click();
  await expect(textOf(composer)).toContainText("Refunds of the shop are late. [Who waits?]");
  await expect(composer).toContainText("“[Who waits?]” is still to be filled in");
  await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, { impactText: "About 40 customers wait" });
  await expect(ada.page.getByText("About 40 customers wait").first()).toBeAttached();
  await button(composer, "Refunds").click();
  await expect(textOf(composer)).toContainText("About 40 customers wait.");
  await composer.getByRole("radio", { name: "Monitoring", exact: true }).check();
  await button(composer, "Clear draft").click();
  await expect(textOf(composer)).not.toContainText("customers");
  await expect(composer.getByRole("radio", { name: "Identified", exact: true })).toBeChecked();
  await textOf(composer).click();
  await ada.page.keyboard.type("Meanwhile.");
  await button(composer, "Undo").click();
  await expect(textOf(composer)).toContainText(/About 40 customers wait\..*Meanwhile\./s);
  await expect(composer.getByRole("radio", { name: "Monitoring", exact: true })).toBeChecked();
  await owner.context.close();
});

test("whoever begins to type before the editor is there loses no letter", async () => {
  const incident = await declare();
  const { page } = ada;
  const said = "Card payments may fail in Europe.";
  // The draft comes late, and what the editor is made of later still.
  await page.routeWebSocket(/\/sync\/.*\/update/, (socket) => {
    socket.connectToServer().onMessage((message) => setTimeout(() => socket.send(message), 1_000));
  });
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(page.getByRole("region", { name: "Updates", exact: true })).toBeVisible();
  await page.route("**/_next/static/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.fallback().catch(() => undefined);
  });
  await button(page, "Publish update").first().click();
  const composer = page.getByRole("dialog", { name: "Update", exact: true });
  await textOf(composer).click();
  await page.keyboard.type(said, { delay: 60 });
  await expect(composer.getByText("draft saved")).toBeVisible();
  expect(await textOf(composer).textContent()).toBe(said);
  await page.keyboard.type(" Sorry.");
  expect(await textOf(composer).textContent()).toBe(`${said} Sorry.`);
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("a press without an answer loses no text and publishes nothing twice", async () => {
  const incident = await declare();
  const { page } = ada;
  const composer = await openComposer(page, incident);
  await write(composer, "Card payments may fail.");
  await expect(composer.getByText("draft saved")).toBeVisible();
  const path = `**/api/v1/incidents/${incident.id}/updates`;
  const bodies = async () =>
    (await muster.api<{ items: { body: string }[] }>("GET", `/api/v1/incidents/${incident.id}/updates`)).items;

  await page.route(path, (route) => route.abort());
  await button(composer, "Publish update").click();
  await expect(composer.getByRole("alert")).toContainText("The server cannot be reached");
  await expect(textOf(composer)).toContainText("Card payments may fail.");
  expect(await bodies()).toEqual([]);

  await page.unroute(path);
  await page.route(path, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await button(composer, "Publish update").click();
  await expect(composer.getByText("Changed since you opened this.")).toBeVisible();
  await expect(composer.getByText("Write what people should know.")).toBeVisible();
  await expect(button(composer, "Publish update")).toBeDisabled();
  expect(await bodies()).toHaveLength(1);
  await page.unroute(path);
});
