"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem, api, problemText } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { toast } from "#/components/ui/toasts.tsx";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { nearestTo } from "./known-entries.ts";

/** A row that was just read is drawn within this time, on a slow phone too; then the search for it ends. */
const DRAWN_WITHIN_MS = 30_000;

/** The id of an entry's row in the page. */
export function rowId(entryId: string): string {
  return `entry-${entryId}`;
}

/** The address of an entry in its room. */
export function momentPath(reference: string, entryId: string): string {
  return `/incidents/${encodeURIComponent(reference)}#t=${entryId}`;
}

function momentInAddress(): string | null {
  const value = /^#t=(.+)$/.exec(window.location.hash)?.[1];
  if (!value) return null;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Asks again each frame: rows are drawn in slices, so that a long list never holds up the page. */
function whenDrawn(entryId: string, act: (row: HTMLElement) => void): void {
  const until = performance.now() + DRAWN_WITHIN_MS;
  const look = () => {
    const row = document.getElementById(rowId(entryId));
    if (row) act(row);
    else if (performance.now() < until) requestAnimationFrame(look);
  };
  look();
}

type Needs = {
  room: Pick<RoomView, "incident" | "entries" | "earlier">;
  loadTo: (seq: number) => Promise<void>;
  /** Whether the entry is among those that are shown; what narrows the list is cleared when it is not. */
  isShown: (entry: TimelineEntryView) => boolean;
  clearFilter: () => void;
  /** The reader goes elsewhere: the list stops following its end. */
  leaveEnd: () => void;
};

/**
 * Links to a moment: `#t=<entry id>`, or `#t=<instant>` for the nearest entry. The entry is read when it is not here,
 * scrolled to, focused, and stands out until the next act.
 */
export function useMoment(needs: Needs): { target: string | null; goTo: (moment: string) => Promise<void> } {
  const [target, setTarget] = useState<string | null>(null);
  const latest = useRef(needs);
  latest.current = needs;

  const find = useCallback(async (moment: string): Promise<TimelineEntryView | null> => {
    const { entries, earlier, incident } = latest.current.room;
    const known = entries.find((entry) => entry.id === moment.toLowerCase());
    if (known) return known;
    const atMs = /^\d{4}-\d\d-\d\dT/.test(moment) ? Date.parse(moment) : Number.NaN;
    if (!Number.isNaN(atMs) && !earlier) return nearestTo(entries, atMs) ?? null;
    try {
      return await api.get<TimelineEntryView>(incidentPath(incident.id, "timeline", moment));
    } catch (error) {
      const isMissing = error instanceof ApiProblem && error.status === 404;
      toast(isMissing ? "This link leads to an entry that is not in this timeline." : problemText(error), "bad");
      return null;
    }
  }, []);

  const goTo = useCallback(
    async (moment: string) => {
      const entry = await find(moment);
      if (!entry) return;
      const { room, loadTo, isShown, clearFilter, leaveEnd } = latest.current;
      if (!isShown(entry)) clearFilter();
      if (room.earlier && entry.seq < room.earlier.beforeSeq) await loadTo(entry.seq);
      leaveEnd();
      whenDrawn(entry.id, (row) => {
        setTarget(entry.id);
        row.focus({ preventScroll: true });
        row.scrollIntoView({ block: "center" });
        // What was only estimated above it has its height now.
        requestAnimationFrame(() => row.scrollIntoView({ block: "center" }));
      });
    },
    [find],
  );

  useEffect(() => {
    const follow = () => {
      const moment = momentInAddress();
      if (moment) void goTo(moment);
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [goTo]);

  useEffect(() => {
    if (target === null) return;
    const end = () => setTarget(null);
    document.addEventListener("keydown", end);
    document.addEventListener("pointerdown", end);
    return () => {
      document.removeEventListener("keydown", end);
      document.removeEventListener("pointerdown", end);
    };
  }, [target]);
  return { target, goTo };
}
