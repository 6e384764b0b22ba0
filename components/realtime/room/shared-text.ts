"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { personColour } from "#/components/ui/person-colours.ts";
import { useMe } from "./room-provider.tsx";

/** The text of a document that has one, as it is now. */
export function useTextOf(text: Y.Text | null): string {
  const subscribe = useCallback(
    (listener: () => void) => {
      text?.observe(listener);
      return () => text?.unobserve(listener);
    },
    [text],
  );
  return useSyncExternalStore(
    subscribe,
    () => text?.toString() ?? "",
    () => "",
  );
}

export type Writer = { id: string; name: string };
type Presence = { user?: { userId?: string; name?: string }; cursor?: unknown; editing?: unknown };

const nobody: ReadonlyMap<string, readonly Writer[]> = new Map();

/** Who else writes, by what they have open: the id of a note, or `text` in a document that has one text. */
function writersIn(awareness: Awareness, myId: string): ReadonlyMap<string, readonly Writer[]> {
  const found = new Map<string, Writer[]>();
  for (const [clientId, raw] of awareness.getStates()) {
    const { user, cursor, editing } = raw as Presence;
    if (clientId === awareness.clientID || !user?.userId || user.userId === myId) continue;
    const where = typeof editing === "string" ? editing : cursor ? "text" : null;
    if (where === null) continue;
    const there = found.get(where) ?? [];
    if (there.every((each) => each.id !== user.userId)) there.push({ id: user.userId, name: user.name ?? "Somebody" });
    found.set(where, there);
  }
  return found;
}

/** Who else writes in a document; a new map only when somebody comes, goes or moves to another text. */
export function useWriters(awareness: Awareness | null): ReadonlyMap<string, readonly Writer[]> {
  const { id } = useMe();
  const store = useMemo(() => {
    let known = nobody;
    let knownAs = "";
    return {
      subscribe(listener: () => void) {
        awareness?.on("change", listener);
        return () => awareness?.off("change", listener);
      },
      read() {
        if (!awareness) return nobody;
        const next = writersIn(awareness, id);
        const asText = JSON.stringify([...next]);
        if (asText !== knownAs) [known, knownAs] = [next, asText];
        return known;
      },
    };
  }, [awareness, id]);
  return useSyncExternalStore(store.subscribe, store.read, () => nobody);
}

/** A person's colour on this page, as a value of CSS. */
export function colourOf(writer: Writer): string {
  return `var(--p${personColour(writer.id)})`;
}

/** `Lin is editing`, `Lin and Sam are editing`. */
export function writersText(writers: readonly Writer[], doing = "editing"): string {
  const names = writers.map((writer) => writer.name.split(" ")[0] ?? writer.name);
  if (names.length === 0) return "";
  if (names.length === 1) return `${names[0]} is ${doing}`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are ${doing}`;
}
