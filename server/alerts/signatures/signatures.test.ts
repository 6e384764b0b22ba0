import { createHash, createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { AppError } from "#/server/platform/errors.ts";
import { type Signature, sourceFile } from "../sources/index.ts";
import { signatureSchema } from "../sources/source-file.ts";
import { checkSignature } from "./check-signature.ts";

const now = new Date("2026-11-21T10:00:00.000Z");
const secret = "s3cret";
const body = Buffer.from('{"alert": "Dïsk full",  "n": 1}');
const seconds = Math.floor(now.getTime() / 1_000);
const mac = (
  data: string | Buffer,
  { algorithm = "sha256", key = secret, encoding = "hex" as "hex" | "base64" } = {},
) => createHmac(algorithm, key).update(data).digest(encoding);

/** What is wrong with a delivery; null when it passes. */
function fault(
  signature: Signature,
  headers: Record<string, string>,
  sent: Uint8Array = body,
  key = secret,
): string | null {
  const parsed = { body: JSON.parse(Buffer.from(sent).toString()), headers: {}, query: {}, route: {} };
  try {
    checkSignature(signature, key, { headers: new Headers(headers), body: sent, now }, parsed);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe("unauthenticated");
    return (error as AppError).message;
  }
}
const rule = (fields: object) =>
  signatureSchema.parse({ scheme: "hmac", algorithm: "sha256", encoding: "hex", ...fields });
/** How a source signs, as its file says. */
function signatureOf(source: string): Signature {
  const signature = sourceFile(source)?.signature;
  if (!signature) throw new Error(`${source} does not say how it signs`);
  return signature;
}

const part = (fields: object) => Buffer.from(JSON.stringify(fields)).toString("base64url");
/** A JSON Web Signature whose payload holds the hash of a body. */
function jws(sent: Uint8Array, { alg = "HS256", iss = "netlify", key = secret } = {}): string {
  const data = `${part({ alg, typ: "JWT" })}.${part({ iss, sha256: createHash("sha256").update(sent).digest("hex") })}`;
  return `${data}.${createHmac("sha256", key).update(data).digest("base64url")}`;
}

/** A header as each vendor documents it. */
const documented: [string, Record<string, string>][] = [
  ["github", { "X-Hub-Signature-256": `sha256=${mac(body)}` }],
  ["sentry-integration-platform", { "Sentry-Hook-Signature": mac(body) }],
  ["pagerduty-webhooks-v3", { "X-PagerDuty-Signature": `v1=${mac(body, { key: "old" })},v1=${mac(body)}` }],
  ["grafana-alerting", { "X-Grafana-Alerting-Signature": mac(body) }],
  [
    "grafana-alerting",
    {
      "X-Grafana-Alerting-Signature": mac(Buffer.concat([Buffer.from(`${seconds}:`), body])),
      "X-Grafana-Alerting-Timestamp": String(seconds),
    },
  ],
  ["rootly", { "X-Rootly-Signature": `t=${seconds},v1=${mac(Buffer.concat([Buffer.from(String(seconds)), body]))}` }],
  ["netlify", { "X-Webhook-Signature": jws(body) }],
  ["circleci", { "circleci-signature": `v1=${mac(body)}` }],
  ["mongodb-atlas", { "X-MMS-Signature": mac(body, { algorithm: "sha1", encoding: "base64" }) }],
  ["vercel", { "x-vercel-signature": mac(body, { algorithm: "sha1" }) }],
  ["terraform-cloud", { "X-TFE-Notification-Signature": mac(body, { algorithm: "sha512" }).toUpperCase() }],
  ["gitlab", { "X-Gitlab-Token": secret }],
  ["datadog", { "X-Muster-Token": secret }],
  ["honeycomb", { "X-Honeycomb-Webhook-Token": secret }],
];

describe("a delivery signed as documented", () => {
  test.each(documented)(
    "by %s passes; not with a changed body, another secret, or without the header",
    (source, headers) => {
      const signature = signatureOf(source);
      expect(fault(signature, headers)).toBeNull();
      expect(fault(signature, headers, body, "another")).toContain("Settings → Integrations");
      expect(fault(signature, {})).toContain("missing");
      if (signature.scheme !== "hmac") return;
      expect(fault(signature, headers, Buffer.from('{"alert": "Dïsk full", "n": 1}'))).toContain("not of this body");
      expect(fault(signature, Object.fromEntries(Object.keys(headers).map((name) => [name, ""])))).not.toBeNull();
      expect(fault(signature, Object.fromEntries(Object.keys(headers).map((name) => [name, "v1=zz"])))).not.toBeNull();
    },
  );

  test("a token may stand in a field of the body", () => {
    const signature = signatureSchema.parse({ scheme: "token", field: "auth.token" });
    expect(fault(signature, {}, Buffer.from(`{"auth":{"token":"${secret}"}}`))).toBeNull();
    expect(fault(signature, {}, Buffer.from('{"auth":{"token":"x"}}'))).toContain("not the one");
  });

  test.each([
    [-299, true],
    [-301, false],
    [299, true],
    [301, false],
  ])("sent again %i seconds from its timestamp: %s", (offset, isTaken) => {
    const signature = rule({ header: "x-s", timestamp: { part: "t" }, part: "v1", signed: "{timestamp}.{body}" });
    const at = seconds + offset;
    const value = mac(Buffer.concat([Buffer.from(`${at}.`), body]));
    expect(fault(signature, { "x-s": `t=${at},v1=${value}` }) === null).toBe(isTaken);
    // A newer timestamp in front of an old signature is not what was signed.
    expect(fault(signature, { "x-s": `t=${seconds + 1},v1=${value}` })).not.toBeNull();
  });

  test("a signature over the body's hash is of this body, this sender and this algorithm", () => {
    const signature = signatureOf("netlify");
    const sent = (value: string) => fault(signature, { "x-webhook-signature": value });
    expect(sent(jws(Buffer.from("{}")))).toContain("not of this body");
    expect(sent(jws(body, { iss: "another" }))).toContain("not of this body");
    for (const alg of ["none", "RS256", "hs256"]) expect(sent(jws(body, { alg })), alg).toContain("not of this body");
    for (const junk of ["a.b.c", "..", "eyJ", `${jws(body).replace(/[^.]*$/, "")}`]) expect(sent(junk)).not.toBeNull();
  });

  test("Standard Webhooks, by their own library", () => {
    const key = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
    const sign = (at: Date) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": `v1,AAAA ${new Webhook(key).sign("msg_1", at, body.toString())}`,
    });
    const signature = signatureOf("render");
    expect(fault(signature, sign(now), body, key)).toBeNull();
    expect(fault(signature, sign(now), Buffer.from("{}"), key)).toContain("not of this body");
    expect(fault(signature, { ...sign(now), "webhook-id": "msg_2" }, body, key)).not.toBeNull();
    expect(fault(signature, sign(new Date(now.getTime() - 301_000)), body, key)).toContain("five minutes");
    expect(fault(signature, {}, body, key)).toContain("missing");
  });
});
