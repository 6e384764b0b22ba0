"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import type { ComponentView } from "#/server/audience/contract.ts";
import type { SettingsView } from "#/server/settings/contract.ts";
import type { Channel } from "#/server/updates/shared/lists.ts";

export type Surroundings = {
  components: readonly ComponentView[];
  /** What the status page is called, when this person may know. */
  pageName: string | null;
  slackChannel: string | null;
  /** Why a channel cannot be used. What is not named here can be, as far as this person may know. */
  unavailable: Readonly<Partial<Record<Channel, string>>>;
};

const nothing: Surroundings = { components: [], pageName: null, slackChannel: null, unavailable: {} };

function unavailableIn(settings: SettingsView): Surroundings["unavailable"] {
  return {
    ...(!settings.slack.configured && {
      slack: "Slack is not connected: an administrator can do that under Settings.",
    }),
    ...(settings.slack.configured &&
      !settings.slack.channel && { slack: "No Slack channel is chosen: an administrator can do that under Settings." }),
    ...(!settings.smtp.configured && { email: "Mail is not set up: an administrator can do that under Settings." }),
  };
}

/** What the composer can choose from; settings are for administrators, others find out by the delivery. */
export function useSurroundings(isAdmin: boolean): Surroundings {
  const [found, setFound] = useState(nothing);
  useEffect(() => {
    let isGone = false;
    // Without either of them an update can still be written and published.
    const skip = () => null;
    const settings = isAdmin ? api.get<SettingsView>("/api/v1/settings").catch(skip) : null;
    const components = api.get<{ items: ComponentView[] }>("/api/v1/components?limit=200").catch(skip);
    void Promise.all([settings, components]).then(([known, list]) => {
      if (isGone) return;
      setFound({
        components: list?.items ?? [],
        pageName: known?.statusPage.name ?? null,
        slackChannel: known?.slack.channel ?? null,
        unavailable: known ? unavailableIn(known) : {},
      });
    });
    return () => {
      isGone = true;
    };
  }, [isAdmin]);
  return found;
}
