"use client";

import { useEffect, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import type { PreviewUpdateInput, UpdatePreview } from "#/server/updates/contract.ts";

/** Long enough that a word is not asked for letter by letter, short enough to feel live. */
const PAUSE_MS = 350;

export type PreviewState = { preview: UpdatePreview | null; problem: string | null };

/** What readers would get, asked of the server as it is written. The last answer stays while a new one comes. */
export function usePreview(incidentId: string, input: PreviewUpdateInput): PreviewState {
  const [state, setState] = useState<PreviewState>({ preview: null, problem: null });
  const asked = JSON.stringify(input);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api
        .ask<UpdatePreview>(incidentPath(incidentId, "updates", "preview"), JSON.parse(asked), stop.signal)
        .then((preview) => setState({ preview, problem: null }))
        .catch((error: unknown) => {
          if (!stop.signal.aborted) setState((before) => ({ ...before, problem: problemText(error) }));
        });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [incidentId, asked]);
  return state;
}
