/** A colour as the settings take it: `#0a6aa8`. */
export const COLOR_PATTERN = /^#[0-9a-f]{6}$/i;

/** What WCAG 2.2 AA asks of text. */
const CONTRAST_MIN = 4.5;
/** One step towards black or white: small enough that nobody sees two. */
const STEP = 0.02;
/** The grounds of the page that come nearest to text, in each theme. */
const grounds = { light: "#f1f3f6", dark: "#1a1f27" } as const;
const inks = { light: "#ffffff", dark: "#0d1014" } as const;

type Theme = keyof typeof grounds;
/** A colour that can be read on a theme's grounds, and what can be read on it. */
export type Accent = { color: string; ink: string };

function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = channelsOf(color).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours by WCAG, from 1 to 21. Pure. */
export function contrast(a: string, b: string): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

function mixed(color: string, towards: number, part: number): string {
  const channels = channelsOf(color).map((channel) => Math.round(channel + (towards - channel) * part));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** The nearest colour that can be read in a theme: darkened for the light one, lightened for the dark one. Pure. */
export function accentOf(color: string, theme: Theme): Accent {
  const towards = theme === "light" ? 0 : 255;
  for (let part = 0; part < 1; part += STEP) {
    const candidate = mixed(color, towards, part);
    if (contrast(candidate, grounds[theme]) >= CONTRAST_MIN) return { color: candidate, ink: inks[theme] };
  }
  return { color: mixed(color, towards, 1), ink: inks[theme] };
}
