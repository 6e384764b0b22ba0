import { eq } from "drizzle-orm";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apiTokens, sessions, users } from "#/db/schema/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { actorFrom } from "./actor-from.ts";

let t: TestCore;
let userId: string;
const token = "mst_0123456789abcdef";
beforeAll(async () => {
  t = await testCore();
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.core.db.read.delete(users);
  t.clock.at = new Date("2026-11-21T10:00:00.000Z");
  userId = (await t.person("Ada", "admin")).userId;
});

function later(ms: number): Date {
  return new Date(t.clock.at.getTime() + ms);
}
async function addToken(values: Partial<typeof apiTokens.$inferInsert> = {}): Promise<string> {
  const [row] = await t.core.db.read
    .insert(apiTokens)
    .values({ userId, name: "script", hash: sha256(token), prefix: "mst_012345", ...values })
    .returning({ id: apiTokens.id });
  return row?.id ?? "";
}
async function addSession(): Promise<{ id: string; cookie: string }> {
  const [row] = await t.core.db.read
    .insert(sessions)
    .values({ userId, expiresAt: later(3_600_000), lastSeenAt: t.clock.at })
    .returning({ id: sessions.id });
  const id = row?.id ?? "";
  return { id, cookie: await cookieOf({ sub: userId, sessionId: id }) };
}
async function cookieOf(claims: Record<string, string>): Promise<string> {
  const sealed = await encode({ token: claims, secret: t.core.config.authSecret });
  return `next-auth.session-token=${sealed}`;
}
const bearer = (value: string) => new Headers({ authorization: `Bearer ${value}` });

describe("a token", () => {
  test("is its user, within its scopes, from either kind of headers", async () => {
    const tokenId = await addToken({ scopes: ["incidents:read"] });
    const expected = {
      kind: "user",
      userId,
      name: "Ada",
      email: "ada@example.com",
      role: "admin",
      tokenId,
      scopes: ["incidents:read"],
    };
    expect(await actorFrom(t.core, bearer(token))).toEqual(expected);
    expect(await actorFrom(t.core, { authorization: `bearer ${token}` })).toEqual(expected);
  });

  test("counts in the address only where the caller allows it", async () => {
    await addToken();
    expect(await actorFrom(t.core, new Headers(), `/sync/x?token=${token}`)).toMatchObject({ userId });
    expect(await actorFrom(t.core, new Headers())).toBeNull();
    expect(await actorFrom(t.core, new Headers(), "/sync/x?token=other")).toBeNull();
  });

  test.each([
    ["unknown", {}, "mst_other"],
    ["revoked", { revokedAt: new Date("2026-11-21T09:00:00Z") }, token],
    ["past its time", { expiresAt: new Date("2026-11-21T10:00:00Z") }, token],
    ["far too long", {}, "x".repeat(5_000)],
  ])("that is %s is nobody, even with a good cookie beside it", async (_, values, presented) => {
    await addToken(values);
    const { cookie } = await addSession();
    const headers = new Headers({ authorization: `Bearer ${presented}`, cookie });
    expect(await actorFrom(t.core, headers)).toBeNull();
  });

  test("of somebody disabled is nobody", async () => {
    await addToken();
    await t.core.db.read.update(users).set({ disabledAt: t.clock.at });
    expect(await actorFrom(t.core, bearer(token))).toBeNull();
  });

  test("says when it was last used, to the minute", async () => {
    const id = await addToken();
    const lastUsed = async () =>
      (await t.core.db.read.select().from(apiTokens).where(eq(apiTokens.id, id)))[0]?.lastUsedAt?.toISOString();
    await actorFrom(t.core, bearer(token));
    t.clock.at = later(59_000);
    await actorFrom(t.core, bearer(token));
    expect(await lastUsed()).toBe("2026-11-21T10:00:00.000Z");
    t.clock.at = later(1_000);
    await actorFrom(t.core, bearer(token));
    expect(await lastUsed()).toBe("2026-11-21T10:01:00.000Z");
  });
});

describe("a session cookie", () => {
  test("is its user; basic authentication of a proxy is not looked at", async () => {
    const { id, cookie } = await addSession();
    const expected = { kind: "user", userId, name: "Ada", email: "ada@example.com", role: "admin", sessionId: id };
    expect(await actorFrom(t.core, { cookie })).toEqual(expected);
    expect(await actorFrom(t.core, new Headers({ cookie, authorization: "Basic YTpi" }))).toEqual(expected);
  });

  test("whose row is revoked, past its time, gone, or another's is nobody", async () => {
    const { id, cookie } = await addSession();
    const asked = () => actorFrom(t.core, { cookie });
    const other = await t.person("Grace");
    expect(await actorFrom(t.core, { cookie: await cookieOf({ sub: other.userId, sessionId: id }) })).toBeNull();
    expect(await actorFrom(t.core, { cookie: await cookieOf({ sub: userId, sessionId: "not an id" }) })).toBeNull();
    await t.core.db.read.update(sessions).set({ revokedAt: t.clock.at });
    expect(await asked()).toBeNull();
    await t.core.db.read.update(sessions).set({ revokedAt: null, expiresAt: t.clock.at });
    expect(await asked()).toBeNull();
    await t.core.db.read.update(sessions).set({ expiresAt: later(1) });
    expect(await asked()).not.toBeNull();
    await t.core.db.read.update(users).set({ disabledAt: t.clock.at }).where(eq(users.id, userId));
    expect(await asked()).toBeNull();
    await t.core.db.read.delete(sessions);
    expect(await asked()).toBeNull();
  });

  test("has the role of this moment, and is seen once a minute", async () => {
    const { cookie } = await addSession();
    await t.core.db.read.update(users).set({ role: "viewer" });
    t.clock.at = later(60_000);
    expect(await actorFrom(t.core, { cookie })).toMatchObject({ role: "viewer" });
    const [row] = await t.core.db.read.select().from(sessions);
    expect(row?.lastSeenAt.toISOString()).toBe("2026-11-21T10:01:00.000Z");
  });
});
