const MINUTE_MS = 60_000;

/** The instant some minutes from now, on a whole minute and never earlier: people read it off a clock. Pure. */
export function inMinutes(nowMs: number, minutes: number): Date {
  return new Date(Math.ceil((nowMs + minutes * MINUTE_MS) / MINUTE_MS) * MINUTE_MS);
}

function dayIfOther(at: Date, now: Date): string | null {
  if (at.toISOString().slice(0, 10) === now.toISOString().slice(0, 10)) return null;
  return at.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

/** `10:44 UTC`, and the day before it when that is not the day of `now`: `22 Nov, 10:44 UTC`. Pure. */
export function utcMinute(at: Date, now: Date): string {
  const time = `${at.toISOString().slice(11, 16)} UTC`;
  const day = dayIfOther(at, now);
  return day ? `${day}, ${time}` : time;
}

const NAMES_IT = /\b(next|another|further) update\b[^.!?\n]*?\b(at|by|in|within|around|before|no later than)\b/i;
/** By us: `it will be back in 10 minutes` is a promise of another kind. */
const SAYS_WE_WILL =
  /\bwe\b[^.!?\n]{0,30}?\b(update|tell|inform|report|write|post|share|say more)\b[^.!?\n]{0,40}?\b(at|by|in|within) (\d|an hour|half an hour|the hour)/i;

/** Whether a text says when people hear again. Pure. */
export function saysNextUpdate(text: string): boolean {
  return NAMES_IT.test(text) || SAYS_WE_WILL.test(text);
}

/** The time of day that a text names for the next update, `10:44`, or null. Pure. */
export function namedTime(text: string): string | null {
  const found = /\bnext update\b[^.!?\n]*?\b(\d{1,2})[:.](\d{2})\b/i.exec(text);
  return found ? `${(found[1] ?? "").padStart(2, "0")}:${found[2]}` : null;
}

/** A text as it goes out: the time of the next update stands at its end, unless it says so itself. Pure. */
export function withNextUpdate(text: string, nextUpdateAt: Date | null, now: Date): string {
  const said = text.trim();
  if (!nextUpdateAt || saysNextUpdate(said)) return said;
  const day = dayIfOther(nextUpdateAt, now);
  const sentence = `Next update ${day ? `on ${day} ` : ""}at ${utcMinute(nextUpdateAt, nextUpdateAt)}.`;
  if (said === "") return sentence;
  if (said.includes("\n")) return `${said}\n\n${sentence}`;
  return `${said}${/[.!?…:]$/.test(said) ? "" : "."} ${sentence}`;
}
