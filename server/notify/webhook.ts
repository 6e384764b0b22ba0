import { hmacSha256, purposeKey } from "#/server/platform/crypto.ts";
import { type SendOutcome, sent } from "./outcome.ts";
import { askOutside, type Outside, refusalOf } from "./outside.ts";

/** What receivers check the signatures of our webhooks with, in the form of Standard Webhooks. */
export function webhookSecret(authSecret: string): string {
  return `whsec_${purposeKey(authSecret, "webhook-signing").toString("base64")}`;
}

/** The three headers of Standard Webhooks: the same id for every try, so that a receiver recognises a repeat. */
export function webhookHeaders(authSecret: string, id: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const mac = hmacSha256(purposeKey(authSecret, "webhook-signing"), `${id}.${timestamp}.${body}`);
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${mac.toString("base64")}`,
  };
}

type Call = { url: string; id: string; payload: unknown; authSecret: string; now: Date };

/** Posts one signed webhook. One attempt; the same id again is the same message. */
export async function sendWebhook(outside: Outside, { url, id, payload, authSecret, now }: Call): Promise<SendOutcome> {
  const body = JSON.stringify(payload);
  const headers = webhookHeaders(authSecret, id, body, now);
  const answer = await askOutside(outside, { method: "POST", url, headers, body });
  if (!answer.ok) return answer;
  return answer.status >= 200 && answer.status < 300 ? sent(id) : refusalOf(new URL(url).hostname, answer, now);
}
