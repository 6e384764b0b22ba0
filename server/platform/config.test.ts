import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readConfig } from "./config.ts";

const dataDir = mkdtempSync(join(tmpdir(), "muster-config-"));
const read = (environment: Record<string, string>) => readConfig({ DATA_DIR: dataDir, ...environment });

describe("a wrong setting stops the start with a line that names it", () => {
  test.each<[string, Record<string, string>]>([
    ["PORT", { PORT: "eighty" }],
    ["PORT", { PORT: "70000" }],
    ["PUBLIC_URL", { PUBLIC_URL: "muster.example.com" }],
    ["PUBLIC_URL", { PUBLIC_URL: "https://example.com/muster" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://localhost/x" }],
    ["AUTH_SECRET", { AUTH_SECRET: "short" }],
    ["MUSTER_ADMIN_PASSWORD", { MUSTER_ADMIN_EMAIL: "a@example.com" }],
    ["MUSTER_ADMIN_EMAIL", { MUSTER_ADMIN_PASSWORD: "long enough password" }],
    ["MUSTER_ADMIN_PASSWORD", { MUSTER_ADMIN_EMAIL: "a@example.com", MUSTER_ADMIN_PASSWORD: "short" }],
    ["MUSTER_API_TOKEN", { MUSTER_API_TOKEN: "too-short" }],
    ["SMTP_URL", { SMTP_URL: "localhost:25" }],
    ["MAIL_FROM", { SMTP_URL: "smtp://localhost:25" }],
    ["SLACK_BOT_TOKEN", { SLACK_CHANNEL: "C1" }],
    ["SLACK_API_URL", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_API_URL: "slack" }],
    ["MUSTER_PAGES", { MUSTER_PAGES: "maybe" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["MUSTER_TYPO", { MUSTER_TYPO: "1" }],
    ["REDIS_URL", { REDIS_URL: "redis://localhost" }],
    ["OIDC_ISSUER", { OIDC_ISSUER: "https://id.example.com" }],
  ])("%s in %j", (name, environment) => {
    expect(() => read(environment)).toThrow(new RegExp(`^${name}\\b[^\\n]*$`));
  });
});

test("nothing set is a working default", () => {
  expect(read({})).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    publicUrl: "http://localhost:3000",
    pages: true,
    slack: undefined,
  });
});

test("a Slack token without signing secret is valid: posting only", () => {
  expect(read({ SLACK_BOT_TOKEN: "xoxb-1" }).slack).toEqual({ botToken: "xoxb-1" });
});

test("the generated secret stays the same", () => {
  expect(read({}).authSecret).toBe(read({}).authSecret);
  expect(read({}).authSecret.length).toBeGreaterThanOrEqual(32);
});
