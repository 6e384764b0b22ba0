import { io, type Socket } from "socket.io-client";
import { syncClock } from "#/components/ui/server-clock.ts";
import type { ClientMessages, ServerMessages } from "#/server/realtime/contract.ts";
import { Reconnect } from "./reconnect.ts";
import { onWake } from "./wake.ts";

export type MusterSocket = Socket<ServerMessages, ClientMessages>;

/** A handshake that takes longer goes nowhere. */
const CONNECT_MS = 10_000;
/** A server that is there answers within this. */
const ANSWER_MS = 5_000;

let shared: MusterSocket | undefined;

/** Asks for the server's time, which also tells whether the other end is still there. */
async function askTime(socket: MusterSocket): Promise<void> {
  const { engine } = socket.io;
  const askedAt = performance.now();
  try {
    const serverTime = await socket.timeout(ANSWER_MS).emitWithAck("time:ask");
    syncClock(serverTime, performance.now() - askedAt);
  } catch {
    // Nobody answers: this connection is a memory. A newer one has been made, or is made now.
    if (socket.connected && socket.io.engine === engine) engine.close();
  }
}

function keepConnected(socket: MusterSocket): void {
  const reconnect = new Reconnect(() => socket.connect());
  socket.on("connect", () => {
    reconnect.done();
    void askTime(socket);
  });
  socket.on("connect_error", () => reconnect.later());
  socket.on("disconnect", (reason) => {
    if (reason !== "io client disconnect") reconnect.later();
  });
  onWake(() => socket.connected && void askTime(socket));
}

/** The page's one connection for facts, opened at the first call. Browser only. */
export function socket(): MusterSocket {
  if (!shared) {
    shared = io({
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      // Coming back is decided by `Reconnect`, together with the page's other connections.
      reconnection: false,
      timeout: CONNECT_MS,
    });
    keepConnected(shared);
  }
  return shared;
}
