import { expect, type Locator, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { ownerIn, personIn } from "./support/people.ts";

type Alert = { title: string; status: string; explanation: { rule: string; route?: { name: string } } };
type Incident = { id: string; title: string; status: string };
type Route = { name: string };

// One house over an hour: a route is made, alerts go by it, a mute keeps some quiet, and the noise is counted.
test.describe.configure({ mode: "serial" });

let muster: Muster;
let hook: string;
let page: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  muster = await Muster.start();
  const made = await muster.api<{ url: string }>("POST", "/api/v1/integrations", {
    name: "Jobs",
    source: "generic-json",
  });
  hook = made.url;
  page = (await ownerIn(browser, muster)).page;
});
test.afterAll(async () => {
  await muster?.stop();
});

/** One alert of a service; it is in the list when this ends. */
async function send(title: string, service: string, severity = "warning"): Promise<Alert> {
  const answer = await fetch(hook, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ title, service, severity, dedupKey: title }),
  });
  expect(answer.status).toBe(202);
  await expect.poll(async () => (await alerts(title)).length).toBe(1);
  const [alert] = await alerts(title);
  if (!alert) throw new Error("the alert is not there");
  return alert;
}

async function alerts(title: string): Promise<Alert[]> {
  const { items } = await muster.api<{ items: Alert[] }>("GET", `/api/v1/alerts?q=${encodeURIComponent(title)}`);
  return items;
}

async function inTriage(): Promise<Incident[]> {
  return (await muster.api<{ items: Incident[] }>("GET", "/api/v1/incidents?status=triage")).items;
}

const field = (name: string) => page.getByRole("textbox", { name, exact: true });
/** Goes on by Tab until it is there. */
async function tabTo(target: Locator): Promise<void> {
  for (let tabs = 0; tabs < 60; tabs++) {
    if (await target.evaluate((each) => each === document.activeElement)) break;
    await page.keyboard.press("Tab");
  }
  await expect(target).toBeFocused();
}
const press = async (name: string) => {
  await tabTo(page.getByRole("button", { name, exact: true }));
  await page.keyboard.press("Enter");
};

test("before there are routes the page says so, and a dry run says that nothing came", async () => {
  await page.goto(`${muster.url}/settings/alert-routes`);
  await expect(page.getByText("Every alert takes the default route")).toBeVisible();
  await expect(page.getByRole("list", { name: "Alert routes" })).toContainText(
    "Takes every alert that is left, and opens a triage incident for each service.",
  );
  await tabTo(page.getByRole("link", { name: "Add route" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "New alert route" })).toBeVisible();
  await field("Condition").fill("true");
  await press("Try on the last 7 days");
  await expect(page.getByText("No alert came in these days")).toBeVisible();
});

test("a route is made by keyboard alone, and tried before it is saved", async () => {
  await muster.api("POST", "/api/v1/alert-routes", { name: "Search first", condition: 'service == "search"' });
  await send("Nightly import is slow", "batch");
  await send("Nightly import stopped", "batch");
  await send("Checkout fails", "checkout", "critical");

  await page.goto(`${muster.url}/settings/alert-routes/new`);
  await field("Name").focus();
  await page.keyboard.type("Batch stays quiet");
  await page.keyboard.press("Tab");
  await page.keyboard.type('servce == "batch"');
  await page.keyboard.press("Enter");
  await expect(page.getByText(/An alert has no “servce”/).first()).toBeVisible();
  await expect(field("Condition")).toBeFocused();
  await page.keyboard.press("Control+A");
  await page.keyboard.type('service == "batch"');
  await tabTo(page.getByRole("radio", { name: "A triage incident" }));
  for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: "Nothing, kept quiet" })).toBeChecked();

  await press("Try on the last 7 days");
  const run = page.getByRole("region", { name: "Dry run" });
  await expect(run.getByText("2 of 3 alerts would have ended elsewhere.")).toBeVisible();
  await expect(run.getByRole("row", { name: "Incidents opened 2 1" })).toBeVisible();
  await expect(run.getByRole("row", { name: "Suppressed 0 2" })).toBeVisible();
  const changes = run.getByRole("list", { name: "Alerts that would have ended elsewhere" }).getByRole("listitem");
  await expect(changes.nth(0)).toContainText("Nightly import is slow");
  await expect(changes.nth(0)).toContainText(/opens a triage incident.*kept quiet by “Batch stays quiet”/);
  await expect(changes.nth(1)).toContainText(/joins the incident of “Nightly import is slow”.*kept quiet/);
  await expect(changes.nth(1).getByRole("link", { name: /^INC-/ })).toBeVisible();

  await field("Condition").focus();
  await page.keyboard.press("End");
  await page.keyboard.type(' || service == "checkout"');
  await expect(run.getByText("The form changed since.")).toBeVisible();
  await press("Try on the last 7 days");
  await expect(run.getByText("3 of 3 alerts would have ended elsewhere.")).toBeVisible();
  await field("Condition").fill('service == "batch"');

  await press("Add route");
  await expect(page.getByRole("heading", { level: 1, name: "Alert routes" })).toBeVisible();
  const rows = page.getByRole("list", { name: "Alert routes" }).getByRole("listitem");
  await expect(rows.nth(1)).toContainText(
    /Batch stays quiet.*Takes alerts where service == "batch", and keeps them quiet/,
  );
});

test("routes are moved by buttons that keep the focus", async () => {
  const rows = page.getByRole("list", { name: "Alert routes" }).getByRole("listitem");
  const up = page.getByRole("button", { name: "Move up Batch stays quiet", exact: true });
  await tabTo(up);
  await page.keyboard.press("Enter");
  await expect(rows.nth(0)).toContainText("Batch stays quiet");
  await expect(up).toBeFocused();
  await expect(up).toHaveAttribute("aria-disabled", "true");
  const names = async () =>
    (await muster.api<{ items: Route[] }>("GET", "/api/v1/alert-routes")).items.map(({ name }) => name);
  await expect.poll(names).toEqual(["Batch stays quiet", "Search first", "Everything else"]);
  // Fast presses are all counted.
  const down = page.getByRole("button", { name: "Move down Batch stays quiet", exact: true });
  await down.click();
  await up.click();
  await down.click();
  await expect.poll(names).toEqual(["Search first", "Batch stays quiet", "Everything else"]);
  await page.reload();
  await expect(rows.nth(2)).toContainText("Everything else");
});

test("what comes afterwards goes by the route, until it is off", async () => {
  expect(await send("Nightly export is slow", "batch")).toMatchObject({
    status: "suppressed",
    explanation: { rule: "suppressed-by-route", route: { name: "Batch stays quiet" } },
  });
  await page.getByRole("button", { name: "Turn off Batch stays quiet", exact: true }).click();
  await expect(page.getByRole("button", { name: "Turn on Batch stays quiet", exact: true })).toBeVisible();
  expect(await send("Nightly report is slow", "batch")).toMatchObject({ status: "firing" });
});

test("what is wrong inside a folded part opens it, and a change of somebody else is not overwritten", async () => {
  await page.getByRole("link", { name: "Edit Search first", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Search first" })).toBeVisible();
  const tell = field("Tell list");
  await expect(tell).toBeHidden();
  await page.getByText("Who hears", { exact: true }).click();
  await tell.fill("nobody-there");
  await page.getByText("Who hears", { exact: true }).click();
  await press("Save");
  await expect(tell).toBeVisible();
  await expect(tell).toBeFocused();
  await expect(page.getByText(/begins with none of email:/).first()).toBeVisible();
  await tell.fill("ops@example.com");
  const { items } = await muster.api<{ items: (Route & { id: string })[] }>("GET", "/api/v1/alert-routes");
  const id = items.find(({ name }) => name === "Search first")?.id;
  await muster.api("PATCH", `/api/v1/alert-routes/${id}`, { team: "search" });
  await press("Save");
  await expect(
    page.getByRole("alert").filter({ hasText: "Somebody changed this alert route meanwhile" }),
  ).toBeVisible();
  await page.reload();
  await expect(field("Team")).toHaveValue("search");
});

test("a mute keeps a service quiet, and its end opens the incident", async ({ browser }) => {
  test.setTimeout(90_000);
  const { page: hers, context } = await personIn(browser, muster, "Mia");
  await hers.goto(`${muster.url}/alerts`);
  await hers.getByRole("navigation", { name: "Alert pages" }).getByRole("link", { name: "Mutes" }).click();
  await expect(hers.getByText("Nothing is muted", { exact: true })).toBeVisible();
  await hers.getByRole("button", { name: "Mute alerts" }).click();
  const dialog = hers.getByRole("dialog", { name: "Mute alerts" });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Database upgrade");
  await dialog.getByRole("button", { name: "Mute", exact: true }).click();
  await expect(dialog.getByText("Give a condition, services, or both.").first()).toBeVisible();
  await dialog.getByRole("combobox", { name: "Services" }).fill("ledger");
  await dialog.getByRole("combobox", { name: "Services" }).press("Enter");
  await dialog.getByRole("combobox", { name: "For" }).selectOption("2 hours");
  await dialog.getByRole("button", { name: "Mute", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  const active = hers.getByRole("list", { name: "Active mutes" }).getByRole("listitem");
  await expect(active).toContainText(/ledger.*Database upgrade.*ends in (2 h|1 h 59 min).*by Mia.*nothing came yet/);

  expect(await send("Ledger lags", "ledger")).toMatchObject({ status: "suppressed", explanation: { rule: "muted" } });
  expect((await inTriage()).map(({ title }) => title)).not.toContain("Ledger lags");
  await hers.reload();
  await expect(active.getByRole("link", { name: "keeps 1 alert quiet" })).toBeVisible();

  await hers.getByRole("button", { name: "Extend the mute of ledger" }).click();
  await hers.getByRole("menuitem", { name: "1 day more" }).click();
  await expect(active).toContainText(/ends in (26 h|25 h 59 min)/);
  await hers.getByRole("button", { name: "Undo" }).click();
  await expect(active).toContainText(/ends in (2 h|1 h 5\d min)/);

  await hers.getByRole("button", { name: "End now the mute of ledger" }).click();
  await hers.getByRole("dialog").getByRole("button", { name: "End now", exact: true }).click();
  await expect(hers.getByRole("list", { name: "Ended mutes" })).toContainText("Database upgrade");
  await expect
    .poll(async () => (await inTriage()).map(({ title }) => title), { timeout: 40_000 })
    .toContainEqual(expect.stringContaining("Ledger lags"));
  await context.close();
});

test("what Alertmanager's users silenced stands beside the mutes, and is ended there", async () => {
  const { key } = await muster.api<{ key: string }>("POST", "/api/v1/integrations", {
    name: "Prometheus",
    source: "prometheus-alertmanager",
  });
  const now = Date.now();
  const silence = {
    matchers: [{ name: "alertname", value: "Disk.*", isRegex: true, isEqual: true }],
    startsAt: new Date(now - 60_000).toISOString(),
    endsAt: new Date(now + 3_600_000).toISOString(),
    createdBy: "lin@example.com",
    comment: "Archives are packed",
  };
  await muster.api("POST", "/api/v2/silences", silence, key);
  const alert = { labels: { alertname: "DiskFull", service: "archive" }, annotations: { summary: "Archive is full" } };
  await muster.api("POST", "/api/v2/alerts", [alert], key);
  await expect.poll(async () => (await alerts("Archive is full"))[0]?.status).toBe("suppressed");

  await page.goto(`${muster.url}/alerts/mutes`);
  const silences = page.getByRole("list", { name: "Silences", exact: true });
  await expect(silences).toContainText(
    /Prometheus where.*Disk.*Archives are packed.*by lin@example.com.*keeps 1 alert quiet/,
  );
  await silences.getByRole("button", { name: /^End now/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End now", exact: true }).click();
  await expect(silences).toHaveCount(0);
  await expect
    .poll(async () => (await inTriage()).map(({ title }) => title), { timeout: 40_000 })
    .toContainEqual(expect.stringContaining("Archive is full"));
});

test("maintenance is planned ahead, and called off", async () => {
  await page.goto(`${muster.url}/alerts/mutes`);
  await page.getByRole("button", { name: "Mute alerts" }).click();
  const dialog = page.getByRole("dialog", { name: "Mute alerts" });
  await dialog.getByRole("textbox", { name: "Condition" }).fill('labels.zone == "eu-1"');
  await dialog.getByRole("combobox", { name: "For" }).selectOption("Until a time");
  const day = (days: number) => new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 16);
  await dialog.getByLabel("Until (UTC)").fill(day(1));
  await dialog.getByLabel("Starts (UTC)").fill(day(2));
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Zone moves");
  await dialog.getByRole("button", { name: "Mute", exact: true }).click();
  await expect(dialog.getByText("It has to end after its start.").first()).toBeVisible();
  await dialog.getByLabel("Until (UTC)").fill(day(3));
  await dialog.getByRole("button", { name: "Mute", exact: true }).click();
  const planned = page.getByRole("list", { name: "Planned mutes" });
  await expect(planned).toContainText(/All services where labels.zone == "eu-1".*Zone moves.*begins in/);
  await page.getByRole("button", { name: /^Delete the mute of/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await expect(planned).toHaveCount(0);
});

test("the noise of routes and sources is counted, and leads to them", async () => {
  const declined = (await inTriage()).find(({ title }) => title.includes("Ledger lags"));
  await muster.api("POST", `/api/v1/incidents/${declined?.id}/decline`, { reason: "Known and expected" });
  await page.goto(`${muster.url}/alerts`);
  await page.getByRole("navigation", { name: "Alert pages" }).getByRole("link", { name: "Noise" }).click();
  const routes = page.getByRole("table", { name: "Alert routes" });
  await expect(routes.getByRole("row", { name: /^Everything else/ })).toContainText(/1 of \d/);
  await expect(routes.getByRole("row", { name: /^Batch stays quiet/ })).toBeVisible();
  await page.getByRole("radio", { name: "7 days" }).check();
  await expect(page).toHaveURL(/days=7/);
  await expect(page.getByRole("radio", { name: "7 days" })).toBeChecked();
  await page.getByRole("table", { name: "Sources" }).getByRole("link").first().click();
  await expect(page).toHaveURL(/\/alerts\?source=generic-json/);
});

test("responders read the routes, viewers only what keeps quiet", async ({ browser }) => {
  const rob = await personIn(browser, muster, "Rob");
  await rob.page.goto(`${muster.url}/alerts`);
  await rob.page.getByRole("navigation", { name: "Alert pages" }).getByRole("link", { name: "Routes" }).click();
  await expect(rob.page.getByRole("list", { name: "Alert routes" })).toContainText("Batch stays quiet");
  await expect(rob.page.getByRole("link", { name: /Add route|^Edit/ })).toHaveCount(0);
  await expect(rob.page.getByRole("main").getByRole("button")).toHaveCount(0);
  await rob.page.goto(`${muster.url}/settings/alert-routes/new`);
  await expect(rob.page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await rob.context.close();

  const vic = await personIn(browser, muster, "Vic", "viewer");
  await vic.page.goto(`${muster.url}/alerts/mutes`);
  await expect(vic.page.getByRole("list", { name: "Ended mutes" })).toContainText("Database upgrade");
  await expect(vic.page.getByRole("button", { name: "Mute alerts" })).toHaveCount(0);
  await expect(vic.page.getByRole("link", { name: "Routes" })).toHaveCount(0);
  await vic.context.close();
});
