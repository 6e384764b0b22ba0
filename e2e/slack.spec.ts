import { expect, type Page, test } from "@playwright/test";
import { signedBySlack } from "#/server/testing/slack-workspace.ts";
import { until } from "./support/free-port.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn, personIn } from "./support/people.ts";
import { startSlack } from "./support/slack.ts";
import { showTheme, themes } from "./support/themes.ts";
import { violationsOf } from "./support/violations.ts";

const SECRET = "slack-signing-secret-of-a-story";
type Incident = { id: string; reference: string };

let muster: Muster;
let slack: Awaited<ReturnType<typeof startSlack>>;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  slack = await startSlack();
  muster = await Muster.start({
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_CHANNEL: "C1",
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.url,
  });
});
test.afterAll(async () => {
  await muster?.stop();
  await slack?.stop();
});

let serial = 0;
async function said(channel: string, user: string, text: string): Promise<void> {
  serial += 1;
  const body = JSON.stringify({
    type: "event_callback",
    event_id: `Ev${serial}`,
    api_app_id: "A1",
    event: {
      type: "message",
      channel,
      user,
      text,
      ts: `${(Date.now() / 1000).toFixed(3)}${String(serial).padStart(3, "0")}`,
    },
  });
  const { headers } = signedBySlack(SECRET, body, new Date());
  const answer = await fetch(`${muster.url}/slack/events`, { method: "POST", body, headers });
  expect(answer.status).toBe(200);
}

const region = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

test("a channel is opened from the room, and what is said there stands folded in the timeline", async ({ browser }) => {
  test.setTimeout(180_000);
  const incident = await muster.api<Incident>("POST", "/api/v1/incidents", {
    title: "Checkout is slow",
    severity: "SEV2",
  });
  const { page } = await personIn(browser, muster, "Ada");
  await page.goto(`${muster.url}/incidents/${incident.reference}`);
  const board = region(page, "Status board");
  await board.getByRole("button", { name: "Open a channel" }).click();
  const name = "inc-1-checkout-is-slow";
  await expect(board.getByRole("link", { name: `#${name}` })).toBeVisible({ timeout: 30_000 });
  await expect(region(page, "Timeline")).toContainText(`opened the Slack channel #${name}`);
  const channel = [...slack.workspace.channels.values()].find((each) => each.name === name)?.id ?? "";

  await said(channel, "U-lin@example.com", "The cache is cold &amp; slow");
  await said(channel, "U-ada@example.com", "Warming it up");
  const fold = region(page, "Timeline").getByText("2 messages in Slack · lin, Ada");
  await expect(fold).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Warming it up")).toHaveCount(0);
  await fold.click();
  await expect(page.getByText("The cache is cold & slow")).toBeVisible();
  await said(channel, "U-ada@example.com", "Done");
  await expect(page.getByText("Done", { exact: true })).toBeVisible({ timeout: 30_000 });

  await page.getByRole("searchbox", { name: "Find in the timeline" }).fill("cold");
  await expect(region(page, "Timeline").getByText("1 message in Slack · lin")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("The cache is cold & slow")).toBeVisible();
  await expect(page.getByText("Warming it up")).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Find in the timeline" }).fill("");
  await expect(region(page, "Timeline").getByText("3 messages in Slack")).toBeVisible({ timeout: 30_000 });
  expect(await violationsOf(page)).toEqual([]);
  for (const theme of themes) {
    await showTheme(page, theme);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/slack-room-${theme}.png` });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/slack-room-phone.png` });

  await until("the card", async () =>
    slack.workspace.posts.some((post) => post.channel === channel && JSON.stringify(post.blocks).includes("SEV2")),
  );
  expect(slack.workspace.problems).toEqual([]);
});

test("the settings make the app, and say whether it can do what it has to", async ({ browser }) => {
  test.setTimeout(120_000);
  const { page } = await ownerIn(browser, muster);
  await page.goto(`${muster.url}/settings/channels`);
  await page.getByRole("button", { name: "Check the connection" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Connected to Acme as muster." })).toContainText(
    "https address",
  );
  await page.getByText("Make the Slack app").click();
  await expect(page.getByRole("group", { name: "App manifest" })).toContainText(`${muster.url}/slack/events`);
  const address = await page.getByRole("link", { name: "Create the app in Slack" }).getAttribute("href");
  expect(address).toContain(encodeURIComponent(`${muster.url}/slack/commands`));
  expect(await violationsOf(page)).toEqual([]);
  for (const theme of themes) {
    await showTheme(page, theme);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/slack-settings-${theme}.png` });
  }
});
