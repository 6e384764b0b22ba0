import { type EventType, textIn } from "#/server/events/index.ts";
import type { MailContent, PagerWord, SlackMessage } from "#/server/notify/index.ts";
import type { LinkAct } from "./triage-link.ts";

/** What was decided about a triage incident, by whom. */
export type Decision = { what: "accepted" | "declined" | "merged" | "resolved" | "reopened"; by: string; text: string };

/** What people are told of a triage incident; kept in the delivery, for the incident goes on changing. */
export type TriageWord = {
  incidentId: string;
  reference: string;
  title: string;
  severity: string | null;
  services: string[];
  url: string;
  /** Counts how often people were told; 0 is the opening. */
  wave: number;
  waitingMinutes: number;
  isFallback: boolean;
  isPrivate: boolean;
  /** An alert route declared it: there is nothing to accept, and it waits for a commander. */
  isDeclared: boolean;
  decision: Decision | null;
};

/** What was decided, in words for those who were told. Pure. */
export function decisionOf(type: EventType, by: string, data: Record<string, unknown>): Decision | null {
  const reason = textIn(data, "reason");
  switch (type) {
    case "incident.accepted": {
      const severity = textIn(data, "severity");
      return { what: "accepted", by, text: `✓ Accepted${severity ? ` as ${severity}` : ""} by ${by}.` };
    }
    case "incident.declined":
      return { what: "declined", by, text: `✕ Declined by ${by}${reason ? `: ${reason}` : "."}` };
    case "incident.merged":
      return { what: "merged", by, text: `⇥ Merged into ${textIn(data, "reference")} by ${by}.` };
    case "incident.resolved":
      return { what: "resolved", by, text: `✓ Resolved by ${by}.` };
    case "incident.reopened":
      return { what: "reopened", by, text: `↺ Reopened by ${by}.` };
    default:
      return null;
  }
}

/** The buttons of the card in Slack; the incident's id is their value. */
export const triageButtons = { accept: "triage.accept", merge: "triage.merge", decline: "triage.decline" } as const;

function headingOf(word: TriageWord): string {
  const kind = word.isDeclared ? "Incident" : "Triage";
  return word.isPrivate ? `${kind}: ${word.reference}, a private incident` : `${kind}: ${word.title}`;
}

function waitingText(word: TriageWord): string {
  if (word.decision) return word.decision.text;
  if (word.wave === 0) {
    return `It waits for somebody to ${word.isDeclared ? "take command" : "accept, merge or decline it"}.`;
  }
  const fallback = word.isFallback ? " Those who hear first did not answer, so you hear of it too." : "";
  const missed = word.isDeclared ? "taken command" : "accepted it";
  return `Nobody has ${missed} for ${word.waitingMinutes} min.${fallback}`;
}

/** A triage incident as a Slack message: with buttons where presses can be checked, and without once it is decided. Pure. */
export function slackOfTriage(word: TriageWord, hasButtons: boolean): SlackMessage {
  const context: SlackMessage["context"][number][] = [];
  if (word.severity) context.push(word.isDeclared ? word.severity : `Suggested: ${word.severity}`);
  if (word.services.length > 0) context.push(word.services.join(", "));
  context.push({ text: `Open ${word.reference}`, url: word.url });
  const button = (id: keyof typeof triageButtons, text: string, style?: "primary" | "danger") => ({
    id: triageButtons[id],
    text,
    value: word.incidentId,
    ...(style && { style }),
  });
  const isOpen = hasButtons && !word.decision && !word.isDeclared;
  return {
    heading: headingOf(word),
    body: word.decision ? word.decision.text : `${word.reference} was opened by an alert. ${waitingText(word)}`,
    context,
    ...(isOpen && {
      buttons: [
        button("accept", "Accept", "primary"),
        button("merge", "Merge"),
        button("decline", "Decline", "danger"),
      ],
    }),
  };
}

const linkWords: Record<LinkAct, string> = { accept: "Accept", merge: "Merge", decline: "Decline" };

/** A triage incident as a mail; its links each lead to a page that asks once. Pure. */
export function mailOfTriage(
  word: TriageWord,
  links: Record<LinkAct, string>,
): { subject: string; content: MailContent } {
  const facts = [
    ...(word.severity && !word.isPrivate
      ? [{ name: word.isDeclared ? "Severity" : "Suggested severity", value: word.severity }]
      : []),
    ...(word.services.length > 0 && !word.isPrivate ? [{ name: "Service", value: word.services.join(", ") }] : []),
  ];
  return {
    // The same through all waves, so that they stay together in the mailbox.
    subject: `[${word.reference}] ${headingOf(word)}`,
    content: {
      heading: headingOf(word),
      note: word.wave === 0 ? word.reference : `${word.reference} · still waiting`,
      body: `An alert opened this incident. ${waitingText(word)}`,
      facts,
      actions: word.isDeclared
        ? []
        : (["accept", "merge", "decline"] as const).map((act) => ({ text: linkWords[act], url: links[act] })),
      action: { text: `Open ${word.reference}`, url: word.url },
      footer: {
        text: `You get this because this address hears of new ${word.isDeclared ? "incidents in Muster." : "triage incidents in Muster. The links are for you alone and good for a day."}`,
      },
    },
  };
}

const pagerActs = {
  accepted: "acknowledge",
  reopened: "acknowledge",
  declined: "resolve",
  merged: "resolve",
  resolved: "resolve",
} as const;

const severityWords: Record<string, PagerWord["severity"]> = { SEV1: "critical", SEV2: "error", SEV3: "warning" };

/** A triage incident, or what was decided about it, as a pager is told. Pure. */
export function pagerOfTriage(word: TriageWord): PagerWord {
  return {
    act: word.decision ? pagerActs[word.decision.what] : "trigger",
    dedupKey: `muster-${word.incidentId}`,
    summary: word.isPrivate ? headingOf(word) : `${word.reference} ${word.title}`,
    severity: severityWords[word.severity ?? "SEV3"] ?? "info",
    source: word.services[0] ?? "Muster",
    url: word.url,
    ...(word.decision && { by: word.decision.by }),
  };
}

/** The same as the body of a webhook. Pure. */
export function webhookOfTriage(word: TriageWord, at: Date): Record<string, unknown> {
  const { decision, incidentId, wave, waitingMinutes, ...incident } = word;
  const event = decision ? decision.what : wave === 0 ? (word.isDeclared ? "declared" : "triaged") : "waiting";
  return {
    type: `incident.${event}`,
    timestamp: at.toISOString(),
    data: {
      incident: { ...incident, id: incidentId, isFallback: undefined },
      ...(decision && { by: decision.by, text: decision.text }),
      ...(event === "waiting" && { waitingMinutes }),
    },
  };
}
