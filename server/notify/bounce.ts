import { type Attachment, type ParsedMail, simpleParser } from "mailparser";
import { isDeadAddress } from "./email.ts";
import { headerText } from "./mail-address.ts";

/** What a mail system reports of one of our mails: that it came back, for good or not, or that its reader calls it spam. */
export type BounceReport = {
  /** Of the mails that it is about, without angle brackets. */
  messageIds: string[];
  what: "gone" | "returned" | "complaint";
  /** What the other mail system said, in one line. */
  reason: string;
};

const REASON_LENGTH_MAX = 300;
/** A report names one mail, perhaps its thread too. */
const MESSAGE_IDS_MAX = 10;

type Fields = ReadonlyMap<string, string>;

/** Groups of fields as they stand in a machine-readable part: folded lines joined, names in lower case. */
function fieldGroups(text: string): Fields[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n[ \t]*\n/)
    .map((group) => {
      const lines = group.replace(/\n[ \t]+/g, " ").split("\n");
      const pairs = lines.flatMap((line): [string, string][] => {
        const at = line.indexOf(":");
        return at < 1 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
      });
      return new Map(pairs);
    })
    .filter((fields) => fields.size > 0);
}

function partOf(mail: ParsedMail, ...types: readonly string[]): Attachment | undefined {
  return mail.attachments.find((part) => types.includes(part.contentType.toLowerCase()));
}

/** The Message-IDs of what came back: as a whole, its headers alone, or quoted in the report's own headers. */
function messageIdsOf(mail: ParsedMail): string[] {
  const original = partOf(mail, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global");
  const [headers] = original ? fieldGroups(original.content.toString("utf8")) : [];
  const given = [headers?.get("message-id"), mail.inReplyTo, ...[mail.references ?? []].flat()];
  const ids = given.flatMap((value) => /<([^<>\s]+)>/.exec(value ?? "")?.[1] ?? []);
  return [...new Set(ids)].slice(0, MESSAGE_IDS_MAX);
}

/** `smtp; 550 5.1.1 No such user` without the name of its protocol. */
function said(fields: Fields): string {
  const diagnostic = (fields.get("diagnostic-code") ?? "").replace(/^[\w.-]+\s*;\s*/, "");
  const status = fields.get("status") ?? "";
  return headerText(diagnostic || status || "without a reason").slice(0, REASON_LENGTH_MAX);
}

function returned(groups: readonly Fields[]): Pick<BounceReport, "what" | "reason"> | undefined {
  const failure = groups.find((fields) => fields.get("action")?.toLowerCase().startsWith("failed"));
  if (!failure) return undefined;
  const reason = said(failure);
  const status = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(failure.get("status") ?? "")?.[0] ?? "";
  const code = Number(/\b5\d\d\b/.exec(reason)?.[0] ?? 0);
  // The diagnosis is the receiving server's own and more exact than the status that the returning one made of it.
  const isGone = isDeadAddress(
    code,
    /\b5\.\d{1,3}\.\d{1,3}\b/.test(reason) || !status ? reason : `${status} ${reason}`,
  );
  return { what: isGone ? "gone" : "returned", reason };
}

/**
 * Reads a report as mail systems send it: a delivery status notification (RFC 3464) or a complaint (RFC 5965).
 * Undefined for any other mail, for one that says that a mail is late or was delivered, and for one that names no mail.
 */
export async function readBounce(source: Uint8Array): Promise<BounceReport | undefined> {
  const options = {
    keepDeliveryStatus: true,
    // What came back stays a part of the report, also where it is to be shown inline.
    ignoreEmbedded: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  };
  const mail = await simpleParser(Buffer.from(source), options);
  const messageIds = messageIdsOf(mail);
  if (messageIds.length === 0) return undefined;
  const status = partOf(mail, "message/delivery-status", "message/global-delivery-status");
  if (status) {
    const outcome = returned(fieldGroups(status.content.toString("utf8")));
    return outcome && { messageIds, ...outcome };
  }
  const feedback = partOf(mail, "message/feedback-report");
  if (!feedback) return undefined;
  const [fields] = fieldGroups(feedback.content.toString("utf8"));
  const type = headerText(fields?.get("feedback-type") ?? "").toLowerCase();
  if (type !== "abuse" && type !== "fraud" && type !== "opt-out") return undefined;
  return { messageIds, what: "complaint", reason: `Its reader's mail provider reported it: ${type}.` };
}
