"use client";

import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useWriters } from "#/components/realtime/room/shared-text.ts";
import { useAct } from "#/components/room/use-act.ts";
import { RoleHint } from "#/components/roster/role-hint.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { onDemand } from "#/components/ui/on-demand.tsx";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { AddNote } from "./add-note.tsx";
import { Announcer } from "./announcer.tsx";
import { actsOf } from "./entry-acts.ts";
import type { EntryQuestion } from "./entry-dialogs.tsx";
import { EntryMenu } from "./entry-menu.tsx";
import { AT_END, foldMessages } from "./fold-messages.ts";
import { filterNames } from "./known-entries.ts";
import { PinStrip } from "./pin-strip.tsx";
import { followFocus, pressOnRow } from "./row-keys.ts";
import { TimelineHead } from "./timeline-head.tsx";
import { TimelineList } from "./timeline-list.tsx";
import { useBottom } from "./use-bottom.ts";
import { useChat } from "./use-chat.ts";
import { useEarlier } from "./use-earlier.ts";
import { useMoment } from "./use-moment.ts";
import { useNotes } from "./use-notes.ts";
import { useShownEntries } from "./use-shown-entries.ts";
import { type TimelineFilterState, useTimelineFilter } from "./use-timeline-filter.ts";

const EntryDialogs = onDemand(async () => (await import("./entry-dialogs.tsx")).EntryDialogs);

/** The incident's history, newest last: what the system saw and what people write, together. */
export function TimelinePanel({ className }: { className?: string | undefined }) {
  const { room } = useRoom();
  const me = useMe();
  const { incident, entries } = room;
  const narrowed = useTimelineFilter();
  const { filter, words, clear } = narrowed;
  const notes = useNotes(incident.id, entries);
  const { document, texts } = notes;
  const writers = useWriters(document?.awareness ?? null);
  const earlier = useEarlier(narrowed);
  const { shown, counts, isShown } = useShownEntries(room, notes, narrowed);
  const folds = useFolds(shown, room.earlier !== null, narrowed);
  const bottom = useBottom({
    first: shown[0]?.id,
    last: folds.get(AT_END)?.at(-1)?.id ?? shown.at(-1)?.id,
    onNearStart: () => earlier.hasMore && !earlier.isLoading && void earlier.load(),
  });
  const { target, goTo } = useMoment({
    room,
    loadTo: earlier.loadTo,
    isShown,
    clearFilter: clear,
    leaveEnd: bottom.leave,
  });
  const { toBottom } = bottom;
  useBeginAtEnd(`${filter} ${words}`, target !== null, toBottom);
  const roles = useHolders(incident);
  const openText = useOpenText(notes);
  const menu = useEntryMenu(room.entries);
  const before = useBefore(earlier);
  return (
    <section
      id="timeline"
      tabIndex={-1}
      aria-label="Timeline"
      className={cx("relative flex min-h-0 min-w-0 flex-col outline-none", className)}
    >
      <TimelineHead state={narrowed} counts={counts} />
      <PinStrip pinned={room.pinned} reference={incident.reference} onGo={(entryId) => void goTo(entryId)} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears what bubbles from the rows. */}
      <div
        ref={bottom.box}
        onScroll={bottom.onScroll}
        onFocus={followFocus}
        onKeyDown={pressOnRow}
        className="min-h-0 grow overflow-y-auto overscroll-contain"
      >
        <TimelineList
          shown={shown}
          texts={texts}
          writers={writers}
          roles={roles}
          target={target}
          menuOf={menu.of?.entryId ?? null}
          folds={folds}
          isFinding={words !== ""}
          before={before}
          empty={<NothingShown state={narrowed} isLoading={earlier.isLoading} />}
          openText={openText}
          onMenu={menu.open}
        />
      </div>
      <Announcer entries={entries} myId={me.id} />
      <RowMenu menu={menu} incident={incident} me={me} />
      <BelowList hasNews={bottom.hasNews} onNews={toBottom}>
        <AddNote
          incidentId={incident.id}
          isReady={document !== null && document.closeCode === null && document.canWrite !== false}
          onAdd={(body) => {
            notes.add(body);
            // What is added is seen, whatever the list was narrowed to.
            if (!(filter === "all" || filter === "notes") || words) clear();
            toBottom();
          }}
        />
      </BelowList>
    </section>
  );
}

/** What was said in Slack between the entries that are shown. */
function useFolds(shown: readonly TimelineEntryView[], hasEarlier: boolean, narrowed: TimelineFilterState) {
  const messages = useChat(narrowed);
  return useMemo(() => foldMessages(shown, messages, hasEarlier), [shown, messages, hasEarlier]);
}

/** Another list begins at its end, unless a link led into it. */
function useBeginAtEnd(list: string, isLedElsewhere: boolean, toBottom: () => void): void {
  const begun = useRef(list);
  useEffect(() => {
    if (begun.current === list) return;
    begun.current = list;
    if (!isLedElsewhere) toBottom();
  }, [list, isLedElsewhere, toBottom]);
}

/** Who holds which role, by the person. */
function useHolders({ roles }: RoomView["incident"]): ReadonlyMap<string, string> {
  return useMemo(
    () => new Map(roles.flatMap((each) => (each.holder ? [[each.holder.id, each.role] as const] : []))),
    [roles],
  );
}

/** The one menu of all rows, and what it asks. */
function useEntryMenu(entries: readonly TimelineEntryView[]) {
  const [of, setOf] = useState<{ entryId: string; anchor: HTMLElement } | null>(null);
  const [question, ask] = useState<EntryQuestion | null>(null);
  const { act } = useAct();
  const open = useCallback(
    (entryId: string, anchor: HTMLElement) => setOf((now) => (now?.entryId === entryId ? null : { entryId, anchor })),
    [],
  );
  const close = useCallback(() => setOf(null), []);
  const answer = useCallback(() => ask(null), []);
  const entry = of ? entries.find((each) => each.id === of.entryId) : undefined;
  return { of, entry, open, close, act, ask, question, answer };
}

type RowMenuProps = {
  menu: ReturnType<typeof useEntryMenu>;
  incident: RoomView["incident"];
  me: ReturnType<typeof useMe>;
};

function RowMenu({ menu, incident, me }: RowMenuProps) {
  return (
    <>
      {menu.of && menu.entry && (
        <EntryMenu
          anchor={menu.of.anchor}
          label="What to do with this entry"
          acts={actsOf({ entry: menu.entry, incident, me, act: menu.act, ask: menu.ask })}
          onClose={menu.close}
        />
      )}
      {menu.question && <EntryDialogs incidentId={incident.id} question={menu.question} onClose={menu.answer} />}
    </>
  );
}

/** Finds the shared text of a note that is opened for writing. */
function useOpenText({ document, textOf }: ReturnType<typeof useNotes>) {
  const awareness = document?.awareness ?? null;
  return useCallback(
    (noteId: string) => {
      const text = textOf(noteId);
      return text && awareness ? { text, awareness } : null;
    },
    [textOf, awareness],
  );
}

type BelowProps = { hasNews: boolean; onNews: () => void; children: ReactNode };

/** What stays in sight below the list: that there is news, what a role has to do, and the note field. */
function BelowList({ hasNews, onNews, children }: BelowProps) {
  return (
    // The list of commands lies over the hint: half a button is none.
    <div className="relative px-6 pt-2 pb-3 has-[[role=listbox]]:[&_[data-role-hint]]:invisible max-[900px]:px-4">
      {hasNews && (
        <Button size="s" className="absolute -top-9 left-1/2 -translate-x-1/2 shadow-lg" onClick={onNews}>
          New entries <span aria-hidden="true">↓</span>
        </Button>
      )}
      <RoleHint />
      {children}
    </div>
  );
}

/** What stands before the first entry that is shown. */
function useBefore({ hasMore, isLoading, load }: ReturnType<typeof useEarlier>) {
  return useMemo(
    () => (hasMore ? <LoadEarlier isLoading={isLoading} onLoad={load} /> : null),
    [hasMore, isLoading, load],
  );
}

function LoadEarlier({ isLoading, onLoad }: { isLoading: boolean; onLoad: () => Promise<void> }) {
  return (
    <li className="flex justify-center py-2">
      <Button size="s" variant="quiet" isPending={isLoading} onClick={() => void onLoad()}>
        {isLoading ? "Loading earlier entries" : "Load earlier entries"}
      </Button>
    </li>
  );
}

function NothingShown({ state, isLoading }: { state: TimelineFilterState; isLoading: boolean }) {
  const { filter, words, clear } = state;
  if (isLoading) return <p className="text-s text-muted">Looking through earlier entries…</p>;
  if (filter === "all" && !words) return <p className="text-s text-muted">Nothing here yet.</p>;
  const next: Partial<Record<typeof filter, string>> = {
    decisions: "Open a note's menu (⋯) and mark it as a decision.",
    follow_ups: "Open a note's menu (⋯) and mark it as a follow-up; it becomes an action item of the postmortem.",
    pinned: "Open an entry's menu (⋯) and pin it; it is then in front of everybody.",
  };
  return (
    <div className="flex flex-col items-start gap-2 text-s text-muted">
      <p>
        {words
          ? `No entry${filter === "all" ? "" : ` under ${filterNames[filter]}`} holds “${words}”.`
          : `Nothing under ${filterNames[filter]} yet.`}{" "}
        {words ? "" : next[filter]}
      </p>
      <Button size="s" onClick={clear}>
        Show all entries
      </Button>
    </div>
  );
}
