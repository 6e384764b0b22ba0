import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { alertmanagerPath, startAlertmanager } from "./support/alertmanager.ts";
import { until } from "./support/free-port.ts";
import { startMailbox } from "./support/mailbox.ts";
import { Muster } from "./support/muster.ts";
import { personIn } from "./support/people.ts";
import { startSlack } from "./support/slack.ts";

type List<T> = { items: T[] };
type Incident = { id: string; reference: string; title: string; status: string; severity: string | null };

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

async function addNote(page: Page, text: string): Promise<void> {
  const field = page.getByRole("textbox", { name: "Add a note", exact: true });
  await field.click();
  await field.pressSequentially(text);
  await page.keyboard.press("Control+Enter");
}

test("from a firing alert to the exported postmortem, two people and a viewer", async ({ browser }) => {
  test.skip(!alertmanagerPath, "no Prometheus Alertmanager on this machine");
  test.setTimeout(180_000);
  const mailbox = await startMailbox();
  const slack = await startSlack();
  const muster = await Muster.start({
    SMTP_URL: mailbox.url,
    MAIL_FROM: "muster@example.com",
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_CHANNEL: "C0INCIDENTS",
    SLACK_API_URL: slack.url,
  });
  const { url: hook } = await muster.api<{ url: string }>("POST", "/api/v1/integrations", {
    name: "Prometheus",
    source: "prometheus-alertmanager",
  });
  await muster.api("POST", "/api/v1/components", { name: "Checkout" });
  await muster.api("POST", "/api/v1/subscribers", { email: "cto@example.com", confirmed: true });
  await muster.api("PATCH", "/api/v1/settings", { tellEmails: ["oncall@example.com"] });
  const alertmanager = await startAlertmanager(hook);

  const ada = await personIn(browser, muster, "Ada");
  const lin = await personIn(browser, muster, "Lin");
  const vera = await personIn(browser, muster, "Vera", "viewer");

  await test.step("the alert opens a triage incident in everybody's list, and people are told", async () => {
    await ada.page.goto(`${muster.url}/incidents`);
    const labels = { alertname: "HighErrorRate", service: "checkout", severity: "critical" };
    await alertmanager.fire(labels, { summary: "5xx above 5 % on checkout" });
    await expect(ada.page.getByText("5xx above 5 % on checkout").first()).toBeVisible({ timeout: 20_000 });
    await until("the word in Slack", async () => slack.calls.some((call) => JSON.stringify(call.args).includes("5xx")));
    await until("the word by e-mail", async () => mailbox.mails.some((mail) => mail.to.includes("oncall@example.com")));
  });
  const [incident] = (await muster.api<List<Incident>>("GET", "/api/v1/incidents?status=triage")).items;
  if (!incident) throw new Error("no triage incident");
  const room = `${muster.url}/incidents/${incident.reference}`;

  await test.step("all three enter the room; Ada accepts, and the others see it without a reload", async () => {
    for (const person of [ada, lin, vera]) await person.page.goto(room);
    await expect(ada.page.getByRole("list", { name: "People here", exact: true }).getByRole("listitem")).toHaveCount(3);
    await expect(region(lin.page, "Alerts")).toContainText("5xx above 5 %");
    await ada.page.getByRole("button", { name: "Accept", exact: true }).click();
    const dialog = ada.page.getByRole("dialog");
    if (await dialog.isVisible()) await dialog.getByRole("button", { name: "Accept", exact: true }).click();
    await expect(region(lin.page, "Timeline")).toContainText(/accepted/i);
    await until("an accepted incident", async () => {
      const now = await muster.api<Incident>("GET", `/api/v1/incidents/${incident.id}`);
      return now.status === "investigating" && now.severity === "SEV1";
    });
  });

  await test.step("roles are claimed and seen", async () => {
    await ada.page.getByRole("button", { name: "Claim commander", exact: true }).click();
    await lin.page.getByRole("button", { name: "Claim operations", exact: true }).click();
    await expect(region(lin.page, "Roster")).toContainText("Ada");
    await expect(region(vera.page, "Roster")).toContainText("Lin");
  });

  await test.step("notes are written together", async () => {
    await addNote(lin.page, "Errors began right after release 42");
    await expect(region(ada.page, "Timeline")).toContainText("Errors began right after release 42");
    await expect(ada.page.getByRole("status").filter({ hasText: /^Saved$/ })).toBeVisible();
    await addNote(ada.page, "Rolling back release 42");
    await expect(region(lin.page, "Timeline")).toContainText("Rolling back release 42");
  });

  await test.step("the viewer sees and cannot write", async () => {
    await expect(region(vera.page, "Timeline")).toContainText("Rolling back release 42");
    await expect(vera.page.getByRole("textbox", { name: "Add a note", exact: true })).toHaveCount(0);
    await expect(vera.page.getByRole("button", { name: "Claim scribe", exact: true })).toHaveCount(0);
    const refused = await vera.context.request.post(`${muster.url}/api/v1/incidents/${incident.id}/timeline`, {
      data: { body: "I should not" },
      headers: { origin: muster.url },
    });
    expect(refused.status()).toBe(403);
  });

  await test.step("an update goes to the page, Slack and by e-mail", async () => {
    await ada.page.getByRole("button", { name: "Publish update", exact: true }).first().click();
    const composer = ada.page.getByRole("dialog", { name: "Update", exact: true });
    await composer.getByRole("radio", { name: "Identified", exact: true }).check();
    const body = composer.getByRole("textbox", { name: "Update text", exact: true });
    await body.click();
    await body.pressSequentially("We found the cause and are rolling back.");
    await composer.getByRole("button", { name: "Publish update", exact: true }).click();
    await until("the page", async () => (await (await fetch(`${muster.url}/status`)).text()).includes("rolling back"));
    await until("Slack", async () => slack.calls.some((call) => JSON.stringify(call.args).includes("rolling back")));
    const mail = await until("the mail", async () =>
      mailbox.mails.find((m) => m.to.includes("cto@example.com") && m.mail.text?.includes("rolling back")),
    );
    expect(mail.mail.headers.has("list")).toBe(true);
    await expect(region(lin.page, "Updates")).toContainText("We found the cause");
    const page = await (await fetch(`${muster.url}/status`)).text();
    expect(page).not.toContain("release 42");
    expect(page).not.toContain(incident.reference);
  });

  await test.step("the alert resolves, the incident is resolved", async () => {
    await alertmanager.resolve({ alertname: "HighErrorRate", service: "checkout", severity: "critical" });
    await expect(region(lin.page, "Alerts")).toContainText(/resolved/i, { timeout: 20_000 });
    await ada.page.getByRole("button", { name: "Resolve", exact: true }).click();
    const dialog = ada.page.getByRole("dialog");
    await dialog.getByRole("textbox").first().fill("Rolled back release 42");
    await dialog.getByRole("button", { name: /^Resolve/ }).click();
    await expect(region(lin.page, "Timeline")).toContainText("Rolled back release 42");
  });

  await test.step("the postmortem is there, filled in, and is exported", async () => {
    await ada.page.getByRole("link", { name: "Postmortem", exact: true }).click();
    await expect(ada.page).toHaveURL(/\/postmortem$/);
    await expect(ada.page.getByRole("main")).toContainText("HighErrorRate");
    await expect(ada.page.getByRole("main")).toContainText("Rolled back release 42");
    const download = ada.page.waitForEvent("download");
    await ada.page
      .getByRole("button", { name: "Download Markdown" })
      .or(ada.page.getByRole("link", { name: "Download Markdown" }))
      .click();
    const text = readFileSync((await (await download).path()) ?? "", "utf8");
    for (const part of ["HighErrorRate", "Rolling back release 42", "We found the cause", "Ada"])
      expect(text).toContain(part);
  });

  await alertmanager.stop();
  await muster.stop();
  await Promise.all([mailbox.stop(), slack.stop()]);
});
