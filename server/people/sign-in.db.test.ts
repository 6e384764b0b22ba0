import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apiTokens, auditEntries, sessions, settings, users } from "#/db/schema/index.ts";
import { actorFrom } from "#/server/access/index.ts";
import type { AccessChange, Core } from "#/server/events/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import {
  authBackend,
  changeUser,
  completeSetup,
  createUser,
  ensureApiToken,
  ensureFirstOwner,
  isSetupToken,
  listOwnSessions,
  revokeSession,
  setupLink,
  signIn,
  signOut,
} from "./index.ts";
import { FAILURES_PER_EMAIL_AND_ADDRESS_MAX } from "./sign-in.ts";

/** A dozen password checks of half a second and more each, on a machine that does other things, too. */
const MANY_CHECKS_TIMEOUT_MS = 90_000;

let t: TestCore;
beforeAll(async () => {
  t = await testCore();
});
afterAll(() => t.close());
beforeEach(async () => {
  for (const table of [users, settings, auditEntries]) await t.core.db.read.delete(table);
});
const withConfig = (config: Partial<Core["config"]>): Core => ({ ...t.core, config: { ...t.core.config, ...config } });
const admin = { email: "Ada.Lovelace@example.com", password: "correct horse" };
const right = { ...admin, userAgent: "test" };
const bearer = (token: string) => actorFrom(t.core, { authorization: `Bearer ${token}` });

describe("signIn", () => {
  test("starts a session that the cookie then names, and signOut ends it", async () => {
    await ensureFirstOwner(withConfig({ admin }));
    const user = await signIn(t.core, { ...right, email: " ada.lovelace@EXAMPLE.com", userAgent: "x".repeat(1_000) });
    expect(user).toMatchObject({ name: "Ada Lovelace", email: admin.email, role: "owner" });
    const token = { sub: user.id, sessionId: user.sessionId };
    const cookie = `next-auth.session-token=${await encode({ token, secret: t.core.config.authSecret })}`;
    const actor = await actorFrom(t.core, { cookie });
    expect(actor).toMatchObject({ userId: user.id, sessionId: user.sessionId });
    if (!actor) throw new Error("nobody is signed in");
    expect(await listOwnSessions(t.core.db.read, t.ctx(actor), actor)).toMatchObject([
      { id: user.sessionId, isCurrent: true },
    ]);
    const told: AccessChange[] = [];
    t.core.facts.once("access", (change) => told.push(change));
    await signOut(t.core, user.sessionId);
    await signOut(t.core, user.sessionId);
    expect(await actorFrom(t.core, { cookie })).toBeNull();
    expect(told).toEqual([{ userId: user.id, sessionId: user.sessionId }]);
    const actions = (await t.core.db.read.select().from(auditEntries)).map((row) => row.action);
    expect(actions.sort()).toEqual(["session.ended", "session.started", "user.created"]);
  });

  test("gives one answer for a wrong password, an unknown address, and somebody who is out", async () => {
    const owner = await t.person("Olga", "owner");
    const { id } = await createUser(t.ctx(owner), { ...admin, name: "Ada", role: "responder" });
    const answer = { code: "unauthenticated", message: "The e-mail address or the password is not right." };
    await expect(signIn(t.core, { ...right, password: "wrong" })).rejects.toMatchObject(answer);
    await expect(signIn(t.core, { ...right, email: "nobody@example.com" })).rejects.toMatchObject(answer);
    await expect(signIn(t.core, { ...right, email: "olga@example.com" })).rejects.toMatchObject(answer);
    await expect(signIn(t.core, { ...right, email: "a\u0000b@example.com" })).rejects.toMatchObject(answer);
    await changeUser(t.ctx(owner), { id, change: { isDisabled: true } });
    await expect(signIn(t.core, right)).rejects.toMatchObject(answer);
    expect(await t.core.db.read.select().from(sessions)).toEqual([]);
  });

  test(
    "makes one address wait after too many wrong passwords, not everybody",
    async () => {
      const owner = await t.person("Olga", "owner");
      await createUser(t.ctx(owner), {
        email: "lin@example.com",
        password: "correct horse",
        name: "Lin",
        role: "admin",
      });
      const from = (ip: string, password: string) =>
        signIn(t.core, { email: "lin@example.com", password, userAgent: "", ip });
      const tries = Array.from({ length: FAILURES_PER_EMAIL_AND_ADDRESS_MAX + 2 }, () => from("192.0.2.1", "wrong"));
      const codes = (await Promise.allSettled(tries)).map((tried) => tried.status === "rejected" && tried.reason.code);
      expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(FAILURES_PER_EMAIL_AND_ADDRESS_MAX);
      expect(codes.filter((code) => code === "rate_limited")).toHaveLength(2);
      await expect(from("192.0.2.1", "correct horse")).rejects.toMatchObject({ code: "rate_limited" });
      expect(await from("192.0.2.2", "correct horse")).toMatchObject({ name: "Lin" });
    },
    MANY_CHECKS_TIMEOUT_MS,
  );

  test("one ends one's own other session, and nobody else's", async () => {
    await ensureFirstOwner(withConfig({ admin }));
    const user = await signIn(t.core, right);
    const actor = { kind: "user", userId: user.id, name: "Ada", email: user.email, role: "owner" } as const;
    const other = await t.person("Otto", "owner");
    await expect(revokeSession(t.ctx(other), { id: user.sessionId })).rejects.toMatchObject({ code: "not_found" });
    await revokeSession(t.ctx(actor), { id: user.sessionId });
    expect(await listOwnSessions(t.core.db.read, t.ctx(actor), actor)).toEqual([]);
  });
});

describe("the first owner", () => {
  test("comes from the environment once, and their password is left alone later", async () => {
    await ensureFirstOwner(withConfig({ admin }));
    await ensureFirstOwner(withConfig({ admin: { email: "ada.lovelace@example.com", password: "another one" } }));
    expect(await t.core.db.read.select().from(users)).toHaveLength(1);
    expect(await signIn(t.core, right)).toMatchObject({ role: "owner" });
  });

  test("comes by the set-up link, which works once", async () => {
    const first = await setupLink(t.core);
    const link = await setupLink(t.core);
    expect(link).toMatch(/^http:\/\/localhost:3000\/setup\/[\w-]{43}$/);
    const token = link?.split("/").at(-1) ?? "";
    expect(await isSetupToken(t.core, first?.split("/").at(-1) ?? "")).toBe(false);
    expect(await isSetupToken(t.core, token)).toBe(true);
    expect(JSON.stringify(await t.core.db.read.select().from(settings))).not.toContain(token);
    const input = { token, name: "Ada", email: "ada@example.com", password: "correct horse" };
    await expect(completeSetup(t.core, { ...input, token: "wrong" })).rejects.toMatchObject({ code: "not_found" });
    const both = await Promise.allSettled([
      completeSetup(t.core, input),
      completeSetup(t.core, { ...input, email: "eve@example.com" }),
    ]);
    expect(both.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await isSetupToken(t.core, token)).toBe(false);
    expect(await setupLink(t.core)).toBeNull();
  });

  test("the pages get plain data", async () => {
    const backend = authBackend(t.core);
    expect(await backend.hasAnyone()).toBe(false);
    const token = (await setupLink(t.core))?.split("/").at(-1) ?? "";
    const short = { token, name: "Ada", email: "ada@example.com", password: "short" };
    expect(await backend.completeSetup(short)).toMatchObject({ ok: false, code: "invalid" });
    expect(await backend.completeSetup({ ...short, password: "long enough" })).toMatchObject({ ok: true });
    expect(await backend.hasAnyone()).toBe(true);
    const asked = { email: "ada@example.com", userAgent: "", ip: "" };
    expect(await backend.signIn({ ...asked, password: "no" })).toMatchObject({ ok: false, code: "unauthenticated" });
    expect(await backend.signIn({ ...asked, password: "long enough" })).toMatchObject({ ok: true });
    await backend.signOut("not an id");
  });
});

describe("MUSTER_API_TOKEN", () => {
  const first = "first-token-first-token-first-token";
  const second = "second-token-second-token-second-to";

  test("makes an owner when nobody is here, and is stored hashed", async () => {
    await ensureApiToken(withConfig({ apiToken: first }));
    await ensureApiToken(withConfig({ apiToken: first }));
    expect(await bearer(first)).toMatchObject({ name: "Owner", email: "owner@localhost", role: "owner" });
    const tokens = await t.core.db.read.select().from(apiTokens);
    expect(tokens).toHaveLength(1);
    expect(JSON.stringify(tokens)).not.toContain("first-token");
  });

  test("acts as the first owner; another one takes its place, and none ends it", async () => {
    await t.person("Rita");
    await ensureFirstOwner(withConfig({ admin, apiToken: first }));
    await ensureApiToken(withConfig({ apiToken: first }));
    expect(await bearer(first)).toMatchObject({ email: admin.email, scopes: [] });
    await ensureApiToken(withConfig({ apiToken: second }));
    expect(await bearer(first)).toBeNull();
    expect(await bearer(second)).toMatchObject({ email: admin.email });
    await ensureApiToken(withConfig({ apiToken: first }));
    expect(await bearer(first)).toMatchObject({ email: admin.email });
    expect(await bearer(second)).toBeNull();
    await ensureApiToken(t.core);
    expect(await bearer(first)).toBeNull();
  });
});
