import { createServer } from "node:http";
import { createRequire } from "node:module";
import { WebSocketServer } from "ws";
import { answerParent } from "./usage.ts";

/** The server that y-websocket 2.1 brings, as its `bin/server.cjs` starts it: in memory. */
const { setupWSConnection } = createRequire(import.meta.url)("y-websocket-2/bin/utils") as {
  setupWSConnection(socket: unknown, request: unknown): void;
};

const wss = new WebSocketServer({ noServer: true });
const server = createServer();
wss.on("connection", setupWSConnection);
server.on("upgrade", (request, socket, head) => {
  wss.handleUpgrade(request, socket, head, (ws) => wss.emit("connection", ws, request));
});
server.listen(Number(process.env.PORT), process.env.HOST, answerParent);
