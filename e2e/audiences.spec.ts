import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { type BrowserOptions, ownerIn, personIn } from "./support/people.ts";
import { violationsOf } from "./support/violations.ts";

type Destination = { id: string; secret: string | null };
type Update = { id: string; audiences: { name: string }[]; deliveries: { channel: string; destination: string }[] };

let muster: Muster;
let inside: Server;
const received: string[] = [];
test.beforeAll(async () => {
  test.setTimeout(120_000);
  muster = await Muster.start({});
  inside = createServer((request, response) => {
    received.push(String(request.url));
    response.end("ok");
  });
  await new Promise<void>((resolve) => inside.listen(0, "127.0.0.1", resolve));
});
test.afterAll(async () => {
  await muster?.stop();
  inside?.close();
});

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const dialog = (page: Page, name: string) => page.getByRole("dialog", { name, exact: true });
const row = (page: Page, list: string, name: string) =>
  page.getByRole("list", { name: list, exact: true }).getByRole("listitem").filter({ hasText: name });
const healthy = async (page: Page, what: string) => expect.soft(await violationsOf(page), what).toEqual([]);

test("an administrator adds destinations, puts them into audiences, and sees what became of a test", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { page, context } = await ownerIn(browser, muster);
  await muster.api("POST", "/api/v1/components", { name: "Pay" });
  await muster.api("POST", "/api/v1/services", { name: "checkout" });
  await page.goto(`${muster.url}/settings/destinations`);
  await expect(page.getByText("No destination yet")).toBeVisible();
  await healthy(page, "no destination");

  await button(page, "Add destination").click();
  const add = dialog(page, "Add destination");
  await add.getByLabel("Kind", { exact: true }).selectOption("webhook");
  await add.getByLabel("Name", { exact: true }).fill("Status relay");
  await add.getByLabel("URL", { exact: true }).fill(`http://127.0.0.1:${(inside.address() as AddressInfo).port}/x`);
  await add.getByRole("button", { name: "Add", exact: true }).click();
  await expect(add.getByText("is in a private network, where Muster sends nothing").first()).toBeVisible();
  await healthy(page, "a refused address");
  await add.getByLabel("URL", { exact: true }).fill("https://hooks.example.invalid/T0/secret-key-1234");
  await add.getByRole("button", { name: "Add", exact: true }).click();
  await expect(add).toHaveCount(0);
  const secret = page.getByRole("group", { name: "Signing secret of Status relay", exact: true });
  await expect(secret).toHaveText(/^whsec_[\w+/]{43}=$/);
  const relay = row(page, "Destinations", "Status relay");
  await expect(relay).toContainText("https://hooks.example.invalid/…1234");
  await expect(relay).toContainText("In no audience");
  await healthy(page, "a destination with its secret");
  await button(page, "Test Status relay").click();
  await expect(relay).toContainText("Last test failed");
  await page.reload();
  await expect(relay).toBeVisible();
  await expect(secret).toHaveCount(0);
  expect(await page.content()).not.toContain("secret-key");
  expect(received).toEqual([]);

  await page.goto(`${muster.url}/settings/audiences`);
  await expect(row(page, "Always there", "Public page")).toContainText("Public");
  await expect(page.getByText("No group yet")).toBeVisible();
  await healthy(page, "no audience");
  await button(page, "Add audience").click();
  const group = dialog(page, "Add audience");
  await group.getByLabel("Name", { exact: true }).fill("Directors");
  for (const name of ["SEV1", "SEV2", "Status relay (Webhook)", "Pay"])
    await group.getByRole("checkbox", { name, exact: true }).check();
  await group.getByLabel("E-mail addresses", { exact: true }).fill("directors@example.com\nnobody");
  await healthy(page, "the form of an audience");
  await group.getByRole("button", { name: "Add", exact: true }).click();
  await expect(group.getByText("This is not an e-mail address.").first()).toBeVisible();
  await group.getByLabel("E-mail addresses", { exact: true }).fill("directors@example.com");
  await group.getByRole("button", { name: "Add", exact: true }).click();
  await expect(group).toHaveCount(0);
  const directors = row(page, "Groups", "Directors");
  await expect(directors).toContainText("Internal");
  await expect(directors).toContainText("SEV1, SEV2 · Pay · Webhook Status relay, E-mail to 1 address");

  await button(page, "Add audience").click();
  await group.getByLabel("Name", { exact: true }).fill("Partners");
  await group.getByRole("radio", { name: "Public", exact: true }).check({ force: true });
  await expect(group.getByLabel("E-mail addresses", { exact: true })).toHaveCount(0);
  await group.getByRole("checkbox", { name: "Status relay (Webhook)", exact: true }).check();
  await group.getByRole("button", { name: "Add", exact: true }).click();
  await expect(group.getByText(/Status relay is a place of the internal audience Directors/).first()).toBeVisible();
  await group.getByRole("checkbox", { name: "Status relay (Webhook)", exact: true }).uncheck();
  await group.getByLabel("Slack channels", { exact: true }).fill("#acme-shared");
  await group.getByRole("button", { name: "Add", exact: true }).click();
  await expect(row(page, "Groups", "Partners")).toContainText("Every update · Slack #acme-shared");
  await healthy(page, "two audiences");

  await button(page, "Edit Directors").click();
  const edit = dialog(page, "Edit Directors");
  await expect(edit.getByRole("checkbox", { name: "SEV2", exact: true })).toBeChecked();
  await edit.getByRole("checkbox", { name: "SEV2", exact: true }).uncheck();
  await edit.getByRole("button", { name: "Save", exact: true }).click();
  await expect(directors).toContainText("SEV1 · Pay");
  await page.goto(`${muster.url}/settings/audit`);
  await expect(page.getByText(/audience Directors/).first()).toBeVisible();
  expect(await page.content()).not.toContain("secret-key");
  await context.close();
});

test("the composer shows whom an update reaches, public and internal apart, and a destination what went there", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const tool = await muster.api<Destination>("POST", "/api/v1/destinations", {
    name: "Tool",
    kind: "webhook",
    url: "https://tool.example.invalid/x",
  });
  const partner = await muster.api<Destination>("POST", "/api/v1/destinations", {
    name: "Reseller",
    kind: "teams",
    url: "https://reseller.example.invalid/x",
  });
  await muster.api("POST", "/api/v1/audiences", { name: "Tools", kind: "internal", destinations: [tool.id] });
  await muster.api("POST", "/api/v1/audiences", { name: "Resellers", kind: "public", destinations: [partner.id] });
  await muster.api("POST", "/api/v1/audiences", { name: "Worst only", kind: "internal", severities: ["SEV1"] });
  const incident = await muster.api<{ id: string; reference: string }>("POST", "/api/v1/incidents", {
    title: "Card payments fail",
    severity: "SEV3",
  });
  const { page, context } = await personIn(browser, muster, "Sam");
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  await button(page, "Publish update").filter({ visible: true }).first().click();
  const composer = dialog(page, "Update");
  const open = composer.getByRole("group", { name: "Public audiences", exact: true });
  const internal = composer.getByRole("group", { name: "Internal audiences", exact: true });
  await expect(open.getByRole("checkbox", { name: "Resellers", exact: true })).toBeChecked();
  await expect(internal.getByRole("checkbox", { name: "Tools", exact: true })).toBeChecked();
  await expect(internal.getByRole("checkbox", { name: "Worst only", exact: true })).not.toBeChecked();
  await expect(internal).toContainText("Not for this severity");
  const text = composer.getByRole("textbox", { name: "Update text", exact: true });
  await text.click();
  await page.keyboard.type("The gateway's keys expired. Next update at 12:00 UTC.");
  const teams = composer.getByRole("article", { name: "Preview: Teams", exact: true });
  await expect(teams).toContainText("Reseller");
  await expect(teams).toContainText("The gateway's keys expired. Next update at 12:00 UTC.");
  await healthy(page, "the composer");
  await composer
    .getByRole("group", { name: "Audience", exact: true })
    .getByText(/Internal$/)
    .click();
  await expect(open.getByRole("checkbox", { name: "Resellers", exact: true })).toBeDisabled();
  await expect(open).toContainText("An internal update does not go there.");
  await expect(teams).toHaveCount(0);
  await internal.getByRole("checkbox", { name: "Worst only", exact: true }).check();
  await composer.getByRole("button", { name: "Publish update", exact: true }).click();
  await expect(composer).toHaveCount(0);
  const { items } = await muster.api<{ items: Update[] }>("GET", `/api/v1/incidents/${incident.id}/updates`);
  expect(items[0]?.audiences.map((each) => each.name).sort()).toEqual(["Tools", "Worst only"]);
  expect(items[0]?.deliveries.map((each) => each.destination)).not.toContain("Reseller");
  await context.close();

  const { page: owners, context: ownersContext } = await ownerIn(browser, muster);
  await owners.goto(`${muster.url}/settings/destinations`);
  await owners.getByRole("link", { name: "Deliveries to Tool", exact: true }).click();
  await expect(owners.getByRole("heading", { level: 1, name: "Tool", exact: true })).toBeVisible();
  const deliveries = owners.getByRole("list", { name: "Last deliveries", exact: true });
  await expect(deliveries.getByText("update.published")).toBeVisible();
  await expect(deliveries.getByText("incident.created")).toBeVisible();
  await healthy(owners, "the deliveries of a destination");
  await button(owners, "Rotate secret of Tool").click();
  await dialog(owners, "Rotate secret of Tool").getByRole("button", { name: "Rotate secret", exact: true }).click();
  const secret = owners.getByRole("group", { name: "Signing secret of Tool", exact: true });
  await expect(secret).toHaveText(/^whsec_/);
  expect(await secret.textContent()).not.toBe(tool.secret);
  await expect(owners.getByText("The old one signs, too, until")).toBeVisible();
  await healthy(owners, "a rotated secret");
  await button(owners, "Turn off Tool").click();
  await expect(owners.getByText("It was switched off here.")).toBeVisible();
  await healthy(owners, "a destination that is off");
  await button(owners, "Turn on Tool").click();
  await expect(owners.getByText("It was switched off here.")).toHaveCount(0);
  await ownersContext.close();
});

test("on a phone nothing is too wide, and every press is large enough", async ({ browser }) => {
  test.setTimeout(120_000);
  const phone: BrowserOptions = { viewport: { width: 390, height: 844 }, hasTouch: true };
  const { page, context } = await ownerIn(browser, muster, phone);
  for (const path of ["/settings/destinations", "/settings/audiences"]) {
    await page.goto(`${muster.url}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, path).toBeLessThanOrEqual(0);
    await healthy(page, path);
  }
  await page
    .getByRole("button", { name: /^Edit / })
    .first()
    .click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await healthy(page, "the form on a phone");
  await context.close();
});

test("a responder reads them and changes nothing", async ({ browser }) => {
  const { page, context } = await personIn(browser, muster, "Rea");
  for (const path of ["/settings/destinations", "/settings/audiences"]) {
    await page.goto(`${muster.url}${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const act of [/^Add /, /^Edit /, /^Delete /, /^Test /]) {
      await expect(page.getByRole("button", { name: act })).toHaveCount(0);
    }
  }
  await context.close();
});
