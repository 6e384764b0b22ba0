import type { IncomingMessage, ServerResponse } from "node:http";
import type { PageFiles } from "./page-files.ts";
import type { Pages } from "./pages.ts";
import { settleClientAddress } from "./platform/client-address.ts";
import type { PageAnswer, StatusPage } from "./status-page/index.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
type Routes = {
  statusPage: StatusPage;
  room: Handler;
  http: Handler;
  pages: Pages | undefined;
  files: PageFiles | undefined;
};

/** First parts of paths that the server answers itself; everything else is a page. */
const SERVER_PATHS = [
  "/api/v1",
  "/api/v2",
  "/api/docs",
  "/api/alerts",
  "/alerts/event",
  "/v2",
  "/generic",
  "/jsm",
  "/integrations/generic",
  "/hooks",
  "/healthz",
  "/readyz",
  "/metrics",
  "/status",
  "/history.atom",
  "/history.rss",
  "/subscribe",
  "/unsubscribe",
  "/bounces",
  "/triage",
  "/approve",
  "/slack",
];

function isServerPath(path: string): boolean {
  return SERVER_PATHS.some((start) => path === start || path.startsWith(`${start}/`));
}

function send(answer: PageAnswer, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.status, answer.headers);
  response.end(request.method === "HEAD" ? undefined : answer.body);
}

/** A page that only those may read who are signed in: without the database nobody knows who is. */
async function sendLater(
  answer: Promise<PageAnswer>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = await answer.catch(
    (): PageAnswer => ({
      status: 503,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "retry-after": "10" },
      body: Buffer.from("It cannot be checked at the moment who you are. Try again soon."),
    }),
  );
  send(found, request, response);
}

/**
 * Decides who answers a request. The status page comes first, straight from memory:
 * it must answer while anything else is slow or broken.
 */
export function createRequestRouter({ statusPage, room, http, pages, files }: Routes): Handler {
  return (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (request.method === "GET" || request.method === "HEAD") {
      const answer = statusPage.respond(request.url ?? "/", request.headers);
      if (answer instanceof Promise) return sendLater(answer, request, response);
      if (answer) return send(answer, request, response);
    }
    if (files?.send(path, request, response)) return;
    if (path.startsWith("/socket.io")) return room(request, response);
    if (!pages || isServerPath(path)) return http(request, response);
    settleClientAddress(request);
    return pages.handleRequest(request, response);
  };
}
