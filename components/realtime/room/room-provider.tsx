"use client";

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { ServerRole } from "#/server/access/shared/roles.ts";
import type { RoomView } from "#/server/realtime/contract.ts";
import { keepEditsOf } from "../documents/device.ts";
import { openSoon } from "../documents/document-registry.ts";
import { socket } from "../socket.ts";
import { reportIdle } from "./idle.ts";
import { roomLink } from "./room-link.ts";
import { type RoomSnapshot, RoomStore } from "./room-store.ts";

export type Me = { id: string; name: string; role: ServerRole };
type Value = { store: RoomStore; me: Me };
const RoomContext = createContext<Value | null>(null);

type Props = { initial: RoomView; me: Me; children: ReactNode };

/** Gives a page its room: rendered from `initial`, live as soon as the browser is connected. */
export function RoomProvider({ initial, me, children }: Props) {
  const [store] = useState(() => {
    keepEditsOf(me.id);
    // Before the page is live: browsers connect to a server one after the other, and notes matter most.
    openSoon(`incidents/${initial.incident.id}/notes`);
    return new RoomStore(initial, () => roomLink(socket()));
  });
  useEffect(() => reportIdle(socket()), []);
  return <RoomContext value={{ store, me }}>{children}</RoomContext>;
}

function useValue(): Value {
  const value = useContext(RoomContext);
  if (!value) throw new Error("useRoom belongs inside a RoomProvider");
  return value;
}

/** The room as it is now: its state, who is here, and whether the connection holds. */
export function useRoom(): RoomSnapshot {
  const { store } = useValue();
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}

/** The files of the incident; the same list until one comes or goes. */
export function useFiles(): RoomView["files"] {
  const { store } = useValue();
  const read = () => store.getSnapshot().room.files;
  return useSyncExternalStore(store.subscribe, read, read);
}

/** The id of the incident that this room is of. */
export function useIncidentId(): string {
  const { store } = useValue();
  const read = () => store.getSnapshot().room.incident.id;
  return useSyncExternalStore(store.subscribe, read, read);
}

/** Gives older entries of the timeline, once they are read, to the room. */
export function useAddEarlier(): RoomStore["addEarlier"] {
  return useValue().store.addEarlier;
}

/** Who looks at the room, and whether they may change it. */
export function useMe(): Me & { canWrite: boolean; isAdmin: boolean } {
  const { me } = useValue();
  const isAdmin = me.role === "admin" || me.role === "owner";
  return { ...me, canWrite: me.role !== "viewer", isAdmin };
}
