import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { expect, test } from "@playwright/test";
import { freePort, until } from "./support/free-port.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn } from "./support/people.ts";
import { themes } from "./support/themes.ts";
import { violationsOf } from "./support/violations.ts";

const WIDGET = readFileSync("node_modules/@statuspage/status-widget/dist/src.77de5100.js");
const LOGO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let muster: Muster;
let elsewhere: Server;
let elsewhereUrl: string;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  muster = await Muster.start();
  await muster.api("PATCH", "/api/v1/settings", { statusPage: { name: "Acme status" } });
  const checkout = await muster.api<{ id: string }>("POST", "/api/v1/components", { name: "Checkout" });
  await muster.api("POST", "/api/v1/components", { name: "Search", description: "Products and orders" });
  const incident = await muster.api<{ id: string }>("POST", "/api/v1/incidents", {
    title: "internal",
    severity: "SEV2",
  });
  await muster.api("POST", `/api/v1/incidents/${incident.id}/updates`, {
    status: "identified",
    body: "We found the cause and are rolling back.",
    channels: ["status_page"],
    title: "Card payments failing in Europe",
    components: [{ id: checkout.id, status: "partial_outage" }],
  });
  const port = await freePort();
  elsewhereUrl = `http://127.0.0.1:${port}`;
  elsewhere = createServer((request, response) => {
    const isScript = request.url === "/widget.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(
      isScript
        ? WIDGET
        : `<!doctype html><title>Shop</title><statuspage-widget src="${muster.url}"></statuspage-widget>
           <statuspage-widget src="${muster.url}" appearance="badge"></statuspage-widget><script src="/widget.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => elsewhere.listen(port, "127.0.0.1", resolve));
});
test.afterAll(async () => {
  elsewhere?.close();
  await muster?.stop();
});

test("Atlassian's widget shows our page on somebody else's site", async ({ page }) => {
  await until("the incident on the page", async () =>
    (await (await fetch(`${muster.url}/api/v2/status.json`)).text()).includes("Partial"),
  );
  await page.goto(elsewhereUrl);
  const [basic, badge] = await page.locator("statuspage-widget").all();
  await expect(basic ?? page.locator("none")).toContainText("Partial System Outage");
  await expect(badge ?? page.locator("none")).toContainText(/partial/i);
});

test("an administrator gives the page a colour and a logo, and closes it to those without its link", async ({
  browser,
}) => {
  const { page, context } = await ownerIn(browser, muster);
  await page.goto(`${muster.url}/settings/status-page`);
  await page.getByLabel("A colour of our own").check();
  await page.locator("input[type=color]").fill("#b3005e");
  await page.getByRole("form", { name: "Colour" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const file = {
    name: "logo.svg",
    mimeType: "image/png",
    buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
  };
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Save logo" }).click();
  await expect(page.getByText("A logo is a PNG, JPEG, GIF or WebP image.").first()).toBeVisible();
  await page.locator("input[type=file]").setInputFiles({ ...file, buffer: Buffer.from(LOGO, "base64") });
  await page.getByRole("button", { name: "Save logo" }).click();
  await expect(page.getByAltText("The logo now")).toBeVisible();

  const visitor = async () => (await browser.newContext()).newPage();
  await until("the logo on the page", async () =>
    (await (await fetch(`${muster.url}/status`)).text()).includes("<img"),
  );
  let reader = await visitor();
  await reader.goto(`${muster.url}/status`);
  await expect(reader.getByRole("link", { name: "Acme status" }).getByRole("img")).toBeVisible();
  const color = await reader
    .getByRole("link", { name: "History" })
    .first()
    .evaluate((link) => getComputedStyle(link).color);
  expect(color).toBe("rgb(179, 0, 94)");

  await page.getByLabel("Readers").selectOption({ label: "Whoever has the link" });
  await page.getByRole("form", { name: "Who may read it" }).getByRole("button", { name: "Save" }).click();
  const link = await page.getByRole("group", { name: "Link to the page" }).textContent();
  await until("a private page", async () => (await fetch(`${muster.url}/status`)).status === 401);
  // Who has read it before may see it from their own browser's cache for half a minute.
  reader = await visitor();
  await reader.goto(`${muster.url}/status`);
  await expect(reader.getByRole("heading", { name: "This status page is private" })).toBeVisible();
  await reader.goto(link ?? "");
  await reader.getByRole("link", { name: "History" }).first().click();
  await reader.getByRole("link", { name: "Card payments failing in Europe" }).click();
  await expect(reader.getByRole("heading", { name: "Card payments failing in Europe" })).toBeVisible();
  expect(await reader.context().cookies()).toEqual([]);
  await muster.api("PATCH", "/api/v1/settings", { statusPage: { access: "public" } });
  await context.close();
});

for (const [size, viewport] of [
  ["desktop", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
] as const) {
  test(`reads without a script and without barriers on a ${size}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    // The page may have been private until a moment ago.
    const shown = await until("an incident on the page", async () => {
      const answer = await fetch(`${muster.url}/api/v2/summary.json`);
      return answer.ok ? ((await answer.json()) as { incidents: { id: string }[] }).incidents[0] : undefined;
    });
    for (const [name, path] of [
      ["status", "/status"],
      ["history", "/status/history"],
      ["incident", `/status/incidents/${shown.id}`],
      ["subscribe", "/subscribe"],
    ] as const) {
      await page.goto(`${muster.url}${path}`);
      expect(await page.locator("script").count()).toBe(0);
      const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(tooWide, `${path} is too wide by`).toBeLessThanOrEqual(0);
      for (const theme of themes) {
        await page.emulateMedia({ colorScheme: theme });
        await page.screenshot({ path: `e2e/screenshots/public-${name}-${size}-${theme}.png`, fullPage: true });
      }
      expect.soft(await violationsOf(page), path).toEqual([]);
    }
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });
}
