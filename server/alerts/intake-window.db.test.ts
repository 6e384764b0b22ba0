import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { intakes } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { STORM_FROM } from "./busy-senders.ts";
import { createIntegration } from "./change-integration.ts";
import { type IntakeEntry, storeIntake } from "./intake-window.ts";
import { type IntegrationRow, integrationOfKey, receiveDelivery } from "./receive-delivery.ts";

let t: TestCore;
let owner: UserActor;
let integration: IntegrationRow;
beforeAll(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
  const made = await createIntegration(t.ctx(owner), { name: "window", source: "generic-json" });
  integration = await integrationOfKey(t.core, made.key ?? "");
});
afterAll(() => t.close());

const send = (body: unknown) =>
  receiveDelivery(t.core, { integration, body: Buffer.from(JSON.stringify(body)), query: "", headers: new Headers() });
const stored = () => t.core.db.read.select().from(intakes).where(eq(intakes.integrationId, integration.id));

test("many deliveries at once are each stored once, the same ones as one, with one job for each group", async () => {
  const bodies = Array.from({ length: 250 }, (_, n) => ({ title: `alert ${n % 200}` }));
  const answers = await Promise.all(bodies.map(send));
  expect(new Set(answers.map(({ delivery }) => delivery)).size).toBe(200);
  for (let n = 0; n < 50; n += 1) expect(answers[n + 200]).toEqual(answers[n]);
  expect(await stored()).toHaveLength(200);
  const queued = t.jobs.flatMap(({ data }) => (data.deliveryIds as string[] | undefined) ?? []);
  expect(new Set(queued)).toEqual(new Set(answers.map(({ delivery }) => delivery)));
  expect(t.jobs.length).toBeLessThan(20);
});

test("one that cannot be stored keeps no other from it", async () => {
  const entry = (name: string, also?: IntakeEntry["also"]): IntakeEntry => ({
    integration,
    intake: { source: "generic-json", body: Buffer.from("{}") },
    receivedAt: t.core.now(),
    repeat: { key: name, windowMs: 60_000 },
    ...(also && { also }),
  });
  const bad = storeIntake(
    t.core,
    entry("bad", () => Promise.reject(new Error("no such thing"))),
  );
  const good = [storeIntake(t.core, entry("good 1")), storeIntake(t.core, entry("good 2"))];
  await expect(bad).rejects.toThrow("no such thing");
  expect(new Set((await Promise.all(good)).map(({ delivery }) => delivery)).size).toBe(2);
  expect((await stored()).map(({ repeatKey }) => repeatKey)).not.toContain("bad");
});

test("who sends little does not wait behind a storm, whose own order stays", async () => {
  const made = await createIntegration(t.ctx(owner), { name: "quiet", source: "generic-json" });
  const quiet = await integrationOfKey(t.core, made.key ?? "");
  t.jobs.length = 0;
  await Promise.all(Array.from({ length: STORM_FROM + 50 }, (_, n) => send({ title: `storm ${n}` })));
  const sent = { integration: quiet, body: Buffer.from('{"title":"Alone"}'), query: "", headers: new Headers() };
  const { delivery } = await receiveDelivery(t.core, sent);
  const isLater = t.jobs.filter(({ options }) => options?.priority !== undefined);
  expect(isLater.length).toBeGreaterThan(0);
  expect(isLater.every(({ options }) => Number(options?.priority) < 0)).toBe(true);
  expect(t.jobs.at(-1)).toMatchObject({ data: { deliveryIds: [delivery] }, options: {} });
});
