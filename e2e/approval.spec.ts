import { expect, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { startMailbox } from "./support/mailbox.ts";
import { Muster, shiftedClock } from "./support/muster.ts";
import { personIn } from "./support/people.ts";
import { showTheme, themes } from "./support/themes.ts";
import { violationsOf } from "./support/violations.ts";

type Incident = { id: string; reference: string; nextUpdateDueAt: string | null };
type Updates = { items: { body: string; publishedBy: { name: string }; correctedAt: string | null }[] };

let muster: Muster;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  mailbox = await startMailbox();
  muster = await Muster.start({ SMTP_URL: mailbox.url, MAIL_FROM: "muster@example.com", ...shiftedClock });
  await muster.api("PATCH", "/api/v1/settings", {
    approval: { public: { SEV1: "commander", SEV2: "two_people" } },
  });
});
test.afterAll(async () => {
  await muster?.stop();
  await mailbox?.stop();
});

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const declare = (title: string, severity = "SEV1") =>
  muster.api<Incident>("POST", "/api/v1/incidents", { title, severity });
const updatesOf = async (incident: Incident) =>
  (await muster.api<Updates>("GET", `/api/v1/incidents/${incident.id}/updates`)).items;
const roomOf = (incident: Incident) => `${muster.url}/incidents/${incident.reference}`;
const alertOf = (page: Page, text: string | RegExp) => page.getByRole("alert").filter({ hasText: text });
const open = async (page: Page, incident: Incident) => {
  await page.goto(roomOf(incident));
  await expect(region(page, "Updates")).toBeVisible();
};

async function writeUpdate(page: Page, text: string) {
  await page.getByRole("button", { name: "Publish update", exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: "Update", exact: true });
  await dialog.getByRole("textbox", { name: "Update text" }).fill(text);
  return dialog;
}

async function lookOver(page: Page, name: string) {
  for (const theme of themes) {
    await showTheme(page, theme);
    await page.screenshot({ path: `test-results/approval-${name}-${theme}.png` });
  }
  expect(await violationsOf(page)).toEqual([]);
}

test("the commander is told at once, sees what changed, and approves with one press", async ({ browser }) => {
  test.setTimeout(60_000);
  const incident = await declare("Checkout is down");
  const ada = await personIn(browser, muster, "Ada");
  const lin = await personIn(browser, muster, "Lin");
  await open(ada.page, incident);
  await region(ada.page, "Roster").getByRole("button", { name: "Claim commander" }).click();
  await open(lin.page, incident);

  const dialog = await writeUpdate(lin.page, "We look for the cause on db-7.");
  await expect(dialog.getByRole("button", { name: "Publish update", exact: true })).toHaveCount(0);
  await expect(dialog.getByText("SEV1: needs the commander's approval.")).toBeVisible();
  await lookOver(lin.page, "composer");
  await dialog.getByRole("button", { name: "Ask Ada to approve" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(region(lin.page, "Updates")).toContainText("Waits for approval");
  expect(await updatesOf(incident)).toEqual([]);

  const asked = alertOf(ada.page, "Lin asks you to approve an update.");
  await expect(asked).toContainText("We look for the cause on db-7.");
  await lookOver(ada.page, "asked");
  await asked.getByRole("button", { name: "Decline" }).click();
  const decline = ada.page.getByRole("dialog", { name: "Decline this update" });
  await decline.getByRole("textbox", { name: "What should be different?" }).fill("No host names.");
  await decline.getByRole("button", { name: "Decline", exact: true }).click();

  await expect(lin.page.getByText("Ada declined your update.")).toBeVisible();
  await lin.page.getByRole("button", { name: "Change", exact: true }).first().click();
  const change = lin.page.getByRole("dialog", { name: "Change the update" });
  await change.getByRole("textbox", { name: "Text", exact: true }).fill("We look for the cause.");
  await change.getByRole("button", { name: "Ask again" }).click();

  await expect(asked.getByRole("deletion")).toContainText("on db-7");
  await lookOver(ada.page, "difference");
  await ada.page.setViewportSize({ width: 390, height: 844 });
  await lookOver(ada.page, "difference-phone");
  await asked.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(asked).toHaveCount(0);
  await expect(region(lin.page, "Updates").getByRole("listitem").first()).toContainText("We look for the cause.");
  expect(await updatesOf(incident)).toMatchObject([
    { body: expect.stringMatching(/^We look for the cause\./), publishedBy: { name: "Lin" } },
  ]);
  await expect(region(lin.page, "Timeline")).toContainText("Ada approved an update of Lin");
});

test("the link of the mail shows the text, and approves with one press", async ({ browser }) => {
  const incident = await declare("Cards fail", "SEV2");
  const eve = await muster.person("Eve");
  await muster.api("PUT", `/api/v1/incidents/${incident.id}/roles/commander`, { userId: eve.id });
  const { page } = await personIn(browser, muster, "Max");
  await open(page, incident);
  const dialog = await writeUpdate(page, "Card payments fail in Europe.");
  await dialog.getByRole("button", { name: "Ask for approval" }).click();
  await expect(region(page, "Updates")).toContainText("A second person approves it");
  await expect(alertOf(page, "asks you to approve")).toHaveCount(0);

  const subject = `Max asks you to approve an update of ${incident.reference}`;
  const { mail } = await until("the mail", async () =>
    mailbox.mails.find(({ to, mail }) => to.includes(eve.email) && mail.subject?.includes(subject)),
  );
  const link = /https?:\/\/\S+\/approve\/\S+/.exec(mail.text ?? "")?.[0] ?? "";
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const outside = await context.newPage();
  await outside.goto(link);
  await expect(outside.getByRole("heading", { name: "Max asks you to approve this" })).toBeVisible();
  await expect(outside.getByText("Card payments fail in Europe.")).toBeVisible();
  expect(await updatesOf(incident)).toEqual([]);
  await lookOver(outside, "link");
  await outside.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(outside.getByRole("heading", { name: "It is published" })).toBeVisible();
  expect(await updatesOf(incident)).toMatchObject([
    { body: expect.stringMatching(/^Card payments fail in Europe\. Next update (on .+ )?at/) },
  ]);
  await expect(region(page, "Updates")).toContainText("Card payments fail in Europe.");
  await context.close();
});

test("a scheduled update goes out at its time, and says so when it cannot", async ({ browser }) => {
  test.setTimeout(90_000);
  const incident = await declare("Mail is late", "SEV3");
  const { page } = await personIn(browser, muster, "Kim");
  await open(page, incident);
  const dialog = await writeUpdate(page, "Mail arrives late.");
  await dialog.getByRole("button", { name: "Schedule", exact: true }).click();
  const at = dialog.getByLabel("Publish at");
  await expect(at).toHaveValue(/T\d\d:(00|15|30|45)$/);
  await expect(dialog.getByRole("button", { name: "Publish update", exact: true })).toHaveCount(0);
  await lookOver(page, "schedule");
  await dialog.getByRole("button", { name: "Schedule update" }).click();
  const waiting = region(page, "Updates").getByRole("list", { name: "Waiting updates" });
  await expect(waiting).toContainText("Goes out at");
  await lookOver(page, "scheduled");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("navigation", { name: "Panels" }).getByRole("button", { name: "Update" }).click();
  await lookOver(page, "scheduled-phone");
  await page.setViewportSize({ width: 1440, height: 900 });

  const { items } = await muster.api<{ items: { id: string }[] }>(
    "GET",
    `/api/v1/incidents/${incident.id}/planned-updates`,
  );
  const path = `/api/v1/incidents/${incident.id}/planned-updates/${items[0]?.id}`;
  await muster.api("PATCH", path, { publishAt: new Date(Date.now() + 2_000).toISOString() });
  await expect
    .poll(() => updatesOf(incident), { timeout: 20_000 })
    .toMatchObject([{ body: expect.stringMatching(/^Mail arrives late\./) }]);
  await expect(waiting).toHaveCount(0);

  await muster.api("POST", `/api/v1/incidents/${incident.id}/planned-updates`, {
    update: { status: "monitoring", body: "It is better.", channels: ["status_page"] },
    publishAt: new Date(Date.now() + 2_000).toISOString(),
  });
  await muster.api("POST", `/api/v1/incidents/${incident.id}/resolve`, { summary: "Rolled back" });
  await expect(alertOf(page, "was not published")).toContainText("The incident was resolved meanwhile", {
    timeout: 20_000,
  });
  await lookOver(page, "refused");
  await page.getByRole("button", { name: "Change", exact: true }).first().click();
  const change = page.getByRole("dialog", { name: "Change the update" });
  await change.getByRole("combobox", { name: "Status" }).selectOption("Resolved");
  await change.getByRole("textbox", { name: "Text", exact: true }).fill("Mail is on time again.");
  await lookOver(page, "change");
  await change.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(alertOf(page, "was not published")).toHaveCount(0);
  expect(await updatesOf(incident)).toMatchObject([
    { body: "Mail is on time again." },
    { body: expect.stringMatching(/^Mail arrives late\./) },
  ]);
});

test("resolving asks for the approval of what the public reads of it", async ({ browser }) => {
  test.setTimeout(120_000);
  const incident = await declare("Payments fail", "SEV2");
  // Told of before it became so bad that somebody has to approve.
  await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, { severity: "SEV3" });
  await muster.api("POST", `/api/v1/incidents/${incident.id}/updates`, {
    status: "identified",
    body: "Some payments fail.",
    channels: ["status_page"],
  });
  await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, { severity: "SEV2" });
  const ned = await personIn(browser, muster, "Ned");
  const uma = await personIn(browser, muster, "Uma");
  await open(ned.page, incident);
  await ned.page.getByRole("button", { name: "Resolve", exact: true }).click();
  const dialog = ned.page.getByRole("dialog", { name: `Resolve ${incident.reference}`, exact: true });
  await dialog.getByRole("textbox", { name: "What fixed it?", exact: true }).fill("Rolled back");
  await dialog.getByRole("textbox", { name: "What the public reads", exact: true }).fill("Payments work again.");
  await expect(dialog).toContainText("SEV2: a second person approves it. The incident is resolved at once");
  await lookOver(ned.page, "resolve");
  await ned.page.setViewportSize({ width: 390, height: 844 });
  await lookOver(ned.page, "resolve-phone");
  await ned.page.setViewportSize({ width: 1440, height: 900 });
  await dialog.getByRole("button", { name: "Resolve incident", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(ned.page.getByText("Resolved, and asked for approval.")).toBeVisible();
  expect(await updatesOf(incident)).toMatchObject([{ body: "Some payments fail." }]);
  const { status } = await muster.api<{ status: string }>("GET", `/api/v1/incidents/${incident.id}`);
  expect(status).toBe("resolved");

  await open(uma.page, incident);
  await alertOf(uma.page, "Ned asks").getByRole("button", { name: "Approve" }).click();
  await expect
    .poll(() => updatesOf(incident), { timeout: 20_000 })
    .toMatchObject([{ body: "Payments work again." }, { body: "Some payments fail." }]);
  await ned.context.close();
  await uma.context.close();
});

test("the room says when the next update is due, and calls the writer", async ({ browser }) => {
  const incident = await declare("Login fails", "SEV4");
  expect(incident.nextUpdateDueAt).toBeNull();
  const { page, id } = await personIn(browser, muster, "Ida");
  await muster.api("PUT", `/api/v1/incidents/${incident.id}/roles/communications`, { userId: id });
  await muster.api("POST", `/api/v1/incidents/${incident.id}/updates`, {
    status: "identified",
    body: "Some logins fail.",
    channels: ["status_page"],
    nextUpdateAt: new Date(Date.now() + 60_000).toISOString(),
  });
  await open(page, incident);
  await expect(page.getByText("The next update is due soon.")).toBeVisible();
  await lookOver(page, "due-soon");
  await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, {
    nextUpdateDueAt: new Date(Date.now() + 1_000).toISOString(),
  });
  await expect(page.getByText("The next update is due.", { exact: true })).toBeVisible();
  await expect(region(page, "Timeline")).toContainText("The next update is due", { timeout: 20_000 });
  const bell = await until("the notification", async () => {
    const signed = await page.request.get(`${muster.url}/api/v1/notifications`);
    const { items } = (await signed.json()) as { items: { kind: string; title: string }[] };
    return items.find((one) => one.kind === "update");
  });
  expect(bell.title).toBe(`The next update of ${incident.reference} is due`);
  await lookOver(page, "late");
  await page.setViewportSize({ width: 390, height: 844 });
  await lookOver(page, "late-phone");
  await muster.api("POST", `/api/v1/incidents/${incident.id}/resolve`, { summary: "Done" });
  await expect(page.getByText("The next update is due.", { exact: true })).toHaveCount(0);
});

test("an administrator chooses who approves and how often people hear", async ({ browser }) => {
  const { page } = await personIn(browser, muster, "Rob", "admin");
  await page.goto(`${muster.url}/settings/update-rules`);
  const internal = page.getByRole("form", { name: "Internal updates" });
  await internal.getByRole("combobox", { name: "SEV1" }).selectOption("A second person");
  await internal.getByRole("button", { name: "Save" }).click();
  const clock = page.getByRole("form", { name: "Next update due" });
  await clock.getByRole("spinbutton", { name: "SEV3: Then every, minutes" }).fill("45");
  await clock.getByRole("button", { name: "Save" }).click();
  type Kept = { approval: unknown; cadence: unknown };
  await expect
    .poll(() => muster.api<Kept>("GET", "/api/v1/settings"))
    .toMatchObject({
      approval: { public: { SEV1: "commander" }, internal: { SEV1: "two_people", SEV2: "none" } },
      cadence: { SEV3: { firstMinutes: 15, everyMinutes: 45 }, SEV1: { everyMinutes: 20 } },
    });
  await lookOver(page, "settings");
  await page.setViewportSize({ width: 390, height: 844 });
  await lookOver(page, "settings-phone");
});

// The last one: from here on the server's clock is ahead of the others'.
test("when nobody answers for three minutes it goes out by name, and the record says so", async ({ browser }) => {
  const incident = await declare("Search is slow");
  const [pat, tom] = [await personIn(browser, muster, "Pat"), await personIn(browser, muster, "Tom")];
  await muster.api("PUT", `/api/v1/incidents/${incident.id}/roles/commander`, { userId: pat.id });
  await open(tom.page, incident);
  const dialog = await writeUpdate(tom.page, "Search is slow for everyone.");
  await dialog.getByRole("button", { name: "Ask Pat to approve" }).click();
  await expect(tom.page.getByRole("list", { name: "Waiting updates" })).toContainText("Without approval in");
  const without = tom.page.getByRole("button", { name: "Publish without approval" });
  await expect(without).toHaveCount(0);

  muster.shiftClock();
  await open(tom.page, incident);
  await expect(tom.page.getByText("Nobody has approved your update yet.")).toBeVisible();
  await lookOver(tom.page, "bypass");
  await without.first().click();
  const why = tom.page.getByRole("dialog", { name: "Publish without approval" });
  await why.getByRole("textbox", { name: "Why can it not wait?" }).fill("Pat does not answer.");
  await why.getByRole("button", { name: "Publish without approval" }).click();
  await expect(why).toHaveCount(0);
  expect(await updatesOf(incident)).toMatchObject([{ body: expect.stringMatching(/^Search is slow for everyone\./) }]);
  await open(pat.page, incident);
  const timeline = region(pat.page, "Timeline");
  await expect(timeline).toContainText("Tom let an update out without approval: Pat does not answer.");
  const { items } = await muster.api<{ items: { action: string; actorName?: string }[] }>("GET", "/api/v1/audit");
  expect(items).toContainEqual(expect.objectContaining({ action: "update.approval_bypass" }));
});
