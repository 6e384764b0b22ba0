import { expect, type Page, test } from "@playwright/test";
import Parser from "rss-parser";
import { until } from "./support/free-port.ts";
import { injections, injectionsIn, watch } from "./support/injections.ts";
import { startMailbox } from "./support/mailbox.ts";
import { Muster } from "./support/muster.ts";
import { ownerIn } from "./support/people.ts";
import { startSlack } from "./support/slack.ts";

type WithId = { id: string };
let muster: Muster;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let slack: Awaited<ReturnType<typeof startSlack>>;
let incident: WithId & { reference: string };
let update: { deliverySummary: unknown };

/** Every field that people or senders fill holds the corpus, as much of it as fits. */
async function fillEverything(): Promise<void> {
  const api = <T>(method: string, path: string, body: unknown) => muster.api<T>(method, path, body);
  await api("PATCH", "/api/v1/settings", {
    organisation: { name: injectionsIn(100) },
    statusPage: { name: injectionsIn(100, 1) },
    tell: ["ops@example.com"],
  });
  await api("POST", "/api/v1/users", { email: "mallory@example.com", name: injectionsIn(60, 2), role: "responder" });
  const components: WithId[] = [];
  for (const [at, one] of injections.entries()) {
    const name = one.slice(0, 80);
    components.push(await api<WithId>("POST", "/api/v1/components", { name, description: injectionsIn(300, at) }));
  }
  await api("POST", "/api/v1/subscribers", { email: "reader@example.com", confirmed: true });
  await api("POST", "/api/v1/services", { name: injectionsIn(60, 4), description: injectionsIn(300) });
  const hook = await api<{ url: string }>("POST", "/api/v1/integrations", {
    name: injectionsIn(60),
    source: "generic-json",
  });
  await api("POST", new URL(hook.url).pathname, {
    title: injectionsIn(200, 3),
    severity: "critical",
    service: injectionsIn(60, 4),
    description: injectionsIn(2_000),
    labels: Object.fromEntries(injections.map((one, at) => [`l${at}`, one])),
    links: [{ text: injections[1], href: "javascript:window.__ran=1" }],
  });
  incident = await api("POST", "/api/v1/incidents", {
    title: injectionsIn(150, 1),
    severity: "SEV1",
    summary: injectionsIn(2_000),
  });
  const path = `/api/v1/incidents/${incident.id}`;
  await api("PATCH", path, { impactText: injectionsIn(500), hypothesis: injectionsIn(500, 2) });
  for (const body of injections) await api("POST", `${path}/timeline`, { body });
  await api("POST", `${path}/tasks`, { title: injectionsIn(150, 1) });
  update = await api("POST", `${path}/updates`, {
    status: "identified",
    title: injectionsIn(150, 1),
    body: injectionsIn(3_400),
    channels: ["status_page", "slack", "email"],
    components: components.map(({ id }) => ({ id, status: "partial_outage" })),
  });
  await api("POST", `${path}/resolve`, { summary: injectionsIn(1_000) });
}

test.beforeAll(async () => {
  test.setTimeout(120_000);
  mailbox = await startMailbox();
  slack = await startSlack();
  muster = await Muster.start({
    SMTP_URL: mailbox.url,
    MAIL_FROM: "status@example.com",
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_CHANNEL: "C0INCIDENTS",
    SLACK_API_URL: slack.url,
  });
  await fillEverything();
  expect(update.deliverySummary).toHaveLength(3);
});
test.afterAll(async () => {
  await muster?.stop();
  await Promise.all([mailbox?.stop(), slack?.stop()]);
});

/** HTML that others show, as readers of mail and feeds do, with no policy to help. */
async function show(page: Page, html: string): Promise<void> {
  await page.goto("about:blank");
  await page.setContent(html);
  await page.waitForTimeout(50);
}

test("nothing that is written anywhere runs on the public page, in its feeds, or in mails", async ({ browser }) => {
  const context = await browser.newContext();
  const { reports, look } = await watch(context);
  const page = await context.newPage();
  const told = await until("the update on the page", async () => {
    const { incidents } = await (await fetch(`${muster.url}/api/v2/incidents.json`)).json();
    return incidents[0];
  });
  expect(told.incident_updates[0].body).toContain("<script>window.__ran=1</script>");
  for (const path of [
    "/status",
    `/status/incidents/${told.id}`,
    "/status/history",
    "/subscribe",
    "/api/v2/summary.json",
  ]) {
    await page.goto(`${muster.url}${path}`);
    expect(await page.locator("script, iframe, object, embed, base, img:not(.logo)").count(), path).toBe(0);
    await page.mouse.move(200, 200);
    await look(page);
  }
  for (const path of ["/status/feed.atom", "/status/feed.rss", "/history.atom"]) {
    const feed = await new Parser().parseURL(`${muster.url}${path}`);
    expect(feed.items[0]?.link).toContain("/status/incidents/");
    await show(page, feed.items[0]?.content ?? "");
    await look(page);
    await page.goto(`${muster.url}${path}`);
    await look(page);
  }
  const mail = await until("the mail", async () => mailbox.mails.find(({ to }) => to.includes("reader@example.com")));
  const names = [...mail.mail.headers.keys()];
  expect(names).not.toContain("bcc");
  expect(mail.to).toEqual(["reader@example.com"]);
  expect(mail.mail.headerLines.filter(({ key }) => key === "content-type")).toHaveLength(1);
  for (const each of mailbox.mails) {
    await show(page, each.mail.html || "");
    expect(await page.locator("script, iframe, base, style ~ style").count()).toBe(0);
    await look(page);
  }
  expect(reports).toEqual([]);
  await context.close();
});

test("nothing that is written anywhere runs inside, in the room, lists, settings and the postmortem", async ({
  browser,
}) => {
  const { context, page } = await ownerIn(browser, muster);
  const { reports, look } = await watch(context);
  const room = `/incidents/${incident.reference}`;
  for (const path of [room, `${room}/postmortem`, "/incidents", "/alerts", "/settings/components", "/settings/audit"]) {
    await page.goto(`${muster.url}${path}`);
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    // A link whose address was not good has none left: its protocol reads ":".
    const links = await page.locator("a").evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).protocol));
    expect(
      links.filter((protocol) => !/^((https?|mailto):|:)$/.test(protocol)),
      path,
    ).toEqual([]);
    await look(page);
  }
  const headers = {
    authorization: "Bearer mst_e2e_0123456789abcdef0123456789abcdef0123456789",
    accept: "text/markdown",
  };
  const exported = await fetch(`${muster.url}/api/v1${room}/postmortem`, { headers });
  expect(exported.headers.get("content-type")).toContain("text/markdown");
  expect(exported.headers.get("x-content-type-options")).toBe("nosniff");
  await page.goto(`${muster.url}/api/v1${room}/postmortem`);
  await look(page);
  expect(reports).toEqual([]);
  await context.close();
});

test("nothing that is written anywhere speaks to everybody in Slack", async () => {
  await until("the update in Slack", async () =>
    slack.calls.some(
      ({ method, args }) => method === "chat.postMessage" && JSON.stringify(args).includes("Identified"),
    ),
  );
  const spoken = slack.calls.flatMap(({ args }) => [args.text, ...mrkdwnIn(args.blocks)]).filter(Boolean);
  expect(spoken.length).toBeGreaterThan(5);
  for (const text of spoken) {
    // Times are Slack's own tokens, and ours.
    expect(text).not.toMatch(/<!(?!date\^\d+\^)|<@|<#|<https?:\/\/evil\.example|<[a-z/]+[ >]/i);
  }
});

/** The texts of blocks that Slack reads as markup; plain text it shows as it is. */
function mrkdwnIn(blocks: unknown): string[] {
  const found: string[] = [];
  JSON.parse(String(blocks ?? "[]"), (_key, value) => {
    if (value?.type === "mrkdwn" || value?.type === "markdown") found.push(value.text);
    return value;
  });
  return found;
}
