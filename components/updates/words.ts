import type { Channel, OutboundChannel } from "#/server/updates/shared/lists.ts";

export const channelWords: Record<Channel, string> & Partial<Record<OutboundChannel, string>> = {
  status_page: "Status page",
  slack: "Slack",
  email: "E-mail",
  mattermost: "Mattermost",
  teams: "Teams",
  webhook: "Webhook",
};
