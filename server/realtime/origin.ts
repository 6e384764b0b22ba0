import type { IncomingMessage } from "node:http";
import type { Config } from "#/server/platform/config.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a browser page of this origin may open a socket. Cookies travel with sockets from anywhere, so with a cookie
 * the origin must be ours; a program with a token has none. Loopback names on our port are one origin.
 */
export function isAllowedOrigin(request: IncomingMessage, config: Pick<Config, "publicUrl" | "port">): boolean {
  const { origin, cookie } = request.headers;
  if (!origin) return !cookie?.includes("next-auth.session-token");
  if (origin === config.publicUrl) return true;
  if (!URL.canParse(origin)) return false;
  const { hostname, port, protocol } = new URL(origin);
  const publicUrl = new URL(config.publicUrl);
  const isOurPort = port === String(config.port) || port === publicUrl.port;
  return protocol === "http:" && LOOPBACK.includes(hostname) && isOurPort;
}
