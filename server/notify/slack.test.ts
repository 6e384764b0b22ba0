import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findSlackMessage, postSlackMessage, updateSlackMessage } from "./slack.ts";

type Answer = { status?: number; headers?: Record<string, string>; body?: unknown } | "silence" | "hang up";
let server: Server;
let apiUrl: string;
let answer: Answer = {};
const calls: { method: string; args: Record<string, string> }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      calls.push({ method: request.url?.split("/").pop() ?? "", args: Object.fromEntries(new URLSearchParams(body)) });
      if (answer === "silence") return;
      if (answer === "hang up") return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
      response.end(JSON.stringify(answer.body ?? { ok: true, channel: "C1", ts: "1700.1" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  calls.length = 0;
  answer = {};
});

const message = { heading: "Identified: Checkout", body: "Rolling back <!channel>.", context: [] };
const post = (timeoutMs = 2_000) =>
  postSlackMessage({
    credentials: { botToken: "xoxb-1", apiUrl },
    channel: "C1",
    message,
    deliveryId: "d1",
    timeoutMs,
  });

describe("a message to Slack", () => {
  it("is posted once, escaped, with a text beside its blocks and our id as metadata", async () => {
    expect(await post()).toEqual({ ok: true, providerId: "C1/1700.1" });
    expect(calls).toHaveLength(1);
    const { args } = calls[0] as (typeof calls)[0];
    expect(args.text).toContain("Rolling back &lt;!channel&gt;.");
    expect(args.blocks).not.toContain("<!channel>");
    expect(args.unfurl_links).toBe("false");
    expect(JSON.parse(args.metadata ?? "")).toEqual({
      event_type: "muster_delivery",
      event_payload: { delivery: "d1" },
    });
  });

  it("comes again when Slack asks to wait, at Slack's own time", async () => {
    answer = { status: 429, headers: { "retry-after": "30" }, body: { ok: false, error: "ratelimited" } };
    expect(await post()).toMatchObject({ ok: false, kind: "retry", retryAfterMs: 30_000 });
    expect(calls).toHaveLength(1);
  });

  it.each([500, 503])("comes again after HTTP %i", async (status) => {
    answer = { status };
    expect(await post()).toMatchObject({ ok: false, kind: "retry" });
    expect(calls).toHaveLength(1);
  });

  it.each(["silence", "hang up"] as const)("is unknown after %s", async (way) => {
    answer = way;
    expect(await post(300)).toMatchObject({ ok: false, kind: "unknown" });
    expect(calls).toHaveLength(1);
  });

  it("comes again when nothing listens", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const outcome = await postSlackMessage({
      credentials: { botToken: "xoxb-1", apiUrl: `http://127.0.0.1:${port}/api/` },
      channel: "C1",
      message,
      deliveryId: "d1",
    });
    expect(outcome).toMatchObject({ ok: false, kind: "retry" });
  });

  it.each([
    ["channel_not_found", "permanent"],
    ["token_revoked", "permanent"],
    ["msg_blocks_too_long", "permanent"],
    ["something_new", "permanent"],
    ["internal_error", "retry"],
    ["service_unavailable", "retry"],
  ])("%s is %s", async (error, kind) => {
    answer = { body: { ok: false, error } };
    expect(await post()).toMatchObject({ ok: false, kind });
  });

  it("is edited in place by the id it was given", async () => {
    const outcome = await updateSlackMessage({
      credentials: { botToken: "xoxb-1", apiUrl },
      providerId: "C7/1700.9",
      message,
      deliveryId: "d2",
    });
    expect(outcome).toEqual({ ok: true, providerId: "C7/1700.9" });
    expect(calls[0]).toMatchObject({ method: "chat.update", args: { channel: "C7", ts: "1700.9" } });
  });

  it.each([
    [
      {
        ok: true,
        messages: [{ ts: "1.2", metadata: { event_type: "muster_delivery", event_payload: { delivery: "d1" } } }],
      },
      "found",
    ],
    [{ ok: true, messages: [{ ts: "1.2" }] }, "absent"],
    [{ ok: true, messages: [], has_more: true }, "unreadable"],
    [{ ok: false, error: "missing_scope" }, "unreadable"],
    [{ ok: true }, "unreadable"],
  ])("is looked for when its answer was lost (%#)", async (body, state) => {
    answer = { body };
    const found = await findSlackMessage({
      credentials: { botToken: "xoxb-1", apiUrl },
      channel: "C1",
      deliveryId: "d1",
      since: new Date(),
    });
    expect(found.state).toBe(state);
  });
});
