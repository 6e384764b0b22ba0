import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { Muster } from "./support/muster.ts";
import { ownerIn, type Person, personIn } from "./support/people.ts";
import { violationsOf } from "./support/violations.ts";

type WithId = { id: string };

// One server: a catalogue is imported, an incident begins, and a deployment is found behind it.
test.describe.configure({ mode: "serial", timeout: 120_000 });

let muster: Muster;
let olga: Person;
let ada: Person & WithId;
let lin: Person & WithId;
let incident: WithId & { reference: string };
test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  muster = await Muster.start();
  olga = await ownerIn(browser, muster);
  ada = await personIn(browser, muster, "Ada");
  lin = await personIn(browser, muster, "Lin");
});
test.afterAll(async () => {
  for (const person of [olga, ada, lin]) await person?.context.close();
  await muster?.stop();
});

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const catalogue = (owner: string) => `services:
  - name: checkout
    tier: 1
    team: Shop
    owner: ${owner}
    aliases: [checkout-api]
    dependsOn: [payments]
    links:
      - kind: dashboard
        title: Latency
        url: https://grafana.example.com/d/checkout
      - kind: repository
        title: shop
        url: https://git.example.com/acme/shop
    runbook: |
      # Checkout
      - [ ] Roll back
  - name: payments
    tier: 2
  - name: web
    dependsOn: [checkout]
`;

test("a catalogue is imported: mistakes with their lines, then what would change, then the services", async () => {
  const { page } = olga;
  await page.goto(`${muster.url}/settings/services`);
  await page.getByRole("button", { name: "Import services" }).click();
  const dialog = page.getByRole("dialog", { name: "Import services" });
  const text = dialog.getByLabel("Catalogue as YAML");
  await text.fill(catalogue("nobody@example.com"));
  await dialog.getByRole("button", { name: "Show what would change" }).click();
  await expect(dialog.getByRole("alert")).toContainText(
    "Line 5: Nobody here has the e-mail address nobody@example.com.",
  );
  await text.fill(catalogue("lin@example.com"));
  await dialog.getByRole("button", { name: "Show what would change" }).click();
  const preview = region(page, "What would change");
  await expect(preview).toContainText("3 new, 0 changed, 0 as they are");
  await expect(preview).toContainText("lin@example.com");
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Apply 3 changes" }).click();
  await expect(dialog).toBeHidden();
  const list = page.getByRole("list", { name: "Services" });
  await expect(list.getByRole("listitem").filter({ hasText: "checkout-api" })).toContainText("needed by web");
  expect(await violationsOf(page)).toEqual([]);
});

test("the export is the same file, and says so when it is imported again", async () => {
  const { page } = olga;
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const path = await (await download).path();
  await page.getByRole("button", { name: "Import services" }).click();
  const dialog = page.getByRole("dialog", { name: "Import services" });
  await dialog
    .getByLabel("File")
    .setInputFiles({ name: "catalogue.yaml", mimeType: "application/yaml", buffer: await readFile(path) });
  await dialog.getByRole("button", { name: "Show what would change" }).click();
  await expect(dialog.getByRole("status")).toHaveText("Nothing would change: all 3 services are as the file says.");
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("a service is edited: links, what it depends on, and found again by its other name", async () => {
  const { page } = olga;
  await page.getByRole("button", { name: "Edit payments" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit payments" });
  await dialog.getByLabel("Tier").selectOption("1");
  await dialog.getByLabel("Other names").fill("payments-api");
  const needs = dialog.getByRole("combobox", { name: "Depends on" });
  await needs.fill("web");
  await needs.press("Enter");
  await dialog.getByRole("button", { name: "Add link" }).click();
  await dialog.getByLabel("Address of link 1").fill("https://grafana.example.com/d/payments");
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("searchbox", { name: "Search services" }).fill("payments-api");
  const list = page.getByRole("list", { name: "Services" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  await expect(list).toContainText("depends on web");
  await expect(list).toContainText("1 link");
});

test("what belongs to the service enters the room, and its owner is offered, not paged", async () => {
  incident = await muster.api("POST", "/api/v1/incidents", { title: "Checkout is slow", services: ["checkout-api"] });
  const room = `${muster.url}/incidents/${incident.reference}`;
  const { page } = ada;
  await page.goto(room);
  const board = region(page, "Status board");
  await expect(board.getByRole("link", { name: "Latency" })).toBeVisible();
  await expect(region(page, "Timeline")).toContainText(
    "Dashboard Latency, repository shop and runbook, because checkout is affected, whose owner is Lin",
  );
  await expect(board.getByRole("list", { name: "Affected services" })).toContainText("Tier 1");
  const { items } = await muster.api<{ items: unknown[] }>("GET", `/api/v1/incidents/${incident.id}/invitations`);
  expect(items).toEqual([]);
  await board.getByRole("button", { name: "Bring in Lin, owner of checkout" }).click();
  await expect(page.getByRole("list", { name: "Invited" })).toContainText("Lin");
  await expect(board.getByRole("button", { name: "Bring in Lin, owner of checkout" })).toBeHidden();
  await lin.page.goto(room);
});

test("nothing is known of changes at first; a deployment comes live, is marked, and goes into the timeline", async () => {
  const { page } = ada;
  const panel = region(page, "What changed?");
  await panel.getByText("nothing known").click();
  await expect(panel).toContainText("Connect your deployments");
  const at = new Date(Date.now() - 5 * 60_000).toISOString();
  await muster.api("POST", "/api/v1/changes", {
    title: "Release v42",
    service: "checkout",
    at,
    by: "ci",
    url: "https://ci.example.com/42",
  });
  await expect(panel).toContainText("Most likely");
  await expect(panel).toContainText("before the impact, on checkout, which this incident names, by ci");
  expect(await violationsOf(page)).toEqual([]);
  await panel.getByRole("button", { name: "Suspect: Release v42" }).click();
  for (const each of [ada, lin]) {
    await expect(region(each.page, "Timeline")).toContainText("Ada suspects Release v42");
    await expect(region(each.page, "What changed?").getByText("Suspect", { exact: true })).toBeVisible();
  }
  await panel.getByRole("button", { name: "Not suspect any more: Release v42" }).click();
  await expect(region(lin.page, "Timeline")).toContainText("Ada suspects Release v42 no more");
});

test("the palette attaches a change, and Undo takes it back", async () => {
  const { page } = lin;
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("suspect");
  await page.getByRole("option", { name: /Suspect a change/ }).click();
  await page.getByRole("option", { name: /Release v42/ }).click();
  const panel = region(page, "What changed?");
  await expect(panel.getByRole("button", { name: "Not suspect any more: Release v42" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(panel.getByRole("button", { name: "Suspect: Release v42" })).toBeVisible();
});

test("trouble in what the service needs is said beside it", async () => {
  const other = await muster.api<{ reference: string }>("POST", "/api/v1/incidents", {
    title: "Payments are down",
    services: ["payments"],
  });
  const { page } = ada;
  await page.reload();
  const affected = page.getByRole("list", { name: "Affected services" });
  await expect(affected).toContainText("depends on payments");
  await expect(affected.getByRole("link", { name: other.reference })).toBeVisible();
});

test("on a phone the panel is on the board, and nothing is too wide", async () => {
  const { page } = ada;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await expect(page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
  await page.getByRole("navigation", { name: "Panels" }).getByRole("button", { name: "Board" }).click();
  await expect(region(page, "What changed?")).toContainText("Release v42");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
