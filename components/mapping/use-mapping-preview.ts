"use client";

import { useEffect, useState } from "react";
import { ApiProblem, api } from "#/components/api/client.ts";
import type { MappingPreview } from "#/server/alerts/contract.ts";
import type { Mapping } from "#/server/alerts/mapping/mapping.ts";

/** Long enough that a word is not asked for letter by letter, short enough to feel live. */
const PAUSE_MS = 200;

export type Sample = { deliveryId: string } | { text: string };
export type PreviewState = { preview: MappingPreview | null; problem: ApiProblem | null; isPending: boolean };

/** What a sample becomes by a mapping, asked for as it is written. The last good answer stays while a new one comes. */
export function useMappingPreview(integrationId: string, mapping: Mapping | null, sample: Sample | null): PreviewState {
  const [state, setState] = useState<PreviewState>({ preview: null, problem: null, isPending: false });
  const asked = JSON.stringify({ mapping, sample });
  useEffect(() => {
    const { mapping: wanted, sample: looked } = JSON.parse(asked) as { mapping: Mapping | null; sample: Sample | null };
    if (!looked) return;
    let isStale = false;
    setState((before) => ({ ...before, isPending: true }));
    const timer = setTimeout(() => {
      api
        .post<MappingPreview>(`/api/v1/integrations/${integrationId}/preview`, { mapping: wanted, sample: looked })
        .then((preview) => {
          if (!isStale) setState({ preview, problem: null, isPending: false });
        })
        .catch((error: unknown) => {
          if (isStale) return;
          const problem = error instanceof ApiProblem ? error : new ApiProblem(0, { detail: String(error) });
          setState((before) => ({ ...before, problem, isPending: false }));
        });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      isStale = true;
    };
  }, [integrationId, asked]);
  return state;
}
