import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { AppError, errorStatuses, isAppError } from "#/server/platform/errors.ts";
import { parseJson } from "#/server/platform/scan-json.ts";
import type { ApiEnv } from "../api.ts";
import { fieldsOf, type Ingest, retryHeaders, withSlash } from "./ingest.ts";

const DEDUP_KEY_LENGTH_MAX = 255;
const INVALID = "Event object is invalid";

const blank = (name: string) => `'${name}' is missing or blank`;
const words = (name: string) =>
  z
    .string({ error: blank(name) })
    .trim()
    .min(1, blank(name));
const dedupKey = z.string().max(DEDUP_KEY_LENGTH_MAX, `'dedup_key' is too long (maximum is ${DEDUP_KEY_LENGTH_MAX})`);
const payload = z.looseObject(
  {
    summary: words("payload.summary"),
    source: words("payload.source"),
    severity: z.enum(["critical", "error", "warning", "info"], {
      error: "'payload.severity' is invalid (must be one of the following: 'critical', 'error', 'warning' or 'info')",
    }),
  },
  { error: blank("payload") },
);
const trigger = z.looseObject({ event_action: z.literal("trigger"), dedup_key: dedupKey.nullish(), payload });
const later = z.looseObject({
  event_action: z.enum(["acknowledge", "resolve"]),
  dedup_key: z
    .string({ error: blank("dedup_key") })
    .min(1, blank("dedup_key"))
    .max(DEDUP_KEY_LENGTH_MAX),
});
const event = z.discriminatedUnion("event_action", [trigger, later], {
  error: "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
});
const change = z.looseObject({
  payload: z.looseObject({ summary: words("payload.summary") }, { error: blank("payload") }),
});
const firstVersion = z.looseObject({
  event_type: z.enum(["trigger", "acknowledge", "resolve"], {
    error: "'event_type' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
  }),
  incident_key: z.string().max(DEDUP_KEY_LENGTH_MAX).nullish(),
});

/** @throws AppError "invalid" with one error for each thing that is wrong */
function requireEvent(schema: z.ZodType, fields: Record<string, unknown>): void {
  const read = schema.safeParse(fields);
  if (read.success) return;
  const errors = read.error.issues.map((issue) => ({ pointer: `/${issue.path.join("/")}`, detail: issue.message }));
  throw new AppError("invalid", INVALID, { errors });
}

/** In the form of PagerDuty, whose clients print `message` and `errors`, and try again after 429 and 5xx. */
function answerError(c: Context<ApiEnv>, error: AppError): Response {
  const status = error.code === "not_found" ? 400 : errorStatuses[error.code];
  const detail = error.errors.map((one) => one.detail);
  const body =
    error.code === "rate_limited"
      ? { status: "throttle exceeded", message: "Requests for this service are arriving too quickly." }
      : {
          status: "invalid event",
          message: detail.length > 0 ? error.message : INVALID,
          errors: detail.length > 0 ? detail : [error.message],
        };
  return c.json(body, status as 400, retryHeaders(error));
}

/** PagerDuty's Events API: version 2, its change events, and version 1. The key stands in the body. */
export function pagerDutyRoutes(ingest: Ingest): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();

  async function receive(c: Context<ApiEnv>, keyName: string, schema: z.ZodType, route: Record<string, string>) {
    const body = await ingest.body(c);
    const fields = fieldsOf(parseJson, body);
    const key = fields[keyName];
    if (typeof key !== "string" || !key.trim()) {
      throw new AppError("invalid", INVALID, { errors: [{ pointer: `/${keyName}`, detail: blank(keyName) }] });
    }
    const integration = await ingest.integration(key.trim());
    requireEvent(schema, fields);
    const own = fields.dedup_key ?? fields.incident_key;
    const known = typeof own === "string" && own !== "" ? own : null;
    const given = known === null ? { dedupKey: randomUUID().replaceAll("-", "") } : {};
    const received = await ingest.receive(c, { integration, source: "pagerduty", route, given, body });
    return known ?? received.route.dedupKey ?? "";
  }

  for (const path of withSlash("/v2/enqueue")) {
    routes.post(path, async (c) => {
      const dedup_key = await receive(c, "routing_key", event, {});
      return c.json({ status: "success", message: "Event processed", dedup_key }, 202);
    });
  }
  for (const path of withSlash("/v2/change/enqueue")) {
    routes.post(path, async (c) => {
      await receive(c, "routing_key", change, { action: "change" });
      return c.json({ status: "success", message: "Change event processed" }, 202);
    });
  }
  for (const path of withSlash("/generic/2010-04-15/create_event.json")) {
    routes.post(path, async (c) => {
      const key = await receive(c, "service_key", firstVersion, {});
      return c.json({ status: "success", message: "Event processed", incident_key: key, dedup_key: key }, 202);
    });
  }
  routes.onError((error, c) => {
    if (isAppError(error)) return answerError(c, error);
    throw error;
  });
  return routes;
}
