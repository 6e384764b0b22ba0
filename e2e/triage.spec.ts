import { expect, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { ownerIn, personIn } from "./support/people.ts";

type Incident = { id: string; reference: string; status: string; severity: string | null };

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

let muster: Muster;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  muster = await Muster.start();
});
test.afterAll(async () => {
  await muster?.stop();
});

let serial = 0;
/** Names are given once a server, and several stories share one. */
const named = (name: string) => `${name}${++serial}`;

async function opened(title: string, status: "triage" | "investigating" = "triage"): Promise<Incident> {
  return muster.api<Incident>("POST", "/api/v1/incidents", { title, status });
}
const roomOf = (incident: Incident) => `${muster.url}/incidents/${incident.reference}`;
const now = (incident: Incident) => muster.api<Incident>("GET", `/api/v1/incidents/${incident.id}`);

test("a triage incident is accepted with another severity from the menu, and leads into the room", async ({
  browser,
}) => {
  const incident = await opened("Payments are slow");
  const { page } = await personIn(browser, muster, named("Ada"));
  await page.goto(`${muster.url}/incidents`);
  const card = page.getByRole("article", { name: "Payments are slow", exact: true });
  await card.getByRole("button", { name: "Choose a severity and accept", exact: true }).click();
  await card.getByRole("menuitem", { name: /SEV2/ }).click();
  await expect(page).toHaveURL(roomOf(incident));
  await expect(region(page, "Timeline")).toContainText(/accepted/i);
  expect(await now(incident)).toMatchObject({ status: "investigating", severity: "SEV2" });
});

test("what was declined says why and can be reopened", async ({ browser }) => {
  const incident = await opened("A test that went off");
  const { page } = await personIn(browser, muster, named("Ada"));
  await page.goto(roomOf(incident));
  await press(page, "Decline");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Reason", exact: true }).fill("Somebody tried the alarm");
  await dialog.getByRole("button", { name: "Decline", exact: true }).click();
  await expect(page.getByRole("main")).toContainText("Declined.");
  await expect(page.getByRole("main")).toContainText("Somebody tried the alarm");
  expect(await now(incident)).toMatchObject({ status: "declined" });
  await press(page, "Reopen");
  await expect(page.getByRole("button", { name: "Reopen", exact: true })).toHaveCount(0);
  await expect.poll(async () => (await now(incident)).status).toBe("investigating");
  await expect(page.getByRole("button", { name: "Resolve", exact: true })).toBeVisible();
});

test("what was merged leads to the other, and is undone from there", async ({ browser }) => {
  const target = await opened("Search is down", "investigating");
  const incident = await opened("Search answers 503");
  const { page } = await personIn(browser, muster, named("Ada"));
  await page.goto(roomOf(incident));
  await press(page, "Merge");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /Search is down/ }).check();
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(dialog).toHaveCount(0);

  await page.goto(roomOf(incident));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Search is down");
  await expect(page.getByText(`${incident.reference} was merged into this incident.`)).toBeVisible();
  await expect(region(page, "Timeline")).toContainText(incident.reference);
  await press(page, "Unmerge");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Search answers 503");
  expect(await now(incident)).toMatchObject({ id: incident.id, status: "triage" });
  expect(await now(target)).toMatchObject({ id: target.id, status: "investigating" });
});

test("that nobody will hear is said until somebody will", async ({ browser }) => {
  const incident = await opened("Silence", "investigating");
  const { page } = await ownerIn(browser, muster);
  const warning = page.getByText("Nobody will hear this.");
  await page.goto(roomOf(incident));
  await expect(warning).toBeVisible();
  await page.getByRole("link", { name: /^Set up Slack/ }).click();
  await expect(page).toHaveURL(/\/settings\/channels$/);
  await expect(warning).toBeVisible();
  await muster.api("PATCH", "/api/v1/settings", { slack: { botToken: "xoxb-test", channel: "C0INCIDENTS" } });
  await page.reload();
  await expect(page.getByText("Set up", { exact: true })).toBeVisible();
  await expect(warning).toHaveCount(0);
  await page.goto(roomOf(incident));
  await expect(region(page, "Timeline")).toBeVisible();
  await expect(warning).toHaveCount(0);
  await muster.api("PATCH", "/api/v1/settings", { slack: null });
});

test("a role changes hands when the other accepts", async ({ browser }) => {
  const incident = await opened("Login fails", "investigating");
  const [adaName, linName] = [named("Ada"), named("Lin")];
  const ada = await personIn(browser, muster, adaName);
  const lin = await personIn(browser, muster, linName);
  for (const { page } of [ada, lin]) await page.goto(roomOf(incident));
  await press(ada.page, "Claim commander");
  const commander = (page: Page) =>
    region(page, "Roster").getByRole("listitem").filter({ hasText: "commander" }).first();
  await expect(commander(lin.page)).toContainText(adaName);

  await press(ada.page, "Hand over commander");
  await ada.page.getByRole("menuitem", { name: /^Offer to somebody/ }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Offer commander", exact: true });
  await dialog.getByLabel("To whom?").selectOption({ label: `${linName}, here` });
  await dialog.getByRole("button", { name: "Offer", exact: true }).click();
  await expect(commander(ada.page)).toContainText(`Offered to ${linName}`);
  await expect(commander(lin.page)).toContainText("Offered to you");
  await expect(commander(lin.page)).toContainText(adaName);
  await press(lin.page, "Accept commander");
  await expect(commander(ada.page)).toContainText(linName);
  await expect(commander(ada.page)).not.toContainText("Offered");
});

test("a corrected update is marked for everyone, in the room and outside", async ({ browser }) => {
  const incident = await opened("Invoices are wrong", "investigating");
  await muster.api("POST", `/api/v1/incidents/${incident.id}/updates`, {
    status: "identified",
    body: "All invoices are wrong.",
    title: "Wrong invoices",
    channels: ["status_page"],
  });
  const ada = await personIn(browser, muster, named("Ada"));
  const lin = await personIn(browser, muster, named("Lin"));
  for (const { page } of [ada, lin]) await page.goto(roomOf(incident));
  await region(ada.page, "Updates").getByRole("button", { name: "Correct", exact: true }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Correct this update", exact: true });
  await dialog.getByRole("textbox", { name: "Corrected text", exact: true }).fill("Invoices of May are wrong.");
  await dialog.getByRole("button", { name: "Publish correction", exact: true }).click();
  await expect(region(lin.page, "Updates")).toContainText("Invoices of May are wrong.");
  await expect(region(lin.page, "Updates").getByText("corrected", { exact: true })).toBeVisible();
  await expect(async () => {
    const page = await (await fetch(`${muster.url}/status`)).text();
    expect(page).toContain("Invoices of May are wrong.");
    expect(page).not.toContain("All invoices are wrong.");
    expect(page).toMatch(/corrected/i);
  }).toPass({ timeout: 10_000 });
});

test("a finished task is seen by the other without a reload", async ({ browser }) => {
  const incident = await opened("Disk is full", "investigating");
  const ada = await personIn(browser, muster, named("Ada"));
  const lin = await personIn(browser, muster, named("Lin"));
  for (const { page } of [ada, lin]) await page.goto(roomOf(incident));
  await press(ada.page, "+ Task");
  await region(ada.page, "Tasks").getByRole("textbox").first().fill("Delete old logs");
  await ada.page.keyboard.press("Enter");
  const done = lin.page.getByRole("checkbox", { name: "Done: Delete old logs", exact: true });
  await expect(done).toBeVisible();
  await done.check();
  const mirrored = ada.page.getByRole("checkbox", { name: "Done: Delete old logs", exact: true });
  await expect(mirrored).toBeChecked();
  await expect(region(ada.page, "Tasks")).toContainText("1 of 1 done");
});
