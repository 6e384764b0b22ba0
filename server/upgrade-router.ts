import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
type Routes = {
  room: UpgradeHandler;
  documents: UpgradeHandler;
  /** Hot reload; in development only. */
  pages?: UpgradeHandler;
};

/** Decides who gets a WebSocket: room facts, shared documents, hot reload; anything else is refused. */
export function createUpgradeRouter(routes: Routes): UpgradeHandler {
  return (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (path === "/socket.io" || path.startsWith("/socket.io/")) return routes.room(request, socket, head);
    if (path.startsWith("/sync/")) return routes.documents(request, socket, head);
    if (routes.pages && path.startsWith("/_next/")) return routes.pages(request, socket, head);
    socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  };
}
