"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import type { AudienceChoiceView } from "#/server/updates/contract.ts";

/**
 * Whom an update about this incident can reach, read anew when the components that it names change; null until it is
 * known. `components` are ids with commas between them.
 */
export function useAudiences(incidentId: string, components: string): readonly AudienceChoiceView[] | null {
  const [audiences, setAudiences] = useState<readonly AudienceChoiceView[] | null>(null);
  useEffect(() => {
    let isGone = false;
    api
      .get<{ items: AudienceChoiceView[] }>(
        `${incidentPath(incidentId, "audiences")}?components=${encodeURIComponent(components)}`,
      )
      .then(({ items }) => !isGone && setAudiences(items))
      // Without them an update still goes to its channels, and the server to those that it fits.
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [incidentId, components]);
  return audiences;
}
