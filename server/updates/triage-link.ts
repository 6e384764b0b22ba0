import type { Core } from "#/server/events/index.ts";
import { hmacSha256, purposeKey, sameSecret } from "#/server/platform/crypto.ts";

/** What one press in a mail can decide. */
export const linkActs = ["accept", "merge", "decline"] as const;
export type LinkAct = (typeof linkActs)[number];

/** After a day what was pressed is history: the room says how it ended. */
export const TRIAGE_LINK_MS = 24 * 3_600_000;

type Secrets = Pick<Core["config"], "authSecret" | "publicUrl">;

function macOf(secrets: Secrets, signed: string): string {
  return hmacSha256(purposeKey(secrets.authSecret, "triage-link"), signed).toString("base64url");
}

/**
 * The address of one act for one recipient: signed, and good until it expires.
 * It names the delivery, and by that the incident and the recipient, so that neither stands in the address.
 */
export function triageLink(secrets: Secrets, deliveryId: string, act: LinkAct, createdAt: Date): string {
  const expires = Math.floor((createdAt.getTime() + TRIAGE_LINK_MS) / 1000).toString(36);
  const signed = `${deliveryId}.${act}.${expires}`;
  return `${secrets.publicUrl}/triage/${signed}.${macOf(secrets, signed)}`;
}

/** What a token of such an address says; null for one that was not made here. */
export function readTriageLink(
  secrets: Secrets,
  token: string,
): { deliveryId: string; act: LinkAct; expiresAt: Date } | null {
  const [deliveryId = "", act = "", expires = "", mac = ""] = token.split(".");
  const known = linkActs.find((one) => one === act);
  if (!known || !sameSecret(mac, macOf(secrets, `${deliveryId}.${act}.${expires}`))) return null;
  return { deliveryId, act: known, expiresAt: new Date(Number.parseInt(expires, 36) * 1000) };
}
