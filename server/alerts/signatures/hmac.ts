import { createHmac, timingSafeEqual } from "node:crypto";
import { timeOf } from "../mapping/time.ts";
import type { Signature } from "../sources/index.ts";

type Hmac = Extract<Signature, { scheme: "hmac" }>;
export type Signed = { headers: Headers; body: Uint8Array; now: Date };

/** Clocks differ by less; what is older is a replay. */
export const SIGNATURE_AGE_MAX_MS = 5 * 60_000;
/** While a secret is rotated there are two; nobody sends more than a few. */
const VALUES_MAX = 10;

/** `t=1,v1=abc` as its parts, in their order. */
function partsOf(text: string): (readonly [string, string])[] {
  return text.split(",").flatMap((part) => {
    const at = part.indexOf("=");
    return at > 0 ? [[part.slice(0, at).trim(), part.slice(at + 1).trim()] as const] : [];
  });
}

function valuesIn(given: string, rule: Hmac): string[] {
  const { part, separator, prefix } = rule;
  const values = part
    ? partsOf(given).flatMap(([name, value]) => (name === part ? [value] : []))
    : separator
      ? given.split(separator)
      : [given];
  return values
    .slice(0, VALUES_MAX)
    .map((value) => value.trim())
    .flatMap((value) => (value.startsWith(prefix) ? [value.slice(prefix.length)] : []));
}

function timestampOf(given: string, { timestamp }: Hmac, headers: Headers): string | null {
  if (!timestamp) return null;
  if ("header" in timestamp) return headers.get(timestamp.header)?.trim() ?? null;
  return partsOf(given).find(([name]) => name === timestamp.part)?.[1] ?? null;
}

/** True for an instant within five minutes of now. */
export function isFresh(timestamp: string, now: Date): boolean {
  const at = timeOf(timestamp);
  return at !== null && Math.abs(now.getTime() - at.getTime()) <= SIGNATURE_AGE_MAX_MS;
}

/** Where a sender may leave the timestamp out, it signs the body alone. */
function messageOf(rule: Hmac, body: Uint8Array, timestamp: string | null): Buffer {
  const isBodyAlone = timestamp === null && rule.timestamp !== undefined && "header" in rule.timestamp;
  const template = isBodyAlone ? "{body}" : rule.signed;
  const pieces = template
    .split("{body}")
    .map((piece) => Buffer.from(piece.replaceAll("{timestamp}", () => timestamp ?? "")));
  return Buffer.concat(pieces.flatMap((piece, at) => (at === 0 ? [piece] : [body, piece])));
}

/** Compares in a time that does not depend on where they differ. */
export function isSameMac(given: string, encoding: "hex" | "base64", expected: Buffer): boolean {
  const bytes = Buffer.from(given, encoding);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}

/** What is wrong with the HMAC of a delivery; null when it is right. Over the raw bytes. */
export function hmacFault(rule: Hmac, secret: string, { headers, body, now }: Signed): string | null {
  const given = headers.get(rule.header);
  if (!given) return `The header ${rule.header} is missing.`;
  const timestamp = timestampOf(given, rule, headers);
  const expected = createHmac(rule.algorithm, secret)
    .update(messageOf(rule, body, timestamp))
    .digest();
  const isRight = valuesIn(given, rule).some((value) => isSameMac(value, rule.encoding, expected));
  if (!isRight) return `The signature in ${rule.header} is not of this body with the secret that is set here.`;
  if (timestamp !== null && !isFresh(timestamp, now)) {
    return "It was signed more than five minutes ago: sent again by somebody, or a clock is wrong.";
  }
  return null;
}
