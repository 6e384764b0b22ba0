import { createHmac } from "node:crypto";
import type { Config } from "#/server/platform/config.ts";
import { purposeKey, sameSecret } from "#/server/platform/crypto.ts";

/** What a token lets its bearer do. */
export type SubscriberPurpose = "confirm" | "unsubscribe" | "confirm-webhook" | "unsubscribe-webhook";

const paths: Record<SubscriberPurpose, string> = {
  confirm: "/subscribe/confirm/",
  unsubscribe: "/unsubscribe/",
  "confirm-webhook": "/subscribe/webhook/",
  "unsubscribe-webhook": "/unsubscribe/webhook/",
};

const ID_BYTES = 16;
/** 192 bits of the MAC: nobody guesses it. */
const MAC_BYTES = 24;

function macOf(config: Pick<Config, "authSecret">, purpose: SubscriberPurpose, id: Buffer): Buffer {
  const key = purposeKey(config.authSecret, `subscriber-${purpose}`);
  return createHmac("sha256", key).update(id).digest().subarray(0, MAC_BYTES);
}

/** An opaque token for one subscriber and one purpose; the same every time, so that old mails keep working. */
export function subscriberToken(config: Pick<Config, "authSecret">, purpose: SubscriberPurpose, id: string): string {
  const bytes = Buffer.from(id.replaceAll("-", ""), "hex");
  return Buffer.concat([bytes, macOf(config, purpose, bytes)]).toString("base64url");
}

/** The subscriber that a token was made for, or undefined for anything else. */
export function subscriberOfToken(
  config: Pick<Config, "authSecret">,
  purpose: SubscriberPurpose,
  token: string,
): string | undefined {
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== ID_BYTES + MAC_BYTES) return undefined;
  const id = bytes.subarray(0, ID_BYTES);
  const mac = bytes.subarray(ID_BYTES).toString("base64url");
  if (!sameSecret(mac, macOf(config, purpose, id).toString("base64url"))) return undefined;
  return id.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Where a subscriber confirms or ends a subscription; `base` is the public site's origin. */
export function subscriberUrl(
  config: Pick<Config, "authSecret">,
  base: string,
  purpose: SubscriberPurpose,
  id: string,
): string {
  return `${base}${paths[purpose]}${subscriberToken(config, purpose, id)}`;
}
