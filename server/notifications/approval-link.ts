import type { Core } from "#/server/events/index.ts";
import { hmacSha256, purposeKey, sameSecret } from "#/server/platform/crypto.ts";

/** After a day what was asked is history: the room says how it ended. */
const APPROVAL_LINK_MS = 24 * 3_600_000;

type Secrets = Pick<Core["config"], "authSecret" | "publicUrl">;

function macOf(secrets: Secrets, signed: string): string {
  return hmacSha256(purposeKey(secrets.authSecret, "approval-link"), signed).toString("base64url");
}

/**
 * The address where one person reads and approves what they were asked for: signed, and good until it expires.
 * It names the notification, and by that the person and the planned update, so that neither stands in the address.
 */
export function approvalLink(secrets: Secrets, notificationId: string, createdAt: Date): string {
  const expires = Math.floor((createdAt.getTime() + APPROVAL_LINK_MS) / 1000).toString(36);
  const signed = `${notificationId}.${expires}`;
  return `${secrets.publicUrl}/approve/${signed}.${macOf(secrets, signed)}`;
}

/** What a token of such an address says; null for one that was not made here. */
export function readApprovalLink(secrets: Secrets, token: string): { notificationId: string; expiresAt: Date } | null {
  const [notificationId = "", expires = "", mac = ""] = token.split(".");
  if (!sameSecret(mac, macOf(secrets, `${notificationId}.${expires}`))) return null;
  return { notificationId, expiresAt: new Date(Number.parseInt(expires, 36) * 1000) };
}
