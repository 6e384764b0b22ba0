import type { IncidentStatus, Severity } from "#/server/incidents/shared/lists.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import type { SlackButton, SlackMessage, SlackPiece } from "#/server/notify/index.ts";
import { type Decision, triageButtons } from "./compose-triage.ts";

/** The buttons of a card once somebody works on the incident; the incident's id is their value. */
export const cardButtons = { claim: "card.claim", update: "card.update", channel: "card.channel" } as const;

/** What a card says: the incident as it is when the card is sent. */
export type Card = {
  incidentId: string;
  reference: string;
  title: string;
  status: IncidentStatus;
  severity: Severity | null;
  suggestedSeverity: Severity | null;
  isPrivate: boolean;
  commander: string | null;
  services: readonly string[];
  nextUpdateDueAt: Date | null;
  lastUpdate: { body: string; publishedAt: Date } | null;
  decision: Decision | null;
  /** Its channel of its own, where there is one. */
  channel: { name: string; url: string } | null;
  url: string;
};

/** Enough to know what was said; the whole text stands in the thread. */
const LAST_UPDATE_LENGTH_MAX = 600;

const statusWords: Record<IncidentStatus, string> = {
  triage: "◇ Triage",
  investigating: "● Investigating",
  identified: "◐ Identified",
  monitoring: "◑ Monitoring",
  resolved: "✓ Resolved",
  closed: "■ Closed",
  declined: "✕ Declined",
  merged: "⇥ Merged",
};

function buttonsOf(card: Card): SlackButton[] {
  const button = (id: string, text: string, style?: "primary" | "danger") => ({
    id,
    text,
    value: card.incidentId,
    ...(style && { style }),
  });
  if (card.status === "triage") {
    return [
      button(triageButtons.accept, "Accept", "primary"),
      button(triageButtons.merge, "Merge"),
      button(triageButtons.decline, "Decline", "danger"),
    ];
  }
  if (!isOpen(card.status)) return [];
  return [
    ...(card.commander ? [] : [button(cardButtons.claim, "Take command", "primary")]),
    button(cardButtons.update, "Publish update"),
    ...(card.channel ? [] : [button(cardButtons.channel, "Open a channel")]),
  ];
}

function severityOf({ severity, suggestedSeverity }: Card): string {
  return severity ?? (suggestedSeverity ? `Suggested: ${suggestedSeverity}` : "None yet");
}

function bodyOf(card: Card): string {
  if (card.status === "triage") return `${card.reference} waits for somebody to accept, merge or decline it.`;
  const decided = card.decision ? [card.decision.text] : [];
  const said = card.lastUpdate ? [`“${shortened(card.lastUpdate.body)}”`] : [];
  return [...decided, ...said].join("\n");
}

function shortened(text: string): string {
  return text.length > LAST_UPDATE_LENGTH_MAX ? `${text.slice(0, LAST_UPDATE_LENGTH_MAX)}…` : text;
}

/** An incident's card in Slack; with buttons where presses can be checked. Of a private one it says nothing. Pure. */
export function slackOfCard(card: Card, hasButtons: boolean): SlackMessage {
  const open = { text: `Open ${card.reference}`, url: card.url };
  if (card.isPrivate) {
    return {
      heading: card.reference,
      body: "This incident is private now: its members read on there.",
      context: [open],
    };
  }
  const never: SlackPiece[] = ["–"];
  return {
    heading: `${card.status === "triage" ? "Triage" : (card.severity ?? "Incident")}: ${card.title}`,
    fields: [
      { name: "Status", value: [statusWords[card.status]] },
      { name: "Severity", value: [severityOf(card)] },
      { name: "Commander", value: [card.commander ?? "Nobody yet"] },
      { name: "Last update", value: card.lastUpdate ? [{ at: card.lastUpdate.publishedAt }] : never },
      ...(isOpen(card.status)
        ? [{ name: "Next update due", value: card.nextUpdateDueAt ? [{ at: card.nextUpdateDueAt }] : never }]
        : []),
    ],
    body: bodyOf(card),
    context: [
      ...(card.services.length > 0 ? [card.services.join(", ")] : []),
      ...(card.channel ? [{ text: `#${card.channel.name}`, url: card.channel.url }] : []),
      open,
    ],
    ...(hasButtons && { buttons: buttonsOf(card) }),
  };
}

/** What goes back to Slack about an incident; kept in the delivery. */
export type Word = {
  text: string;
  /** Whether it answers the card, and is shown in the channel too. */
  isReply: boolean;
  isBroadcast: boolean;
  reference: string;
  url: string;
  /** The note that it tells of, so that it is told once. */
  entryId?: string;
  /** The update that it tells of, so that it is edited when that is corrected. */
  updateId?: string;
};

/** A word as a Slack message. Pure. */
export function slackOfWord(word: Word): SlackMessage {
  return { heading: "", body: word.text, context: [{ text: `Open ${word.reference}`, url: word.url }] };
}
