import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { errorStatuses, isAppError } from "#/server/platform/errors.ts";
import { parseJson } from "#/server/platform/scan-json.ts";
import type { ApiEnv } from "../api.ts";
import { fieldsOf, type Ingest, retryHeaders, withSlash } from "./ingest.ts";

/** The REST endpoint of VictorOps, now Splunk On-Call. The key stands in the path, then the routing key. */
export function victorOpsRoutes(ingest: Ingest): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  async function receive(c: Context<ApiEnv>) {
    const body = await ingest.body(c);
    const integration = await ingest.integration(c.req.param("key") ?? "");
    const { entity_id: own } = fieldsOf(parseJson, body);
    const routingKey = c.req.param("routingKey") ?? "";
    const given: Record<string, string> = own ? {} : { entityId: randomUUID() };
    const route: Record<string, string> = routingKey ? { routingKey: routingKey.slice(0, 200) } : {};
    const received = await ingest.receive(c, { integration, source: "victorops", route, given, body });
    return c.json({ result: "success", entity_id: own ? String(own) : received.route.entityId }, 200);
  }

  const path = "/integrations/generic/20131114/alert/:key";
  routes.on("POST", [...withSlash(path), ...withSlash(`${path}/:routingKey`)], receive);
  routes.onError((error, c) => {
    if (!isAppError(error)) throw error;
    const body = { result: "failure", message: error.message };
    return c.json(body, errorStatuses[error.code] as 400, retryHeaders(error));
  });
  return routes;
}
