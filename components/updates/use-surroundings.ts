"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import type { ComponentView } from "#/server/audience/contract.ts";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { Channel } from "#/server/updates/shared/lists.ts";

export type Surroundings = {
  components: readonly ComponentView[];
  /** What the status page is called. */
  pageName: string;
  slackChannel: string | null;
  /** Why a channel cannot be used; what is not named here can be. */
  unavailable: Readonly<Partial<Record<Channel, string>>>;
};

/** Why channels that are not set up cannot be used. Pure. */
function unavailableIn(outlets: RoomView["outlets"]): Surroundings["unavailable"] {
  return {
    ...(!outlets.isSlackReady && { slack: "Slack is not connected: an administrator can do that under Settings." }),
    ...(!outlets.isMailReady && { email: "Mail is not set up: an administrator can do that under Settings." }),
  };
}

/** What the composer can choose from. */
export function useSurroundings(outlets: RoomView["outlets"]): Surroundings {
  const [components, setComponents] = useState<readonly ComponentView[]>([]);
  useEffect(() => {
    let isGone = false;
    // Without components an update can still be written and published.
    api
      .get<{ items: ComponentView[] }>("/api/v1/components?limit=200")
      .then((list) => {
        if (!isGone) setComponents(list.items.filter((one) => !one.group));
      })
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, []);
  return {
    components,
    pageName: outlets.pageName,
    slackChannel: outlets.slackChannel,
    unavailable: unavailableIn(outlets),
  };
}
