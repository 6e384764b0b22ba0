import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditEntries, settings } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { CADENCE_DEFAULT, CADENCE_MINUTES_MAX } from "#/server/updates/shared/cadence.ts";
import { changeSettingsInput } from "./contract.ts";
import { changeSettings, hearsTriage, readSettings, viewSettings } from "./index.ts";

let t: TestCore;
let admin: UserActor;
beforeAll(async () => {
  t = await testCore();
  admin = await t.person("Adam", "admin");
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.core.db.read.delete(settings);
  await t.core.db.read.delete(auditEntries);
});
const withConfig = (config: Partial<Core["config"]>): Ctx => ({
  ...t.ctx(admin),
  config: { ...t.core.config, ...config },
});
const slack = { botToken: "xoxb-secret", channel: "#incidents", signingSecret: "signing-secret" };
const smtp = { url: "smtp://user:hunter2@mail.example.com:587", mailFrom: "Muster <muster@example.com>" };

const nobody = { SEV1: "none", SEV2: "none", SEV3: "none", SEV4: "none", SEV5: "none" };

test("without any, there are defaults", async () => {
  expect(await viewSettings(t.core.db.read, t.ctx(admin))).toEqual({
    organisation: { name: "Muster", timeZone: "UTC" },
    tellEmails: [],
    tell: [],
    fallbackTell: [],
    approval: { public: nobody, internal: nobody },
    cadence: CADENCE_DEFAULT,
    telling: { repeatMinutes: 5, fallbackAfterMinutes: 15 },
    webhookSecret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
    statusPage: { name: "Muster status", url: null, access: "public", color: null, link: null },
    publicUrl: "http://localhost:3000",
    requiredRoles: {
      SEV1: ["commander", "operations", "communications", "scribe"],
      SEV2: ["commander", "communications"],
      SEV3: ["commander"],
      SEV4: ["commander"],
      SEV5: ["commander"],
    },
    serviceOwners: { invite: false },
    slack: { configured: false, from: null, channel: null },
    smtp: { configured: false, from: null, mailFrom: null },
    bounces: { address: null, url: expect.stringMatching(/^http:\/\/localhost:3000\/bounces\/[\w-]{32}$/) },
  });
  expect(await hearsTriage(t.core.db.read, t.core)).toBe(false);
});

test("what is left out stays, two changes at once are both kept, and the log says who", async () => {
  let pages = 0;
  t.core.facts.on("page", () => pages++);
  await changeSettings(t.ctx(admin), { organisation: { name: "Acme\u0000" } });
  await Promise.all([
    changeSettings(t.ctx(admin), { organisation: { timeZone: "Europe/Berlin" } }),
    changeSettings(t.ctx(admin), { statusPage: { url: "https://status.example.com" } }),
    changeSettings(t.ctx(admin), { tellEmails: ["a@example.com", "a@example.com", "b@example.com"] }),
  ]);
  expect(await readSettings(t.core.db.read, t.core)).toMatchObject({
    organisation: { name: "Acme\uFFFD", timeZone: "Europe/Berlin" },
    tellEmails: ["a@example.com", "b@example.com"],
    statusPage: { name: "Acme\uFFFD status", url: "https://status.example.com" },
  });
  expect(pages).toBe(3);
  expect(await t.core.db.read.select().from(auditEntries)).toHaveLength(4);
});

test("credentials are stored sealed, are never sent back, and can be taken away", async () => {
  const view = await changeSettings(t.ctx(admin), { slack, smtp });
  expect(view.slack).toEqual({ configured: true, from: "settings", channel: "#incidents" });
  expect(view.smtp).toEqual({ configured: true, from: "settings", mailFrom: smtp.mailFrom });
  const stored = JSON.stringify([
    view,
    await t.core.db.read.select().from(settings),
    await t.core.db.read.select().from(auditEntries),
  ]);
  for (const secret of ["xoxb-secret", "signing-secret", "hunter2"]) expect(stored).not.toContain(secret);
  const read = await readSettings(t.core.db.read, t.core);
  expect(read.slack).toEqual(slack);
  expect(read.smtp).toEqual({ url: smtp.url, from: smtp.mailFrom, isTrusted: false, bounceAddress: null });
  expect(await hearsTriage(t.core.db.read, t.core)).toBe(true);
  expect((await changeSettings(t.ctx(admin), { slack: null, smtp: null })).slack.configured).toBe(false);
});

test("the environment wins, and says so", async () => {
  await changeSettings(t.ctx(admin), { slack, smtp });
  const environment = { botToken: "xoxb-environment", apiUrl: "http://127.0.0.1:9999/api/" };
  const ctx = withConfig({ slack: environment, smtpUrl: "smtp://localhost", mailFrom: "root@localhost" });
  const read = await readSettings(ctx.db.read, ctx);
  expect(read.slack).toEqual({ ...environment, channel: "#incidents" });
  expect(read.smtp).toEqual({ url: "smtp://localhost", from: "root@localhost", isTrusted: true, bounceAddress: null });
  expect(await viewSettings(ctx.db.read, ctx)).toMatchObject({
    slack: { configured: true, from: "environment" },
    smtp: { configured: true, from: "environment", mailFrom: "root@localhost" },
  });
  await expect(changeSettings(ctx, { slack })).rejects.toMatchObject({ code: "conflict" });
  await expect(changeSettings(ctx, { smtp })).rejects.toMatchObject({ code: "conflict" });
});

test("sealed under another secret counts as not set", async () => {
  await changeSettings(t.ctx(admin), { slack });
  const ctx = withConfig({ authSecret: "another-secret-another-secret-another" });
  expect((await readSettings(ctx.db.read, ctx)).slack).toBeNull();
});

test("is for administrators", async () => {
  const ctx = t.ctx(await t.person("Rita"));
  await expect(viewSettings(ctx.db.read, ctx)).rejects.toMatchObject({ code: "forbidden" });
  await expect(changeSettings(ctx, { tellEmails: [] })).rejects.toMatchObject({ code: "forbidden" });
});

test("rules of updates are changed one severity at a time, within their limits", async () => {
  await changeSettings(t.ctx(admin), { approval: { public: { SEV1: "commander" } } });
  await changeSettings(t.ctx(admin), {
    approval: { public: { SEV2: "two_people" }, internal: { SEV1: "two_people" } },
  });
  const changed = await changeSettings(t.ctx(admin), {
    cadence: { SEV4: { firstMinutes: 30, everyMinutes: 120, longMinutes: 0 } },
  });
  expect(changed).toMatchObject({
    approval: {
      public: { ...nobody, SEV1: "commander", SEV2: "two_people" },
      internal: { ...nobody, SEV1: "two_people" },
    },
    cadence: { ...CADENCE_DEFAULT, SEV4: { firstMinutes: 30, everyMinutes: 120, longMinutes: 0 } },
  });
  const every = (everyMinutes: number) =>
    changeSettingsInput.safeParse({ cadence: { SEV1: { firstMinutes: 5, everyMinutes, longMinutes: 60 } } }).success;
  expect([0, CADENCE_MINUTES_MAX, CADENCE_MINUTES_MAX + 1, -1, 1.5].map(every)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
