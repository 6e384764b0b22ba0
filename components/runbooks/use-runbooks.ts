"use client";

import { useCallback, useEffect, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { RunbookView } from "#/server/runbooks/contract.ts";

type Runbooks = { runbooks: readonly RunbookView[]; problem: string | null };

/** What the list depends on: when it changes, the list is read again. */
function causesOf({ incident, alerts, tasks }: RoomView): string {
  const links = [...incident.links, ...alerts.flatMap((alert) => alert.links)].filter(({ kind }) => kind === "runbook");
  const made = tasks.filter((task) => task.runbookId);
  return JSON.stringify([
    incident.services.map(({ id }) => id),
    [...new Set(links.map(({ url }) => url))],
    made.map(({ id }) => id),
  ]);
}

/** The runbooks of the room's incident; read again when its services, alerts, links or steps change. */
export function useRunbooks(room: RoomView): Runbooks & { readAgain: () => void } {
  const [state, setState] = useState<Runbooks>({ runbooks: [], problem: null });
  const [round, setRound] = useState(0);
  const { id } = room.incident;
  const causes = causesOf(room);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the causes and the round say when, not what.
  useEffect(() => {
    let isGone = false;
    api
      .get<{ items: RunbookView[] }>(incidentPath(id, "runbooks"))
      .then(({ items }) => !isGone && setState({ runbooks: items, problem: null }))
      .catch((error: unknown) => !isGone && setState((before) => ({ ...before, problem: problemText(error) })));
    return () => {
      isGone = true;
    };
  }, [id, causes, round]);
  return { ...state, readAgain: useCallback(() => setRound((n) => n + 1), []) };
}
