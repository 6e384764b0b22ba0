import { sameSecret } from "#/server/platform/crypto.ts";
import { AppError, unreachable } from "#/server/platform/errors.ts";
import type { ParsedDelivery } from "../delivery.ts";
import { pathOf, textAt } from "../mapping/path.ts";
import type { Signature } from "../sources/index.ts";
import { bodyJwsFault } from "./body-jws.ts";
import { hmacFault, type Signed } from "./hmac.ts";
import { standardWebhooksFault } from "./standard-webhooks.ts";

type Token = Extract<Signature, { scheme: "token" }>;

/** A shared word: `Token x` and `Bearer x` in a header count as `x`. */
function tokenFault({ header, field }: Token, secret: string, signed: Signed, parsed: ParsedDelivery): string | null {
  const inHeader = header === undefined ? null : signed.headers.get(header);
  const inField = field === undefined ? null : textAt(pathOf(field), { ...parsed, item: parsed.body });
  const given = inHeader ?? inField;
  if (given === null) return `The token is missing: ${header ? `the header ${header}` : `the field ${field}`}.`;
  const bare = given.replace(/^(?:token|bearer)\s+/i, "");
  return sameSecret(given, secret) || sameSecret(bare, secret) ? null : "The token is not the one that is set here.";
}

function faultOf(signature: Signature, secret: string, signed: Signed, parsed: ParsedDelivery): string | null {
  switch (signature.scheme) {
    case "hmac":
      return hmacFault(signature, secret, signed);
    case "token":
      return tokenFault(signature, secret, signed, parsed);
    case "body-jws":
      return bodyJwsFault(signature, secret, signed);
    case "standard-webhooks":
      return standardWebhooksFault(secret, signed);
    case "sns":
      // Signed with Amazon's key instead of a secret.
      return null;
    default:
      return unreachable(signature);
  }
}

/** Refuses a delivery that was not made by who knows the secret. Pure. @throws AppError "unauthenticated" */
export function checkSignature(signature: Signature, secret: string, signed: Signed, parsed: ParsedDelivery): void {
  const fault = faultOf(signature, secret, signed, parsed);
  if (fault === null) return;
  const help = "Set the same secret at the sender and in Settings → Integrations, or remove it here.";
  throw new AppError("unauthenticated", `${fault} ${help}`);
}
