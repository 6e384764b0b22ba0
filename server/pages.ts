import { EventEmitter } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Config } from "./platform/config.ts";

/** Next, which renders the pages and nothing else. */
export type Pages = {
  handleRequest(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Hot reload in development. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): Promise<void>;
};

const root = fileURLToPath(new URL("..", import.meta.url));

/** Starts Next inside this process. */
export async function startPages(config: Config): Promise<Pages> {
  // A war room calls nobody unasked.
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  process.env.NEXTAUTH_URL = config.publicUrl;
  process.env.NEXTAUTH_SECRET = config.authSecret;
  const { default: next } = await import("next");
  const door = new EventEmitter();
  const app = next({
    dev: config.isDevelopment,
    dir: root,
    hostname: config.host,
    port: config.port,
    // Next adds an upgrade listener of its own to the server it is given; here it gets only what the router hands it.
    httpServer: door as unknown as Server,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handleRequest: (request, response) => handle(request, response),
    handleUpgrade: (request, socket, head) => {
      // Before the first page nobody listens: the browser tries again.
      if (!door.emit("upgrade", request, socket, head)) socket.destroy();
    },
    stop: () => app.close(),
  };
}
