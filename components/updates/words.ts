import type { Channel } from "#/server/updates/shared/lists.ts";

export const channelWords: Record<Channel, string> = { status_page: "Status page", slack: "Slack", email: "E-mail" };
