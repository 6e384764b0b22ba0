import { isIP } from "node:net";
import { createTransport, type SentMessageInfo } from "nodemailer";
import { messageOf } from "#/server/platform/errors.ts";
import { headerText, isMailAddress, parseMailAddress } from "./mail-address.ts";
import { type MailContent, renderMail } from "./mail-layout.ts";
import { failed, type SendFailure, type SendOutcome, sent } from "./outcome.ts";
import { resolvePublicHost } from "./public-address.ts";

/** Where mail goes out; one that is not trusted (set in the interface) must be on the public internet. */
export type MailCredentials = { url: string; from: string; isTrusted?: boolean | undefined };

export type Mail = {
  to: string;
  subject: string;
  content: MailContent;
  /** Fixed for what it says and whom it goes to, so that a second copy is recognised. Without angle brackets. */
  messageId: string;
  /** What it belongs to: the first message of the thread. */
  threadId?: string;
  /** Where one press ends the subscription. */
  unsubscribeUrl?: string;
};

export type MailTimeouts = {
  connectionTimeout: number;
  greetingTimeout: number;
  socketTimeout: number;
  dnsTimeout: number;
};
/** A server that keeps us waiting must not hold a worker: 10 s to connect and greet, 30 s of silence later. */
const TIMEOUTS: MailTimeouts = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
  dnsTimeout: 10_000,
};

/** The whole of one sending: a server that drips its answers must not hold a worker either. */
export const MAIL_LIMIT_MS = 90_000;

type SmtpError = Error & { code?: string; responseCode?: number; response?: string };

/** What a failed sending means. 4xx comes again, 5xx does not; silence after the text was handed over is unknown. */
export function mailFailure(error: unknown, isHandedOver = false): SendOutcome {
  const { code, responseCode, response } = error as SmtpError;
  if (responseCode !== undefined && responseCode >= 400) {
    const reason = `The mail server answered: ${headerText(response ?? String(responseCode)).slice(0, 300)}`;
    // A refused sign-in is for an administrator, not for patience.
    return failed(responseCode >= 500 ? "permanent" : "retry", reason);
  }
  if (code === "EAUTH" || code === "ENOAUTH") return failed("permanent", "The mail server refused the sign-in.");
  if (code === "EENVELOPE") return failed("permanent", "The mail server refused the address.");
  if (isHandedOver) {
    return failed("unknown", "The mail server took the message but did not answer: it may or may not have arrived.");
  }
  return failed("retry", `The mail server could not be reached: ${headerText(messageOf(error)).slice(0, 200)}`);
}

type Target = {
  host: string;
  port: number;
  secure: boolean;
  ignoreTLS: boolean;
  requireTLS: boolean;
  tls: { servername?: string; rejectUnauthorized: boolean };
  auth?: { user: string; pass: string };
};

async function targetOf(credentials: MailCredentials): Promise<Target | SendFailure> {
  const url = new URL(credentials.url);
  const secure = url.protocol === "smtps:";
  let host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (credentials.isTrusted === false) {
    const address = await resolvePublicHost(host).catch(() => null);
    if (address === null) return failed("retry", `The mail server's name ${host} could not be resolved.`);
    if (!address) {
      return failed("permanent", "The mail server is in a private network; name it by SMTP_URL in the environment.");
    }
    host = address;
  }
  const port = url.port ? Number(url.port) : secure ? 465 : 587;
  const auth = url.username
    ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
    : undefined;
  return {
    host,
    port,
    secure,
    // As in nodemailer's own addresses: smtp://host/?requireTLS=true
    ignoreTLS: url.searchParams.get("ignoreTLS") === "true",
    requireTLS: url.searchParams.get("requireTLS") === "true",
    tls: {
      rejectUnauthorized: url.searchParams.get("tls.rejectUnauthorized") !== "false",
      // A certificate is checked for the name even when the connection goes to a checked address.
      ...(isIP(url.hostname.replace(/[[\]]/g, "")) === 0 && { servername: url.hostname }),
    },
    ...(auth && { auth }),
  };
}

/** The client's logger, which alone tells whether the whole message had been written when something failed. */
class Watcher {
  isHandedOver = false;
  info(entry: unknown): void {
    const { tnx, outByteCount } = (entry ?? {}) as { tnx?: unknown; outByteCount?: unknown };
    if (tnx === "message" && outByteCount !== undefined) this.isHandedOver = true;
  }
  level(): void {}
  trace(): void {}
  debug(): void {}
  warn(): void {}
  error(): void {}
  fatal(): void {}
}

function headersOf(mail: Mail): Record<string, string> {
  return {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
    ...(mail.unsubscribeUrl && {
      "List-Unsubscribe": `<${mail.unsubscribeUrl}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }),
  };
}

/**
 * Sends one mail to one address, over a connection of its own. One attempt: the caller owns the schedule.
 * Sending the same `messageId` again is how an unknown outcome is repeated.
 */
export async function sendMail(
  credentials: MailCredentials,
  mail: Mail,
  timeouts: MailTimeouts = TIMEOUTS,
): Promise<SendOutcome> {
  const from = parseMailAddress(credentials.from);
  if (!from) return failed("permanent", "The address that mail comes from (MAIL_FROM) is not one.");
  if (!isMailAddress(mail.to)) return failed("permanent", "This is not an address that mail can go to.");
  const target = await targetOf(credentials);
  if ("ok" in target) return target;
  const watcher = new Watcher();
  const transport = createTransport({
    ...target,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: watcher,
    ...timeouts,
  });
  const limit = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => limit.resolve(undefined), MAIL_LIMIT_MS);
  try {
    const sending: Promise<SentMessageInfo> = transport.sendMail({
      from,
      to: { name: "", address: mail.to },
      subject: headerText(mail.subject),
      ...(await renderMail(mail.content)),
      messageId: `<${mail.messageId}>`,
      ...(mail.threadId && { inReplyTo: `<${mail.threadId}>`, references: `<${mail.threadId}>` }),
      headers: headersOf(mail),
    });
    const info = await Promise.race([sending, limit.promise]);
    if (!info) return failed("unknown", "The mail server was too slow: the message may or may not have arrived.");
    return sent(mail.messageId);
  } catch (error) {
    return mailFailure(error, watcher.isHandedOver);
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}
