import { hmacSha256, purposeKey, sameSecret } from "#/server/platform/crypto.ts";

type Secrets = { authSecret: string; publicUrl: string };

const TOKEN_LENGTH = 32;

function tokenOf({ authSecret }: Pick<Secrets, "authSecret">): string {
  return hmacSha256(purposeKey(authSecret, "bounces"), "hand in").toString("base64url").slice(0, TOKEN_LENGTH);
}

/** Where a mail server hands in what came back; its token keeps strangers out. */
export function bounceUrl(secrets: Secrets): string {
  return `${secrets.publicUrl}/bounces/${tokenOf(secrets)}`;
}

/** Whether somebody knows that address. */
export function isBounceToken(secrets: Pick<Secrets, "authSecret">, token: string): boolean {
  return sameSecret(token, tokenOf(secrets));
}
