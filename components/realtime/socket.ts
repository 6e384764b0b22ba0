import { io, type Socket } from "socket.io-client";
import type { ClientMessages, ServerMessages } from "#/server/realtime/contract.ts";

export type MusterSocket = Socket<ServerMessages, ClientMessages>;

/** The first wait after a lost connection is at most this long. */
const WAIT_FIRST_MS = 500;
/** No wait is longer: a server that came back is found within half a minute. */
const WAIT_MAX_MS = 30_000;

let shared: MusterSocket | undefined;

/**
 * Full jitter: a random part of a wait that doubles, so that a room of people does not come back in one instant.
 * Socket.IO's own spreads waits only around their middle, and hardly at its limit.
 */
export function waitBeforeAttempt(attempt: number, random: number): number {
  return random * Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** attempt);
}

function keepConnected(socket: MusterSocket): void {
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connectLater = () => {
    clearTimeout(timer);
    timer = setTimeout(() => socket.connect(), waitBeforeAttempt(attempt, Math.random()));
    attempt += 1;
  };
  socket.on("connect", () => {
    attempt = 0;
    clearTimeout(timer);
  });
  socket.on("connect_error", connectLater);
  socket.on("disconnect", (reason) => {
    if (reason !== "io client disconnect") connectLater();
  });
  window.addEventListener("online", () => {
    attempt = 0;
    if (!socket.connected) connectLater();
  });
}

/** The page's one connection for facts, opened at the first call. Browser only. */
export function socket(): MusterSocket {
  if (!shared) {
    shared = io({ transports: ["websocket", "polling"], tryAllTransports: true, reconnection: false });
    keepConnected(shared);
  }
  return shared;
}
