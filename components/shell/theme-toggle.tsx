"use client";

import type { Theme } from "#/components/ui/preferences.ts";
import { Segmented } from "#/components/ui/segmented.tsx";
import { chooseTheme, useTheme } from "#/components/ui/theme.ts";

/** Chooses the theme, at once and for the next pages. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  return (
    <Segmented
      label="Theme"
      value={useTheme(initial)}
      options={[
        { value: "dark", label: "Dark" },
        { value: "light", label: "Light" },
        { value: "system", label: "System" },
      ]}
      onChange={chooseTheme}
    />
  );
}
