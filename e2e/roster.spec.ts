import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { expect, type Page, test } from "@playwright/test";
import { until } from "./support/free-port.ts";
import { startMailbox } from "./support/mailbox.ts";
import { Muster } from "./support/muster.ts";
import { personIn } from "./support/people.ts";
import { startSlack } from "./support/slack.ts";

type Incident = { id: string; reference: string };
type Invitation = { state: string; person: { name: string } };

/** A message leaves after half a minute without a look; the queue looks for what is due every two seconds. */
const REACHED_LIMIT_MS = 60_000;

let muster: Muster;
let slack: Awaited<ReturnType<typeof startSlack>>;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  [slack, mailbox] = await Promise.all([startSlack(), startMailbox()]);
  muster = await Muster.start({
    SMTP_URL: mailbox.url,
    MAIL_FROM: "Muster <muster@example.com>",
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_CHANNEL: "C1",
    SLACK_API_URL: slack.url,
  });
});
test.afterAll(async () => {
  await muster?.stop();
  await Promise.all([mailbox?.stop(), slack?.stop()]);
});

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const declare = (body: object) => muster.api<Incident>("POST", "/api/v1/incidents", body);

test("a role is claimed out of the alarm, offered with a brief, declined, withdrawn, and accepted", async ({
  browser,
}) => {
  const incident = await declare({ title: "Checkout returns 5xx", severity: "SEV2" });
  await muster.api("PATCH", `/api/v1/incidents/${incident.id}`, { impactText: "One in five payments fails" });
  await muster.api("POST", `/api/v1/incidents/${incident.id}/tasks`, { title: "Drain the queue", minutes: 20 });
  const ada = await personIn(browser, muster, "Ada");
  const lin = await personIn(browser, muster, "Lin");
  for (const { page } of [ada, lin]) await page.goto(`${muster.url}/incidents/${incident.reference}`);

  await expect(ada.page.getByRole("alert").filter({ hasText: "Nobody commands." })).toBeVisible();
  await expect(region(ada.page, "Roster").getByText("required")).toHaveCount(2);
  await button(ada.page, "Claim commander").click();
  await expect(ada.page.getByRole("alert").filter({ hasText: "Nobody commands." })).toHaveCount(0);
  await expect(lin.page.getByRole("alert").filter({ hasText: "Nobody commands." })).toHaveCount(0);

  await test.step("who is here cannot be taken over from", async () => {
    await button(lin.page, "Hand over commander").click();
    const item = lin.page.getByRole("menuitem", { name: /Take over/ });
    await expect(item).toBeDisabled();
    await expect(item).toContainText("ask them to offer it");
    await lin.page.keyboard.press("Escape");
    const refused = await lin.context.request.post(
      `${muster.url}/api/v1/incidents/${incident.id}/roles/commander/take-over`,
      { data: { reason: "I know better" }, headers: { origin: muster.url } },
    );
    expect(refused.status()).toBe(409);
    expect(((await refused.json()) as { detail: string }).detail).toMatch(/^Ada has commander and has been here since/);
  });

  async function offer(): Promise<void> {
    await button(ada.page, "Hand over commander").click();
    await ada.page.getByRole("menuitem", { name: /Offer to somebody/ }).click();
    const dialog = ada.page.getByRole("dialog", { name: "Offer commander", exact: true });
    await dialog.getByRole("combobox", { name: "To whom?" }).selectOption({ label: "Lin, here" });
    await dialog.getByRole("button", { name: "Offer", exact: true }).click();
    await expect(dialog).toHaveCount(0);
  }

  await test.step("the offered person reads a brief and declines", async () => {
    await offer();
    await lin.page.route("**/brief", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.fallback();
    });
    await button(lin.page, "Read the brief").click();
    const brief = lin.page.getByRole("dialog", { name: "Before you take commander", exact: true });
    // What is pressed does not move away: it comes with the brief.
    await expect(brief.getByText("Reading the room")).toBeVisible();
    await expect(brief.getByRole("button", { name: "Accept commander", exact: true })).toHaveCount(0);
    for (const text of [
      "One in five payments fails",
      "Drain the queue",
      "communications nobody",
      "Ada took the role",
    ]) {
      await expect(brief).toContainText(text);
    }
    await brief.getByRole("button", { name: "Decline commander", exact: true }).click();
    await expect(brief).toHaveCount(0);
    await expect(region(ada.page, "Timeline")).toContainText("Lin declined commander");
    await expect(region(ada.page, "Roster")).not.toContainText("Offered to Lin");
  });

  await test.step("an offer is taken back", async () => {
    await offer();
    await expect(region(lin.page, "Roster")).toContainText("Offered to you");
    await button(ada.page, "Hand over commander").click();
    await ada.page.getByRole("menuitem", { name: /Take the offer back/ }).click();
    await expect(button(lin.page, "Read the brief")).toHaveCount(0);
  });

  await test.step("and accepted", async () => {
    await offer();
    await button(lin.page, "Read the brief").click();
    await lin.page.getByRole("dialog").getByRole("button", { name: "Accept commander", exact: true }).click();
    const commander = region(ada.page, "Roster").getByRole("listitem").filter({ hasText: "commander" });
    // The line says *Offered to Lin* before.
    await expect(commander).not.toContainText("Offered to");
    await expect(commander).toContainText("Lin");
  });

  await test.step("somebody who comes late is briefed", async () => {
    await button(ada.page, "Brief me").click();
    const brief = ada.page.getByRole("dialog", { name: "Brief", exact: true });
    await expect(brief).toContainText("commander Lin");
    await expect(brief).toContainText(/Here now: Ada, Lin/);
    await ada.page.keyboard.press("Escape");
  });
  await Promise.all([ada.context.close(), lin.context.close()]);
});

test("a person is brought in: invited, delivered by mail and Slack, seen by its link, joined", async ({ browser }) => {
  test.setTimeout(150_000);
  const incident = await declare({ title: "Search is slow" });
  const eve = await personIn(browser, muster, "Eve");
  const grace = await personIn(browser, muster, "Grace");
  await eve.page.goto(`${muster.url}/incidents/${incident.reference}`);

  await button(eve.page, "Bring in").click();
  const dialog = eve.page.getByRole("dialog", { name: "Bring in", exact: true });
  await dialog.getByRole("textbox", { name: "Person or service" }).fill("gra");
  await dialog.getByRole("button", { name: "Grace" }).click();
  await dialog.getByRole("textbox", { name: "Message" }).fill("The index is yours");
  await dialog.getByRole("button", { name: "Ask to come" }).click();
  const invited = eve.page.getByRole("list", { name: "Invited", exact: true });
  await expect(invited).toContainText("Grace");
  await expect(invited).toContainText("Invited");

  const mail = await until(
    "the mail",
    async () => mailbox.mails.find((each) => each.to.includes("grace@example.com")),
    REACHED_LIMIT_MS,
  );
  expect(mail.mail.subject).toBe(`[${incident.reference}] Eve asks you to come to ${incident.reference}`);
  expect(mail.mail.text).toContain("The index is yours");
  await until("the direct message", async () =>
    slack.calls.find((call) => call.method === "chat.postMessage" && call.args.channel === "D-U-grace@example.com"),
  );
  await expect(invited).toContainText(/Delivered by (e-mail|Slack)/);

  const link = /http\S+notification=\S+/.exec(mail.mail.text ?? "")?.[0] ?? "";
  expect(link).toContain(`/incidents/${incident.reference}?notification=`);
  await grace.page.goto(link);
  await expect(region(grace.page, "Timeline")).toContainText("Eve asked Grace to come: The index is yours");
  await expect(grace.page).not.toHaveURL(/notification=/);
  await until("a joined invitation", async () => {
    const path = `/api/v1/incidents/${incident.id}/invitations`;
    const { items } = await muster.api<{ items: Invitation[] }>("GET", path);
    return items[0]?.state === "joined";
  });
  await expect(region(eve.page, "Timeline")).toContainText("Grace came");
  await expect(invited).toHaveCount(0);
  await expect(button(grace.page, "Notifications")).toBeVisible();
  await Promise.all([eve.context.close(), grace.context.close()]);
});

test("the bell tells live on every page, and a holder who left is taken over from after three minutes", async ({
  browser,
}) => {
  test.setTimeout(150_000);
  const incident = await declare({ title: "Logins fail" });
  const mia = await personIn(browser, muster, "Mia");
  const noa = await personIn(browser, muster, "Noa");
  await mia.page.goto(`${muster.url}/incidents/${incident.reference}`);
  await noa.page.goto(`${muster.url}/incidents`);
  await button(mia.page, "Claim commander").click();

  await button(mia.page, "Bring in").click();
  await mia.page.getByRole("textbox", { name: "Person or service" }).fill("Noa");
  await mia.page.getByRole("dialog").getByRole("button", { name: "Noa" }).click();
  await button(mia.page, "Ask to come").click();
  await button(noa.page, "Notifications, 1 unseen").click();
  const bell = noa.page.getByRole("dialog", { name: "Notifications", exact: true });
  await expect(bell).toContainText(`Mia asks you to come to ${incident.reference}`);
  await expect(mia.page.getByRole("list", { name: "Invited", exact: true })).toContainText("Delivered by browser");
  await bell.getByRole("combobox", { name: "While I am away" }).selectOption({ label: "Nothing outside the browser" });
  await bell.getByRole("button", { name: `Can't come to ${incident.reference} now`, exact: true }).click();
  await expect(mia.page.getByRole("list", { name: "Invited", exact: true })).toContainText("Can’t now");
  await bell.getByRole("link", { name: /Mia asks you/ }).click();
  await expect(region(noa.page, "Roster")).toContainText("Mia");

  await mia.context.close();
  await until("Mia's absence", async () => {
    const { items } = await muster.api<{ items: { role: string; awaySince: string | null }[] }>(
      "GET",
      `/api/v1/incidents/${incident.id}/roles`,
    );
    return items.find(({ role }) => role === "commander")?.awaySince;
  });
  // Nobody waits four minutes in a test: while the server is down they pass in its database.
  await muster.stop();
  const database = await PGlite.create(join(muster.dataDir, "database"));
  await database.exec("update incident_presence set left_at = left_at - interval '4 minutes'");
  await database.exec("update roster_roles set held_since = held_since - interval '4 minutes'");
  await database.close();
  await muster.start();
  await noa.page.reload();
  await expect(region(noa.page, "Roster")).toContainText(/away [4-9] min/);
  await button(noa.page, "Take over commander").click();
  const dialog = noa.page.getByRole("dialog", { name: "Take over commander", exact: true });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Mia lost her connection");
  await dialog.getByRole("button", { name: "Take over", exact: true }).click();
  await expect(region(noa.page, "Timeline")).toContainText("Noa took over commander from Mia: Mia lost her connection");
  await expect(region(noa.page, "Roster").getByRole("listitem").filter({ hasText: "commander" })).toContainText("Noa");
  await noa.context.close();
});
