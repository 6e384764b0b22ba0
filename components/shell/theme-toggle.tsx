"use client";

import { useState } from "react";
import { keepPreference, THEME_COOKIE, type Theme } from "#/components/ui/preferences.ts";
import { Segmented } from "#/components/ui/segmented.tsx";

/** Chooses the theme, at once and for the next pages. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  function choose(next: Theme): void {
    setTheme(next);
    keepPreference(THEME_COOKIE, next);
    document.documentElement.dataset.theme = next;
  }
  return (
    <Segmented
      label="Theme"
      value={theme}
      options={[
        { value: "dark", label: "Dark" },
        { value: "light", label: "Light" },
        { value: "system", label: "System" },
      ]}
      onChange={choose}
    />
  );
}
