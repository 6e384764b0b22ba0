import { decode } from "next-auth/jwt";

/** The names that the session cookie goes by: over https, and over http. */
const COOKIE_NAMES = ["__Secure-next-auth.session-token", "next-auth.session-token"];
/** Pieces of one cookie; a browser sends no more than some 16 KB of headers. */
const CHUNKS_MAX = 8;

/** What a session cookie says: the row in `sessions` and whose it is. */
export type SessionClaims = { sessionId: string; userId: string };

function cookiesOf(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0) cookies.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return cookies;
}

function joined(cookies: ReadonlyMap<string, string>, name: string): string | undefined {
  const whole = cookies.get(name);
  if (whole !== undefined) return whole;
  const chunks: string[] = [];
  while (chunks.length < CHUNKS_MAX) {
    const chunk = cookies.get(`${name}.${chunks.length}`);
    if (chunk === undefined) break;
    chunks.push(chunk);
  }
  return chunks.length > 0 ? chunks.join("") : undefined;
}

/** The sealed session tokens of a Cookie header, whole or in pieces; the secure name first. Pure. */
export function sessionTokens(cookieHeader: string): string[] {
  const cookies = cookiesOf(cookieHeader);
  return COOKIE_NAMES.map((name) => joined(cookies, name)).filter((token) => token !== undefined);
}

async function claimsOf(token: string, secret: string): Promise<SessionClaims | null> {
  try {
    const claims = await decode({ token, secret });
    return typeof claims?.sessionId === "string" && typeof claims.sub === "string"
      ? { sessionId: claims.sessionId, userId: claims.sub }
      : null;
  } catch {
    // Sealed under another secret, changed, or past its time: the same as no cookie.
    return null;
  }
}

/** Opens the session cookie of a request; null without a good one. Says nothing yet about the session's row. */
export async function readSessionCookie(cookieHeader: string, secret: string): Promise<SessionClaims | null> {
  for (const token of sessionTokens(cookieHeader)) {
    const claims = await claimsOf(token, secret);
    if (claims) return claims;
  }
  return null;
}
