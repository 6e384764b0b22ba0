"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import type { ComponentView } from "#/server/audience/contract.ts";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { Channel } from "#/server/updates/shared/lists.ts";
import { shippedTemplates, type Template } from "#/server/updates/shared/templates.ts";

export type Surroundings = {
  components: readonly ComponentView[];
  templates: readonly Template[];
  /** False until it is known what there is. */
  isLoaded: boolean;
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

type Known = Pick<Surroundings, "components" | "templates" | "isLoaded">;

/** What the composer can choose from. Without the server an update can still be written, with the shipped templates. */
export function useSurroundings(outlets: RoomView["outlets"]): Surroundings {
  const [known, setKnown] = useState<Known>({ components: [], templates: shippedTemplates, isLoaded: false });
  useEffect(() => {
    let isGone = false;
    const items = <T>(path: string) => api.get<{ items: T[] }>(path).then((list) => list.items);
    Promise.all([
      items<ComponentView>("/api/v1/components?limit=200").catch(() => []),
      items<Template>("/api/v1/update-templates").catch(() => shippedTemplates),
    ]).then(([components, templates]) => {
      if (!isGone) setKnown({ components: components.filter((one) => !one.group), templates, isLoaded: true });
    });
    return () => {
      isGone = true;
    };
  }, []);
  return { ...known, unavailable: unavailableIn(outlets) };
}
