import { type Context, Hono } from "hono";
import type { IntegrationRow } from "#/server/alerts/index.ts";
import type { ApiEnv } from "../api.ts";
import { type Ingest, withSlash } from "./ingest.ts";

const CLOUDEVENTS_TYPE = /^application\/cloudevents/i;

/** Events of any integration are read as CloudEvents; a mapping of its own goes before. */
function sourceOf(c: Context<ApiEnv>, integration: IntegrationRow): string {
  const type = c.req.header("content-type") ?? "";
  const isEvent = c.req.header("ce-specversion") !== undefined || CLOUDEVENTS_TYPE.test(type);
  return isEvent && integration.mapping === null ? "cloudevents" : integration.source;
}

/** Deliveries of alerts: `POST /hooks/{key}`, and `GET` with a query string for senders that can only do that. */
export function hookRoutes(ingest: Ingest): Hono<ApiEnv> {
  const hooks = new Hono<ApiEnv>();

  async function receive(c: Context<ApiEnv>) {
    const body = await ingest.body(c);
    const integration = await ingest.integration(c.req.param("key") ?? "");
    const source = sourceOf(c, integration);
    const { delivery, accepted } = await ingest.receive(c, { integration, source, body });
    // A tool that posts to Slack takes anything else for a failure.
    if (source === "slack-compatible") return c.text("ok", 200);
    return c.json({ delivery, accepted }, 202);
  }

  for (const path of withSlash("/:key")) {
    hooks.post(path, receive);
    hooks.get(path, receive);
    // The handshake of CloudEvents' web hooks: whoever knows the key may send.
    hooks.options(path, async (c) => {
      await ingest.integration(c.req.param("key") ?? "");
      const origin = c.req.header("webhook-request-origin");
      const rate = c.req.header("webhook-request-rate");
      return c.body(null, 200, {
        allow: "POST, GET, OPTIONS",
        ...(origin && { "webhook-allowed-origin": origin }),
        ...(rate && { "webhook-allowed-rate": rate }),
      });
    });
  }
  return hooks;
}
