import { createHmac } from "node:crypto";
import { isFresh, isSameMac, type Signed } from "./hmac.ts";

const PREFIX = "whsec_";
const VALUES_MAX = 10;

/** What is wrong with a delivery signed by standardwebhooks.com; null when it is right. */
export function standardWebhooksFault(secret: string, { headers, body, now }: Signed): string | null {
  const read = (name: string) => headers.get(`webhook-${name}`) ?? headers.get(`svix-${name}`);
  const [id, timestamp, given] = [read("id"), read("timestamp"), read("signature")];
  if (!id || !timestamp || !given) return "A header of webhook-id, webhook-timestamp and webhook-signature is missing.";
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, "base64");
  const message = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const expected = createHmac("sha256", key).update(message).digest();
  const isRight = given
    .split(" ")
    .slice(0, VALUES_MAX)
    .some((value) => value.startsWith("v1,") && isSameMac(value.slice(3), "base64", expected));
  if (!isRight) return "The signature in webhook-signature is not of this body with the secret that is set here.";
  return isFresh(timestamp, now) ? null : "It was signed more than five minutes ago: sent again, or a clock is wrong.";
}
