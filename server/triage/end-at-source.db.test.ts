import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alerts, deliveries } from "#/db/schema/index.ts";
import { acceptIncident, createIncident, declineIncident, resolveIncident } from "#/server/incidents/index.ts";
import { type TestTriage, testTriage } from "#/server/testing/test-triage.ts";
import { readTold } from "./told-queries.ts";

let test: TestTriage;
let ada: Awaited<ReturnType<TestTriage["person"]>>;
beforeAll(async () => {
  test = await testTriage({ slack: undefined, smtpUrl: undefined, mailFrom: undefined });
  ada = await test.person("Ada", "owner");
});
afterAll(() => test.close());
beforeEach(() => test.reset());

const triage = (extra = {}) => createIncident(test.ctx(ada), { title: "HighErrorRate", status: "triage", ...extra });
const decline = (incident: string) => declineIncident(test.ctx(ada), { incident, reason: "A test" });
const link = (url: string) => [{ kind: "alert", title: "", url }];

describe("declining ends the alert at its source", () => {
  it("in PagerDuty by its REST API, as whoever declined", async () => {
    const incident = await triage();
    const links = link("https://acme.pagerduty.com/incidents/PFQZPSY");
    await test.alertOf(incident.id, { source: "pagerduty-webhooks-v3", token: "pd-token", links });
    await decline(incident.id);
    await test.runJobs();
    expect(test.world.calls).toHaveLength(1);
    expect(test.world.calls[0]).toMatchObject({
      method: "PUT",
      path: "/pd-api/incidents",
      headers: { authorization: "Token token=pd-token", from: "ada@example.com" },
      json: { incidents: [{ id: "PFQZPSY", type: "incident_reference", status: "resolved" }] },
    });
    const [entry] = await test.entriesOf(incident.id, "source.told");
    expect(entry?.data).toEqual({ text: "PagerDuty PFQZPSY is being told that it is over" });
    const told = await readTold(test.core.db.read, test.ctx(ada), incident.id);
    expect(told.deliveries).toMatchObject([{ kind: "source", destination: "PagerDuty PFQZPSY", state: "sent" }]);
  });

  it("in PagerDuty by the key under which it was passed on", async () => {
    const incident = await triage();
    const forwardUrl = `${test.world.url}/v2/enqueue#routing_key=OLDKEY`;
    await test.alertOf(incident.id, { source: "pagerduty", dedupKey: "db1/disk", forwardUrl });
    await decline(incident.id);
    await test.runJobs();
    expect(test.world.calls[0]).toMatchObject({
      path: "/v2/enqueue",
      json: { routing_key: "OLDKEY", event_action: "resolve", dedup_key: "db1/disk" },
    });
  });

  it("in Opsgenie by its alias; one that is gone there is over, too", async () => {
    test.world.script.answer = () => ({ status: 404 });
    const incident = await triage();
    await test.alertOf(incident.id, { source: "opsgenie-webhook", token: "genie", dedupKey: "a/b c" });
    await decline(incident.id);
    await test.runJobs();
    expect(test.world.calls[0]).toMatchObject({
      method: "POST",
      path: "/opsgenie/v2/alerts/a%2Fb%20c/close?identifierType=alias",
      headers: { authorization: "GenieKey genie" },
      json: { user: "Ada", note: "Declined in Muster. A test" },
    });
    expect((await test.rows())[0]).toMatchObject({ state: "sent" });
  });

  it("in Alertmanager by a silence of exactly its labels", async () => {
    const incident = await triage();
    const token = test.world.url.replace("http://", "http://ann:pass%20word@");
    const labels = { alertname: "HighErrorRate", service: "checkout" };
    await test.alertOf(incident.id, { source: "prometheus-alertmanager", token, labels });
    await test.alertOf(incident.id, { source: "prometheus-alertmanager", token, labels: {}, dedupKey: "k2" });
    await decline(incident.id);
    await test.runJobs();
    expect(test.world.calls).toHaveLength(1);
    expect(test.world.calls[0]).toMatchObject({
      path: "/api/v2/silences",
      headers: { authorization: `Basic ${Buffer.from("ann:pass word").toString("base64")}` },
      json: {
        matchers: [
          { name: "alertname", value: "HighErrorRate", isRegex: false, isEqual: true },
          { name: "service", value: "checkout", isRegex: false, isEqual: true },
        ],
        createdBy: "Ada",
      },
    });
  });

  it("nowhere without a token, for a drill, or when it is over already", async () => {
    const incident = await triage();
    await test.alertOf(incident.id, { source: "opsgenie-webhook" });
    await test.alertOf(incident.id, { source: "generic-json", token: "x", dedupKey: "k2" });
    await test.alertOf(incident.id, { source: "opsgenie-webhook", token: "x", status: "resolved", dedupKey: "k3" });
    await decline(incident.id);
    const drill = await triage({ mode: "drill" });
    await test.alertOf(drill.id, { source: "opsgenie-webhook", token: "x" });
    await decline(drill.id);
    await test.runJobs();
    expect(test.world.calls).toEqual([]);
    expect(await test.entriesOf(incident.id, "source.told")).toEqual([]);
  });

  it("with the reason in the room when the source refuses; and not at all when it ended meanwhile", async () => {
    test.world.script.answer = () => ({ status: 401, body: { error: "bad key" } });
    const incident = await triage();
    const { alert } = await test.alertOf(incident.id, { source: "opsgenie-webhook", token: "genie" });
    await decline(incident.id);
    await test.runJobs();
    expect((await test.rows())[0]).toMatchObject({ state: "failed", lastError: expect.stringContaining("HTTP 401") });
    await test.core.db.read.update(deliveries).set({ state: "queued", attempts: 0 });
    await test.core.db.read.update(alerts).set({ status: "resolved" }).where(eq(alerts.id, alert.id));
    const [row] = await test.rows();
    test.jobs.push({ name: "deliver.source", data: { deliveryId: row?.id }, options: {} });
    await test.runJobs();
    expect((await test.rows())[0]).toMatchObject({ state: "cancelled" });
    expect(test.world.calls).toHaveLength(1);
  });
});

describe("resolving", () => {
  it.each([
    [undefined, 0],
    [true, 1],
  ])("with atSource %s tells %i sources", async (atSource, count) => {
    const incident = await triage();
    await test.alertOf(incident.id, { source: "opsgenie-webhook", token: "genie" });
    await acceptIncident(test.ctx(ada), { incident: incident.id });
    await resolveIncident(test.ctx(ada), { incident: incident.id, summary: "Rolled back", atSource });
    await test.runJobs();
    expect(test.world.calls).toHaveLength(count);
    if (count > 0) expect(test.world.calls[0]?.json).toMatchObject({ note: "Resolved in Muster. Rolled back" });
  });
});
