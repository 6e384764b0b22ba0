import { createHash, createHmac } from "node:crypto";
import { sameSecret } from "#/server/platform/crypto.ts";
import type { Signature } from "../sources/index.ts";
import { isSameMac, type Signed } from "./hmac.ts";

type BodyJws = Extract<Signature, { scheme: "body-jws" }>;

function fieldsOf(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return value !== null && typeof value === "object" ? { ...value } : {};
  } catch {
    return {};
  }
}

/**
 * What is wrong with a JSON Web Signature (RFC 7515, compact) that holds the SHA-256 of the body; null when it is right.
 * Only HS256: a token that names another algorithm, `none` among them, is wrong.
 */
export function bodyJwsFault({ header, issuer }: BodyJws, secret: string, { headers, body }: Signed): string | null {
  const given = headers.get(header)?.trim();
  if (!given) return `The header ${header} is missing.`;
  const [head = "", payload = "", signature = ""] = given.split(".", 3);
  const expected = createHmac("sha256", secret).update(`${head}.${payload}`).digest();
  const { iss, sha256 } = fieldsOf(payload);
  const isRight =
    fieldsOf(head).alg === "HS256" &&
    isSameMac(signature, "base64", expected) &&
    iss === issuer &&
    sameSecret(String(sha256), createHash("sha256").update(body).digest("hex"));
  return isRight ? null : `The signature in ${header} is not of this body with the secret that is set here.`;
}
