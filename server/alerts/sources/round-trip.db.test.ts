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

/** Senders whose recorded firing and resolved payloads are of two problems: the firing one with these fields is its end. */
const ENDS: Record<string, { firing: string; set: Record<string, unknown> }> = {
  "aws-health": { firing: "issue-open.json", set: { "detail.statusCode": "closed" } },
  "azure-monitor-metric-v2": { firing: "activated.json", set: { "data.status": "Deactivated" } },
  circleci: { firing: "workflow-failed.json", set: { "workflow.status": "success" } },
  freshstatus: {
    firing: "incident-open.json",
    set: { id: "130594", incident_id: "53481", status: "", incident_status: "Closed" },
  },
  honeybadger: { firing: "check-in-missing.json", set: { event: "check_in_reporting" } },
  gitlab: { firing: "deployment-failed.json", set: { status: "success", deployment_id: 988604999 } },
};

function keyOf(one: ExpectedCase, status: string): string[] {
  return one.reports.flatMap((report) =>
    report.kind === "alert" && report.status === status ? [report.dedupKey] : [],
  );
}

/** The first firing payload of a folder whose end was recorded too, or can be made of it. */
function tripOf(folder: string): Trip | null {
  const cases = (expectedCases(folder) ?? []).filter((one) => one.recognised);
  const made = ENDS[folder];
  const firing = cases.find((one) => one.file === made?.firing);
  const key = firing && keyOf(firing, "firing")[0];
  if (made && firing && key) return { folder, key, firing, ending: firing, set: made.set };
  for (const burning of cases) {
    for (const burningKey of keyOf(burning, "firing")) {
      const ending = cases.find((one) => one !== burning && keyOf(one, "resolved").includes(burningKey));
      if (ending) return { folder, key: burningKey, firing: burning, ending };
    }
  }
  return null;
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
  const body = JSON.parse(new TextDecoder().decode(delivery.body)) as Record<string, unknown>;
  for (const [path, value] of Object.entries(set)) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    const holder = steps.reduce((inner, step) => inner[step] as Record<string, unknown>, body);
    holder[last] = value;
  }
  return { ...delivery, body: new TextEncoder().encode(JSON.stringify(body)) };
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
  expect(both.filter((folder) => !trips.some((trip) => trip.folder === folder))).toEqual([]);
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
