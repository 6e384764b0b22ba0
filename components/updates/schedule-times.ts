import type { Zone } from "#/components/ui/preferences.ts";

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** Nearer than this nobody has time to take it back. */
const NEAREST_MS = 5 * MINUTE_MS;

const two = (part: number) => String(part).padStart(2, "0");

/** An instant as a field for date and time holds it in a zone: `2026-11-21T10:45`. */
export function fieldOf(at: number, zone: Zone): string {
  const date = new Date(at);
  if (zone === "utc") return date.toISOString().slice(0, 16);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** The instant that such a field names, or null while it is not filled. */
export function instantOf(field: string, zone: Zone): number | null {
  const at = Date.parse(zone === "utc" ? `${field}:00.000Z` : `${field}:00.000`);
  return /^\d{4,}-\d\d-\d\dT\d\d:\d\d$/.test(field) && !Number.isNaN(at) ? at : null;
}

/** The quarter of an hour that is offered first: the next one that is not upon us. Pure. */
export function likelyTime(now: number): number {
  return Math.ceil((now + NEAREST_MS) / QUARTER_MS) * QUARTER_MS;
}
