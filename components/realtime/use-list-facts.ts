"use client";

import { useEffect, useEffectEvent } from "react";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { socket } from "./socket.ts";

/**
 * Hears of every incident that changed, in its full new state.
 * `onJoined` follows each joining, the first and those after a lost connection: what happened since the page was made,
 * or in between, was not heard.
 */
export function useListFacts(onIncident: (incident: IncidentView) => void, onJoined?: () => void): void {
  const hear = useEffectEvent((fact: { incident: IncidentView }) => onIncident(fact.incident));
  const joined = useEffectEvent(() => onJoined?.());
  useEffect(() => {
    const connection = socket();
    const onFact = (fact: { incident: IncidentView }) => hear(fact);
    const join = () => {
      connection.emit("list:join", () => joined());
    };
    connection.on("list:fact", onFact);
    connection.on("connect", join);
    if (connection.connected) join();
    return () => {
      connection.off("list:fact", onFact);
      connection.off("connect", join);
    };
  }, []);
}
