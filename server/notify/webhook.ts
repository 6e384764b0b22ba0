import { hmacSha256, purposeKey } from "#/server/platform/crypto.ts";
import { failed, type SendOutcome, sent } from "./outcome.ts";
import { askOutside, type Outside, refusalOf } from "./outside.ts";

const SECRET_PREFIX = "whsec_";

/** What receivers of tell lists check the signatures of our webhooks with, in the form of Standard Webhooks. */
export function webhookSecret(authSecret: string): string {
  return `${SECRET_PREFIX}${purposeKey(authSecret, "webhook-signing").toString("base64")}`;
}

type Signed = { id: string; body: string; now: Date; secrets: readonly string[] };

/**
 * The headers of Standard Webhooks: the same id for every try, so that a receiver recognises a repeat, and one signature
 * for each secret that is live, so that a receiver changes over when it likes. Pure.
 */
export function webhookHeaders({ id, body, now, secrets }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
    return `v1,${hmacSha256(key, `${id}.${timestamp}.${body}`).toString("base64")}`;
  });
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

type Call = { url: string; id: string; payload: unknown; secrets: readonly string[]; now: Date };

/** Posts one signed webhook. One attempt; the same id again is the same message. */
export async function sendWebhook(outside: Outside, { url, id, payload, secrets, now }: Call): Promise<SendOutcome> {
  const body = JSON.stringify(payload);
  const headers = webhookHeaders({ id, body, now, secrets });
  const answer = await askOutside(outside, { method: "POST", url, headers, body });
  if (!answer.ok) return answer;
  return answer.status >= 200 && answer.status < 300 ? sent(id) : refusalOf(new URL(url).hostname, answer, now);
}

/**
 * The same to a receiver of events, who may be away for a while behind any answer: by Standard Webhooks only `410` is for
 * good, every other answer but 2xx is tried again.
 */
export async function sendEvent(outside: Outside, call: Call): Promise<SendOutcome> {
  const outcome = await sendWebhook(outside, call);
  const isRefusal = !outcome.ok && outcome.kind === "permanent" && outcome.status !== undefined;
  return isRefusal && !outcome.isGone ? failed("retry", outcome.reason) : outcome;
}
