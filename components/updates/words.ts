import type { Channel, OutboundChannel } from "#/server/updates/shared/lists.ts";
import { channelWords as ownChannels } from "#/server/updates/shared/words.ts";

export const channelWords: Record<Channel, string> & Partial<Record<OutboundChannel, string>> = {
  ...ownChannels,
  mattermost: "Mattermost",
  teams: "Teams",
  webhook: "Webhook",
};
