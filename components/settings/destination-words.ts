import type { DestinationKind, WebhookEvent } from "#/server/audience/shared/reach.ts";

export const destinationLooks: Record<DestinationKind, { word: string; url: string; hint: string }> = {
  mattermost: {
    word: "Mattermost",
    url: "https://mattermost.example.com/hooks/…",
    hint: "In Mattermost: Integrations, Incoming Webhooks, Add. It has to be reachable on the public internet.",
  },
  teams: {
    word: "Microsoft Teams",
    url: "https://….logic.azure.com/workflows/…",
    hint: "In Teams: the channel's menu, Workflows, “Post to a channel when a webhook request is received”.",
  },
  webhook: {
    word: "Webhook",
    url: "https://example.com/hooks/muster",
    hint: "Signed as Standard Webhooks. The secret is shown once, after this.",
  },
};

export const eventWords: Record<WebhookEvent, string> = {
  "incident.created": "An incident was opened",
  "incident.updated": "An incident changed",
  "incident.resolved": "An incident was resolved",
  "update.published": "An update was published",
  "update.corrected": "An update was corrected",
};
