"use client";

import { useZone } from "#/components/ui/clock.tsx";

type Props = { from: string; until: string };

function textIn(from: string, until: string, timeZone: string | undefined): string {
  const zoned = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat("en-GB", { ...zoned, day: "numeric", month: "short", year: "numeric" });
  const time = new Intl.DateTimeFormat("en-GB", { ...zoned, hour: "2-digit", minute: "2-digit" });
  const [start, end] = [new Date(from), new Date(until)];
  const isSameDay = day.format(start) === day.format(end);
  const last = isSameDay ? time.format(end) : `${day.format(end)}, ${time.format(end)}`;
  return `${day.format(start)}, ${time.format(start)} – ${last}`;
}

/** When it is: in UTC for everybody, and in the reader's own time where that differs. */
export function WindowText({ from, until }: Props) {
  const { isLive } = useZone();
  const utc = textIn(from, until, "UTC");
  const local = isLive ? textIn(from, until, undefined) : utc;
  const zone = isLive ? Intl.DateTimeFormat().resolvedOptions().timeZone : "";
  return (
    <span className="tabular-nums">
      <time dateTime={`${from}/${until}`}>{utc} UTC</time>
      {local !== utc && (
        <span className="text-muted">
          {" "}
          · {local} {zone}
        </span>
      )}
    </span>
  );
}
