"use client";

import { usePathname, useRouter } from "next/navigation";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { serverNow, useZone } from "#/components/ui/clock.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { ServerRole } from "#/server/access/shared/roles.ts";
import type { Shown, World } from "./command.ts";
import type { KeyAct } from "./key-table.ts";
import { PaletteSoon } from "./palette-soon.tsx";
import type { Acts } from "./run-plan.ts";
import { stepThroughTimeline } from "./step-through-timeline.ts";
import { useKeys } from "./use-keys.ts";

export type Center = {
  /** What commands know now; people and services are added by whoever needs them. */
  world: () => Omit<World, "people" | "services" | "undoable">;
  acts: Acts;
  /** The note field hears here that a note is begun, perhaps with a text; answers with the way to take it back. */
  lendNoteField: (begin: (text?: string) => void) => () => void;
  /** Opens the palette, at one command's question when its id is given. */
  openPalette: (commandId?: string) => void;
};
const CenterContext = createContext<Center | null>(null);

/** The way to commands; null outside the app's pages. */
export function useCenter(): Center | null {
  return useContext(CenterContext);
}

type Props = {
  me: { id: string; name: string; role: ServerRole };
  /** The room of this page, and who is here. */
  room?: World["room"];
  here?: readonly { userId: string }[];
  /** Shows what only the page can: its note field and its dialogs. */
  onShow?: (what: Shown, text?: string) => void;
  children: ReactNode;
};

const nobody: readonly { userId: string }[] = [];
type Open = { what: "palette"; commandId: string | undefined } | { what: "keys" } | null;

type Live = Pick<Required<Props>, "me" | "room" | "here"> & { onShow: Props["onShow"] | undefined };
type Opening = { open: (what: Open) => void; begin: (text: string | undefined) => void };

/** What the page lends to commands: one object for its whole life, which always knows the newest state. */
function useCenterValue(live: Live, { open, begin }: Opening) {
  const path = usePathname();
  const router = useRouter();
  const { setZone } = useZone();
  const noteField = useRef<((text?: string) => void) | null>(null);
  const entryId = useRef<string | null>(null);
  const now = useRef({ ...live, path, setZone });
  useEffect(() => {
    now.current = { ...live, path, setZone };
  });
  const center = useMemo<Center>(
    () => ({
      world() {
        const { me, room, here, path: address } = now.current;
        const isAdmin = me.role === "admin" || me.role === "owner";
        return {
          me: { id: me.id, name: me.name, canWrite: me.role !== "viewer", isAdmin },
          path: address,
          now: serverNow(),
          room,
          entryId: focusedEntry(entryId),
          here: new Set(here.map((each) => each.userId)),
        };
      },
      acts: {
        show(what, text) {
          now.current.onShow?.(what, text);
          if (what === "note") begin(text);
        },
        go: (href) => router.push(href),
        setZone: (zone) => now.current.setZone(zone),
        showKeys: () => open({ what: "keys" }),
      },
      lendNoteField(listener) {
        noteField.current = listener;
        return () => {
          noteField.current = null;
        };
      },
      openPalette: (commandId) => open({ what: "palette", commandId }),
    }),
    [router, open, begin],
  );
  return { center, noteField };
}

/** The entry with the focus; while a dialog has it, the one that had it before. */
function focusedEntry(last: { current: string | null }): string | null {
  if (!document.querySelector("dialog[open]")) {
    last.current = document.activeElement?.closest("li[data-entry]")?.getAttribute("data-entry") ?? null;
  }
  return last.current;
}

const NOT_LOADED = "The commands could not be loaded. Check the connection and try again.";

async function runCommand(id: string, center: Center): Promise<void> {
  const problem = await import("./start-command.ts").then(
    ({ startCommand }) => startCommand(id, center),
    () => NOT_LOADED,
  );
  if (problem) toast(problem, "bad");
}

type Parts = Pick<typeof import("./palette-parts.ts"), "Palette" | "KeyMap">;

/** The palette, the map and the table of commands; they come when they are first asked for. */
function useParts(isWanted: boolean, onFailed: () => void): Parts | null {
  const [parts, setParts] = useState<Parts | null>(null);
  const failed = useRef(onFailed);
  useEffect(() => {
    failed.current = onFailed;
  });
  useEffect(() => {
    if (!isWanted || parts) return;
    import("./palette-parts.ts").then(
      ({ Palette, KeyMap }) => setParts({ Palette, KeyMap }),
      () => {
        toast(NOT_LOADED, "bad");
        failed.current();
      },
    );
  }, [isWanted, parts]);
  return parts;
}

/** Makes a page's commands reachable: by ⌘K, by keys, and by the note field. */
export function CommandCenter({ me, room = null, here = nobody, onShow, children }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const [begun, setBegun] = useState<{ text: string | undefined } | null>(null);
  const begin = useCallback((text: string | undefined) => setBegun({ text }), []);
  const { center, noteField } = useCenterValue({ me, room, here, onShow }, { open: setOpen, begin });
  // After the page has shown the field: on a phone it may be behind another tab.
  useEffect(() => {
    if (begun) noteField.current?.(begun.text);
  }, [begun, noteField]);
  const close = () => setOpen(null);
  const parts = useParts(open !== null, close);

  function act(pressed: KeyAct): void {
    // Before a dialog takes the focus away from the timeline.
    center.world();
    if (pressed.kind === "palette")
      setOpen(open?.what === "palette" ? null : { what: "palette", commandId: undefined });
    else if (pressed.kind === "keys") setOpen({ what: "keys" });
    else if (pressed.kind === "go") center.acts.go(pressed.href);
    else if (pressed.kind === "step") stepThroughTimeline(pressed.by);
    else if (pressed.kind === "command") void runCommand(pressed.id, center);
    else if (center.world().me.canWrite) center.acts.show("note", "/");
  }
  useKeys(room !== null, act);
  return (
    <CenterContext value={center}>
      {children}
      {open?.what === "palette" && !parts && <PaletteSoon onClose={close} />}
      {open?.what === "palette" && parts && (
        <parts.Palette key={open.commandId ?? ""} center={center} commandId={open.commandId} onClose={close} />
      )}
      {open?.what === "keys" && parts && <parts.KeyMap onClose={close} />}
    </CenterContext>
  );
}
