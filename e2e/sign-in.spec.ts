import { expect, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { Muster, PASSWORD } from "./support/muster.ts";
import { personIn } from "./support/people.ts";
import { setupLinkOf } from "./support/setup-link.ts";

const WITHOUT_ANYONE = { MUSTER_ADMIN_EMAIL: "", MUSTER_ADMIN_PASSWORD: "", MUSTER_API_TOKEN: "" };

let muster: Muster;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  muster = await Muster.start();
});
test.afterAll(async () => {
  await muster?.stop();
});

test("the set-up link makes the first owner, once", async ({ page }) => {
  test.setTimeout(120_000);
  const fresh = await Muster.startEmpty(WITHOUT_ANYONE);
  await page.goto(`${fresh.url}/incidents`);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText("Nobody has an account yet.")).toBeVisible();

  const link = await until("the set-up link", async () => setupLinkOf(fresh));
  await page.goto(link);
  await page.getByLabel("Name", { exact: true }).fill("Olga Berg");
  await page.getByLabel("E-mail", { exact: true }).fill("olga@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create the first account", exact: true }).click();
  await expect(page).toHaveURL(`${fresh.url}/incidents`);
  await expect(page.getByRole("heading", { level: 1, name: "Incidents" })).toBeVisible();
  await expect(page.getByRole("link", { name: /integration|connect/i }).first(), "a next step").toBeVisible();
  const me = await page.request.get(`${fresh.url}/api/v1/session`);
  expect((await me.json()).user).toMatchObject({ name: "Olga Berg", role: "owner" });

  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await fresh.stop();
});

test("a wrong password gets a plain word, the right one goes where the person wanted to be", async ({ page }) => {
  await page.goto(`${muster.url}/alerts`);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByLabel("E-mail", { exact: true }).fill("olga@example.com");
  await page.getByLabel("Password", { exact: true }).fill("not this one");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const problem = page.getByRole("alert").filter({ hasText: "The e-mail address or the password is not right." });
  await expect(problem).toBeVisible();
  await expect(page.getByLabel("E-mail", { exact: true })).toHaveValue("olga@example.com");
  await expect(page).toHaveURL(/\/sign-in/);

  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(`${muster.url}/alerts`);
});

test("signing out ends the session, not just the cookie", async ({ browser }) => {
  const { page, context } = await personIn(browser, muster, "Ada");
  await page.goto(`${muster.url}/incidents`);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const asBefore = () => fetch(`${muster.url}/api/v1/session`, { headers: { cookie } });
  expect((await asBefore()).status).toBe(200);
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect((await asBefore()).status).toBe(401);
  await page.goto(`${muster.url}/incidents`);
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the open room of somebody who is disabled ends", async ({ browser }) => {
  const incident = await muster.api<{ reference: string }>("POST", "/api/v1/incidents", { title: "Mail is late" });
  const eve = await personIn(browser, muster, "Eve");
  await eve.page.goto(`${muster.url}/incidents/${incident.reference}`);
  await expect(eve.page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem")).toHaveCount(1);
  await muster.api("PATCH", `/api/v1/users/${eve.id}`, { isDisabled: true });
  const word = eve.page.getByRole("alert").filter({ hasText: "The room was closed." });
  await expect(word).toBeVisible();
  await expect(word.getByRole("link", { name: "Sign in" })).toBeVisible();
  await muster.api("POST", `/api/v1/incidents/${incident.reference}/timeline`, { body: "Not for Eve" });
  expect((await eve.context.request.get(`${muster.url}/api/v1/session`)).status()).toBe(401);
  await eve.page.reload();
  await expect(eve.page).toHaveURL(/\/sign-in/);
  await expect(eve.page.getByText("Not for Eve")).toHaveCount(0);
});
