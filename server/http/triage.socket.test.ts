import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { fakeMail, fakeSlack } from "#/server/updates/test-outbox.ts";

const SECRET = "slack-signing-secret-of-a-test";
let t: TestServer;
let slack: Awaited<ReturnType<typeof fakeSlack>>;
let mail: Awaited<ReturnType<typeof fakeMail>>;
beforeAll(async () => {
  slack = await fakeSlack();
  mail = await fakeMail();
  t = await startTestServer({
    SMTP_URL: mail.url,
    MAIL_FROM: "muster@example.com",
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_CHANNEL: "C1",
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: slack.apiUrl,
  });
});
afterAll(async () => {
  await t?.stop();
  slack?.close();
  await mail?.close();
});

async function until<T>(ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let n = 0; n < 200; n += 1) {
    const found = await ask();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("it did not come");
}

it("an alert is told, accepted by the link of the mail, and the card in Slack says so", async () => {
  await t.ask("PATCH", "/api/v1/settings", { tell: ["ops@example.com"] });
  const made = await t.ask<{ key: string }>("POST", "/api/v1/integrations", { name: "x", source: "generic-json" });
  const sent = await t.ask("POST", `/hooks/${made.body.key}`, { title: "Disk full", dedupKey: "d1" }, { token: null });
  expect(sent.status).toBe(202);
  const source = await until(() => mail.mails.find((one) => one.to === "ops@example.com")?.source);
  const link =
    /\/triage\/[\w.-]+\.accept\.[\w.-]+/.exec(source.replaceAll("=\r\n", "").replaceAll("=3D", "="))?.[0] ?? "";
  const shown = await t.ask<string>("GET", link, undefined, { token: null });
  expect(shown.status).toBe(200);
  expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(shown.headers.get("cache-control")).toBe("no-store");
  expect(shown.headers.get("referrer-policy")).toBe("no-referrer");
  expect(shown.text).toContain("Disk full");
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const pressed = await t.ask("POST", link, "", { token: null, headers });
  expect(pressed.text).toContain("Accepted INC-1");
  const { body } = await t.ask<{ status: string }>("GET", "/api/v1/incidents/INC-1");
  expect(body.status).toBe("investigating");
  const edit = await until(() => slack.calls.find((call) => call.method === "chat.update"));
  expect(edit.args.blocks).toContain("by ops@example.com, by link");
  const told = await t.ask<{ deliveries: { kind: string }[] }>("GET", "/api/v1/incidents/INC-1/told");
  expect(told.body.deliveries.map((one) => one.kind).sort()).toEqual(["triage", "triage"]);
  expect((await t.ask("GET", "/triage/x", undefined, { token: null })).status).toBe(404);
});

it("a press in Slack counts by its signature alone", async () => {
  slack.script.answer = ({ method }) =>
    method === "users.info" ? { body: { ok: true, user: { profile: { email: "nobody@example.com" } } } } : {};
  const made = await t.ask<{ id: string }>("POST", "/api/v1/incidents", { title: "Slow", status: "triage" });
  const body = new URLSearchParams({
    payload: JSON.stringify({
      type: "block_actions",
      user: { id: "U1" },
      channel: { id: "C1" },
      actions: [{ action_id: "triage.accept", value: made.body.id }],
    }),
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac("sha256", SECRET).update(`v0:${timestamp}:${body}`).digest("hex");
  const headers = { "content-type": "application/x-www-form-urlencoded", "x-slack-request-timestamp": timestamp };
  const send = (signature: string) =>
    t.ask("POST", "/slack/interactions", body, {
      token: null,
      headers: { ...headers, "x-slack-signature": signature },
    });
  expect((await send(`v0=${"0".repeat(64)}`)).status).toBe(401);
  expect(slack.calls.some((call) => call.method === "chat.postEphemeral")).toBe(false);
  const good = await send(`v0=${mac}`);
  expect([good.status, good.text]).toEqual([200, ""]);
  const whisper = slack.calls.find((call) => call.method === "chat.postEphemeral");
  expect(whisper?.args.text).toContain("nobody@example.com");
});

it("a delivery is never passed on into the own network, whatever its integration says", async () => {
  const made = await t.ask<{ id: string; key: string }>("POST", "/api/v1/integrations", {
    name: "y",
    source: "generic-json",
  });
  const forwardUrl = `${t.url}/healthz`;
  const changed = await t.ask("PATCH", `/api/v1/integrations/${made.body.id}`, { forwardUrl, sourceToken: "t0ken" });
  expect(changed.body).toMatchObject({ forwardUrl, hasSourceToken: true });
  expect(changed.text).not.toContain("t0ken");
  const sent = await t.ask<{ delivery: string }>("POST", `/hooks/${made.body.key}`, { title: "z" }, { token: null });
  const forward = await until(async () => {
    const { body } = await t.ask<{ forward: { state: string; lastError: string } }>(
      "GET",
      `/api/v1/deliveries/${sent.body.delivery}`,
    );
    return body.forward.state === "failed" ? body.forward : undefined;
  });
  expect(forward.lastError).toContain("private network");
});

it("who looks at a triage incident is suggested where it may belong", async () => {
  const target = await t.ask<{ id: string }>("POST", "/api/v1/incidents", {
    title: "Checkout down",
    services: ["checkout"],
  });
  const asked = await t.ask<{ reference: string }>("POST", "/api/v1/incidents", {
    title: "Checkout slow",
    status: "triage",
    services: ["checkout"],
  });
  const { body } = await t.ask<{ items: { incident: { id: string }; reasons: string[] }[] }>(
    "GET",
    `/api/v1/incidents/${asked.body.reference}/suggestions`,
  );
  expect(body.items[0]).toMatchObject({ incident: { id: target.body.id } });
  expect(body.items[0]?.reasons).toContain("same service: checkout");
});
