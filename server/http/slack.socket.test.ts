import { afterAll, beforeAll, expect, it } from "vitest";
import { signedBySlack } from "#/server/testing/slack-workspace.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { fakeSlack } from "#/server/updates/test-outbox.ts";

const SECRET = "slack-signing-secret-of-a-test";
let t: TestServer;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
beforeAll(async () => {
  slack = await fakeSlack();
  t = await startTestServer({
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_CHANNEL: "C1",
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.apiUrl,
  });
  await t.ask("POST", "/api/v1/users", { email: "ada@example.com", name: "Ada", role: "responder" });
});
afterAll(async () => {
  await t?.stop();
  slack?.close();
});

const send = (path: string, body: string, headers?: Record<string, string>) =>
  t.ask<Record<string, unknown>>("POST", path, body, {
    token: null,
    headers: {
      "content-type": path.endsWith("events") ? "application/json" : "application/x-www-form-urlencoded",
      ...(headers ?? signedBySlack(SECRET, body, new Date()).headers),
    },
  });
const slash = (text: string, channel = "C1") =>
  send(
    "/slack/commands",
    new URLSearchParams({
      text,
      channel_id: channel,
      user_id: "U-ada@example.com",
      trigger_id: String(Math.random()),
      response_url: `${slack.apiUrl}response`,
    }).toString(),
  );

it.each(["/slack/commands", "/slack/interactions", "/slack/events"])(
  "%s is open to everybody and believes only what Slack signed",
  async (path) => {
    expect((await send(path, "text=declare+Fire", {})).status).toBe(401);
    const forged = signedBySlack("another secret", "text=declare+Fire", new Date()).headers;
    expect((await send(path, "text=declare+Fire", forged)).status).toBe(401);
    const old = signedBySlack(SECRET, "text=declare+Fire", new Date(Date.now() - 301_000)).headers;
    expect((await send(path, "text=declare+Fire", old)).status).toBe(401);
    const { body } = await t.ask<{ items: unknown[] }>("GET", "/api/v1/incidents");
    expect(body.items).toEqual([]);
  },
);

it("answers the challenge with which Slack tries the address", async () => {
  const { body, status } = await send("/slack/events", JSON.stringify({ type: "url_verification", challenge: "abc" }));
  expect([status, body]).toEqual([200, { challenge: "abc" }]);
});

it("an incident is declared, gets its card and its channel, and what is said there comes into the room", async () => {
  const declared = await slash("declare sev2 Checkout is slow");
  expect(declared.body).toMatchObject({
    response_type: "ephemeral",
    text: expect.stringContaining("You declared INC-1"),
  });
  await expect
    .poll(() => slack.workspace.posts.map((post) => post.text), { timeout: 15_000 })
    .toEqual([expect.stringContaining("SEV2: Checkout is slow")]);
  await slash("role commander");
  await expect
    .poll(() => JSON.stringify(slack.workspace.posts[0]?.blocks), { timeout: 15_000 })
    .toContain("*Commander*\\nAda");
  expect((await t.ask("POST", "/api/v1/incidents/INC-1/slack-channel", {})).status).toBe(201);
  await expect
    .poll(() => [...slack.workspace.channels.values()][0]?.members.has("U-ada@example.com"), { timeout: 15_000 })
    .toBe(true);
  const channel = [...slack.workspace.channels.values()][0];
  const event = {
    type: "event_callback",
    event_id: "Ev1",
    api_app_id: "A1",
    event: {
      type: "message",
      channel: channel?.id,
      user: "U-ada@example.com",
      text: "It is &lt;the cache&gt;",
      ts: "1800000000.000100",
    },
  };
  const first = await send("/slack/events", JSON.stringify(event));
  const again = await send("/slack/events", JSON.stringify(event));
  expect([first.status, first.text, again.status]).toEqual([200, "", 200]);
  const read = async () =>
    (await t.ask<{ items: { text: string }[] }>("GET", "/api/v1/incidents/INC-1/slack-messages?q=cache")).body.items;
  await expect.poll(read, { timeout: 15_000 }).toMatchObject([{ text: "It is <the cache>", author: { name: "Ada" } }]);
  const own = await slash("status monitoring", channel?.id);
  expect(own.text).toContain("INC-1 is monitoring now");
  expect((await t.ask("DELETE", "/api/v1/incidents/INC-1/slack-channel")).status).toBe(204);
  await expect.poll(() => channel?.isArchived, { timeout: 15_000 }).toBe(true);
  expect(slack.workspace.problems).toEqual([]);
}, 90_000);

it("Slack is looked at before anybody relies on it", async () => {
  const check = () =>
    t.ask<{ ok: boolean; workspace: string; problems: string[] }>("POST", "/api/v1/settings/slack/check", {});
  const found = await check();
  expect(found.body).toMatchObject({ ok: false, workspace: "Acme", bot: "muster" });
  expect(found.body.problems).toEqual([expect.stringContaining("not an https address")]);
  slack.script.answer = ({ method }) =>
    method === "auth.test"
      ? { headers: { "x-oauth-scopes": "chat:write,commands" }, body: { ok: true, team: "Acme" } }
      : {};
  expect((await check()).body).toMatchObject({ missingScopes: expect.arrayContaining(["channels:manage"]) });
  slack.script.answer = () => ({ body: { ok: false, error: "invalid_auth" } });
  expect((await check()).body).toMatchObject({ ok: false, problems: ["Slack does not accept the token."] });
  slack.script.answer = () => ({});
});

// Last: whoever sends too much is cut off, and with it the connection that later requests would share.
it("takes no more than a dialog or a long message needs", async () => {
  expect((await send("/slack/events", "x".repeat(256 * 1024 + 1))).status).toBe(413);
});
