import { createVerify, type KeyObject, X509Certificate } from "node:crypto";
import { z } from "zod";
import { getPublic } from "#/server/notify/index.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";

/** What an SNS message is signed over, in this order; a field that is not there is left out. */
const SIGNED_FIELDS = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
  UnsubscribeConfirmation: ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
} as const;
/** SNS goes on trying for an hour; what was signed longer ago is a replay. */
export const SNS_AGE_MAX_MS = 90 * 60_000;
const CERTIFICATES_MAX = 50;

const text = z.string().max(300_000);
const snsMessage = z.object({
  Type: z.enum(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]),
  MessageId: text,
  TopicArn: text,
  Message: text,
  Timestamp: text,
  SignatureVersion: text.optional(),
  Signature: text.optional(),
  SigningCertURL: text.optional(),
  Subject: text.nullish(),
  SubscribeURL: text.optional(),
  Token: text.optional(),
});
export type SnsMessage = z.infer<typeof snsMessage>;

/** The way to Amazon. Tests bring their own. */
export type SnsDoor = {
  isTrustedHost(hostname: string): boolean;
  /** @throws AppError "unavailable" when the network does not let it through */
  get(url: string): Promise<string>;
  certificates: Map<string, Promise<KeyObject>>;
};

/** Amazon's own hosts only: whoever may name the certificate may sign anything. Pure. */
export function isSnsHost(hostname: string): boolean {
  return /^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?$/.test(hostname);
}

export const amazon: SnsDoor = { isTrustedHost: isSnsHost, get: getPublic, certificates: new Map() };

/** The body as a message of SNS; null for anything else, such as a delivery in raw mode. */
export function snsMessageOf(body: unknown): SnsMessage | null {
  const read = snsMessage.safeParse(body);
  return read.success ? read.data : null;
}

function trustedUrl(door: SnsDoor, address: string | undefined, what: string): string {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== "https:" || url.username || !door.isTrustedHost(url.hostname)) {
    throw new AppError("unauthenticated", `The ${what} of this SNS message is not at sns.<region>.amazonaws.com.`);
  }
  return url.href;
}

function certificateKey(door: SnsDoor, url: string): Promise<KeyObject> {
  const known = door.certificates.get(url);
  if (known) return known;
  const asked = door.get(url).then((pem) => new X509Certificate(pem).publicKey);
  if (door.certificates.size >= CERTIFICATES_MAX) door.certificates.clear();
  door.certificates.set(url, asked);
  asked.catch(() => door.certificates.delete(url));
  return asked;
}

async function keyOf(door: SnsDoor, url: string): Promise<KeyObject> {
  try {
    return await certificateKey(door, url);
  } catch (error) {
    if (isAppError(error) && error.code === "unavailable") throw error;
    throw new AppError("unauthenticated", "The certificate that this SNS message names is none.");
  }
}

/** The text that is signed. */
export function snsSignedText(message: SnsMessage): string {
  return SIGNED_FIELDS[message.Type]
    .flatMap((name) => {
      const value = message[name];
      return value === undefined || value === null ? [] : [`${name}\n${value}\n`];
    })
    .join("");
}

/**
 * Checks that Amazon signed a message, and not long ago. Asks for the certificate at most once.
 *
 * @throws AppError "unauthenticated"; "unavailable" when the certificate cannot be had now.
 */
export async function checkSnsSignature(door: SnsDoor, message: SnsMessage, now: Date): Promise<void> {
  const url = trustedUrl(door, message.SigningCertURL, "certificate");
  const algorithm = { "1": "RSA-SHA1", "2": "RSA-SHA256" }[message.SignatureVersion ?? ""];
  if (!algorithm || !message.Signature) {
    throw new AppError("unauthenticated", "This SNS message has no signature of version 1 or 2.");
  }
  const key = await keyOf(door, url);
  const isRight = createVerify(algorithm).update(snsSignedText(message)).verify(key, message.Signature, "base64");
  if (!isRight) throw new AppError("unauthenticated", "The signature of this SNS message is wrong.");
  const at = Date.parse(message.Timestamp);
  if (!(Math.abs(now.getTime() - at) <= SNS_AGE_MAX_MS)) {
    throw new AppError("unauthenticated", "This SNS message was signed too long ago: somebody sent it again.");
  }
}

/** Says yes to a subscription whose message was checked. @throws AppError "unauthenticated" | "unavailable" | "invalid" */
export async function confirmSubscription(door: SnsDoor, message: SnsMessage): Promise<void> {
  await door.get(trustedUrl(door, message.SubscribeURL, "SubscribeURL"));
}
