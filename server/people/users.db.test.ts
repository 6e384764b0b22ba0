import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apiTokens, auditEntries, incidents, sessions, users } from "#/db/schema/index.ts";
import { actorFrom, type UserActor } from "#/server/access/index.ts";
import { type AccessChange, recordAudit } from "#/server/events/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import {
  changeUser,
  createToken,
  createUser,
  listAudit,
  listTokens,
  listUsers,
  removeUser,
  revokeToken,
} from "./index.ts";

let t: TestCore;
let owner: UserActor;
let admin: UserActor;
const told: AccessChange[] = [];
beforeAll(async () => {
  t = await testCore();
  t.core.facts.on("access", (change) => told.push(change));
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.core.db.read.delete(users);
  await t.core.db.read.delete(auditEntries);
  owner = await t.person("Olga", "owner");
  admin = await t.person("Adam", "admin");
  told.length = 0;
});

const grace = { email: "grace@example.com", name: "Grace", role: "responder" as const };
const audited = async () =>
  (await t.core.db.read.select().from(auditEntries).orderBy(auditEntries.at)).map((row) => row.action);
async function addSession(userId: string): Promise<string> {
  const expiresAt = new Date(t.clock.at.getTime() + 3_600_000);
  const [row] = await t.core.db.read.insert(sessions).values({ userId, expiresAt }).returning({ id: sessions.id });
  return row?.id ?? "";
}
const liveSessions = async (userId: string) =>
  (await t.core.db.read.select().from(sessions).where(eq(sessions.userId, userId))).filter((row) => !row.revokedAt)
    .length;

describe("createUser", () => {
  test("makes an account and says so in the audit log, without the password", async () => {
    const made = await createUser(t.ctx(admin), { ...grace, password: "correct horse" });
    expect(made).toEqual({ ...grace, id: made.id, createdAt: t.clock.at.toISOString(), disabledAt: null });
    const { items } = await listAudit(t.core.db.read, t.ctx(admin), { limit: 10 });
    expect(items).toMatchObject([{ action: "user.created", actor: { id: admin.userId, name: "Adam" }, detail: grace }]);
    expect(JSON.stringify(items)).not.toContain("horse");
  });

  test("refuses an address that somebody has, in any case", async () => {
    await createUser(t.ctx(admin), grace);
    await expect(createUser(t.ctx(admin), { ...grace, email: "GRACE@Example.com" })).rejects.toMatchObject({
      code: "conflict",
    });
    const both = await Promise.allSettled([
      createUser(t.ctx(admin), { ...grace, email: "lin@example.com" }),
      createUser(t.ctx(admin), { ...grace, email: "Lin@example.com" }),
    ]);
    expect(both.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("is for administrators, and owners are made by owners", async () => {
    const responder = await t.person("Rita");
    await expect(createUser(t.ctx(responder), grace)).rejects.toMatchObject({ code: "forbidden" });
    await expect(createUser(t.ctx(admin), { ...grace, role: "owner" })).rejects.toMatchObject({ code: "forbidden" });
    expect(await createUser(t.ctx(owner), { ...grace, role: "owner" })).toMatchObject({ role: "owner" });
  });
});

describe("changeUser", () => {
  test("a new role ends the person's sessions and tells open connections", async () => {
    const rita = await t.person("Rita");
    await addSession(rita.userId);
    const changed = await changeUser(t.ctx(admin), { id: rita.userId, change: { role: "viewer" } });
    expect(changed.role).toBe("viewer");
    expect(await liveSessions(rita.userId)).toBe(0);
    expect(told).toEqual([{ userId: rita.userId }]);
    expect(await audited()).toEqual(["user.changed"]);
  });

  test("what changes nothing is not recorded and ends nothing", async () => {
    const rita = await t.person("Rita");
    await addSession(rita.userId);
    await changeUser(t.ctx(admin), { id: rita.userId, change: { role: "responder", name: "Rita" } });
    expect(await liveSessions(rita.userId)).toBe(1);
    expect(await audited()).toEqual([]);
  });

  test("everybody changes their own name, but not their role, and not by a token", async () => {
    const rita = await t.person("Rita");
    expect(await changeUser(t.ctx(rita), { id: rita.userId, change: { name: "Rita R." } })).toMatchObject({
      name: "Rita R.",
    });
    const forbidden = { code: "forbidden" };
    await expect(changeUser(t.ctx(rita), { id: rita.userId, change: { role: "admin" } })).rejects.toMatchObject(
      forbidden,
    );
    await expect(changeUser(t.ctx(rita), { id: admin.userId, change: { name: "x" } })).rejects.toMatchObject(forbidden);
    const byToken = { ...rita, tokenId: "t" };
    await expect(changeUser(t.ctx(byToken), { id: rita.userId, change: { name: "x" } })).rejects.toMatchObject(
      forbidden,
    );
  });

  test("a new password of one's own needs the current one, and ends the other sessions", async () => {
    const { id } = await createUser(t.ctx(admin), { ...grace, password: "old password" });
    const here = await addSession(id);
    await addSession(id);
    const actor: UserActor = { kind: "user", userId: id, ...grace, sessionId: here };
    const change = { password: "new password" };
    await expect(changeUser(t.ctx(actor), { id, change })).rejects.toMatchObject({ code: "invalid" });
    const wrong = { ...change, currentPassword: "wrong" };
    await expect(changeUser(t.ctx(actor), { id, change: wrong })).rejects.toMatchObject({
      errors: [{ pointer: "/currentPassword" }],
    });
    await changeUser(t.ctx(actor), { id, change: { ...change, currentPassword: "old password" } });
    expect(await liveSessions(id)).toBe(1);
  });

  test("administrators leave owners alone, and the last owner stays", async () => {
    await expect(changeUser(t.ctx(admin), { id: owner.userId, change: { name: "x" } })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(changeUser(t.ctx(admin), { id: admin.userId, change: { role: "owner" } })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(changeUser(t.ctx(owner), { id: owner.userId, change: { role: "admin" } })).rejects.toMatchObject({
      code: "conflict",
    });
    const second = await t.person("Otto", "owner");
    const both = await Promise.allSettled([
      changeUser(t.ctx(owner), { id: second.userId, change: { role: "admin" } }),
      changeUser(t.ctx(second), { id: owner.userId, change: { isDisabled: true } }),
    ]);
    expect(both.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("a token made for somebody does not become an owner's", async () => {
    const { token } = await createToken(t.ctx(admin), { name: "script" });
    await changeUser(t.ctx(owner), { id: admin.userId, change: { role: "owner" } });
    expect(await actorFrom(t.core, { authorization: `Bearer ${token}` })).toBeNull();
  });
});

describe("removeUser", () => {
  test("ends sessions and tokens, keeps the row, and can be repeated and undone", async () => {
    const rita = await t.person("Rita");
    await addSession(rita.userId);
    const { token } = await createToken(t.ctx(admin), { name: "script", userId: rita.userId });
    await removeUser(t.ctx(admin), { id: rita.userId });
    t.clock.at = new Date(t.clock.at.getTime() + 1_000);
    await removeUser(t.ctx(admin), { id: rita.userId });
    expect(await liveSessions(rita.userId)).toBe(0);
    expect(await actorFrom(t.core, { authorization: `Bearer ${token}` })).toBeNull();
    expect((await audited()).filter((action) => action === "user.removed")).toHaveLength(1);
    const again = await changeUser(t.ctx(admin), { id: rita.userId, change: { isDisabled: false } });
    expect(again.disabledAt).toBeNull();
    expect(await actorFrom(t.core, { authorization: `Bearer ${token}` })).toBeNull();
  });

  test("not the last owner, nobody unknown, and not by a responder", async () => {
    await expect(removeUser(t.ctx(owner), { id: owner.userId })).rejects.toMatchObject({ code: "conflict" });
    const id = "00000000-0000-4000-8000-000000000000";
    await expect(removeUser(t.ctx(owner), { id })).rejects.toMatchObject({ code: "not_found" });
    const rita = await t.person("Rita");
    await expect(removeUser(t.ctx(rita), { id: rita.userId })).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("tokens", () => {
  test("are shown once, stored hashed, and work until they are revoked", async () => {
    const made = await createToken(t.ctx(admin), { name: "script", scopes: ["incidents:read", "incidents:read"] });
    expect(made).toMatchObject({ userId: admin.userId, userName: "Adam", scopes: ["incidents:read"] });
    expect(made.token).toMatch(/^mst_[\w-]{43}$/);
    const [row] = await t.core.db.read.select().from(apiTokens);
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await actorFrom(t.core, { authorization: `Bearer ${made.token}` })).toMatchObject({ tokenId: made.id });
    const { token: _, ...view } = made;
    const { items } = await listTokens(t.core.db.read, t.ctx(admin), { limit: 10 });
    expect(items).toEqual([{ ...view, lastUsedAt: t.clock.at.toISOString() }]);
    await revokeToken(t.ctx(admin), { id: made.id });
    await revokeToken(t.ctx(admin), { id: made.id });
    expect(await actorFrom(t.core, { authorization: `Bearer ${made.token}` })).toBeNull();
    expect(await audited()).toEqual(["token.created", "token.revoked"]);
  });

  test("are not made for somebody above oneself, nor for nobody, nor in the past, nor by responders", async () => {
    const forbidden = { code: "forbidden" };
    const rita = await t.person("Rita");
    await expect(createToken(t.ctx(rita), { name: "x" })).rejects.toMatchObject(forbidden);
    await expect(createToken(t.ctx(admin), { name: "x", userId: owner.userId })).rejects.toMatchObject(forbidden);
    const nobody = "00000000-0000-4000-8000-000000000000";
    await expect(createToken(t.ctx(admin), { name: "x", userId: nobody })).rejects.toMatchObject({ code: "not_found" });
    const expiresAt = t.clock.at.toISOString();
    await expect(createToken(t.ctx(admin), { name: "x", expiresAt })).rejects.toMatchObject({ code: "invalid" });
    const { id } = await createToken(t.ctx(owner), { name: "x" });
    await expect(revokeToken(t.ctx(admin), { id })).rejects.toMatchObject(forbidden);
  });
});

test("people are listed by name, page by page", async () => {
  await t.core.db.read.delete(users);
  const lin = await t.person("lin");
  for (const name of ["Ada", "Grace", "Ben", "Zoe"]) await t.person(name);
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 5; page++) {
    const found = await listUsers(t.core.db.read, t.ctx(lin), { limit: 2, cursor });
    seen.push(...found.items.map((user) => user.name));
    if (!found.nextCursor) break;
    cursor = found.nextCursor;
  }
  expect(seen).toEqual(["Ada", "Ben", "Grace", "lin", "Zoe"]);
});

describe("the audit log", () => {
  test("names what it is about, but not a private incident to those who may not see it", async () => {
    const lin = await createUser(t.ctx(admin), { name: "Lin", email: "lin.audit@example.com", role: "responder" });
    const ctx = t.ctx(admin);
    const shown = await t.core.db.read
      .insert(incidents)
      .values([
        { reference: "INC-900", title: "x", status: "investigating", declaredAt: t.clock.at },
        {
          reference: "PRV-AUDITS",
          title: "secret",
          status: "investigating",
          visibility: "private",
          declaredAt: t.clock.at,
        },
      ])
      .returning({ id: incidents.id });
    await t.core.db.transaction(async (tx) => {
      for (const { id } of shown) {
        await recordAudit(tx, ctx, { action: "x.y", objectKind: "incident", objectId: id, detail: { userId: lin.id } });
      }
    });
    const { items } = await listAudit(t.core.db.read, ctx, { limit: 10, action: "x.y" });
    const names = items.map((item) => [item.names[item.objectId], item.names[lin.id]]);
    expect(names).toEqual(
      expect.arrayContaining([
        ["INC-900", "Lin"],
        [undefined, "Lin"],
      ]),
    );
    expect(JSON.stringify(items)).not.toMatch(/PRV-AUDITS|secret/);
    const { items: made } = await listAudit(t.core.db.read, ctx, { limit: 10, action: "user.created" });
    expect(made[0]?.names).toEqual({ [lin.id]: "Lin" });
  });
});
