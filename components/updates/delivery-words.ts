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

function mailChips({ total, sent, failed, waiting, suppressed = 0 }: ChannelSummary): DeliveryChip[] {
  if (total === 0) return [{ tone: "plain", text: "– nobody to mail" }];
  const chips: DeliveryChip[] = [];
  const isPartly = sent > 0 && sent < total;
  if (isPartly) chips.push({ tone: "ok", text: `✓ ${sent.toLocaleString("en-GB")} of ${mails(total)}` });
  else if (sent > 0) chips.push({ tone: "ok", text: `✓ ${mails(sent)}` });
  if (waiting > 0) chips.push({ tone: "plain", text: `… ${mails(waiting)} on the way` });
  if (failed > 0) chips.push({ tone: "bad", text: `! ${mails(failed)} failed` });
  if (suppressed > 0) {
    chips.push({ tone: "plain", text: `– ${suppressed} ${suppressed === 1 ? "address" : "addresses"} suppressed` });
  }
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
  return delivery.state === "failed" || (delivery.state === "unknown" && !delivery.nextAttemptAt);
}

/** What a person can send again, with another text or address where those were wrong. Pure. */
export function isDead(delivery: DeliveryView): boolean {
  return isTrouble(delivery) || delivery.state === "suppressed";
}

function tries(count: number): string {
  return `${count} ${count === 1 ? "try" : "tries"}`;
}

/** How one delivery stands, in a few words. Pure. */
export function deliveryState(delivery: DeliveryView): { text: string; tone: "ok" | "bad" | "plain" } {
  const { state, attempts } = delivery;
  switch (state) {
    case "sent":
      return { text: attempts > 1 ? `✓ arrived after ${tries(attempts)}` : "✓ arrived", tone: "ok" };
    case "failed":
      return { text: `! failed${attempts > 0 ? ` after ${tries(attempts)}` : ""}`, tone: "bad" };
    case "unknown":
      if (delivery.nextAttemptAt) return { text: "… may have arrived, Muster looks", tone: "plain" };
      return { text: "! may not have arrived", tone: "bad" };
    case "suppressed":
      return { text: "– gets no mail", tone: "plain" };
    case "superseded":
      return { text: "– something newer took its place", tone: "plain" };
    case "cancelled":
      return { text: "– not sent", tone: "plain" };
    case "sending":
      return { text: "… being sent", tone: "plain" };
    case "retrying":
      return { text: `… ${tries(attempts)} so far`, tone: "plain" };
    case "queued":
      return { text: "… waits", tone: "plain" };
  }
}

/** What a channel waits for: the last reason, how often it was tried and when next. */
export type Wait = { channel: OutboundChannel; reason: string; tries: string; nextAt: string };

/** What is tried again by itself, by channel. Pure. */
export function waitsOf(update: Pick<UpdateView, "deliveries">): Wait[] {
  const late = update.deliveries.filter((one) => one.nextAttemptAt !== null && one.lastError !== null);
  return [...Map.groupBy(late, (one) => one.channel)].map(([channel, list]) => ({
    channel,
    reason: list[0]?.lastError ?? "",
    tries: tries(Math.max(...list.map((one) => one.attempts))),
    nextAt: list.map((one) => one.nextAttemptAt ?? "").sort()[0] ?? "",
  }));
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
