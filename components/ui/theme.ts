"use client";

import { useSyncExternalStore } from "react";
import { keepPreference, THEME_COOKIE, type Theme, themeFrom } from "./preferences.ts";

const listeners = new Set<() => void>();

/** Shows a theme at once, and keeps it for the next pages. */
export function chooseTheme(theme: Theme): void {
  keepPreference(THEME_COOKIE, theme);
  document.documentElement.dataset.theme = theme;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme that the page shows; `initial` is what the server rendered. */
export function useTheme(initial: Theme): Theme {
  return useSyncExternalStore(
    listen,
    () => themeFrom(document.documentElement.dataset.theme),
    () => initial,
  );
}
