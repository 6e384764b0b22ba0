"use client";

import { useNow, useZone } from "./clock.tsx";
import { cx } from "./cx.ts";
import { asClock, inWords } from "./durations.ts";
import type { Zone } from "./preferences.ts";
import { Segmented } from "./segmented.tsx";

const formats = {
  time: { hour: "2-digit", minute: "2-digit" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { day: "numeric", month: "short" },
  "day-time": { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" },
  full: { dateStyle: "medium", timeStyle: "long" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Made once each: a timeline shows thousands of times, and making one costs more than using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(format: keyof typeof formats, zone: Zone): Intl.DateTimeFormat {
  const key = `${format} ${zone}`;
  const known = formatters.get(key);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions = { ...formats[format], ...(zone === "utc" && { timeZone: "UTC" }) };
  const made = new Intl.DateTimeFormat("en-GB", options);
  formatters.set(key, made);
  return made;
}

function shown(at: string, format: keyof typeof formats, zone: Zone): string {
  return formatterOf(format, zone).format(new Date(at));
}

/** Whole date and time in both zones, the chosen one first; until the page is live only UTC is known. */
function inBothZones(at: string, zone: Zone, isLive: boolean): string {
  const utc = shown(at, "full", "utc");
  if (!isLive) return utc;
  const local = shown(at, "full", "local");
  if (utc === local) return utc;
  return zone === "utc" ? `${utc} · ${local}` : `${local} · ${utc}`;
}

type Props = { at: string; format?: Exclude<keyof typeof formats, "full"> | undefined; className?: string | undefined };

/** An instant in the zone the reader chose; the whole date in both zones is in its title. */
export function Time({ at, format = "time", className }: Props) {
  const { shownZone, isLive } = useZone();
  return (
    <time dateTime={at} title={inBothZones(at, shownZone, isLive)} className={cx("tabular-nums", className)}>
      {shown(at, format, shownZone)}
    </time>
  );
}

type SinceProps = {
  from: string;
  /** The end of the span; without one it grows every second. */
  to?: string | null | undefined;
  /** `24 min` or `00:23:41`. */
  look?: "words" | "clock" | undefined;
  className?: string | undefined;
};

/** The time since an instant, or between two, by the server's clock. */
export function Duration({ from, to, look = "words", className }: SinceProps) {
  const now = useNow();
  const spanMs = (to ? Date.parse(to) : now) - Date.parse(from);
  return <span className={cx("tabular-nums", className)}>{look === "words" ? inWords(spanMs) : asClock(spanMs)}</span>;
}

type UntilProps = { at: string; className?: string | undefined; lateClassName?: string | undefined };

/** The time until an instant, `04:12`; after it, how late it is, in words. */
export function Countdown({ at, className, lateClassName }: UntilProps) {
  const leftMs = Date.parse(at) - useNow();
  if (leftMs < 0)
    return <span className={cx("tabular-nums", lateClassName ?? className)}>late {inWords(-leftMs)}</span>;
  return <span className={cx("tabular-nums", className)}>{asClock(leftMs, { hasHours: false })}</span>;
}

/** Chooses between UTC and local times for the whole page, and keeps the choice. */
export function ZoneToggle() {
  const { zone, setZone } = useZone();
  return (
    <Segmented
      label="Times shown in"
      value={zone}
      options={[
        { value: "utc", label: "UTC" },
        { value: "local", label: "Local" },
      ]}
      onChange={setZone}
    />
  );
}
