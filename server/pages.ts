import { EventEmitter } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Config } from "./platform/config.ts";

/** Next, which renders the pages and nothing else. */
export type Pages = {
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Hot reload in development. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  stop(): Promise<void>;
};

const root = fileURLToPath(new URL("..", import.meta.url));

/** Starts Next inside this process. */
export async function startPages(config: Config): Promise<Pages> {
  process.env.NEXTAUTH_URL = config.publicUrl;
  process.env.NEXTAUTH_SECRET = config.authSecret;
  const { default: next } = await import("next");
  const app = next({
    dev: config.isDevelopment,
    dir: root,
    hostname: config.host,
    port: config.port,
    // Next adds an upgrade listener of its own to the server it is given; on this one nothing ever arrives.
    httpServer: new EventEmitter() as unknown as Server,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handleRequest: (request, response) => handle(request, response),
    handleUpgrade: (request, socket, head) => app.getUpgradeHandler()(request, socket, head),
    stop: () => app.close(),
  };
}
