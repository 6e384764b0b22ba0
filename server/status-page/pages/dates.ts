import { html } from "hono/html";
import { utcText } from "#/server/updates/index.ts";
import type { Html } from "./layout.ts";

/** A UTC day for people: `21 Nov 2026`. Pure. */
export function dayText(day: string): string {
  return utcText(new Date(`${day}T00:00:00Z`)).replace(/,.*$/, "");
}

/** A UTC month for people: `November 2026`. Pure. */
export function monthText(month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  return at.toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
}

/** How long something took, to the minute: `1 h 48 min`. Pure. */
export function durationText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** An instant with its machine-readable form. */
export function timeOf(at: Date): Html {
  return html`<time datetime="${at.toISOString()}">${utcText(at)}</time>`;
}

/** A day with its machine-readable form. */
export function dateOf(day: string): Html {
  return html`<time datetime="${day}">${dayText(day)}</time>`;
}
