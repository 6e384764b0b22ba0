import { type Browser, chromium } from "@playwright/test";
import { findBrowser } from "#/scripts/test/find-browser.ts";

/** A browser for a bench: the one that the tests find too. @throws Error when there is none */
export async function startBrowser(): Promise<Browser> {
  const found = await findBrowser();
  if ("missing" in found) throw new Error(found.missing);
  const executablePath = found.env.CHROMIUM_PATH;
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"],
  });
}
