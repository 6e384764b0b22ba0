import { afterAll, beforeAll, expect, test } from "vitest";
import { CATALOGUE_BYTES_MAX } from "#/server/services/shared/lists.ts";
import { startTestServer, type TestServer } from "#/server/testing/start-test-server.ts";
import { API_BODY_BYTES_MAX } from "./middleware/body-limit.ts";

let s: TestServer;
beforeAll(async () => {
  s = await startTestServer();
});
afterAll(() => s.stop());

const YAML = "services:\n  - name: checkout\n    tier: 1\n";
const padded = (bytes: number) => `${YAML}#${" ".repeat(bytes - YAML.length - 1)}`;
const put = (body: string, query = "") => s.ask("PUT", `/api/v1/services/catalogue.yaml${query}`, body);

test("a catalogue may be larger than other bodies, up to its own limit", async () => {
  expect((await put(padded(API_BODY_BYTES_MAX + 1), "?dryRun=true")).status).toBe(200);
  expect((await put(padded(CATALOGUE_BYTES_MAX), "?dryRun=true")).status).toBe(200);
  const tooLarge = await put(padded(CATALOGUE_BYTES_MAX + 1));
  expect([tooLarge.status, tooLarge.text]).toEqual([413, expect.stringContaining("Import it in parts")]);
});

test("what is imported is exported, as YAML to be saved", async () => {
  expect(await put(YAML)).toMatchObject({ status: 200, body: { isApplied: true, created: 1 } });
  const answer = await s.ask("GET", "/api/v1/services/catalogue.yaml");
  expect(answer.text).toContain("  - name: checkout\n    tier: 1\n");
  expect(answer.headers.get("content-type")).toBe("application/yaml; charset=utf-8");
});
