import { createHmac } from "node:crypto";
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

/** Each as its vendor documents it: how it is written down here, and a header as the vendor makes it. */
const documented: [string, Signature, Record<string, string>][] = [
  [
    "GitHub",
    rule({ header: "x-hub-signature-256", prefix: "sha256=" }),
    { "X-Hub-Signature-256": `sha256=${mac(body)}` },
  ],
  ["Sentry", rule({ header: "sentry-hook-signature" }), { "Sentry-Hook-Signature": mac(body) }],
  [
    "PagerDuty v3",
    rule({ header: "x-pagerduty-signature", prefix: "v1=", separator: "," }),
    { "X-PagerDuty-Signature": `v1=${mac(body, { key: "old" })},v1=${mac(body)}` },
  ],
  [
    "Grafana without a timestamp",
    rule({ header: "x-grafana-alerting-signature", timestamp: { header: "x-ts" }, signed: "{timestamp}:{body}" }),
    { "X-Grafana-Alerting-Signature": mac(body) },
  ],
  [
    "Grafana with a timestamp",
    rule({ header: "x-grafana-alerting-signature", timestamp: { header: "x-ts" }, signed: "{timestamp}:{body}" }),
    {
      "X-Grafana-Alerting-Signature": mac(Buffer.concat([Buffer.from(`${seconds}:`), body])),
      "X-Ts": String(seconds),
    },
  ],
  [
    "Rootly",
    rule({ header: "x-rootly-signature", timestamp: { part: "t" }, part: "v1", signed: "{timestamp}{body}" }),
    { "X-Rootly-Signature": `t=${seconds},v1=${mac(Buffer.concat([Buffer.from(String(seconds)), body]))}` },
  ],
  [
    "MongoDB Atlas",
    rule({ header: "x-mms-signature", algorithm: "sha1", encoding: "base64" }),
    { "X-MMS-Signature": mac(body, { algorithm: "sha1", encoding: "base64" }) },
  ],
  [
    "Terraform Cloud",
    rule({ header: "x-tfe-notification-signature", algorithm: "sha512" }),
    { "X-TFE-Notification-Signature": mac(body, { algorithm: "sha512" }).toUpperCase() },
  ],
  ["GitLab", signatureSchema.parse({ scheme: "token", header: "x-gitlab-token" }), { "X-Gitlab-Token": secret }],
  [
    "Datadog",
    signatureSchema.parse({ scheme: "token", header: "authorization" }),
    { Authorization: `Bearer ${secret}` },
  ],
];

describe("a delivery signed as documented", () => {
  test.each(documented)(
    "by %s passes; not with a changed body, another secret, or without the header",
    (_, signature, headers) => {
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

  test("Standard Webhooks, by their own library", () => {
    const key = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
    const sign = (at: Date) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": `v1,AAAA ${new Webhook(key).sign("msg_1", at, body.toString())}`,
    });
    const signature = signatureSchema.parse({ scheme: "standard-webhooks" });
    expect(fault(signature, sign(now), body, key)).toBeNull();
    expect(fault(signature, sign(now), Buffer.from("{}"), key)).toContain("not of this body");
    expect(fault(signature, { ...sign(now), "webhook-id": "msg_2" }, body, key)).not.toBeNull();
    expect(fault(signature, sign(new Date(now.getTime() - 301_000)), body, key)).toContain("five minutes");
    expect(fault(signature, {}, body, key)).toContain("missing");
  });
});

test("the sources that sign say so in their files", () => {
  const signing = ["github", "sentry-integration-platform", "pagerduty-webhooks-v3", "grafana-alerting", "gitlab"];
  const written = signing.map(sourceFile).filter((file) => file !== undefined);
  expect(written.every((file) => file.signature !== undefined)).toBe(true);
});
