import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alerts, auditEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeIntegration, createIntegration } from "./change-integration.ts";
import { getIntake, listIntakes } from "./intake-queries.ts";
import { mappingSchema } from "./mapping/mapping.ts";
import { previewMapping, tryMapping } from "./preview-mapping.ts";
import { processDelivery } from "./process-delivery.ts";
import { integrationOfKey, receiveDelivery } from "./receive-delivery.ts";
import { dismissDelivery, replayDelivery } from "./replay-delivery.ts";

const job = {
  event: "job.failed",
  job: { id: 88123, name: "nightly-etl", url: "https://builds.example/jobs/88123" },
  owner: "data-platform",
  level: 4,
  error: "exit 137, out of memory",
};
const mapping = mappingSchema.parse({
  shapes: [
    {
      title: "{job.name}: {error}",
      status: { cel: 'event == "job.ok" ? "resolved" : "firing"' },
      severity: { from: "{level}", values: { 5: "critical", 4: "error", 3: "warning" } },
      dedupKey: "{job.name}",
      service: "{owner}",
      links: [{ title: "Build", url: "{job.url}" }],
      at: "{job.finished}",
    },
  ],
});

let t: TestCore;
let owner: UserActor;
beforeAll(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
});
afterAll(() => t.close());

let serial = 0;
async function customSource() {
  const made = await createIntegration(t.ctx(owner), { name: `farm-${++serial}`, source: "custom" });
  return { id: made.id, key: made.key ?? "" };
}

async function deliver(key: string, body: unknown): Promise<string> {
  const integration = await integrationOfKey(t.core, key);
  const bytes = Buffer.from(JSON.stringify(body));
  const { delivery } = await receiveDelivery(t.core, { integration, body: bytes, query: "", headers: new Headers() });
  await processDelivery(t.core, delivery);
  return delivery;
}

const inbox = (integration: string) =>
  listIntakes(t.core.db.read, t.ctx(owner), { inbox: true, integration, limit: 50 });

describe("a mapping that is not saved yet", () => {
  test("shows the alert that a pasted delivery becomes, and which paths are not in it", async () => {
    const { id } = await customSource();
    const sample = { text: JSON.stringify(job) };
    const preview = await previewMapping(t.core.db.read, t.ctx(owner), { integrationId: id, mapping, sample });
    expect(preview).toMatchObject({ recognised: true, accepted: 1, body: job });
    expect(preview.reports[0]).toMatchObject({
      title: "nightly-etl: exit 137, out of memory",
      status: "firing",
      severity: "error",
      dedupKey: "nightly-etl",
      service: "data-platform",
    });
    expect(preview.paths.filter(({ isFound }) => !isFound)).toEqual([
      { row: "at", path: "job.finished", isFound: false, value: null },
    ]);
    expect(preview.paths).toContainEqual({ row: "severity", path: "level", isFound: true, value: "4" });
  });

  test("reads deliveries that came to this integration only", async () => {
    const [one, other] = [await customSource(), await customSource()];
    const deliveryId = await deliver(other.key, job);
    const of = (integrationId: string) =>
      previewMapping(t.core.db.read, t.ctx(owner), { integrationId, mapping, sample: { deliveryId } });
    await expect(of(one.id)).rejects.toMatchObject({ code: "not_found" });
    await expect(of(other.id)).resolves.toMatchObject({ recognised: true });
    await expect(
      previewMapping(t.core.db.read, t.ctx(owner), { integrationId: one.id, mapping, sample: { text: "<xml/>" } }),
    ).rejects.toMatchObject({ code: "invalid" });
  });

  test("is tried on the last deliveries, newest first", async () => {
    const { id, key } = await customSource();
    await deliver(key, job);
    t.clock.at = new Date(t.clock.at.getTime() + 1_000);
    await deliver(key, { ...job, event: "job.ok" });
    const tried = await tryMapping(t.core.db.read, t.ctx(owner), { integrationId: id, mapping, last: 20 });
    expect(tried.map(({ first }) => first?.status)).toEqual(["resolved", "firing"]);
    const [responder] = [await t.person("Rita Responder", "responder")];
    await expect(
      tryMapping(t.core.db.read, t.ctx(responder), { integrationId: id, mapping, last: 20 }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the inbox of deliveries", () => {
  test("a delivery nobody understood is mapped and read again; its generic alert ends", async () => {
    const { id, key } = await customSource();
    const delivery = await deliver(key, job);
    const [generic] = (await getIntake(t.core.db.read, t.ctx(owner), delivery)).alerts;
    expect((await inbox(id)).items.map((item) => item.id)).toEqual([delivery]);

    await changeIntegration(t.ctx(owner), id, { mapping });
    await replayDelivery(t.ctx(owner), delivery);
    await processDelivery(t.core, delivery);

    const after = await getIntake(t.core.db.read, t.ctx(owner), delivery);
    expect(after).toMatchObject({ state: "processed", recognised: true, accepted: 1 });
    const [ended] = await t.core.db.read
      .select()
      .from(alerts)
      .where(eq(alerts.id, generic?.id ?? ""));
    expect(ended).toMatchObject({ status: "resolved", explanation: { rule: "replayed" } });
    const [made] = await t.core.db.read
      .select()
      .from(alerts)
      .where(eq(alerts.id, after.alerts[0]?.id ?? ""));
    expect(made).toMatchObject({ title: "nightly-etl: exit 137, out of memory", status: "firing", recognised: true });
    expect((await inbox(id)).items).toEqual([]);
    await expect(replayDelivery(t.ctx(owner), delivery)).rejects.toMatchObject({ code: "conflict" });
  });

  test("what needs no mapping is dismissed, and the audit log says by whom", async () => {
    const { id, key } = await customSource();
    const delivery = await deliver(key, { hello: "world" });
    await dismissDelivery(t.ctx(owner), delivery);
    await dismissDelivery(t.ctx(owner), delivery);
    expect((await inbox(id)).items).toEqual([]);
    const audit = await t.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, delivery));
    expect(audit[0]).toMatchObject({ action: "delivery.dismiss" });
  });
});
