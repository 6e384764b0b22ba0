import { expect, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn, personIn } from "./support/people.ts";

type Integration = { id: string; url: string; key: string };
type Alert = { id: string; title: string; status: string; incident: { reference: string } | null };
type Incident = { id: string; reference: string; status: string };
type Sent = Record<string, unknown>;

let muster: Muster;
let sender: Integration;
let serial = 0;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  muster = await Muster.start();
  sender = await muster.api<Integration>("POST", "/api/v1/integrations", { name: "Probes", source: "generic-json" });
});
test.afterAll(async () => {
  await muster?.stop();
});

/** Sends these alerts and waits until the last of them is there. */
async function send(...alerts: Sent[]): Promise<void> {
  const answer = await fetch(sender.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ serial: ++serial, alerts: alerts.map((alert) => ({ status: "firing", ...alert })) }),
  });
  expect(answer.status).toBe(202);
  const { delivery } = (await answer.json()) as { delivery: string };
  await until("the alerts", async () => {
    const { state } = await muster.api<{ state: string }>("GET", `/api/v1/deliveries/${delivery}`);
    return state === "processed";
  });
}
async function alertOf(key: string): Promise<Alert> {
  const { items } = await muster.api<{ items: Alert[] }>("GET", `/api/v1/alerts?q=${encodeURIComponent(key)}`);
  const [found] = items;
  if (!found) throw new Error(`no alert ${key}`);
  return found;
}
const list = (page: Page) => page.getByRole("list", { name: "Alerts", exact: true });
const facet = (page: Page, name: string) => page.getByRole("group", { name, exact: true });
const choice = (page: Page, name: string, value: RegExp) => facet(page, name).getByRole("checkbox", { name: value });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Presses Tab until this has focus, as somebody does who has no mouse. */
async function tabTo(page: Page, name: string): Promise<void> {
  const wanted = button(page, name).first();
  await expect(wanted).toBeVisible();
  for (let tabs = 0; tabs < 120; tabs++) {
    if (await wanted.evaluate((each) => each === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** An incident of the service is over, and the service fires again. */
async function held(service: string): Promise<Incident> {
  await send({ title: `${service} is down`, dedupKey: `${service}-1`, service, severity: "critical" });
  const first = await alertOf(`${service}-1`);
  const path = `/api/v1/incidents/${first.incident?.reference}`;
  await muster.api("POST", `${path}/accept`, {});
  await muster.api("POST", `${path}/resolve`, { summary: "Restarted" });
  await send({ title: `${service} is down again`, dedupKey: `${service}-2`, service, severity: "critical" });
  return muster.api<Incident>("GET", path);
}

test.describe("the list", () => {
  test.beforeAll(async () => {
    await muster.api("POST", "/api/v1/alert-routes", {
      name: "Mail is for the mail team",
      condition: 'service == "mail"',
      severity: "warning",
      team: "post",
      opens: "nothing",
    });
    await send(
      {
        title: "Shop answers 500",
        dedupKey: "shop-500",
        service: "shop",
        severity: "critical",
        labels: { env: "prod" },
      },
      { title: "Shop is slow", dedupKey: "shop-slow", service: "shop", severity: "warning", labels: { env: "stage" } },
      { title: "Mail queue grows", dedupKey: "mail-queue", service: "mail", severity: "critical" },
    );
  });

  test("is narrowed by facets and search, in its address, and widened again", async ({ browser }) => {
    const { page } = await personIn(browser, muster, "Fay", "viewer");
    await page.goto(`${muster.url}/alerts`);
    await choice(page, "Service", /^shop/).check();
    await expect(page).toHaveURL(/\?service=shop$/);
    await expect(list(page).getByRole("listitem")).toHaveCount(2);
    await expect(page.getByRole("status").filter({ hasText: "2 alerts" })).toBeVisible();
    await choice(page, "Severity", /^Critical/).check();
    await expect(list(page).getByRole("listitem")).toHaveCount(1);
    await choice(page, "Severity", /^Warning/).check();
    await expect(page).toHaveURL(/service=shop&severity=critical&severity=warning/);
    await expect(list(page).getByRole("listitem")).toHaveCount(2);
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox", { name: "Search alerts" });
    await expect(search).toBeFocused();
    await page.keyboard.type("env=stage");
    await expect(list(page).getByRole("listitem")).toHaveCount(1);
    await expect(list(page)).toContainText("Shop is slow");
    await expect(page).toHaveURL(/q=env%3Dstage/);
    await page.reload();
    await expect(choice(page, "Service", /^shop/)).toBeChecked();
    await expect(list(page).getByRole("listitem")).toHaveCount(1);
    await search.fill("nothing is called so");
    await expect(page.getByText("No alert matches")).toBeVisible();
    await page.getByRole("link", { name: "Show all alerts" }).click();
    await expect(page).toHaveURL(`${muster.url}/alerts`);
    await expect(search).toHaveValue("");
    await expect(list(page)).toContainText("Mail queue grows");
  });

  test("folds its facets into one button on a phone", async ({ browser }) => {
    const options = { viewport: { width: 390, height: 844 }, hasTouch: true };
    const { page } = await personIn(browser, muster, "Fon", "viewer", options);
    await page.goto(`${muster.url}/alerts`);
    await expect(facet(page, "Team")).toBeHidden();
    await button(page, "Filter").click();
    await choice(page, "Team", /^post/).check();
    await button(page, "Show 1 alert").click();
    await expect(facet(page, "Team")).toBeHidden();
    await expect(button(page, "Filter · 1")).toBeVisible();
    await expect(list(page)).toContainText("Mail queue grows");
    await button(page, "Remove Team post").click();
    await expect(page).toHaveURL(`${muster.url}/alerts`);
  });

  test("leads by keyboard to an alert that explains itself", async ({ browser }) => {
    const { page } = await ownerIn(browser, muster);
    await page.goto(`${muster.url}/alerts?service=mail`);
    await expect(list(page).getByRole("listitem")).toHaveCount(1);
    await page.waitForLoadState("networkidle");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Mail queue grows" })).toBeVisible();
    const why = page.getByRole("region", { name: "Why it is here", exact: true });
    await expect(why.getByRole("link", { name: "Mail is for the mail team" })).toHaveAttribute(
      "href",
      "/settings/alert-routes",
    );
    await expect(why).toContainText("severity from critical to warning");
    await expect(why).toContainText("service = mail");
    await expect(why).toContainText("post");
    await expect(why.getByRole("list", { name: "Steps" }).getByRole("listitem")).not.toHaveCount(0);
    const deliveries = page.getByRole("region", { name: "Deliveries it came by" });
    await deliveries.getByText(/Probes/).click();
    await expect(deliveries.getByText('"mail-queue"', { exact: false })).toBeVisible();
    await page.goto(`${muster.url}/alerts/${(await alertOf("shop-500")).id}`);
    await page.getByRole("link", { name: "env=prod" }).click();
    await expect(list(page).getByRole("listitem")).toHaveCount(1);
    await expect(page.getByRole("searchbox", { name: "Search alerts" })).toHaveValue("env=prod");
  });

  test("shows an alert of the room in full, and no deliveries to a viewer", async ({ browser }) => {
    const { page } = await personIn(browser, muster, "Vic", "viewer");
    const { incident } = await alertOf("shop-500");
    await page.goto(`${muster.url}/incidents/${incident?.reference}`);
    const panel = page.getByRole("region", { name: "Alerts", exact: true });
    await panel.getByText("Shop answers 500").click();
    await expect(panel.getByRole("region", { name: "Why it is here" })).toContainText("Everything else");
    await panel.getByRole("link", { name: "All about this alert" }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: "Shop answers 500" })).toBeVisible();
    await expect(page.getByRole("region", { name: "Deliveries it came by" })).toHaveCount(0);
    await expect(button(page, "Acknowledge")).toHaveCount(0);
  });
});

test.describe("what fires again after the end", () => {
  test("is reopened from the list by keyboard alone", async ({ browser }) => {
    const incident = await held("billing");
    const { page } = await personIn(browser, muster, "Kim");
    await page.goto(`${muster.url}/alerts?service=billing&status=firing`);
    await expect(list(page)).toContainText(`Held after ${incident.reference}`);
    await tabTo(page, `Reopen ${incident.reference}`);
    await page.keyboard.press("Enter");
    await expect(page.getByText(`${incident.reference} is open again`)).toBeVisible();
    expect(await muster.api<Incident>("GET", `/api/v1/incidents/${incident.id}`)).toMatchObject({
      status: "investigating",
    });
    await expect(button(page, `Reopen ${incident.reference}`)).toHaveCount(0);
    await button(page, `Go to ${incident.reference}`).click();
    await expect(page.getByRole("region", { name: "Alerts", exact: true })).toContainText("billing is down again");
  });

  test("is attached elsewhere from the room that ended, which follows at once", async ({ browser }) => {
    const other = await muster.api<Incident>("POST", "/api/v1/incidents", { title: "The network is down" });
    const incident = await held("ledger");
    const { page } = await personIn(browser, muster, "Kit");
    await page.goto(`${muster.url}/incidents/${incident.reference}`);
    const heldAlerts = page.getByRole("region", { name: "Held alerts" });
    await expect(heldAlerts).toContainText("ledger is down again");
    await button(page, "Attach to…").click();
    const dialog = page.getByRole("dialog", { name: "Attach to an open incident" });
    await dialog.getByRole("radio", { name: /The network is down/ }).check();
    await dialog.getByRole("button", { name: "Attach", exact: true }).click();
    await expect(page.getByText(`It is in ${other.reference} now.`)).toBeVisible();
    await expect(heldAlerts).toHaveCount(0);
    expect((await alertOf("ledger-2")).incident?.reference).toBe(other.reference);
  });

  test("opens a new incident from its own page, once that is confirmed", async ({ browser }) => {
    const incident = await held("stock");
    const { page } = await personIn(browser, muster, "Kay");
    await page.goto(`${muster.url}/alerts/${(await alertOf("stock-2")).id}`);
    await button(page, "Open a new incident for stock is down again").click();
    await page.getByRole("dialog").getByRole("button", { name: "Open a new incident", exact: true }).click();
    await expect(page.getByText("is open in triage.")).toBeVisible();
    const { incident: opened } = await alertOf("stock-2");
    expect(opened?.reference).not.toBe(incident.reference);
    await expect(
      page.getByRole("main").getByRole("link", { name: opened?.reference ?? "", exact: true }),
    ).toBeVisible();
  });
});

test("a heartbeat is added, goes missing, and comes back", async ({ browser }) => {
  test.setTimeout(90_000);
  const { page } = await ownerIn(browser, muster);
  await page.goto(`${muster.url}/settings/integrations`);
  await page.getByRole("link", { name: "Heartbeats of Probes" }).click();
  await button(page, "Add heartbeat").click();
  const dialog = page.getByRole("dialog", { name: "Add heartbeat" });
  await dialog.getByLabel("Name").fill("nightly backup");
  await dialog.getByLabel("A ping at least every").fill("9");
  await dialog.getByLabel("Unit").selectOption("seconds");
  await dialog.getByLabel("Title of its alert").fill("The backup did not run");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByText(/10/).first()).toBeVisible();
  await dialog.getByLabel("A ping at least every").fill("10");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  const row = page.getByRole("list", { name: "Heartbeats" }).getByRole("listitem");
  await expect(row).toContainText("Waiting for the first ping");
  await expect(row).toContainText("every 10 seconds");

  await row.getByText("How to ping").click();
  const line = (await row.getByRole("group", { name: "Run this each time" }).textContent()) ?? "";
  const [, authorization = ""] = /-H 'Authorization: ([^']+)'/.exec(line) ?? [];
  const [url = ""] = /http:[^']+(?=')/.exec(line) ?? [];
  const ping = async () => expect((await fetch(url, { method: "POST", headers: { authorization } })).status).toBe(202);
  await ping();
  await expect(row).toContainText("Fine", { timeout: 15_000 });
  await expect(row).toContainText("Missing", { timeout: 30_000 });
  await expect.poll(async () => (await alertOf("heartbeat:nightly backup")).status).toBe("firing");
  const fired = await page.context().newPage();
  await fired.goto(`${muster.url}/alerts?status=firing&q=backup`);
  await expect(list(fired)).toContainText("The backup did not run");
  await fired.close();

  await ping();
  await expect.poll(async () => (await alertOf("heartbeat:nightly backup")).status).toBe("resolved");
  await expect(row).toContainText("Fine", { timeout: 15_000 });
  await button(page, "Change nightly backup").click();
  await page.getByRole("checkbox", { name: "Watched" }).uncheck();
  await button(page, "Save").last().click();
  await expect(row).toContainText("Off");
  await button(page, "Remove nightly backup").click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await expect(row).toHaveCount(0);
});
