import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { incidents, services, users } from "#/db/schema/index.ts";
import { acceptIncident, createIncident } from "#/server/incidents/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { type TestTriage, testTriage } from "#/server/testing/test-triage.ts";
import { type LinkAct, readTriageLink, TRIAGE_LINK_MS } from "#/server/updates/triage-link.ts";
import { decideByLink, showLink } from "./decide-by-link.ts";
import { renderLinkPage } from "./link-page.ts";

let test: TestTriage;
let ada: Awaited<ReturnType<TestTriage["person"]>>;
let vera: typeof ada;
let resa: typeof ada;

beforeAll(async () => {
  test = await testTriage({ slack: undefined });
  ada = await test.person("Ada", "owner");
  vera = await test.person("Vera", "viewer");
  resa = await test.person("Resa", "responder");
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  await changeSettings(test.ctx(ada), { tell: ["ops@example.com", "resa@example.com", "vera@example.com"] });
});

async function triage(extra = {}) {
  const incident = await createIncident(test.ctx(ada), { title: "Checkout <b>5xx</b>", status: "triage", ...extra });
  await test.runJobs();
  return incident;
}
const state = async (id: string) => (await test.core.db.read.select().from(incidents).where(eq(incidents.id, id)))[0];
/** The token of a link in the mail that went to an address, as its program would open it. */
function tokenFor(to: string, act: LinkAct): string {
  const source = test.mail.mails.find((one) => one.to === to)?.source ?? "";
  const unfolded = source.replaceAll("=\r\n", "").replaceAll("=3D", "=");
  return new RegExp(`/triage/([\\w.-]+\\.${act}\\.[\\w.-]+)`).exec(unfolded)?.[1] ?? "";
}
const said = async (answer: Awaited<ReturnType<typeof showLink>>) => ({
  status: answer.status,
  html: await renderLinkPage(answer.page),
});

describe("a link of a mail", () => {
  it("asks, and changes nothing however often it is opened", async () => {
    const incident = await triage();
    const before = await state(incident.id);
    for (const act of ["accept", "merge", "decline"] as const) {
      const { status, html } = await said(await showLink(test.core, tokenFor("ops@example.com", act)));
      expect(status).toBe(200);
      expect(html).toContain("Checkout &lt;b&gt;5xx&lt;/b&gt;");
      // With nothing to merge into, there is nothing to press.
      expect(html.includes("You act as ops@example.com, by link.")).toBe(act !== "merge");
    }
    expect(await state(incident.id)).toEqual(before);
  });

  it("accepts as the account of its address", async () => {
    const incident = await triage();
    const answer = await decideByLink(test.core, tokenFor("resa@example.com", "accept"), {});
    expect(answer).toMatchObject({ status: 200, page: { title: `Accepted ${incident.reference}` } });
    const [entry] = await test.entriesOf(incident.id, "incident.accepted");
    expect(entry).toMatchObject({ actorId: resa.userId, actorName: "Resa" });
  });

  it("declines as the address by link, with the reason, where it has no account", async () => {
    const incident = await triage();
    await decideByLink(test.core, tokenFor("ops@example.com", "decline"), { reason: "A test", words: "of the alarm" });
    expect(await state(incident.id)).toMatchObject({ status: "declined", declineReason: "A test: of the alarm" });
    const [entry] = await test.entriesOf(incident.id, "incident.declined");
    expect(entry).toMatchObject({ actorId: null, actorName: "ops@example.com, by link" });
  });

  it("merges into what was offered, and into nothing else", async () => {
    await test.core.db.read.insert(services).values({ name: "checkout" });
    const target = await createIncident(test.ctx(ada), { title: "Checkout is down", services: ["checkout"] });
    const other = await createIncident(test.ctx(ada), { title: "Something else" });
    const incident = await triage({ services: ["checkout"] });
    const token = tokenFor("resa@example.com", "merge");
    const { html } = await said(await showLink(test.core, token));
    expect(html).toContain(target.reference);
    expect(html).toContain("same service: checkout");
    expect(html).not.toContain(other.reference);
    expect(await decideByLink(test.core, token, { into: other.id })).toMatchObject({ status: 409 });
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
    await decideByLink(test.core, token, { into: target.id });
    expect(await state(incident.id)).toMatchObject({ status: "merged", mergedIntoId: target.id });
  });

  it("that was used says kindly who decided", async () => {
    const incident = await triage();
    await acceptIncident(test.ctx(ada), { incident: incident.id });
    for (const open of [showLink, (core: typeof test.core, token: string) => decideByLink(core, token, {})]) {
      const answer = await open(test.core, tokenFor("resa@example.com", "decline"));
      expect(answer).toMatchObject({
        status: 200,
        page: { kind: "message", text: expect.stringContaining("Ada accepted it") },
      });
    }
    expect(await state(incident.id)).toMatchObject({ status: "investigating" });
  });

  it("is good for a day, to the millisecond", async () => {
    const incident = await triage();
    const token = tokenFor("resa@example.com", "accept");
    test.wait(TRIAGE_LINK_MS - 1);
    expect(await showLink(test.core, token)).toMatchObject({ status: 200, page: { kind: "ask" } });
    test.wait(1);
    expect(await decideByLink(test.core, token, {})).toMatchObject({ status: 410 });
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
  });

  it("that was altered in any part opens nothing", async () => {
    const incident = await triage();
    const token = tokenFor("ops@example.com", "accept");
    const [id = "", act = "", expires = "", mac = ""] = token.split(".");
    const other = tokenFor("resa@example.com", "accept").split(".")[0] ?? "";
    const forged = [
      "",
      "x",
      `${other}.${act}.${expires}.${mac}`,
      `${id}.decline.${expires}.${mac}`,
      `${id}.${act}.${expires}0.${mac}`,
      `${id}.${act}.${expires}.${mac.slice(1)}`,
      `${id}.${act}.${expires}`,
    ];
    for (const each of forged) {
      expect(readTriageLink(test.core.config, each)).toBeNull();
      expect(await decideByLink(test.core, each, {})).toMatchObject({ status: 404 });
    }
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
  });

  it("of somebody who may only read, or whose account is disabled, decides nothing and says why", async () => {
    const incident = await triage();
    expect(await decideByLink(test.core, tokenFor("vera@example.com", "accept"), {})).toMatchObject({
      status: 403,
      page: { text: expect.stringContaining("may read") },
    });
    const disable = (at: Date | null) =>
      test.core.db.read.update(users).set({ disabledAt: at }).where(eq(users.id, resa.userId));
    await disable(test.clock.at);
    expect(await decideByLink(test.core, tokenFor("resa@example.com", "accept"), {})).toMatchObject({ status: 403 });
    await disable(null);
    expect(await state(incident.id)).toMatchObject({ status: "triage" });
    expect(vera.role).toBe("viewer");
  });

  it("ends when the incident becomes private and its recipient may not see it", async () => {
    const incident = await triage();
    await test.core.db.read.update(incidents).set({ visibility: "private" }).where(eq(incidents.id, incident.id));
    for (const who of ["ops@example.com", "resa@example.com"]) {
      const { status, html } = await said(await decideByLink(test.core, tokenFor(who, "accept"), {}));
      expect(status).toBe(404);
      expect(html).not.toContain("Checkout");
    }
  });
});
