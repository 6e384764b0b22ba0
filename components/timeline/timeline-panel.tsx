"use client";

import { memo, useCallback, useMemo, useState } from "react";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useWriters, type Writer } from "#/components/realtime/room/shared-text.ts";
import { RoleHint } from "#/components/roster/role-hint.tsx";
import { Button } from "#/components/ui/button.tsx";
import { useZone } from "#/components/ui/clock.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Segmented } from "#/components/ui/segmented.tsx";
import { Time, ZoneToggle } from "#/components/ui/time.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { AddNote } from "./add-note.tsx";
import { Announcer } from "./announcer.tsx";
import { dayOf } from "./day-of.ts";
import { EventRow } from "./event-row.tsx";
import { NoteRow } from "./note-row.tsx";
import { type Filter, isShown } from "./timeline-filter.ts";
import { useBottom } from "./use-bottom.ts";
import { useNotes } from "./use-notes.ts";

const Event = memo(EventRow);
const Note = memo(NoteRow);
const noWriters: readonly Writer[] = [];

/** The incident's history, newest last: what the system saw and what people write, together. */
export function TimelinePanel({ className }: { className?: string | undefined }) {
  const { room } = useRoom();
  const me = useMe();
  const [filter, setFilter] = useState<Filter>("all");
  const { incident, entries } = room;
  const notes = useNotes(incident.id, entries);
  const { document } = notes;
  const writers = useWriters(document?.awareness ?? null);
  const { shownZone } = useZone();
  const shown = useMemo(
    () => [...entries, ...notes.pending].filter((entry) => isShown(entry, filter)),
    [entries, notes.pending, filter],
  );
  const bottom = useBottom(shown.length);
  const roles = useMemo(
    () => new Map(incident.roles.flatMap((each) => (each.holder ? [[each.holder.id, each.role] as const] : []))),
    [incident.roles],
  );
  const { textOf } = notes;
  const awareness = document?.awareness ?? null;
  const openText = useCallback(
    (noteId: string) => {
      const text = textOf(noteId);
      return text && awareness ? { text, awareness } : null;
    },
    [textOf, awareness],
  );

  function row(entry: TimelineEntryView) {
    if (entry.kind === "event") return <Event key={entry.id} entry={entry} />;
    return (
      <Note
        key={entry.id}
        entry={entry}
        incidentId={incident.id}
        liveText={notes.texts.get(entry.id)}
        writers={writers.get(entry.id) ?? noWriters}
        role={roles.get(entry.actor.id ?? "")}
        isPending={entry.seq === Number.MAX_SAFE_INTEGER}
        openText={openText}
      />
    );
  }
  return (
    <section
      id="timeline"
      tabIndex={-1}
      aria-label="Timeline"
      className={cx("relative outline-none flex min-h-0 min-w-0 flex-col", className)}
    >
      <TimelineHead filter={filter} onFilter={setFilter} />
      <div ref={bottom.box} onScroll={bottom.onScroll} className="min-h-0 grow overflow-y-auto overscroll-contain">
        <ol className="px-6 py-3 max-[900px]:px-4">
          {shown.map((entry, at) => {
            const day = dayOf(entry.at, shownZone);
            const before = shown[at - 1];
            const isNewDay = at > 0 && before !== undefined && dayOf(before.at, shownZone) !== day;
            return isNewDay ? [<DayRow key={`day ${day}`} at={entry.at} />, row(entry)] : row(entry);
          })}
          {shown.length === 0 && <li className="py-2 text-s text-muted">Nothing here yet.</li>}
        </ol>
      </div>
      <Announcer entries={entries} myId={me.id} />
      <div className="relative px-6 pt-2 pb-3 max-[900px]:px-4">
        {bottom.hasNews && (
          <Button size="s" className="absolute -top-9 left-1/2 -translate-x-1/2 shadow-lg" onClick={bottom.toBottom}>
            New entries <span aria-hidden="true">↓</span>
          </Button>
        )}
        <RoleHint />
        <AddNote
          incidentId={incident.id}
          isReady={document !== null && document.closeCode === null && document.canWrite !== false}
          onAdd={(body) => {
            notes.add(body);
            bottom.toBottom();
          }}
        />
      </div>
    </section>
  );
}

type HeadProps = { filter: Filter; onFilter: (filter: Filter) => void };

function TimelineHead({ filter, onFilter }: HeadProps) {
  return (
    <header className="flex items-center gap-3 border-b border-line px-6 py-2 max-[900px]:justify-between max-[900px]:px-4 max-[900px]:py-1">
      <h2 className="text-xs font-semibold tracking-[0.06em] text-muted uppercase max-[900px]:sr-only">Timeline</h2>
      <Segmented
        label="Show"
        value={filter}
        options={[
          { value: "all", label: "All" },
          { value: "notes", label: "Notes" },
          { value: "alerts", label: "Alerts" },
        ]}
        onChange={onFilter}
      />
      <span className="grow max-[900px]:hidden" />
      <ZoneToggle />
    </header>
  );
}

function DayRow({ at }: { at: string }) {
  return (
    <li className="flex items-center gap-3 py-2 text-xs text-faint before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
      <Time at={at} format="day" />
    </li>
  );
}
