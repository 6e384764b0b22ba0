import { and, eq, isNull } from "drizzle-orm";
import { afterCommit, type Sql } from "#/db/client.ts";
import { apiTokens, users } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor, recordAudit } from "#/server/events/index.ts";
import { hashPassword, sha256 } from "#/server/platform/crypto.ts";
import { dropKept, findByEmail, firstOwner, hasAnyone, keep, lockPeople, readKept, type UserRow } from "./store.ts";

type NewOwner = { email: string; name: string; passwordHash: string | null };

/** Adds an owner in the name of the server, in the caller's transaction. */
export async function insertOwner(tx: Sql, core: Core, owner: NewOwner, how: string): Promise<UserRow> {
  const [row] = await tx
    .insert(users)
    .values({ ...owner, role: "owner", createdAt: core.now() })
    .returning();
  if (!row) throw new Error("an inserted user was not returned");
  await recordAudit(tx, ctxFor(core, systemActor), {
    action: "user.created",
    objectKind: "user",
    objectId: row.id,
    detail: { email: row.email, name: row.name, role: row.role, how },
  });
  return row;
}

/** `ada.lovelace@example.com` → `Ada Lovelace`: a name until somebody writes a better one. Pure. */
export function nameFromEmail(email: string): string {
  const words = (email.split("@")[0] ?? "").split(/[._+-]+/).filter(Boolean);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ") || "Owner";
}

/**
 * Makes the owner that MUSTER_ADMIN_EMAIL and MUSTER_ADMIN_PASSWORD name, unless somebody has this address already.
 * At every start; nobody's password is changed by it. One transaction. Safe to repeat, and by several nodes at once.
 */
export async function ensureFirstOwner(core: Core): Promise<void> {
  const { admin } = core.config;
  if (!admin || (await findByEmail(core.db.read, admin.email))) return;
  const passwordHash = await hashPassword(admin.password);
  await core.db.transaction(async (tx) => {
    await lockPeople(tx);
    if (await findByEmail(tx, admin.email)) return;
    const owner = { email: admin.email, name: nameFromEmail(admin.email), passwordHash };
    await insertOwner(tx, core, owner, "MUSTER_ADMIN_EMAIL");
  });
}

const ENVIRONMENT_TOKEN = "people.environmentToken";
/** Nothing of the token itself: short ones would be given away by their start. */
const ENVIRONMENT_TOKEN_PREFIX = "environment";
type KeptToken = { tokenId: string };

async function ownerForToken(tx: Sql, core: Core): Promise<UserRow> {
  const owner = await firstOwner(tx);
  if (owner) return owner;
  if (await hasAnyone(tx)) throw new Error("There are people and no owner");
  return insertOwner(tx, core, { email: "owner@localhost", name: "Owner", passwordHash: null }, "MUSTER_API_TOKEN");
}

async function revokeEarlier(tx: Sql, core: Core, keepHash: string | undefined): Promise<void> {
  const kept = await readKept<KeptToken>(tx, ENVIRONMENT_TOKEN);
  if (!kept) return;
  const [row] = await tx.select().from(apiTokens).where(eq(apiTokens.id, kept.tokenId));
  if (!row || row.hash === keepHash) return;
  await tx
    .update(apiTokens)
    .set({ revokedAt: core.now() })
    .where(and(eq(apiTokens.id, row.id), isNull(apiTokens.revokedAt)));
  await dropKept(tx, ENVIRONMENT_TOKEN);
  const entry = { action: "token.revoked", objectKind: "token", objectId: row.id, detail: { how: "MUSTER_API_TOKEN" } };
  await recordAudit(tx, ctxFor(core, systemActor), entry);
  afterCommit(() => core.facts.emit("access", { userId: row.userId }));
}

/**
 * Makes MUSTER_API_TOKEN work as a token of the first owner, and the earlier one stop working when it changed or is gone.
 * With nobody here it makes the owner `owner@localhost`, who has no password.
 * At every start. One transaction. Safe to repeat, and by several nodes at once; only the hash is stored.
 */
export async function ensureApiToken(core: Core): Promise<void> {
  const hash = core.config.apiToken === undefined ? undefined : sha256(core.config.apiToken);
  await core.db.transaction(async (tx) => {
    await lockPeople(tx);
    await revokeEarlier(tx, core, hash);
    if (hash === undefined) return;
    const owner = await ownerForToken(tx, core);
    const working = { userId: owner.id, scopes: [], expiresAt: null, revokedAt: null };
    const [before] = await tx.select().from(apiTokens).where(eq(apiTokens.hash, hash));
    if (before && before.userId === owner.id && before.revokedAt === null && before.expiresAt === null) {
      await keep(tx, core, ENVIRONMENT_TOKEN, { tokenId: before.id });
      return;
    }
    const [row] = await tx
      .insert(apiTokens)
      .values({ ...working, name: "MUSTER_API_TOKEN", hash, prefix: ENVIRONMENT_TOKEN_PREFIX, createdAt: core.now() })
      .onConflictDoUpdate({ target: apiTokens.hash, set: working })
      .returning({ id: apiTokens.id });
    if (!row) throw new Error("an inserted token was not returned");
    await keep(tx, core, ENVIRONMENT_TOKEN, { tokenId: row.id });
    const entry = {
      action: "token.created",
      objectKind: "token",
      objectId: row.id,
      detail: { how: "MUSTER_API_TOKEN" },
    };
    await recordAudit(tx, ctxFor(core, systemActor), entry);
  });
}
