import { createServer } from "node:http";
import { createSlackWorkspace, type SlackWorkspace } from "#/server/testing/slack-workspace.ts";

export type SlackCall = { method: string; args: Record<string, unknown>; at: number };
type Script =
  | {
      status: number;
      headers?: Record<string, string>;
      body?: unknown;
      /** Which call it answers; any, if it does not say. */
      isFor?: (args: Record<string, unknown>) => boolean;
    }
  | "silence";

/** A server that speaks the part of Slack's Web API that we use; everybody has an account there, by their address. */
export async function startSlack(): Promise<{
  url: string;
  workspace: SlackWorkspace;
  calls: SlackCall[];
  /** The next answers, before it is well again. */
  script: Script[];
  stop(): Promise<void>;
}> {
  const calls: SlackCall[] = [];
  const script: Script[] = [];
  const workspace = createSlackWorkspace();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const isJson = request.headers["content-type"]?.includes("json") ?? false;
      const args = isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
      calls.push({ method: request.url?.split("?")[0]?.split("/").pop() ?? "", args, at: Date.now() });
      const at = script.findIndex((each) => each === "silence" || (each.isFor?.(args) ?? true));
      const next = at < 0 ? undefined : script.splice(at, 1)[0];
      if (next === "silence") return;
      const method = calls.at(-1)?.method ?? "";
      const body = next?.body ?? workspace.answer(method, args);
      response.writeHead(next?.status ?? 200, { "content-type": "application/json", ...next?.headers });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/api/`,
    workspace,
    calls,
    script,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
