import { sessions } from "#/db/schema/index.ts";
import type { ServerRole, UserActor } from "#/server/access/index.ts";
import { type Core, ctxFor, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { checkPassword, type FailureLimit } from "./check-password.ts";
import { PASSWORD_LENGTH_MAX, USER_AGENT_LENGTH_MAX } from "./shared/limits.ts";
import { findByEmail } from "./store.ts";

/** A sign-in lasts as long as its cookie: thirty days. */
export const SESSION_DAYS = 30;
const DAY_MS = 86_400_000;

/** Wrong passwords in a quarter of an hour for one e-mail address from one network address: typing errors fit. */
export const FAILURES_PER_EMAIL_AND_ADDRESS_MAX = 10;
/** … for one e-mail address from everywhere: higher, so that a stranger does not lock somebody out by ten tries. */
export const FAILURES_PER_EMAIL_MAX = 100;
/** … from one network address: an office may share one. */
export const FAILURES_PER_ADDRESS_MAX = 100;

export type SignIn = { email: string; password: string; userAgent: string; ip?: string | undefined };
export type SignedInUser = { id: string; name: string; email: string; role: ServerRole; sessionId: string };

function limitsOf(email: string, ip: string | undefined): FailureLimit[] {
  const everywhere = { key: `email ${email}`, max: FAILURES_PER_EMAIL_MAX };
  const both = { key: `email ${email} from ${ip ?? ""}`, max: FAILURES_PER_EMAIL_AND_ADDRESS_MAX };
  return ip ? [both, everywhere, { key: `address ${ip}`, max: FAILURES_PER_ADDRESS_MAX }] : [both, everywhere];
}

/**
 * Signs somebody in by e-mail address and password, and starts a session.
 *
 * One transaction: the session with its audit entry. Each call starts a session of its own. It takes the same time and
 * gives the same answer whether the address is unknown or the password wrong.
 *
 * @throws AppError "unauthenticated" | "rate_limited" | "unavailable"
 */
export async function signIn(core: Core, { email, password, userAgent, ip }: SignIn): Promise<SignedInUser> {
  const address = wellFormedText(email.trim().toLowerCase()).slice(0, PASSWORD_LENGTH_MAX);
  const user = await findByEmail(core.db.read, address);
  const stored = user && !user.disabledAt ? user.passwordHash : null;
  const isRight = await checkPassword(core, limitsOf(address, ip), password.slice(0, PASSWORD_LENGTH_MAX), stored);
  if (!user || !isRight) throw new AppError("unauthenticated", "The e-mail address or the password is not right.");
  const { id: userId, name, role } = user;
  return core.db.transaction(async (tx) => {
    const now = core.now();
    const [session] = await tx
      .insert(sessions)
      .values({
        userId,
        userAgent: wellFormedText(userAgent).slice(0, USER_AGENT_LENGTH_MAX),
        createdAt: now,
        lastSeenAt: now,
        expiresAt: new Date(now.getTime() + SESSION_DAYS * DAY_MS),
      })
      .returning({ id: sessions.id });
    if (!session) throw new Error("an inserted session was not returned");
    const actor: UserActor = { kind: "user", userId, name, email: user.email, role, sessionId: session.id };
    const entry = { action: "session.started", objectKind: "session", objectId: session.id };
    await recordAudit(tx, ctxFor(core, actor), entry);
    return { id: userId, name, email: user.email, role, sessionId: session.id };
  });
}
