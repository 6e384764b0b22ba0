"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "#/components/api/client.ts";
import { socket } from "#/components/realtime/socket.ts";
import type { PostmortemView } from "#/server/postmortem/contract.ts";
import type { RoomAnswer, RoomFact } from "#/server/realtime/contract.ts";

/** Facts come in bursts; one reading answers all of them. */
const REFRESH_AFTER_MS = 300;

/** The address of an incident's postmortem in the API. */
export function postmortemPath(reference: string): string {
  return `/api/v1/incidents/${encodeURIComponent(reference)}/postmortem`;
}

type Kept = {
  postmortem: PostmortemView;
  /** Reads it again; what it throws is the caller's to show. */
  refresh: () => Promise<void>;
  /** Takes an answer that a change gave. */
  take: (postmortem: PostmortemView) => void;
};

/** Everything around the text (state, action items, record), read again whenever the room hears that it changed. */
export function usePostmortem(initial: PostmortemView): Kept {
  const [postmortem, take] = useState(initial);
  const { id, reference } = initial.incident;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refresh = useCallback(async () => {
    take(await api.get<PostmortemView>(postmortemPath(reference)));
  }, [reference]);

  useEffect(() => {
    const connection = socket();
    const refreshSoon = () => {
      clearTimeout(timer.current);
      // Without an answer the page keeps what it shows; the next fact or a return to the tab tries again.
      timer.current = setTimeout(() => refresh().catch(() => undefined), REFRESH_AFTER_MS);
    };
    const hear = (fact: RoomFact) => {
      if (fact.incidentId === id) refreshSoon();
    };
    const join = () => connection.emit("room:join", { incident: id }, (_: RoomAnswer) => refreshSoon());
    const look = () => {
      if (document.visibilityState === "visible") refreshSoon();
    };
    connection.on("room:fact", hear);
    connection.on("connect", join);
    if (connection.connected) join();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer.current);
      connection.off("room:fact", hear);
      connection.off("connect", join);
      document.removeEventListener("visibilitychange", look);
      if (connection.connected) connection.emit("room:leave", { incident: id });
    };
  }, [id, refresh]);

  return { postmortem, refresh, take };
}
