import { readdirSync } from "node:fs";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alerts } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { createIntegration } from "../change-integration.ts";
import type { Delivery } from "../delivery.ts";
import { processDelivery } from "../process-delivery.ts";
import { type IntegrationRow, integrationOfKey, receiveDelivery } from "../receive-delivery.ts";
import { isSource } from "./index.ts";
import {
  type ExpectedCase,
  expectedCases,
  hasPayloads,
  payloadRows,
  recorded,
  sourceOfFolder,
  withoutPayloads,
} from "./payloads.ts";

type Trip = { folder: string; key: string; firing: ExpectedCase; ending: ExpectedCase; set?: Record<string, unknown> };

type End = { firing: string; set: Record<string, unknown> };
/** Senders whose recorded firing and resolved payloads are of two problems: the firing one with these fields is its end. */
const ENDS: Record<string, End> = {
  "aws-health": { firing: "issue-open.json", set: { "detail.statusCode": "closed" } },
  "azure-monitor-metric-v2": { firing: "activated.json", set: { "data.status": "Deactivated" } },
  circleci: { firing: "workflow-failed.json", set: { "workflow.status": "success" } },
  freshstatus: {
    firing: "incident-open.json",
    set: { id: "130594", incident_id: "53481", status: "", incident_status: "Closed" },
  },
  gitlab: { firing: "deployment-failed.json", set: { status: "success", deployment_id: 988604999 } },
  honeybadger: { firing: "check-in-missing.json", set: { event: "check_in_reporting" } },
  jenkins: { firing: "failure.json", set: { "build.number": 19, "build.status": "SUCCESS" } },
  librato: { firing: "alert.txt", set: { clear: "normal", violations: undefined } },
  "mongodb-atlas": { firing: "open.json", set: { status: "CLOSED", resolved: "2016-08-23T21:00:00Z" } },
  "newrelic-workflows": { firing: "activated.json", set: { state: "CLOSED", trigger: "ISSUE_CLOSED" } },
  "opsgenie-webhook": { firing: "create.json", set: { action: "Close" } },
  "pagerduty-webhooks-v3": {
    firing: "triggered.json",
    set: { "event.id": "01C", "event.event_type": "incident.resolved", "event.data.status": "resolved" },
  },
  "prometheus-alertmanager": {
    firing: "firing-oncall-example.json",
    set: { "alerts.0.status": "resolved", "alerts.0.endsAt": "2023-06-12T09:24:38.326Z" },
  },
  rollbar: { firing: "new-item.json", set: { event_name: "resolved_item", "data.item.status": 2 } },
  "sentry-integration-platform": {
    firing: "issue-created.json",
    set: { action: "resolved", "data.issue.status": "resolved" },
  },
  thousandeyes: { firing: "trigger.json", set: { eventId: "another", eventType: "ALERT_NOTIFICATION_CLEAR" } },
  uptimerobot: { firing: "down.json", set: { alert_type: "2", alert_type_friendly_name: "Up" } },
};

/** The keys whose alerts a payload leaves in a status: one may hold the beginning and the end of a problem. */
function keysLeft(one: ExpectedCase, status: string): string[] {
  const left = new Map<string, string>();
  for (const report of one.reports) if (report.kind === "alert") left.set(report.dedupKey, report.status);
  return [...left].flatMap(([key, last]) => (last === status ? [key] : []));
}

/** The first firing payload of a folder whose end was recorded too, or can be made of it. */
function tripOf(folder: string): Trip | null {
  const cases = (expectedCases(folder) ?? []).filter((one) => one.recognised);
  const made = ENDS[folder];
  const firing = cases.find((one) => one.file === made?.firing);
  const key = firing && keysLeft(firing, "firing")[0];
  if (made && firing && key) return { folder, key, firing, ending: firing, set: made.set };
  for (const burning of cases) {
    for (const burningKey of keysLeft(burning, "firing")) {
      const ending = cases.find((one) => one !== burning && keysLeft(one, "resolved").includes(burningKey));
      if (ending) return { folder, key: burningKey, firing: burning, ending };
    }
  }
  return null;
}

/** A payload that holds both by itself. */
function isRoundTrip(one: ExpectedCase): boolean {
  const fired = one.reports.flatMap((report) =>
    report.kind === "alert" && report.status === "firing" ? [report.dedupKey] : [],
  );
  return keysLeft(one, "resolved").some((key) => fired.includes(key));
}

const folders = readdirSync(new URL("expected/", import.meta.url))
  .map((name) => name.replace(/\.yaml$/, ""))
  .filter((folder) => isSource(sourceOfFolder(folder)));
const trips = hasPayloads ? folders.map(tripOf).filter((trip) => trip !== null) : [];

let t: TestCore;
let owner: UserActor;
beforeAll(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
});
afterAll(() => t.close());

function altered(delivery: Delivery, set: Record<string, unknown>): Delivery {
  const text = new TextDecoder().decode(delivery.body);
  const body = JSON.parse(new URLSearchParams(text).get("payload") ?? text) as Record<string, unknown>;
  for (const [path, value] of Object.entries(set)) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const holder = steps.reduce((inner, step) => inner[step] as Record<string, unknown>, body);
    holder[last] = value;
  }
  return { ...delivery, contentType: "application/json", body: new TextEncoder().encode(JSON.stringify(body)) };
}

async function deliver(integration: IntegrationRow, { body, query, contentType, headers, route }: Delivery) {
  const answer = await receiveDelivery(t.core, {
    integration,
    body,
    query,
    route,
    headers: new Headers({ ...headers, ...(contentType && { "content-type": contentType }) }),
  });
  await processDelivery(t.core, answer.delivery);
  return answer;
}

if (!hasPayloads) test.skip(`sources round-trip on one alert (${withoutPayloads})`, () => {});

test.runIf(hasPayloads)("every folder that holds both states has a round trip", () => {
  const both = folders.filter((folder) => {
    const states = new Set(payloadRows.filter((row) => row.folder === folder).map((row) => row.state));
    return states.has("firing") && states.has("resolved");
  });
  const without = both.filter((folder) => !trips.some((trip) => trip.folder === folder));
  expect(without.filter((folder) => !expectedCases(folder)?.some(isRoundTrip))).toEqual([]);
});

const whole = hasPayloads
  ? folders.flatMap((folder) => (expectedCases(folder) ?? []).filter(isRoundTrip).map((one) => ({ folder, one })))
  : [];

test.for(whole)("$folder: a delivery that holds beginning and end leaves nothing open", async ({ folder, one }) => {
  const made = await createIntegration(t.ctx(owner), { name: folder, source: sourceOfFolder(folder) });
  const integration = await integrationOfKey(t.core, made.key ?? "");
  await deliver(integration, recorded(folder, one));
  const left = await t.core.db.read.select().from(alerts).where(eq(alerts.integrationId, integration.id));
  expect(left.filter((alert) => alert.status === "resolved").map((alert) => alert.dedupKey)).toEqual(
    expect.arrayContaining(keysLeft(one, "resolved")),
  );
});

test.for(trips)("$folder: firing, again, and resolved are one alert", async (trip) => {
  const made = await createIntegration(t.ctx(owner), { name: trip.folder, source: sourceOfFolder(trip.folder) });
  const integration = await integrationOfKey(t.core, made.key ?? "");
  const ofKey = () =>
    t.core.db.read
      .select()
      .from(alerts)
      .where(and(eq(alerts.integrationId, integration.id), eq(alerts.dedupKey, trip.key)));
  const firing = recorded(trip.folder, trip.firing);
  const ending = trip.set ? altered(firing, trip.set) : recorded(trip.folder, trip.ending);

  const first = await deliver(integration, firing);
  expect(first.accepted).toBeGreaterThan(0);
  expect(await ofKey()).toMatchObject([{ status: "firing", recognised: true, count: 1 }]);
  const [{ title } = { title: "" }] = await ofKey();

  t.clock.at = new Date(t.clock.at.getTime() + 61_000);
  await deliver(integration, firing);
  expect(await ofKey()).toMatchObject([{ status: "firing", count: 2 }]);

  await deliver(integration, ending);
  expect(await ofKey()).toMatchObject([{ status: "resolved", title }]);
});
