import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alerts, auditEntries, incidents, intakes, integrations, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { acceptIncident, mergeIncident, resolveIncident, unmergeIncident } from "#/server/incidents/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { listAlertsOfIncident } from "./alert-queries.ts";
import { changeIntegration, createIntegration, listIntegrations } from "./change-integration.ts";
import { processDelivery } from "./process-delivery.ts";
import { integrationOfKey, receiveDelivery } from "./receive-delivery.ts";

let t: TestCore;
let owner: UserActor;
beforeAll(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.core.db.read.delete(alerts);
  await t.core.db.read.delete(incidents);
});

let serial = 0;
async function integration(source = "prometheus-alertmanager") {
  const made = await createIntegration(t.ctx(owner), { name: `am-${++serial}`, source });
  return integrationOfKey(t.core, made.key ?? "");
}

async function deliver(target: Awaited<ReturnType<typeof integration>>, body: unknown) {
  const bytes = typeof body === "string" ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const answer = await receiveDelivery(t.core, { integration: target, body: bytes, query: "", headers: new Headers() });
  await processDelivery(t.core, answer.delivery);
  return answer;
}

type Fields = {
  name?: string;
  service?: string;
  status?: string;
  fingerprint?: string;
  startsAt?: string;
  severity?: string;
};
function alert({
  name = "HighErrorRate",
  service = "checkout",
  status = "firing",
  fingerprint = "f1",
  startsAt = "2026-11-21T09:59:00Z",
  severity = "critical",
}: Fields = {}) {
  return {
    status,
    fingerprint,
    labels: { alertname: name, severity, ...(service && { service }) },
    annotations: { summary: `${name} on ${service}` },
    startsAt,
    endsAt: status === "resolved" ? "2026-11-21T10:00:00Z" : "0001-01-01T00:00:00Z",
  };
}
const webhook = (...list: ReturnType<typeof alert>[]) => ({ version: "4", alerts: list });
const openIncidents = () => t.core.db.read.select().from(incidents).orderBy(incidents.declaredAt);
const allAlerts = () => t.core.db.read.select().from(alerts);

describe("a delivery", () => {
  test("of three alerts of one service opens one triage incident", async () => {
    const am = await integration();
    const { accepted } = await deliver(
      am,
      webhook(alert(), alert({ fingerprint: "f2" }), alert({ fingerprint: "f3" })),
    );
    expect(accepted).toBe(3);
    const [incident, ...more] = await openIncidents();
    expect(more).toEqual([]);
    expect(incident).toMatchObject({ status: "triage", suggestedSeverity: "SEV1", severity: null });
    const attached = await listAlertsOfIncident(t.core.db.read, incident?.id ?? "");
    expect(attached.map((a) => [a.status, a.severity, a.service, a.explanation.rule]).sort()).toEqual([
      ["firing", "critical", "checkout", "open-in-triage"],
      ["firing", "critical", "checkout", "open-incident-of-service"],
      ["firing", "critical", "checkout", "open-incident-of-service"],
    ]);
  });

  test("within a minute with the same bytes is the first one again", async () => {
    const am = await integration();
    const body = webhook(alert());
    const first = await deliver(am, body);
    expect(await deliver(am, body)).toEqual(first);
    expect((await allAlerts())[0]?.count).toBe(1);
  });

  test("later with the same alert raises its count and adds nothing to the timeline", async () => {
    const am = await integration();
    await deliver(am, webhook(alert()));
    const before = await t.core.db.read.select().from(timelineEntries);
    t.clock.at = new Date(t.clock.at.getTime() + 61_000);
    await deliver(am, webhook(alert()));
    expect((await allAlerts()).map((a) => a.count)).toEqual([2]);
    expect(await t.core.db.read.select().from(timelineEntries)).toHaveLength(before.length);
  });

  test("is read again after a crash without counting twice", async () => {
    const am = await integration();
    const { delivery } = await deliver(am, webhook(alert(), alert({ fingerprint: "f2" })));
    const [stored] = await t.core.db.read.select().from(intakes).where(eq(intakes.id, delivery));
    // As if the process had died after the first alert of two.
    await t.core.db.read
      .update(intakes)
      .set({ state: "stored", alerts: stored?.alerts.slice(0, 1) ?? [] })
      .where(eq(intakes.id, delivery));
    await t.core.db.read.delete(alerts).where(eq(alerts.dedupKey, "f2"));
    await processDelivery(t.core, delivery);
    expect((await allAlerts()).map((a) => [a.dedupKey, a.count]).sort()).toEqual([
      ["f1", 1],
      ["f2", 1],
    ]);
  });

  test("of another service opens its own incident", async () => {
    const am = await integration();
    await deliver(am, webhook(alert(), alert({ service: "search", fingerprint: "s1" })));
    expect(await openIncidents()).toHaveLength(2);
  });

  test("of a shape the source does not send becomes one unrecognised alert", async () => {
    const am = await integration();
    const { accepted } = await deliver(am, { hello: 1 });
    expect(accepted).toBe(0);
    expect(await allAlerts()).toMatchObject([{ recognised: false, title: expect.stringContaining("Unrecognised") }]);
  });

  test("with a NUL, a lone surrogate and __proto__ is stored safely", async () => {
    const am = await integration("generic-json");
    await deliver(am, '{"title":"disk \\u0000 full \\ud800","labels":{"__proto__":"x","ok":"1"}}');
    expect(await allAlerts()).toMatchObject([{ title: "disk \uFFFD full \uFFFD", labels: { ok: "1" } }]);
    expect(({} as Record<string, unknown>).ok).toBeUndefined();
  });

  test("that is not JSON, or nested too deeply, is refused with the reason", async () => {
    const am = await integration();
    await expect(deliver(am, '{"a":')).rejects.toMatchObject({ code: "invalid" });
    await expect(deliver(am, "[".repeat(65) + "]".repeat(65))).rejects.toThrow("64 levels");
  });
});

describe("a resolve", () => {
  test("ends the alert it names, and no other", async () => {
    const am = await integration();
    await deliver(am, webhook(alert(), alert({ fingerprint: "f2" })));
    await deliver(am, webhook(alert({ status: "resolved" })));
    expect((await allAlerts()).map((a) => [a.dedupKey, a.status]).sort()).toEqual([
      ["f1", "resolved"],
      ["f2", "firing"],
    ]);
  });

  test("of something unknown opens nothing", async () => {
    const am = await integration();
    await deliver(am, webhook(alert({ status: "resolved" })));
    expect(await allAlerts()).toEqual([]);
    expect(await openIncidents()).toEqual([]);
  });

  test("frees the key: the next firing is a new alert", async () => {
    const am = await integration();
    await deliver(am, webhook(alert()));
    await deliver(am, webhook(alert({ status: "resolved" })));
    await deliver(am, webhook(alert({ startsAt: "2026-11-21T10:05:00Z" })));
    expect((await allAlerts()).map((a) => a.status).sort()).toEqual(["firing", "resolved"]);
  });

  test("is not undone by a firing that comes late", async () => {
    const am = await integration();
    await deliver(am, webhook(alert()));
    await deliver(am, webhook(alert({ status: "resolved" })));
    t.clock.at = new Date(t.clock.at.getTime() + 61_000);
    await deliver(am, webhook(alert()));
    expect((await allAlerts()).map((a) => a.status)).toEqual(["resolved"]);
  });
});

describe("after triage", () => {
  test("alerts of the service attach while the incident is open, and open a new one when the debounce after it is over", async () => {
    const am = await integration();
    await deliver(am, webhook(alert()));
    const [first] = await openIncidents();
    const ctx = t.ctx(owner);
    await acceptIncident(ctx, { incident: first?.reference ?? "" });
    await deliver(am, webhook(alert({ fingerprint: "f2" })));
    expect(await openIncidents()).toHaveLength(1);
    await resolveIncident(ctx, { incident: first?.id ?? "", summary: "fixed" });
    t.clock.at = new Date(t.clock.at.getTime() + 31 * 60_000);
    await deliver(am, webhook(alert({ fingerprint: "f3" })));
    expect((await openIncidents()).map((row) => row.status)).toEqual(["resolved", "triage"]);
  });

  test("merging shows the alerts in the target, unmerging gives them back", async () => {
    const am = await integration();
    await deliver(am, webhook(alert(), alert({ service: "search", fingerprint: "s1" })));
    const [a, b] = await openIncidents();
    const ctx = t.ctx(owner);
    await mergeIncident(ctx, { incident: b?.id ?? "", into: a?.id ?? "" });
    expect(await listAlertsOfIncident(t.core.db.read, a?.id ?? "")).toHaveLength(2);
    await unmergeIncident(ctx, { incident: b?.id ?? "" });
    expect(await listAlertsOfIncident(t.core.db.read, a?.id ?? "")).toHaveLength(1);
    expect((await openIncidents()).map((row) => row.status)).toEqual(["triage", "triage"]);
  });
});

test("two deliveries of one service at once open one incident", async () => {
  const am = await integration();
  await Promise.all(
    Array.from({ length: 5 }, (_, n) => deliver(am, webhook(alert({ service: "payments", fingerprint: `p${n}` })))),
  );
  expect(await openIncidents()).toHaveLength(1);
});

describe("the secrets of an integration", () => {
  test("are kept encrypted, said to be set, and never shown; the audit log names them only", async () => {
    const made = await createIntegration(t.ctx(owner), { name: "signed", source: "custom" });
    const changed = await changeIntegration(t.ctx(owner), made.id, {
      secret: "s3cret-word",
      sourceToken: "t0ken-word",
      forwardUrl: "https://old-pager.example/k3y",
      mapping: { shapes: [{ kind: "alert", title: "{job.name}" }] },
    });
    expect(changed).toMatchObject({
      isSigned: true,
      hasSourceToken: true,
      forwardUrl: "https://old-pager.example/k3y",
    });
    const [row] = await t.core.db.read.select().from(integrations).where(eq(integrations.id, made.id));
    expect(JSON.stringify([row, changed])).not.toMatch(/s3cret-word|t0ken-word/);
    const audit = await t.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, made.id));
    expect(JSON.stringify(audit)).toContain('"secret":"set"');
    expect(JSON.stringify(audit)).not.toMatch(/s3cret|t0ken|k3y/);
    const responder = await t.person("Rita Responder", "responder");
    const [seen] = (await listIntegrations(t.core.db.read, t.ctx(responder))).filter(({ id }) => id === made.id);
    expect(seen).toBeDefined();
    expect(JSON.stringify(seen)).not.toContain("old-pager");
  });
});
