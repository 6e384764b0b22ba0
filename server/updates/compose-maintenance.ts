import type { MaintenanceStatus } from "#/server/maintenance/shared/lists.ts";
import { maintenanceStatusWords } from "#/server/maintenance/shared/words.ts";
import type { MailContent, SlackMessage } from "#/server/notify/index.ts";
import { utcText } from "./compose.ts";

/** What people are told of a maintenance; kept in the delivery, for the maintenance goes on changing. Instants are RFC 3339. */
export type MaintenanceWord = {
  /** The update that it tells of; null for a reminder, which is about the start at `from`. */
  updateId: string | null;
  title: string;
  status: MaintenanceStatus;
  body: string;
  components: string[];
  from: string;
  until: string;
  /** When this was said. */
  at: string;
  pageName: string;
  url: string;
};

/** A window for people anywhere: its end says only the hour when it is on the same UTC day. Pure. */
export function windowText(from: Date, until: Date): string {
  const start = utcText(from);
  const isSameDay = from.toISOString().slice(0, 10) === until.toISOString().slice(0, 10);
  return isSameDay
    ? `${start.replace(" UTC", "")} – ${until.toISOString().slice(11, 16)} UTC`
    : `${start} – ${utcText(until)}`;
}

function headingOf(word: MaintenanceWord): string {
  const what = word.updateId === null ? "Reminder" : maintenanceStatusWords[word.status];
  return `Maintenance · ${what}: ${word.title}`;
}

function windowOf(word: MaintenanceWord): string {
  return windowText(new Date(word.from), new Date(word.until));
}

/** News of a maintenance as a Slack message. Pure. */
export function slackOfMaintenance(word: MaintenanceWord): SlackMessage {
  const context: SlackMessage["context"][number][] = [windowOf(word)];
  if (word.components.length > 0) context.push(word.components.join(", "));
  context.push({ text: "Status page", url: word.url });
  return { heading: headingOf(word), body: word.body, context };
}

/** The same as a mail; the subject stays the same through a maintenance, so that its mails stay together. Pure. */
export function mailOfMaintenance(
  word: MaintenanceWord,
  unsubscribeUrl: string,
): { subject: string; content: MailContent } {
  return {
    subject: `[${word.pageName}] Maintenance: ${word.title}`,
    content: {
      masthead: word.pageName,
      heading: headingOf(word),
      note: utcText(new Date(word.at)),
      body: word.body,
      facts: [
        { name: "When", value: windowOf(word) },
        ...(word.components.length > 0 ? [{ name: "Affected", value: word.components.join(", ") }] : []),
      ],
      action: { text: "Status page", url: word.url },
      footer: {
        text: `You get this because you follow ${word.pageName}.`,
        action: { text: "Unsubscribe", url: unsubscribeUrl },
      },
    },
  };
}
