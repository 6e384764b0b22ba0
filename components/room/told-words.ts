import type { ToldView } from "#/server/triage/contract.ts";

type Told = ToldView["deliveries"][number];

const channelNames: Record<Told["channel"], string> = {
  status_page: "Status page",
  slack: "Slack",
  email: "Mail to",
  mattermost: "Mattermost",
  teams: "Teams",
  webhook: "Webhook",
  pagerduty: "PagerDuty",
  opsgenie: "Opsgenie",
  source: "Source",
};

const aboutWords: Record<string, string> = {
  decision: ", the decision",
  card: ", the card",
  word: ", what happened",
};

/** Whom a message was for. Pure. */
export function toldName({ channel, destination, kind }: Pick<Told, "channel" | "destination" | "kind">): string {
  const to = destination.replace(/^(webhook|pagerduty|opsgenie):/, "");
  const about = aboutWords[kind] ?? "";
  return channel === "source" ? `${to}: it is over` : `${channelNames[channel]} ${to}${about}`;
}

/** Somebody has to look at it. Pure. */
export function isTrouble({ state }: Pick<Told, "state">): boolean {
  return state === "failed" || state === "unknown";
}

/** How a message stands. Pure. */
export function toldState({ state, attempts }: Pick<Told, "state" | "attempts">): {
  text: string;
  tone: "ok" | "bad" | "plain";
} {
  const tries = attempts > 1 ? `, ${attempts} tries` : "";
  switch (state) {
    case "sent":
      return { text: `✓ told${tries}`, tone: "ok" };
    case "failed":
      return { text: `! failed${tries}`, tone: "bad" };
    case "unknown":
      return { text: "! may not have arrived", tone: "bad" };
    case "retrying":
      return { text: `… trying again${tries}`, tone: "plain" };
    case "superseded":
    case "cancelled":
      return { text: "– not needed any more", tone: "plain" };
    default:
      return { text: "… on its way", tone: "plain" };
  }
}

/** All of them in a few words. Pure. */
export function toldSummary({ deliveries }: Pick<ToldView, "deliveries">): string {
  const sent = deliveries.filter((each) => each.state === "sent").length;
  const failed = deliveries.filter(isTrouble).length;
  const waiting = deliveries.filter((each) => ["queued", "sending", "retrying"].includes(each.state)).length;
  const parts = [`${sent} told`];
  if (waiting > 0) parts.push(`${waiting} on the way`);
  if (failed > 0) parts.push(`! ${failed} failed`);
  return parts.join(" · ");
}
