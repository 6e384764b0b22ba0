export const themes = ["dark", "light", "system"] as const;
export type Theme = (typeof themes)[number];
export const zones = ["utc", "local"] as const;
export type Zone = (typeof zones)[number];

export const THEME_COOKIE = "muster-theme";
export const ZONE_COOKIE = "muster-zone";

/** A cookie's word as a theme; dark unless another was chosen. */
export function themeFrom(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "dark";
}

/** A cookie's word as a choice of zone; UTC unless local was chosen. */
export function zoneFrom(value: string | undefined): Zone {
  return value === "local" ? "local" : "utc";
}

/** A year: nobody wants to choose again next month. */
const KEPT_SECONDS = 365 * 24 * 3600;

/** Keeps a choice in a cookie, so that the server renders the page right the first time. Browser only. */
export function keepPreference(cookie: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is absent outside secure contexts.
  document.cookie = `${cookie}=${value}; path=/; max-age=${KEPT_SECONDS}; samesite=lax`;
}
