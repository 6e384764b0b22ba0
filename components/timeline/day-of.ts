import type { Zone } from "#/components/ui/preferences.ts";

/** The calendar day of an instant in the zone that is shown, as a text that is equal on the same day. */
export function dayOf(at: string, zone: Zone): string {
  const date = new Date(at);
  return zone === "utc" ? date.toISOString().slice(0, 10) : date.toDateString();
}
