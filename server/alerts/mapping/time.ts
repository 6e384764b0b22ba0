const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Abbreviations that senders print, in minutes east of UTC; the ambiguous ones as their senders mean them. */
const ZONES: Readonly<Record<string, number>> = {
  z: 0,
  utc: 0,
  gmt: 0,
  bst: 60,
  cet: 60,
  cest: 120,
  eet: 120,
  eest: 180,
  ist: 330,
  jst: 540,
  sgt: 480,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  aest: 600,
  aedt: 660,
};
const MINUTE_MS = 60_000;
/** Before this no incident tool existed; what is earlier is a default that a sender left in. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = Date.UTC(2200, 0, 1);

function plausible(ms: number): Date | null {
  return ms > EARLIEST_MS && ms < LATEST_MS ? new Date(ms) : null;
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
function fromEpoch(value: number): Date | null {
  if (value < 1e11) return plausible(value * 1_000);
  if (value < 1e14) return plausible(value);
  return plausible(value < 1e17 ? value / 1_000 : value / 1_000_000);
}

function offsetOf(zone: string | undefined): number | null {
  const word =
    zone
      ?.trim()
      .replace(/^\(|\)$/g, "")
      .toLowerCase() ?? "";
  if (!word) return 0;
  const signed =
    /^(?:utc|gmt)?\s*([+-])(\d{2})[:.]?(\d{2})?$/.exec(word) ?? /^(?:utc|gmt)?\s*([+-])(\d{1,2})$/.exec(word);
  if (signed) return (signed[1] === "-" ? -1 : 1) * (Number(signed[2]) * 60 + Number(signed[3] ?? 0));
  // Go prints both: "+0000 UTC".
  const both = /^([+-]\d{4})\s+\w+$/.exec(word);
  if (both) return offsetOf(both[1]);
  return ZONES[word] ?? null;
}

type Clock = {
  year: number;
  month: number;
  day: number;
  time: string;
  half: string | undefined;
  zone: string | undefined;
};

function fromClock(clock: Clock): Date | null {
  const [hours = "0", minutes = "0", seconds = "0"] = clock.time.split(":");
  let hour = Number(hours);
  const half = clock.half?.toLowerCase();
  if (half === "pm" && hour < 12) hour += 12;
  if (half === "am" && hour === 12) hour = 0;
  const whole = Number(seconds.replace(",", "."));
  const offset = offsetOf(clock.zone);
  if (offset === null || hour > 24 || Number(minutes) > 59 || !(whole < 61)) return null;
  const midnight = new Date(Date.UTC(clock.year, clock.month, clock.day));
  // A thirteenth month and a thirtieth of February would count on into the next.
  if (midnight.getUTCMonth() !== clock.month || midnight.getUTCDate() !== clock.day) return null;
  const ms = midnight.getTime() + (hour * 60 + Number(minutes)) * MINUTE_MS + Math.floor(whole * 1_000);
  return plausible(ms - offset * MINUTE_MS);
}

const TIME = String.raw`(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(am|pm)?`;
const ZONE = String.raw`\s*(\(?(?:[+-]\d{1,2}[:.]?\d{0,2}(?:\s+\w+)?|(?:utc|gmt)\s*[+-]\d{1,2}[:.]?\d{0,2}|[a-z]{1,5})\)?)?`;
const YEAR_FIRST = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?:[t\\s]+${TIME})?${ZONE}$`, "i");
const MONTH_FIRST = new RegExp(
  `^(?:[a-z]{3,9},?\\s+)?([a-z]{3,9})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4}),?\\s+(?:at\\s+)?${TIME}${ZONE}$`,
  "i",
);
const DAY_FIRST = new RegExp(
  `^(?:[a-z]{3,9},?\\s+)?(\\d{1,2})[\\s-]([a-z]{3,9})[\\s-](\\d{4}),?\\s+${TIME}${ZONE}$`,
  "i",
);
const AMERICAN = new RegExp(`^(\\d{1,2})/(\\d{1,2})/(\\d{4}),?\\s+${TIME}${ZONE}$`, "i");
const ANSI = new RegExp(`^[a-z]{3}\\s+([a-z]{3})\\s+(\\d{1,2})\\s+${TIME}(?:\\s+([a-z]{1,5}))?\\s+(\\d{4})$`, "i");
const COMPACT = /^(\d{4})(\d{2})(\d{2})t?(\d{2})(\d{2})(\d{2})z?$/i;
const TEXT_LENGTH_MAX = 60;

function monthOf(name: string | undefined): number {
  return MONTHS.indexOf(name?.slice(0, 3).toLowerCase() ?? "");
}

function fromWords(text: string): Date | null {
  let m = YEAR_FIRST.exec(text);
  if (m)
    return fromClock({
      year: Number(m[1]),
      month: Number(m[2]) - 1,
      day: Number(m[3]),
      time: m[4] ?? "0:00",
      half: m[5],
      zone: m[6],
    });
  m = MONTH_FIRST.exec(text);
  if (m)
    return fromClock({
      year: Number(m[3]),
      month: monthOf(m[1]),
      day: Number(m[2]),
      time: m[4] ?? "",
      half: m[5],
      zone: m[6],
    });
  m = DAY_FIRST.exec(text);
  if (m)
    return fromClock({
      year: Number(m[3]),
      month: monthOf(m[2]),
      day: Number(m[1]),
      time: m[4] ?? "",
      half: m[5],
      zone: m[6],
    });
  m = AMERICAN.exec(text);
  if (m)
    return fromClock({
      year: Number(m[3]),
      month: Number(m[1]) - 1,
      day: Number(m[2]),
      time: m[4] ?? "",
      half: m[5],
      zone: m[6],
    });
  m = ANSI.exec(text);
  if (m)
    return fromClock({
      year: Number(m[6]),
      month: monthOf(m[1]),
      day: Number(m[2]),
      time: m[3] ?? "",
      half: m[4],
      zone: m[5],
    });
  m = COMPACT.exec(text);
  if (m)
    return fromClock({
      year: Number(m[1]),
      month: Number(m[2]) - 1,
      day: Number(m[3]),
      time: `${m[4]}:${m[5]}:${m[6]}`,
      half: undefined,
      zone: undefined,
    });
  return null;
}

/**
 * A sender's time in any of the forms that senders print; a time without a zone is UTC.
 * Null for none, for year 1, and for what cannot be read: a delivery never fails over a date.
 */
export function timeOf(value: unknown): Date | null {
  if (typeof value === "number") return Number.isFinite(value) ? fromEpoch(value) : null;
  if (typeof value !== "string") return null;
  const text = value.trim().slice(0, TEXT_LENGTH_MAX);
  if (/^\d{9,13}(?:\.\d+)?$|^\d{16}$|^\d{19}$/.test(text)) return fromEpoch(Number(text));
  return fromWords(text);
}
