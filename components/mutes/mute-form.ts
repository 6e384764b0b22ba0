import { textIn } from "#/components/api/form-values.ts";
import type { CreateMuteInput } from "#/server/alerts/muting/contract.ts";

const MINUTE_MS = 60_000;

/** How long to keep quiet, as a press offers it. */
export const muteSpans = [
  { minutes: 30, label: "30 minutes" },
  { minutes: 2 * 60, label: "2 hours" },
  { minutes: 24 * 60, label: "1 day" },
  { minutes: 7 * 24 * 60, label: "1 week" },
] as const;
/** The choice that asks for a time instead. */
export const UNTIL_A_TIME = "until";

/** A field's time, which is in UTC, as an instant; null while there is none. Pure. */
export function instantIn(form: FormData, name: string): string | null {
  const at = new Date(`${textIn(form, name)}Z`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** An instant as a field of time in UTC wants it. Pure. */
export function asField(at: string): string {
  return new Date(at).toISOString().slice(0, 16);
}

/** An instant so many minutes later. Pure. */
export function later(at: string, minutes: number): string {
  return new Date(Date.parse(at) + minutes * MINUTE_MS).toISOString();
}

/** A span to its minute, for what somebody waits for: `1 h 58 min`, `3 d 4 h`. Pure. */
export function spanInWords(spanMs: number): string {
  const minutes = Math.ceil(Math.max(0, spanMs) / MINUTE_MS);
  const [days, hours] = [Math.floor(minutes / (24 * 60)), Math.floor(minutes / 60)];
  const parts = days >= 2 ? [`${days} d`, `${hours % 24} h`] : hours > 0 ? [`${hours} h`, `${minutes % 60} min`] : [];
  return parts.length > 0 ? parts.filter((part) => !part.startsWith("0 ")).join(" ") : `${minutes} min`;
}

/** What the form of a new mute says; a span counts from its start. Pure. */
export function muteIn(form: FormData, now: string): CreateMuteInput {
  const from = instantIn(form, "from");
  const span = textIn(form, "span");
  const until = span === UNTIL_A_TIME ? (instantIn(form, "until") ?? "") : later(from ?? now, Number(span));
  const names = form.getAll("services").filter((name) => typeof name === "string");
  return {
    services: names,
    condition: textIn(form, "condition") || null,
    ...(from && { from }),
    until,
    reason: textIn(form, "reason"),
  };
}
