"use client";

import { useEffect } from "react";
import { socket } from "#/components/realtime/socket.ts";
import { ACTIVE_WRITE_MS } from "#/server/roster/shared/lists.ts";

/** Tells the server now and then that somebody is at it, not only has the room open. */
export function useActivity(incidentId: string): void {
  useEffect(() => {
    let toldAt = Number.NEGATIVE_INFINITY;
    const tell = () => {
      const now = performance.now();
      if (document.hidden || now - toldAt < ACTIVE_WRITE_MS) return;
      toldAt = now;
      if (socket().connected) socket().emit("room:active", { incident: incidentId });
    };
    const acts = ["pointerdown", "keydown", "wheel", "visibilitychange"] as const;
    for (const act of acts) document.addEventListener(act, tell, { passive: true });
    return () => {
      for (const act of acts) document.removeEventListener(act, tell);
    };
  }, [incidentId]);
}
