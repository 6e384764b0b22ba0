import { readFileSync } from "node:fs";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import type { DeliveryView, UpdateView } from "#/server/updates/contract.ts";
import { fakeMail, fakeSlack } from "#/server/updates/test-outbox.ts";
import { BOUNCE_BYTES_MAX } from "./routes/bounces.ts";

/** The room has to say why within this time. */
const REASON_LIMIT_MS = 5_000;

let slack: Awaited<ReturnType<typeof fakeSlack>>;
let mail: Awaited<ReturnType<typeof fakeMail>>;
let t: TestServer;
let updatesPath: string;

beforeAll(async () => {
  slack = await fakeSlack();
  mail = await fakeMail();
  t = await startTestServer({
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_CHANNEL: "C1",
    SLACK_API_URL: slack.apiUrl,
    SMTP_URL: mail.url,
    MAIL_FROM: "Acme status <status@example.com>",
  });
  const { body } = await t.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Internal words" });
  updatesPath = `/api/v1/incidents/${body.id}/updates`;
});
afterAll(async () => {
  await t.stop();
  slack.close();
  await mail.close();
});

async function publish(channels: string[], body = "We know why."): Promise<UpdateView> {
  const input = { status: "identified", body, channels, title: "Checkout" };
  const answer = await t.ask<UpdateView>("POST", updatesPath, input);
  expect(answer.status).toBe(201);
  return answer.body;
}
async function deliveryOf({ id }: UpdateView, channel: string, nth = 0): Promise<DeliveryView> {
  const { body } = await t.ask<{ items: UpdateView[] }>("GET", updatesPath);
  const all = body.items.find((update) => update.id === id)?.deliveries.filter((one) => one.channel === channel);
  const found = all?.[nth];
  if (!found) throw new Error(`there is no delivery ${nth} to ${channel}`);
  return found;
}
/** The calls that were made for one delivery; the incident's card makes its own. */
const triesOf = ({ id }: { id: string }) => slack.calls.filter((call) => call.args.metadata?.includes(id));
const untilState = (update: UpdateView, channel: string, state: string) =>
  expect.poll(async () => (await deliveryOf(update, channel)).state, { timeout: REASON_LIMIT_MS }).toBe(state);

test("a revoked token is not tried again, the room says why, and the dead letter is edited and sent", async () => {
  slack.script.answer = () => ({ body: { ok: false, error: "token_revoked" } });
  const update = await publish(["slack"]);
  await untilState(update, "slack", "failed");
  const dead = await deliveryOf(update, "slack");
  expect(dead).toMatchObject({ attempts: 1, nextAttemptAt: null, lastError: "The Slack token was revoked." });
  expect(triesOf(dead)).toHaveLength(1);

  slack.script.answer = () => ({});
  const retry = `${updatesPath}/${update.id}/deliveries/${dead.id}/retry`;
  const again = await t.ask<UpdateView>("POST", retry, { body: "We know why, in short.", destination: "C2" });
  expect(again.status).toBe(200);
  await untilState(update, "slack", "sent");
  expect(triesOf(dead)).toHaveLength(2);
  expect(triesOf(dead)[1]?.args.channel).toBe("C2");
  expect(triesOf(dead)[1]?.args.text).toContain("We know why, in short.");
  expect(await deliveryOf(update, "slack")).toMatchObject({ destination: "C2", body: "We know why, in short." });
  // The update itself stays what was published.
  expect(again.body.body).toBe("We know why.");
  const timeline = await t.ask("GET", updatesPath.replace("/updates", "/timeline"));
  expect(timeline.text).toContain("delivery.edited");
  // What has arrived stays as it is.
  expect((await t.ask("POST", retry, { body: "Once more" })).status).toBe(200);
  expect(triesOf(dead)).toHaveLength(2);
});

test.each([
  ["channel_not_found", "Slack does not know the channel"],
  ["msg_too_long", "too long for Slack"],
  ["is_archived", "archived"],
])("%s is said at once and not tried again", async (error, reason) => {
  slack.calls.length = 0;
  slack.script.answer = () => ({ body: { ok: false, error } });
  const update = await publish(["slack"]);
  await untilState(update, "slack", "failed");
  const dead = await deliveryOf(update, "slack");
  expect(dead.lastError).toContain(reason);
  expect(triesOf(dead)).toHaveLength(1);
});

test("one press in a mail ends the subscription, by the header that mail programs press", async () => {
  await t.ask("POST", "/api/v1/subscribers", { email: "leaver@example.com", confirmed: true });
  const update = await publish(["email"], "First line.\n\nSecond <script>alert(1)</script> line.");
  await untilState(update, "email", "sent");
  const sent = mail.mails.find((one) => one.to === "leaver@example.com");
  const parsed = await simpleParser(sent?.source ?? "");
  const list = parsed.headers.get("list") as unknown as { unsubscribe: { url: string }; id: { name: string } };
  expect(parsed.headerLines.find((line) => line.key === "list-unsubscribe-post")?.line).toBe(
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
  );
  expect(parsed.html).not.toContain("<script>");
  expect(parsed.text).toContain("Second <script>alert(1)</script> line.");
  const { pathname } = new URL(list.unsubscribe.url);
  const answer = await fetch(t.url + pathname, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  });
  expect(answer.status).toBe(200);
  const { body } = await t.ask<{ items: unknown[] }>("GET", "/api/v1/subscribers");
  expect(body.items).toEqual([]);
});

test("a mail that comes back is taken back, its address suppressed with the reason, and released again", async () => {
  const email = "gone@reader.example";
  await t.ask("POST", "/api/v1/subscribers", { email, confirmed: true });
  const bounceAddress = "bounces@example.com";
  const settings = await t.ask<{ bounces: { url: string } }>("PATCH", "/api/v1/settings", {
    bounces: { address: bounceAddress },
  });
  const door = new URL(settings.body.bounces.url).pathname;
  const update = await publish(["email"]);
  await untilState(update, "email", "sent");
  const sent = mail.mails.findLast((one) => one.to === email);
  expect(sent?.from).toBe(bounceAddress);
  const { messageId = "" } = await simpleParser(sent?.source ?? "");
  const file = join(import.meta.dirname, "../notify/bounce-examples/postfix-unknown-user.eml");
  const bounce = readFileSync(file, "utf8").replaceAll("MESSAGE-ID", messageId.slice(1, -1));
  const handIn = (path: string, body: string) => t.ask<{ recorded: number }>("POST", path, body, { token: null });

  expect((await handIn("/bounces/nonsense", bounce)).status).toBe(404);
  expect((await handIn(door, "x".repeat(BOUNCE_BYTES_MAX + 1))).status).toBe(413);
  expect(await handIn(door, "From: somebody\n\nHello")).toMatchObject({ status: 202, body: { recorded: 0 } });
  expect(await handIn(door, bounce)).toMatchObject({ status: 202, body: { recorded: 1 } });
  expect(await handIn(door, bounce)).toMatchObject({ status: 202, body: { recorded: 0 } });
  const back = await deliveryOf(update, "email");
  expect(back).toMatchObject({ state: "suppressed", lastError: expect.stringContaining("It came back: 550 5.1.1") });

  const list = await t.ask<{ items: { id: string; email: string; cause: string }[] }>("GET", "/api/v1/suppressions");
  expect(list.body.items).toMatchObject([{ email, cause: "bounce", reason: expect.stringContaining("User unknown") }]);
  const next = await publish(["email"], "more");
  expect((await deliveryOf(next, "email")).state).toBe("suppressed");
  const retry = `${updatesPath}/${next.id}/deliveries/${(await deliveryOf(next, "email")).id}/retry`;
  expect((await t.ask("POST", retry, {})).status).toBe(409);
  expect((await t.ask("POST", retry, { destination: "not an address" })).status).toBe(400);

  expect((await t.ask("DELETE", `/api/v1/suppressions/${list.body.items[0]?.id}`)).status).toBe(204);
  expect((await t.ask("DELETE", `/api/v1/suppressions/${list.body.items[0]?.id}`)).status).toBe(404);
  expect((await t.ask("POST", retry, {})).status).toBe(200);
  await untilState(next, "email", "sent");
});

test("an address is suppressed by hand, once", async () => {
  const input = { email: "Quiet@Example.com", reason: "They asked by phone." };
  const first = await t.ask<{ id: string }>("POST", "/api/v1/suppressions", input);
  expect(first).toMatchObject({ status: 201, body: { cause: "manual", reason: "They asked by phone." } });
  const again = await t.ask<{ id: string }>("POST", "/api/v1/suppressions", { email: "quiet@example.com" });
  expect(again.body.id).toBe(first.body.id);
  expect((await t.ask("POST", "/api/v1/suppressions", { email: "a@b@c" })).status).toBe(400);
  expect((await t.ask("POST", "/api/v1/suppressions", { email: "a@b.c", reason: "x".repeat(501) })).status).toBe(400);
});
