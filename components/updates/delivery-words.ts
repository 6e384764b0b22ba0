import type { ChannelSummary, DeliveryView, UpdateView } from "#/server/updates/contract.ts";
import type { OutboundChannel } from "#/server/updates/shared/lists.ts";

export type DeliveryChip = { tone: "plain" | "ok" | "bad"; text: string };
/** What did not arrive on a channel: why, and which deliveries can be sent again. */
export type Trouble = { channel: OutboundChannel; reason: string; deliveryIds: string[] };

const names: Record<Exclude<OutboundChannel, "email">, string> = {
  status_page: "page",
  slack: "Slack",
  mattermost: "Mattermost",
  teams: "Teams",
  webhook: "webhook",
  pagerduty: "PagerDuty",
  opsgenie: "Opsgenie",
  source: "source",
};

/** `1,201 mails`. */
function mails(count: number): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? "mail" : "mails"}`;
}

function mailChips({ total, sent, failed, waiting }: ChannelSummary): DeliveryChip[] {
  if (total === 0) return [{ tone: "plain", text: "– nobody to mail" }];
  const chips: DeliveryChip[] = [];
  const isPartly = sent > 0 && sent < total;
  if (isPartly) chips.push({ tone: "ok", text: `✓ ${sent.toLocaleString("en-GB")} of ${mails(total)}` });
  else if (sent > 0) chips.push({ tone: "ok", text: `✓ ${mails(sent)}` });
  if (waiting > 0) chips.push({ tone: "plain", text: `… ${mails(waiting)} on the way` });
  if (failed > 0) chips.push({ tone: "bad", text: `! ${mails(failed)} failed` });
  return chips;
}

/** How a channel's deliveries stand, in a few words. Pure. */
export function chipsOf(summary: ChannelSummary): DeliveryChip[] {
  if (summary.channel === "email") return mailChips(summary);
  const name = names[summary.channel];
  const isPartly = summary.failed > 0 && summary.failed < summary.total;
  if (isPartly) return [{ tone: "bad", text: `! ${name}: ${summary.failed} of ${summary.total} failed` }];
  if (summary.failed > 0) return [{ tone: "bad", text: `! ${name} failed` }];
  if (summary.waiting > 0) return [{ tone: "plain", text: `… ${name}` }];
  return summary.sent > 0 ? [{ tone: "ok", text: `✓ ${name}` }] : [];
}

function isTrouble(delivery: DeliveryView): boolean {
  return delivery.state === "failed" || delivery.state === "unknown";
}

/** What somebody has to look at, by channel. Pure. */
export function troublesOf(update: Pick<UpdateView, "deliveries">): Trouble[] {
  const byChannel = Map.groupBy(update.deliveries.filter(isTrouble), (delivery) => delivery.channel);
  return [...byChannel].map(([channel, list]) => ({
    channel,
    reason:
      list.find((delivery) => delivery.lastError)?.lastError ??
      (list.some((delivery) => delivery.state === "unknown")
        ? "Nobody knows whether it arrived."
        : "It was not delivered."),
    deliveryIds: list.map((delivery) => delivery.id),
  }));
}
