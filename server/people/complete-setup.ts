import type { Core } from "#/server/events/index.ts";
import { hashPassword, randomToken, sameSecret, sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { CompleteSetupInput, UserView } from "./contract.ts";
import { insertOwner } from "./first-owner.ts";
import { presentUser } from "./present.ts";
import { dropKept, hasAnyone, keep, lockPeople, readKept } from "./store.ts";

const SETUP = "people.setup";
type KeptSetup = { hash: string };

/**
 * The link by which the first owner makes their account; null once anybody has one.
 * Each call makes a new link, and the one before stops working. One transaction.
 */
export async function setupLink(core: Core): Promise<string | null> {
  const token = randomToken();
  const isNew = await core.db.transaction(async (tx) => {
    await lockPeople(tx);
    if (await hasAnyone(tx)) return false;
    await keep(tx, core, SETUP, { hash: sha256(token) });
    return true;
  });
  return isNew ? `${core.config.publicUrl}/setup/${token}` : null;
}

/** True while this is the token of the set-up link and nobody has an account. */
export async function isSetupToken(core: Pick<Core, "db">, token: string): Promise<boolean> {
  const kept = await readKept<KeptSetup>(core.db.read, SETUP);
  return kept !== undefined && sameSecret(kept.hash, sha256(token)) && !(await hasAnyone(core.db.read));
}

/**
 * Makes the first owner by the set-up link, which then is used up.
 *
 * One transaction: of two at once, one is too late.
 *
 * @throws AppError "not_found" when the link is wrong, used, or replaced by a restart.
 */
export async function completeSetup(core: Core, input: CompleteSetupInput): Promise<UserView> {
  const wrongLink = new AppError(
    "not_found",
    "This set-up link does not work any more. The newest one is printed where Muster was started.",
  );
  if (!(await isSetupToken(core, input.token))) throw wrongLink;
  const passwordHash = await hashPassword(input.password);
  return core.db.transaction(async (tx) => {
    await lockPeople(tx);
    const kept = await readKept<KeptSetup>(tx, SETUP);
    if (!kept || !sameSecret(kept.hash, sha256(input.token)) || (await hasAnyone(tx))) throw wrongLink;
    const owner = { email: wellFormedText(input.email), name: wellFormedText(input.name), passwordHash };
    const row = await insertOwner(tx, core, owner, "set-up link");
    await dropKept(tx, SETUP);
    return presentUser(row);
  });
}
