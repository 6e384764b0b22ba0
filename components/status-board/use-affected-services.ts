"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import type { AffectedServiceView } from "#/server/incidents/contract.ts";
import type { RoomView } from "#/server/realtime/contract.ts";

/** Trouble elsewhere does not reach this room by itself: it is asked for, as often as people look twice. */
const ASKED_EVERY_MS = 60_000;

/** The room's services with their tier, owner and troubled needs; read again when they change, and while the page is looked at. */
export function useAffectedServices({ incident, alerts }: RoomView): readonly AffectedServiceView[] {
  const [services, setServices] = useState<readonly AffectedServiceView[]>([]);
  const causes = JSON.stringify([
    incident.id,
    incident.services.map(({ id }) => id),
    alerts.filter(({ status }) => status === "firing").map(({ id }) => id),
  ]);
  const path = incidentPath(incident.id, "services");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the causes say when, not what.
  useEffect(() => {
    const gone = new AbortController();
    const read = () => {
      if (document.visibilityState !== "visible") return;
      api
        .get<{ items: AffectedServiceView[] }>(path, gone.signal)
        .then(({ items }) => setServices(items))
        // What was read last stays; the next round asks again.
        .catch(() => undefined);
    };
    read();
    const timer = setInterval(read, ASKED_EVERY_MS);
    return () => {
      clearInterval(timer);
      gone.abort();
    };
  }, [path, causes]);
  return services;
}
