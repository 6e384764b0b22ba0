import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { createOutside, type Outside } from "#/server/notify/index.ts";

export type OutsideCall = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer; json: unknown };
export type OutsideReply = { status?: number; headers?: Record<string, string>; body?: unknown } | "hang up";

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The world outside: one server that stands for every service, writes down what it is asked and answers as the test says. */
export async function fakeOutside() {
  const calls: OutsideCall[] = [];
  const script = { answer: (_call: OutsideCall): OutsideReply => ({}) };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const { method = "", url = "", headers } = request;
      const call = { method, path: url, headers, body, json: parsed(body) };
      calls.push(call);
      const reply = script.answer(call);
      if (reply === "hang up") return void request.socket.destroy();
      response.writeHead(reply.status ?? 202, { "content-type": "application/json", ...reply.headers });
      response.end(JSON.stringify(reply.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const both = (path: string) => ({ us: `${url}/${path}`, eu: `${url}/${path}-eu` });
  const outside: Outside = createOutside({
    endpoints: {
      pagerdutyEvents: both("pd-events"),
      pagerdutyApi: both("pd-api"),
      opsgenie: both("opsgenie"),
      sentry: `${url}/sentry`,
    },
    // Everything is here, on loopback, where the real one sends nothing.
    resolve: async () => "127.0.0.1",
  });
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, calls, script, outside, close };
}
