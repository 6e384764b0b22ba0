import { isIP } from "node:net";
import { messageOf } from "#/server/platform/errors.ts";
import { headerText, isMailAddress, parseMailAddress } from "./mail-address.ts";
import { type MailContent, renderMail } from "./mail-layout.ts";
import { MailLine, type MailLines, type MailStage, type MailTarget } from "./mail-line.ts";
import { failed, type SendFailure, type SendOutcome, sent } from "./outcome.ts";
import { resolvePublicHost } from "./public-address.ts";

/** Where mail goes out; one that is not trusted (set in the interface) must be on the public internet. */
export type MailCredentials = {
  url: string;
  from: string;
  isTrusted?: boolean | undefined;
  /** Where mail that cannot be delivered goes back to, unless that is `from`. */
  bounceAddress?: string | null | undefined;
};

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
  /** What the subscription is to, as mail programs sort by it: `status.example.com`. */
  listId?: string;
};

/** How long a mail server may keep us waiting: for each answer, and for the whole of one sending. */
export type MailLimits = {
  connectionTimeout: number;
  greetingTimeout: number;
  socketTimeout: number;
  dnsTimeout: number;
  wholeMs: number;
};
/** 10 s to connect and greet, 30 s of silence later; a server that drips its answers is cut off as well. */
const LIMITS: MailLimits = {
  connectionTimeout: 10_000,
  greetingTimeout: 10_000,
  socketTimeout: 30_000,
  dnsTimeout: 10_000,
  wholeMs: 90_000,
};

type SmtpError = Error & { code?: string; responseCode?: number; response?: string; command?: string };

/** Enhanced codes (RFC 3463) of addresses that are gone: unknown, moved, disabled; not of full or policed ones. */
const DEAD_ENHANCED = /^5\.(?:1\.(?:1|2|3|6|10)|2\.1)$/;
/** Without one the code alone has to do: unavailable, not here, not allowed as a name. */
const DEAD_CODES = [550, 551, 553];
/** A refusal of us, not of the address: who suppressed for it would lose every reader at once. */
const ABOUT_US = /relay|spam|block|black ?list|policy|authenticat|authoriz|reputation|banned|sender|rate|greylist/i;

/** True for the answer to a recipient that says that the address does not exist any more. Pure. */
export function isDeadAddress(responseCode: number, response: string): boolean {
  const enhanced = /\b5\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0];
  // 5.0.0 says nothing that the code does not.
  if (enhanced && enhanced !== "5.0.0") return DEAD_ENHANCED.test(enhanced);
  return DEAD_CODES.includes(responseCode) && !ABOUT_US.test(response);
}

function refusalOf({ responseCode = 0, response, command }: SmtpError): SendOutcome {
  const answer = headerText(response ?? String(responseCode)).slice(0, 300);
  const reason = `The mail server answered: ${answer}`;
  const isRecipient = command === "RCPT TO";
  if (responseCode >= 500) {
    const isDead = isRecipient && isDeadAddress(responseCode, answer);
    return failed("permanent", reason, undefined, isDead ? { trouble: "recipient" } : {});
  }
  // 421, or no room for any mail: it says so to everybody.
  const isOfThisMail = responseCode !== 421 && (isRecipient || command === "DATA");
  return failed("retry", reason, undefined, { trouble: isOfThisMail ? "recipient" : "service" });
}

/** What a failed sending means. 4xx comes again, 5xx does not; silence after the text was handed over is unknown. */
export function mailFailure(error: unknown, stage: MailStage = "connecting"): SendOutcome {
  const failure = error as SmtpError;
  // A refused sign-in is for an administrator, not for patience.
  if (failure.responseCode !== undefined && failure.responseCode >= 400) return refusalOf(failure);
  if (failure.code === "EAUTH" || failure.code === "ENOAUTH") {
    return failed("permanent", "The mail server refused the sign-in.");
  }
  if (failure.code === "EENVELOPE") return failed("permanent", "The mail server refused the address.");
  if (stage === "handed over") {
    return failed("unknown", "The mail server took the message but did not answer: it may or may not have arrived.");
  }
  const why = headerText(messageOf(error)).slice(0, 200);
  if (stage === "recipient") {
    const reason = `The mail server kept us waiting for this recipient: ${why}`;
    return failed("retry", reason, undefined, { trouble: "recipient" });
  }
  return failed("retry", `The mail server could not be reached: ${why}`, undefined, { trouble: "service" });
}

async function targetOf(credentials: MailCredentials): Promise<MailTarget | SendFailure> {
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

function headersOf(mail: Mail): Record<string, string> {
  return {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
    ...(mail.listId && { "List-Id": `<${headerText(mail.listId).replace(/[<>]/g, "")}>` }),
    ...(mail.unsubscribeUrl && {
      "List-Unsubscribe": `<${mail.unsubscribeUrl}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }),
  };
}

/**
 * Sends one mail to one address, over a connection that is kept in `lines`, else over one of its own. One attempt: the
 * caller owns the schedule. Sending the same `messageId` again is how an unknown outcome is repeated.
 */
export async function sendMail(
  credentials: MailCredentials,
  mail: Mail,
  { wholeMs, ...timeouts }: MailLimits = LIMITS,
  lines?: MailLines,
): Promise<SendOutcome> {
  const from = parseMailAddress(credentials.from);
  if (!from) return failed("permanent", "The address that mail comes from (MAIL_FROM) is not one.");
  if (!isMailAddress(mail.to)) return failed("permanent", "This is not an address that mail can go to.");
  const { bounceAddress } = credentials;
  if (bounceAddress && !isMailAddress(bounceAddress)) {
    return failed("permanent", "The address that bounces go to is not one: correct it under Settings, Channels.");
  }
  const target = await targetOf(credentials);
  if ("ok" in target) return target;
  const options = { ...target, ...timeouts };
  const line = lines?.take(options) ?? new MailLine(options);
  const limit = Promise.withResolvers<undefined>();
  let isKept = false;
  const timer = setTimeout(() => limit.resolve(undefined), wholeMs);
  try {
    const sending = line.send({
      from,
      to: { name: "", address: mail.to },
      envelope: { from: bounceAddress ?? from.address, to: mail.to },
      subject: headerText(mail.subject),
      ...(await renderMail(mail.content)),
      messageId: `<${mail.messageId}>`,
      ...(mail.threadId && { inReplyTo: `<${mail.threadId}>`, references: `<${mail.threadId}>` }),
      headers: headersOf(mail),
    });
    const info = await Promise.race([sending, limit.promise]);
    isKept = info !== undefined && (lines?.keep(line) ?? false);
    return info ? sent(mail.messageId) : mailFailure(new Error("its answers come too slowly"), line.stage);
  } catch (error) {
    return mailFailure(error, line.stage);
  } finally {
    clearTimeout(timer);
    if (!isKept) line.close();
  }
}
