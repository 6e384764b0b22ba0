import { setPersonColours } from "#/components/ui/person-colours.ts";
import type { MusterSocket } from "../socket.ts";
import type { RoomLink } from "./room-store.ts";

/** A join that is not answered within this is tried again. */
const ANSWER_MS = 10_000;

/** The page's Socket.IO connection, as the room's store wants it. */
export function roomLink(socket: MusterSocket): RoomLink {
  return {
    get connected() {
      return socket.connected;
    },
    onConnect(listener) {
      // The device was offline and the connection outlived it: what was said meanwhile may be lost all the same.
      const onOnline = () => socket.connected && listener();
      socket.on("connect", listener);
      window.addEventListener("online", onOnline);
      return () => {
        socket.off("connect", listener);
        window.removeEventListener("online", onOnline);
      };
    },
    onDisconnect(listener) {
      socket.on("disconnect", listener);
      // The device knows at once; the connection finds out by a missed ping.
      window.addEventListener("offline", listener);
      return () => {
        socket.off("disconnect", listener);
        window.removeEventListener("offline", listener);
      };
    },
    onFact(listener) {
      socket.on("room:fact", listener);
      return () => socket.off("room:fact", listener);
    },
    onPeople(listener) {
      const onFact: typeof listener = (fact) => {
        setPersonColours(fact.people);
        listener(fact);
      };
      socket.on("people:fact", onFact);
      return () => socket.off("people:fact", onFact);
    },
    onClosed(listener) {
      socket.on("room:closed", listener);
      return () => socket.off("room:closed", listener);
    },
    join: (incident, seq) => socket.timeout(ANSWER_MS).emitWithAck("room:join", { incident, seq }),
    leave: (incident) => {
      socket.emit("room:leave", { incident });
    },
  };
}
