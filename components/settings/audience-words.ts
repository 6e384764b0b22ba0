import type { AudienceView } from "#/server/audience/contract.ts";
import { destinationLooks } from "./destination-words.ts";

type Named = { name: string | null };

function names(list: readonly Named[], one: string): string {
  return list.map(({ name }) => name ?? `a ${one} that is gone`).join(", ");
}

/** What an audience hears of, in one line. Pure. */
export function hearsOf({
  severities,
  services,
  components,
}: Pick<AudienceView, "severities" | "services" | "components">): string {
  const parts = [
    ...(severities.length > 0 ? [severities.join(", ")] : []),
    ...(services.length > 0 ? [names(services, "service")] : []),
    ...(components.length > 0 ? [names(components, "component")] : []),
  ];
  return parts.length > 0 ? parts.join(" · ") : "Every update";
}

/** By which ways it hears; empty when by none. Pure. */
export function hearsBy({
  destinations,
  slackChannels,
  emails,
}: Pick<AudienceView, "destinations" | "slackChannels" | "emails">): string {
  const addresses = emails.length === 1 ? "1 address" : `${emails.length} addresses`;
  return [
    ...destinations.map(
      ({ kind, name, enabled }) => `${destinationLooks[kind].word} ${name}${enabled ? "" : " (off)"}`,
    ),
    ...slackChannels.map((channel) => `Slack ${channel}`),
    ...(emails.length > 0 ? [`E-mail to ${addresses}`] : []),
  ].join(", ");
}
