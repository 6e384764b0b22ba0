import type { MiddlewareHandler } from "hono";
import type { Core } from "#/server/events/index.ts";
import type { ApiEnv } from "#/server/http/api.ts";
import type { Config } from "#/server/platform/config.ts";
import { AppError } from "#/server/platform/errors.ts";

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** True for the origin of PUBLIC_URL, and for loopback names on this server's port. Pure. */
export function isOwnOrigin(config: Pick<Config, "publicUrl" | "port">, origin: string): boolean {
  if (origin === config.publicUrl) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, port } = new URL(origin);
  if (protocol !== "http:" || !LOOPBACK_HOSTS.includes(hostname)) return false;
  const publicPort = new URL(config.publicUrl).port;
  return port === String(config.port) || (port !== "" && port === publicPort);
}

function requireOwnOrigin(config: Config, headers: Headers): void {
  const origin = headers.get("origin");
  if (origin !== null && isOwnOrigin(config, origin)) return;
  if (headers.get("sec-fetch-site") === "same-origin") return;
  throw new AppError(
    "forbidden",
    `This request comes from another site than ${config.publicUrl}. Behind a proxy, PUBLIC_URL must be the address that people open.`,
  );
}

/** What a foreign form can send needs no asking first; JSON and YAML are none of it. Files are the exception. */
function requireContentType(headers: Headers, path: string): void {
  const type = (headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/json" || type.endsWith("+json")) return;
  if (type === "application/yaml") return;
  if (type === "multipart/form-data" && /\/files\/?$/.test(path)) return;
  throw new AppError("unsupported", "Send JSON: Content-Type: application/json.");
}

/**
 * Refuses what another site makes a signed-in browser send: with a cookie, what changes something must come from here, as JSON.
 * Tokens are not sent by browsers on their own, so requests with one pass.
 *
 * @throws AppError "forbidden" | "unsupported"
 */
export function csrf(core: Core): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { actor } = c.var.ctx;
    const isByCookie = actor.kind === "user" && actor.tokenId === undefined;
    if (isByCookie && !SAFE_METHODS.includes(c.req.method)) {
      requireOwnOrigin(core.config, c.req.raw.headers);
      if ((c.var.rawBody?.byteLength ?? 0) > 0) requireContentType(c.req.raw.headers, c.req.path);
    }
    await next();
  };
}
