import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { services, settings, timelineEntries } from "#/db/schema/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { registerTriageTelling } from "./tell-triage.ts";
import { type TestOutbox, testOutbox } from "./test-outbox.ts";

let test: TestOutbox;
let ada: Awaited<ReturnType<TestOutbox["person"]>>;

beforeAll(async () => {
  test = await testOutbox();
  ada = await test.person("Ada", "owner");
  registerTriageTelling(test.core);
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  await test.core.db.read
    .insert(settings)
    .values({ name: "tellEmails", value: ["ops@example.com", "Team@example.com"] });
  await test.core.db.read
    .insert(services)
    .values({ name: "checkout", tellEmails: ["team@example.com", "pay@example.com"] });
});

const triage = (extra = {}) =>
  createIncident(test.ctx(ada), { title: "HighErrorRate", status: "triage", services: ["checkout"], ...extra });
async function toldOf(incidentId: string) {
  const entries = await test.core.db.read
    .select()
    .from(timelineEntries)
    .where(eq(timelineEntries.incidentId, incidentId));
  return entries.filter((entry) => entry.type === "people.told").map((entry) => entry.data);
}

describe("a new triage incident", () => {
  it("is told to Slack and to each address once", async () => {
    const incident = await triage();
    expect(await toldOf(incident.id)).toEqual([
      { slack: true, emails: 3, text: "Slack and 3 addresses by e-mail are being told" },
    ]);
    await test.runJobs();
    expect(test.slack.calls).toHaveLength(1);
    expect(test.slack.calls[0]?.args.text).toContain("Triage: HighErrorRate");
    expect(test.slack.calls[0]?.args.blocks).toContain(`http://localhost:3000/incidents/${incident.reference}`);
    expect(test.mail.mails.map((one) => one.to.toLowerCase()).sort()).toEqual([
      "ops@example.com",
      "pay@example.com",
      "team@example.com",
    ]);
    expect((await test.rows()).every((row) => row.kind === "triage" && row.state === "sent")).toBe(true);
  });

  it("says so when nobody can be told", async () => {
    const { slack, smtpUrl, mailFrom } = test.core.config;
    Object.assign(test.core.config, { slack: undefined, smtpUrl: undefined, mailFrom: undefined });
    const incident = await triage();
    expect(await toldOf(incident.id)).toEqual([
      { slack: false, emails: 0, text: expect.stringContaining("Nobody was told") },
    ]);
    Object.assign(test.core.config, { slack, smtpUrl, mailFrom });
    expect(await test.rows()).toEqual([]);
  });

  it.each([{ mode: "drill" as const }, { visibility: "private" as const }])(
    "%j tells nobody outside",
    async (extra) => {
      const incident = await triage(extra);
      expect(await toldOf(incident.id)).toEqual([]);
      expect(await test.rows()).toEqual([]);
    },
  );

  it("a declared one is not told", async () => {
    const incident = await createIncident(test.ctx(ada), { title: "Declared" });
    expect(await toldOf(incident.id)).toEqual([]);
  });
});
