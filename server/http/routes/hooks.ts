import { type Context, Hono } from "hono";
import { integrationOfKey, receiveDelivery } from "#/server/alerts/index.ts";
import type { Core } from "#/server/events/index.ts";
import type { ApiEnv } from "../api.ts";
import type { Metrics } from "../metrics.ts";
import { createRateLimit, HOOK_BURST, HOOK_RATE_PER_SECOND } from "../rate-limit.ts";
import { readDeliveryBody } from "../read-body.ts";

/** Deliveries of alerts: `POST /hooks/{key}`, and `GET` with a query string for senders that can only do that. */
export function hookRoutes(core: Core, metrics: Metrics): Hono<ApiEnv> {
  const hooks = new Hono<ApiEnv>();
  const limit = createRateLimit(HOOK_RATE_PER_SECOND, HOOK_BURST);

  async function receive(c: Context<ApiEnv>) {
    // Read first, also for a key that nobody has: the sender must get to see the answer.
    const body = await readDeliveryBody(c.req.raw);
    const integration = await integrationOfKey(core, c.req.param("key") ?? "");
    limit.take(integration.id, core.now().getTime());
    const query = new URL(c.req.url).search.slice(1);
    const answer = await receiveDelivery(core, {
      integration,
      body,
      query,
      headers: c.req.raw.headers,
      method: c.req.method,
    });
    metrics.deliveriesReceived.inc({ source: integration.source });
    return c.json(answer, 202);
  }

  for (const path of ["/:key", "/:key/"]) {
    hooks.post(path, receive);
    hooks.get(path, receive);
  }
  return hooks;
}
