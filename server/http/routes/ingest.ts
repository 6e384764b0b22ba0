import type { Context } from "hono";
import {
  type IntegrationRow,
  integrationOfKey,
  type RawDelivery,
  receiveDelivery,
  type StoredIntake,
} from "#/server/alerts/index.ts";
import type { Core } from "#/server/events/index.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import type { ApiEnv } from "../api.ts";
import type { Metrics } from "../metrics.ts";
import { createRateLimit, HOOK_BURST, HOOK_RATE_PER_SECOND } from "../rate-limit.ts";
import { readDeliveryBody } from "../read-body.ts";

type Sent = Pick<RawDelivery, "integration" | "source" | "route" | "given" | "body">;

/** What all ways in have in common: one limit of size, one rate for each key, stored before it is answered. */
export type Ingest = {
  core: Core;
  /** Read first, also for a key that nobody has: the sender must get to see the answer. */
  body(c: Context<ApiEnv>): Promise<Uint8Array>;
  /** The integration of a key, and one of its turns. @throws AppError "not_found" | "rate_limited" */
  integration(key: string): Promise<IntegrationRow>;
  /** @throws AppError "invalid" | "unauthenticated" | "unavailable" */
  receive(c: Context<ApiEnv>, sent: Sent): Promise<StoredIntake>;
};

/** What the sender wrote behind the key, or the whole path where the key is not in it. */
function pathOf(c: Context<ApiEnv>): string {
  const path = new URL(c.req.url).pathname;
  const key = c.req.param("key");
  const at = key ? path.indexOf(key) : -1;
  return key && at >= 0 ? path.slice(at + key.length) : path;
}

export function createIngest(core: Core, metrics: Metrics): Ingest {
  const limit = createRateLimit(HOOK_RATE_PER_SECOND, HOOK_BURST);
  return {
    core,
    body: (c) => readDeliveryBody(c.env.incoming),
    async integration(key) {
      const found = await integrationOfKey(core, key);
      limit.take(found.id, core.now().getTime());
      return found;
    },
    async receive(c, sent) {
      const query = new URL(c.req.url).search.slice(1);
      const received = await receiveDelivery(core, {
        ...sent,
        query,
        headers: c.req.raw.headers,
        method: c.req.method,
        path: pathOf(c),
      });
      metrics.deliveriesReceived.inc({ source: sent.source ?? sent.integration.source });
      return received;
    },
  };
}

/** A path as senders write it: with a slash at its end, and without. Neither is ever redirected. */
export function withSlash(path: string): [string, string] {
  return [path, `${path}/`];
}

/** The keys that a request may carry in its headers: a bearer token, or the password of basic authorization. */
export function keyInAuthorization(header: string | undefined, schemes: readonly string[]): string | null {
  const [scheme = "", value = ""] = (header ?? "").trim().split(/\s+/, 2);
  if (!schemes.includes(scheme.toLowerCase()) || !value) return null;
  if (scheme.toLowerCase() !== "basic") return value;
  const pair = Buffer.from(value, "base64").toString("utf8");
  // Some tools put the key where the user's name stands, and nothing or an `x` behind it.
  const at = pair.indexOf(":");
  return at < 0 ? pair : pair.slice(at + 1) || pair.slice(0, at);
}

/** The integration of a key that stands in a header. @throws AppError "unauthenticated" | "rate_limited" */
export async function integrationOfHeader(ingest: Ingest, key: string | null): Promise<IntegrationRow> {
  if (!key) throw new AppError("unauthenticated", "The key of an integration is missing.");
  try {
    return await ingest.integration(key);
  } catch (error) {
    if (!isAppError(error) || error.code !== "not_found") throw error;
    throw new AppError("unauthenticated", error.message);
  }
}

/** The body as JSON fields; empty when there is none. @throws AppError "invalid" */
export function fieldsOf(parse: (bytes: Uint8Array) => unknown, body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  const value = parse(body);
  // Some clients send what they have not as `null`.
  if (value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new AppError("invalid", "The body is not a JSON object.");
  }
  return value as Record<string, unknown>;
}

/** The seconds to wait, for those who are told to. */
export function retryHeaders(error: AppError): Record<string, string> {
  return error.retryAfterSeconds === undefined ? {} : { "retry-after": String(error.retryAfterSeconds) };
}
