import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";

/** Caddy and Go's clients keep an idle connection up to two minutes, nginx and AWS's balancers one. */
const PROXY_IDLE_S = 120;

let s: TestServer;
beforeAll(async () => {
  s = await startTestServer();
});
afterAll(() => s.stop());

test("keeps an idle connection for longer than proxies and senders do, so that none of their requests meets a closing one", async () => {
  const { headers } = await s.ask("GET", "/healthz");
  const kept = Number(/timeout=(\d+)/.exec(headers.get("keep-alive") ?? "")?.[1]);
  expect(kept).toBeGreaterThan(PROXY_IDLE_S);
});
