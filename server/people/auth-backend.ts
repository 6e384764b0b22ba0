import type { Core } from "#/server/events/index.ts";
import { isAppError, messageOf } from "#/server/platform/errors.ts";
import { completeSetup, isSetupToken } from "./complete-setup.ts";
import { type CompleteSetupInput, completeSetupInput } from "./contract.ts";
import { type SignedInUser, type SignIn, signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import { hasAnyone } from "./store.ts";

type Result<T> = { ok: true; value: T } | { ok: false; code: string; message: string };

/** What the sign-in pages may ask, in plain data. */
export type AuthBackend = {
  signIn(input: SignIn & { ip: string }): Promise<Result<SignedInUser>>;
  signOut(sessionId: string): Promise<void>;
  isSetupToken(token: string): Promise<boolean>;
  hasAnyone(): Promise<boolean>;
  completeSetup(input: CompleteSetupInput): Promise<Result<{ id: string; email: string }>>;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function plainly<T>(core: Core, work: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isAppError(error)) return { ok: false, code: error.code, message: error.message };
    core.log.error({ error: messageOf(error) }, "somebody could not be signed in");
    return { ok: false, code: "unexpected", message: "Something went wrong here. Try again in a moment." };
  }
}

/** The server's side of the sign-in pages. Errors come back as codes with plain words; nothing is thrown on purpose. */
export function authBackend(core: Core): AuthBackend {
  return {
    signIn: (input) => plainly(core, () => signIn(core, input)),
    async signOut(sessionId) {
      if (UUID.test(sessionId)) await signOut(core, sessionId);
    },
    isSetupToken: (token) => isSetupToken(core, token),
    hasAnyone: () => hasAnyone(core.db.read),
    async completeSetup(input) {
      const parsed = completeSetupInput.safeParse(input);
      if (!parsed.success) {
        return { ok: false, code: "invalid", message: parsed.error.issues[0]?.message ?? "This is not valid." };
      }
      return plainly(core, async () => {
        const { id, email } = await completeSetup(core, parsed.data);
        return { id, email };
      });
    },
  };
}
