import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { showTheme, themes } from "./themes.ts";

type Theme = (typeof themes)[number];
type Narrow = (axe: AxeBuilder, theme: Theme) => AxeBuilder;

/** What axe finds in either theme, in one line each: the theme, the rule, and where. All rules, unless they are narrowed. */
export async function violationsOf(page: Page, narrow: Narrow = (axe) => axe): Promise<string[]> {
  // A page that is read again has no title for a moment.
  await expect(page).toHaveTitle(/./);
  const found: string[] = [];
  for (const theme of themes) {
    await showTheme(page, theme);
    // Its newer way opens a blank page each time to put frames together, and there are no frames here.
    const { violations } = await narrow(new AxeBuilder({ page }).setLegacyMode(), theme).analyze();
    for (const { id, nodes } of violations) {
      found.push(...nodes.map(({ target, html }) => `${theme}, ${id}: ${target.join(" ")} ${html}`));
    }
  }
  return found;
}
