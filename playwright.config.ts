import { availableParallelism } from "node:os";
import { defineConfig } from "@playwright/test";

const executablePath = process.env.CHROMIUM_PATH;
const report = process.env.TEST_REPORT;

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  // Each worker drives two browsers and one server, and waits for them half of the time.
  workers: availableParallelism() + 1,
  // A test that passes only the second time is a finding.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["line"], ...(report === undefined ? [] : [["json", { outputFile: report }] as const])],
  use: {
    browserName: "chromium",
    headless: true,
    // A control that cannot be used within this time is a finding, not a slow machine.
    actionTimeout: 15_000,
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    // A trace of every step takes as long as the steps: ask for one, `npx playwright test e2e/x.spec.ts --trace=on`.
    trace: "off",
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // There is no sandbox as root or in most containers; the rest keeps the browser from calling home.
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
