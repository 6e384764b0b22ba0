import { createHash } from "node:crypto";
import type { ComponentChange } from "#/db/schema/index.ts";
import type { Mail, MailContent, SlackMessage } from "#/server/notify/index.ts";
import { hmacSha256, purposeKey } from "#/server/platform/crypto.ts";
import type { DeliveryRow } from "./delivery-store.ts";
import type { Audience, UpdateStatus } from "./shared/lists.ts";
import { componentStatusWords, updateStatusWords } from "./shared/words.ts";

const utcDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** An instant for people anywhere: `21 Nov 2026, 10:24 UTC`. Pure. */
export function utcText(at: Date): string {
  return `${utcDay.format(at)}, ${at.toISOString().slice(11, 16)} UTC`;
}

/** An update as its readers get it, whatever the channel. */
export type Letter = {
  audience: Audience;
  status: UpdateStatus;
  title: string;
  body: string;
  components: readonly ComponentChange[];
  publishedAt: Date;
  correctedAt: Date | null;
  /** What the page is called. */
  pageName: string;
  /** Where to read on: the incident's public page, or its room for internal readers. */
  link: { text: string; url: string } | null;
};

function affected(components: readonly ComponentChange[]): string {
  return components.map((one) => `${one.name}: ${componentStatusWords[one.newStatus]}`).join(", ");
}

function headingOf(letter: Letter): string {
  const prefix = letter.audience === "internal" ? "Internal · " : "";
  return `${prefix}${updateStatusWords[letter.status]}: ${letter.title}`;
}

function timesOf(letter: Letter): string {
  const corrected = letter.correctedAt ? ` · corrected ${utcText(letter.correctedAt)}` : "";
  return `${utcText(letter.publishedAt)}${corrected}`;
}

/** An update as a Slack message. Pure. */
export function slackOfUpdate(letter: Letter): SlackMessage {
  const context: SlackMessage["context"][number][] = [timesOf(letter)];
  if (letter.components.length > 0) context.push(affected(letter.components));
  if (letter.link) context.push(letter.link);
  return { heading: headingOf(letter), body: letter.body, context };
}

const badges: Record<UpdateStatus, { sign: string; tone: "bad" | "warn" | "info" | "ok" }> = {
  investigating: { sign: "▲", tone: "bad" },
  identified: { sign: "◆", tone: "warn" },
  monitoring: { sign: "◐", tone: "info" },
  resolved: { sign: "✓", tone: "ok" },
};

/** Components that a mail names one by one; the page has them all. */
const MAIL_COMPONENTS_MAX = 15;

function factsOf(components: readonly ComponentChange[]): { name: string; value: string }[] {
  const facts = components
    .slice(0, MAIL_COMPONENTS_MAX)
    .map((one) => ({ name: one.name, value: componentStatusWords[one.newStatus] }));
  const more = components.length - facts.length;
  return more > 0 ? [...facts, { name: "And", value: `${more} more` }] : facts;
}

/** An update as a mail; the subject stays the same through an incident, so that its mails stay together. Pure. */
export function mailOfUpdate(letter: Letter, unsubscribeUrl: string | null): { subject: string; content: MailContent } {
  const isInternal = letter.audience === "internal";
  const tags = [...(letter.correctedAt ? ["Corrected"] : []), ...(isInternal ? ["Internal"] : [])];
  const why = isInternal
    ? `You get this because you follow ${letter.pageName} as a colleague. It is not public: do not pass it on.`
    : `You get this because you follow ${letter.pageName}.`;
  return {
    subject: `[${letter.pageName}] ${letter.title}`,
    content: {
      masthead: isInternal ? `${letter.pageName} · internal` : letter.pageName,
      badge: { ...badges[letter.status], text: updateStatusWords[letter.status] },
      tags,
      heading: letter.title,
      note: timesOf(letter),
      body: letter.body,
      facts: factsOf(letter.components),
      ...(letter.link && { action: letter.link }),
      footer: {
        text: why,
        ...(unsubscribeUrl && { action: { text: "Unsubscribe", url: unsubscribeUrl } }),
      },
    },
  };
}

/** What a notice says; kept in the delivery. All of it is plain text. */
export type Notice = { subject: string; heading: string; body: string; url: string; linkText: string; why: string };

/** A notice as a Slack message. Pure. */
export function slackOfNotice(notice: Notice): SlackMessage {
  return { heading: notice.heading, body: notice.body, context: [{ text: notice.linkText, url: notice.url }] };
}

/** A notice as a mail. Pure. */
export function mailOfNotice(notice: Notice): { subject: string; content: MailContent } {
  return {
    subject: notice.subject,
    content: {
      heading: notice.heading,
      body: notice.body,
      action: { text: notice.linkText, url: notice.url },
      footer: { text: notice.why },
    },
  };
}

type Ids = { authSecret: string; publicUrl: string };

/** A name for mail programs that says nothing about our rows, and is the same each time it is made. */
function mailName(ids: Ids, kind: string, parts: readonly string[]): string {
  const mac = hmacSha256(purposeKey(ids.authSecret, "message-id"), [kind, ...parts].join("\n"));
  return `${kind}.${mac.toString("hex").slice(0, 32)}@${new URL(ids.publicUrl).hostname}`;
}

/** Message-ID and thread of a delivery: fixed per (update, recipient), one thread per (incident, recipient). Pure. */
export function mailIds(
  ids: Ids,
  delivery: Pick<DeliveryRow, "kind" | "incidentId" | "maintenanceId" | "updateId" | "destination"> & {
    version: string;
  },
): Pick<Mail, "messageId" | "threadId"> {
  const to = createHash("sha256").update(delivery.destination.toLowerCase()).digest("hex");
  const about = delivery.incidentId ?? delivery.maintenanceId ?? "";
  return {
    messageId: mailName(ids, delivery.kind, [delivery.updateId ?? about, to, delivery.version]),
    threadId: mailName(ids, delivery.incidentId ? "incident" : "maintenance", [about, to]),
  };
}
