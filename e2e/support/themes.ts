import type { Page } from "@playwright/test";

export const themes = ["dark", "light"] as const;
export type Theme = (typeof themes)[number];

/** Shows the page as it is in a theme, whatever is open on it: pages of Muster and those that follow the system. */
export async function showTheme(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.evaluate((chosen) => {
    document.documentElement.dataset.theme = chosen;
  }, theme);
}
