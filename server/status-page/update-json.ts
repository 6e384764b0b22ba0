import type { PageUpdate } from "./model.ts";

type Said = Pick<PageUpdate, "id" | "body" | "publishedAt" | "correctedAt" | "components">;
/** What it is an update of, by public id; its status in Statuspage's words; whether it went to subscribers. */
type Around = { of: string; status: string; isNotified: boolean };

/** An update of an incident or a maintenance as Statuspage's API v2 writes it. Pure. */
export function updateJson(update: Said, { of, status, isNotified }: Around) {
  const at = update.publishedAt.toISOString();
  const components = update.components.map(({ id, name, oldStatus, newStatus }) => ({
    code: id,
    name,
    old_status: oldStatus,
    new_status: newStatus,
  }));
  return {
    id: update.id,
    status,
    body: update.body,
    incident_id: of,
    created_at: at,
    updated_at: (update.correctedAt ?? update.publishedAt).toISOString(),
    display_at: at,
    affected_components: components.length === 0 ? null : components,
    deliver_notifications: isNotified,
    custom_tweet: null,
    tweet_id: null,
  };
}
