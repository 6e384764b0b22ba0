"use client";

import { useEffect, useEffectEvent } from "react";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { socket } from "./socket.ts";

/**
 * Hears of every incident that changed, in its full new state.
 * `onBack` follows a connection that was lost and came back: what happened in between was not heard.
 */
export function useListFacts(onIncident: (incident: IncidentView) => void, onBack?: () => void): void {
  const hear = useEffectEvent((fact: { incident: IncidentView }) => onIncident(fact.incident));
  const comeBack = useEffectEvent(() => onBack?.());
  useEffect(() => {
    const connection = socket();
    let wasLost = false;
    const onFact = (fact: { incident: IncidentView }) => hear(fact);
    const join = () => {
      connection.emit("list:join", () => {
        if (wasLost) comeBack();
        wasLost = false;
      });
    };
    const lose = () => {
      wasLost = true;
    };
    connection.on("list:fact", onFact);
    connection.on("connect", join);
    connection.on("disconnect", lose);
    if (connection.connected) join();
    return () => {
      connection.off("list:fact", onFact);
      connection.off("connect", join);
      connection.off("disconnect", lose);
    };
  }, []);
}
