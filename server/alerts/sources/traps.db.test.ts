import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alerts, incidents, intakes } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { createIntegration } from "../change-integration.ts";
import { processDelivery } from "../process-delivery.ts";
import { integrationOfKey, receiveDelivery } from "../receive-delivery.ts";

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
async function senderOf(source: string) {
  const made = await createIntegration(t.ctx(owner), { name: `${source}-${++serial}`, source });
  const integration = await integrationOfKey(t.core, made.key ?? "");
  const receive = (body: unknown) =>
    receiveDelivery(t.core, {
      integration,
      body: Buffer.from(JSON.stringify(body)),
      query: "",
      headers: new Headers(),
    });
  return {
    receive,
    send: async (body: unknown) => {
      const answer = await receive(body);
      await processDelivery(t.core, answer.delivery);
      return answer;
    },
  };
}
const all = () => t.core.db.read.select().from(alerts).orderBy(alerts.startsAt);
const later = (ms: number) => {
  t.clock.at = new Date(t.clock.at.getTime() + ms);
};
const gcp = (state: string, more: object = {}) => ({ version: "1.2", incident: { incident_id: "i1", state, ...more } });
const issue = (state: string, start: number, end?: number) => ({
  issue: { id: "x", state, start, end, text: "Slow", severity: 10 },
});
const START = Date.UTC(2026, 10, 21, 9);

describe("[T5] one key for firing and resolved", () => {
  test("a resolve of an unknown key is answered and opens nothing", async () => {
    const sender = await senderOf("gcp-monitoring");
    expect((await sender.send(gcp("closed"))).accepted).toBe(1);
    expect(await all()).toEqual([]);
  });

  test("the same body again changes nothing, and the key is free after a resolve", async () => {
    const sender = await senderOf("instana");
    const first = await sender.send(issue("OPEN", START));
    expect(await sender.send(issue("OPEN", START))).toEqual(first);
    await sender.send(issue("CLOSED", START, START + 60_000));
    await sender.send(issue("OPEN", START + 120_000));
    expect((await all()).map((alert) => [alert.status, alert.count])).toEqual([
      ["resolved", 1],
      ["firing", 1],
    ]);
  });

  test("a firing that comes after its own resolve reopens nothing", async () => {
    const sender = await senderOf("instana");
    await sender.send(issue("OPEN", START));
    await sender.send(issue("CLOSED", START, START + 60_000));
    later(61_000);
    await sender.send(issue("OPEN", START));
    expect((await all()).map((alert) => alert.status)).toEqual(["resolved"]);
  });
});

test("[T7] a thin resolve ends the alert and takes neither its title nor its severity", async () => {
  const sender = await senderOf("gcp-monitoring");
  await sender.send(gcp("open", { summary: "CPU is high", severity: "Critical", resource_name: "web-1" }));
  await sender.send(gcp("closed"));
  expect(await all()).toMatchObject([{ status: "resolved", title: "CPU is high", severity: "critical" }]);
});

test("[T16] a delivery is answered before anything is decided of it", async () => {
  const sender = await senderOf("instana");
  const { delivery, accepted } = await sender.receive(issue("OPEN", START));
  expect(accepted).toBe(1);
  expect(await t.core.db.read.select().from(intakes).where(eq(intakes.id, delivery))).toMatchObject([
    { state: "stored" },
  ]);
  expect(await all()).toEqual([]);
});
