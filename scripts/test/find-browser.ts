import { existsSync } from "node:fs";
import path from "node:path";
import { installWithApt } from "./apt.ts";
import type { Found } from "./needs.ts";
import { findProgram, isExecutable, root, show } from "./process.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The browser: the one named, a system one, Playwright's own, else one that is downloaded or installed. */
export async function findBrowser(): Promise<Found> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return { env: { CHROMIUM_PATH: named } };
    return { missing: `CHROMIUM_PATH names ${named}, which is not a program` };
  }
  const present = findSystemBrowser() ?? (await findPlaywrightBrowser());
  if (present !== null) return { env: { CHROMIUM_PATH: present } };
  process.stdout.write("downloading Playwright's Chromium, because there is no browser here\n");
  const cli = path.join(root, "node_modules/@playwright/test/cli.js");
  await show(process.execPath, [cli, "install", "chromium"]);
  const downloaded = await findPlaywrightBrowser();
  if (downloaded !== null) return { env: { CHROMIUM_PATH: downloaded } };
  const reason = await installWithApt(["chromium"]);
  const installed = findSystemBrowser();
  if (installed !== null) return { env: { CHROMIUM_PATH: installed } };
  return { missing: `no Chromium found or downloaded, and ${reason ?? "apt-get brought none"}` };
}

function findSystemBrowser(): string | null {
  return findProgram(NAMES) ?? APPLICATIONS.find((file) => existsSync(file)) ?? null;
}

async function findPlaywrightBrowser(): Promise<string | null> {
  const { chromium } = await import("@playwright/test");
  const file = chromium.executablePath();
  return file !== "" && existsSync(file) ? file : null;
}
