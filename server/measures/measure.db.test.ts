import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { incidents } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { createIncident, type NewIncident } from "#/server/incidents/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { measure } from "./index.ts";

let muster: TestCore;
let ada: UserActor;
let olga: UserActor;
const at = (day: number, minute = 0) => new Date(Date.UTC(2026, 10, day, 10, minute));

async function incident(
  day: number,
  input: Partial<NewIncident>,
  columns: Partial<typeof incidents.$inferInsert> = {},
) {
  muster.clock.at = at(day);
  const row = await createIncident(muster.ctx(ada), { title: "x", ...input });
  await muster.core.db.read
    .update(incidents)
    .set({ title: "x", ...columns })
    .where(eq(incidents.id, row.id));
}

beforeAll(async () => {
  muster = await testCore();
  ada = await muster.person("Ada");
  olga = await muster.person("Olga");
  const ended = (day: number, minutes: number) => ({
    impactStartedAt: at(day),
    status: "resolved" as const,
    resolvedAt: at(day, minutes),
  });
  await incident(1, { severity: "SEV1", services: ["checkout", "search"] }, ended(1, 10));
  await incident(2, { severity: "SEV1", services: ["checkout"] }, { ...ended(2, 30), mitigatedAt: at(2, 20) });
  await incident(3, { severity: "SEV3" });
  await incident(3, { severity: "SEV1", mode: "drill" }, ended(3, 1));
  await incident(3, { severity: "SEV1", status: "triage" }, { status: "declined" });
  await incident(4, { severity: "SEV2", visibility: "private" }, ended(4, 5));
  muster.clock.at = at(21);
});
afterAll(() => muster.close());

const measured = (actor: UserActor, by: "severity" | "service" | "month", from = "2026-11-01", to = "2026-11-30") =>
  measure(muster.ctx(actor), { by, from, to });

test("counts, medians and 90th percentiles by severity, without drills, declined and unseen ones", async () => {
  const { groups, total, points } = await measured(olga, "severity");
  expect(groups.map((group) => [group.key, group.count, group.ttr])).toEqual([
    ["SEV1", 2, { n: 2, medianMs: 20 * 60_000, p90Ms: 28 * 60_000 }],
    ["SEV3", 1, { n: 0, medianMs: null, p90Ms: null }],
  ]);
  expect(groups[0]?.ttm).toEqual({ n: 1, medianMs: 20 * 60_000, p90Ms: 20 * 60_000 });
  expect([total.count, points.length]).toEqual([3, 3]);
  expect((await measured(ada, "severity")).groups.map((group) => group.key)).toEqual(["SEV1", "SEV2", "SEV3"]);
});

test("an incident counts in each of its services", async () => {
  const { groups } = await measured(olga, "service");
  expect(groups.map((group) => [group.key, group.count])).toEqual([
    ["checkout", 2],
    ["search", 1],
    ["none", 1],
  ]);
});

test("days are UTC, and the last one is in", async () => {
  expect((await measured(olga, "month", "2026-11-02", "2026-11-02")).groups).toMatchObject([
    { key: "2026-11", count: 1 },
  ]);
  expect((await measured(olga, "month", "2026-10-01", "2026-10-31")).groups).toEqual([]);
  await expect(measured(olga, "month", "2026-11-02", "2026-10-01")).rejects.toMatchObject({ code: "invalid" });
});
