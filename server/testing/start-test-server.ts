import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillDataDir, testDatabase, testEngine } from "#/db/test-database.ts";
import { readConfig } from "#/server/platform/config.ts";
import { type RunningServer, startServer } from "#/server/start-server.ts";

export const TEST_OWNER_TOKEN = "mst_test_0123456789abcdef0123456789abcdef01234567";

type Answer<T> = { status: number; body: T; headers: Headers; text: string };
export type TestServer = {
  server: RunningServer;
  url: string;
  /** A request with a token, the owner's unless said; null for none. */
  ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    options?: { token?: string | null; headers?: Record<string, string> },
  ): Promise<Answer<T>>;
  stop(): Promise<void>;
};

/** The whole server without pages, on a free port and a data folder and database of its own. */
export async function startTestServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "muster-test-"));
  const database = testEngine === "postgres" ? await testDatabase() : undefined;
  if (!database) await fillDataDir(dataDir);
  const config = readConfig({
    DATA_DIR: dataDir,
    MUSTER_PAGES: "off",
    LOG_LEVEL: "silent",
    MUSTER_API_TOKEN: TEST_OWNER_TOKEN,
    ...(database?.url && { DATABASE_URL: database.url }),
    ...environment,
  });
  // Port 0 is not a setting for people: the system picks a free one.
  const server = await startServer({ ...config, port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    server,
    url,
    async ask<T>(
      method: string,
      path: string,
      body?: unknown,
      options: { token?: string | null; headers?: Record<string, string> } = {},
    ) {
      const token = options.token === undefined ? TEST_OWNER_TOKEN : options.token;
      const isForm = body instanceof FormData;
      const isRaw = typeof body === "string" || body instanceof Uint8Array || isForm;
      const response = await fetch(url + path, {
        method,
        redirect: "manual",
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && !isForm && { "content-type": "application/json" }),
          ...options.headers,
        },
        ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: (isJson ? JSON.parse(text) : text) as T,
      };
    },
    async stop() {
      await server.stop();
      await database?.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
