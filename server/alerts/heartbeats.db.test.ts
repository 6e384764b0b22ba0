import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alerts, heartbeats, incidents, intakes } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeIntegration, createIntegration } from "./change-integration.ts";
import { changeHeartbeat, HEARTBEATS_MAX, pingHeartbeat, removeHeartbeat, saveHeartbeat } from "./heartbeats.ts";
import { createHeartbeat, deleteHeartbeat, editHeartbeat, readHeartbeats } from "./manage-heartbeats.ts";
import { processDelivery } from "./process-delivery.ts";
import { type IntegrationRow, integrationOfKey } from "./receive-delivery.ts";
import { raiseMissing } from "./watch-heartbeats.ts";

let t: TestCore;
let owner: UserActor;
let integration: IntegrationRow;
beforeAll(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
});
afterAll(() => t.close());
let serial = 0;
beforeEach(async () => {
  for (const table of [heartbeats, alerts, incidents, intakes]) await t.core.db.read.delete(table);
  const made = await createIntegration(t.ctx(owner), { name: `beats-${++serial}`, source: "opsgenie" });
  integration = await integrationOfKey(t.core, made.key ?? "");
});

const later = (minutes: number) => {
  t.clock.at = new Date(t.clock.at.getTime() + minutes * 60_000);
};
async function process() {
  const waiting = await t.core.db.read
    .select()
    .from(intakes)
    .where(eq(intakes.state, "stored"))
    .orderBy(intakes.receivedAt);
  for (const { id } of waiting) await processDelivery(t.core, id);
}
const states = async () => {
  await process();
  const rows = await t.core.db.read.select().from(alerts).orderBy(alerts.firstAt);
  return rows.map(({ status, title, severity }) => [status, title, severity]);
};

describe("a heartbeat", () => {
  test("that is late raises one alert, and its next ping ends it", async () => {
    await saveHeartbeat(t.core, integration, "nightly", {
      interval: 10,
      alertMessage: "No backup",
      alertPriority: "P1",
    });
    await pingHeartbeat(t.core, integration, "nightly");
    later(9);
    expect(await raiseMissing(t.core)).toBe(0);
    later(1);
    expect(await raiseMissing(t.core)).toBe(1);
    expect(await raiseMissing(t.core)).toBe(0);
    expect(await states()).toEqual([["firing", "No backup", "critical"]]);
    const [incident] = await t.core.db.read.select().from(incidents);
    expect(incident?.status).toBe("triage");
    later(5);
    await pingHeartbeat(t.core, integration, "nightly");
    expect(await states()).toEqual([["resolved", "No backup", "critical"]]);
    later(10);
    await raiseMissing(t.core);
    expect((await states()).map(([status]) => status)).toEqual(["resolved", "firing"]);
  });

  test("that never came, or is off, is not missed", async () => {
    await saveHeartbeat(t.core, integration, "never", { interval: 1 });
    await pingHeartbeat(t.core, integration, "unknown");
    await saveHeartbeat(t.core, integration, "off", { interval: 1, enabled: false });
    await pingHeartbeat(t.core, integration, "off");
    later(60);
    expect(await raiseMissing(t.core)).toBe(0);
    expect(await states()).toEqual([]);
  });

  test("that is turned off or removed while it is missing takes its alert along", async () => {
    for (const name of ["one", "two"]) {
      await saveHeartbeat(t.core, integration, name, { interval: 1 });
      await pingHeartbeat(t.core, integration, name);
    }
    later(2);
    expect(await raiseMissing(t.core)).toBe(2);
    expect((await states()).map(([status]) => status)).toEqual(["firing", "firing"]);
    await changeHeartbeat(t.core, integration, "one", { enabled: false });
    await removeHeartbeat(t.core, integration, "two");
    expect((await states()).map(([status]) => status)).toEqual(["resolved", "resolved"]);
  });

  test("of an integration that is off is not looked at", async () => {
    await saveHeartbeat(t.core, integration, "x", { interval: 1 });
    await pingHeartbeat(t.core, integration, "x");
    await changeIntegration(t.ctx(owner), integration.id, { enabled: false });
    later(2);
    expect(await raiseMissing(t.core)).toBe(0);
  });

  test("has a limit of its number", async () => {
    const rows = Array.from({ length: HEARTBEATS_MAX - 1 }, (_, n) => ({
      integrationId: integration.id,
      name: `h${n}`,
      intervalSeconds: 60,
    }));
    await t.core.db.read.insert(heartbeats).values(rows);
    await saveHeartbeat(t.core, integration, "last", {});
    await expect(saveHeartbeat(t.core, integration, "more", {})).rejects.toThrow("at most");
    await expect(saveHeartbeat(t.core, integration, "x".repeat(201), {})).rejects.toThrow("200 characters");
  });
});

describe("the API of heartbeats", () => {
  test("adds, shows, changes and removes one, and says how it is", async () => {
    const ctx = t.ctx(owner);
    const made = await createHeartbeat(ctx, integration.id, {
      name: "night/ly ✓",
      intervalSeconds: 60,
      message: "No backup",
      severity: "warning",
    });
    expect(made).toMatchObject({ state: "waiting", intervalSeconds: 60, severity: "warning", lastPingAt: null });
    expect(made.pingUrl).toMatch(/\/v2\/heartbeats\/night%2Fly%20%E2%9C%93\/ping$/);
    await pingHeartbeat(t.core, integration, "night/ly ✓");
    expect(await readHeartbeats(ctx, integration.id)).toMatchObject([{ state: "fine", dueAt: expect.any(String) }]);
    later(1);
    await raiseMissing(t.core);
    expect(await readHeartbeats(ctx, integration.id)).toMatchObject([{ state: "missing" }]);
    expect(await states()).toEqual([["firing", "No backup", "warning"]]);
    const off = await editHeartbeat(ctx, integration.id, made.id, { enabled: false, message: "" });
    expect(off).toMatchObject({ state: "off", message: null, intervalSeconds: 60 });
    expect((await states()).map(([status]) => status)).toEqual(["resolved"]);
    await deleteHeartbeat(ctx, integration.id, made.id);
    expect(await readHeartbeats(ctx, integration.id)).toEqual([]);
  });

  test("takes no second one of a name, and changes none by that", async () => {
    const ctx = t.ctx(owner);
    await createHeartbeat(ctx, integration.id, { name: "one", intervalSeconds: 60 });
    const again = createHeartbeat(ctx, integration.id, { name: "one", intervalSeconds: 90 });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
    expect(await readHeartbeats(ctx, integration.id)).toMatchObject([{ intervalSeconds: 60 }]);
  });

  test("is read by responders, changed by administrators, and knows only its own integration's", async () => {
    const ctx = t.ctx(owner);
    const { id } = await createHeartbeat(ctx, integration.id, { name: "one" });
    const responder = t.ctx(await t.person("Rosa Responder", "responder"));
    expect(await readHeartbeats(responder, integration.id)).toHaveLength(1);
    const changes = [
      createHeartbeat(responder, integration.id, { name: "two" }),
      editHeartbeat(responder, integration.id, id, { enabled: false }),
      deleteHeartbeat(responder, integration.id, id),
    ];
    for (const change of changes) await expect(change).rejects.toMatchObject({ code: "forbidden" });
    const other = await createIntegration(ctx, { name: "other", source: "opsgenie" });
    await expect(editHeartbeat(ctx, other.id, id, { enabled: false })).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteHeartbeat(ctx, other.id, id)).rejects.toMatchObject({ code: "not_found" });
  });
});
