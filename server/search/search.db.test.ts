import { afterAll, beforeAll, expect, test } from "vitest";
import { alerts, integrations, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { createIncident, type IncidentRow } from "#/server/incidents/index.ts";
import { postMaintenanceUpdate, scheduleMaintenance } from "#/server/maintenance/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { search } from "./index.ts";

let muster: TestCore;
let ada: UserActor;
let olga: UserActor;
let open: IncidentRow;
let hidden: IncidentRow;

async function note(incident: IncidentRow, seq: number, body: string, deletedAt: Date | null = null) {
  const entry = {
    incidentId: incident.id,
    seq,
    kind: "note" as const,
    type: "note",
    at: muster.clock.at,
    actorName: "Ada",
    body,
    deletedAt,
  };
  await muster.core.db.read.insert(timelineEntries).values(entry);
}

async function alert(title: string, incidentId: string | null, integrationId: string) {
  await muster.core.db.read.insert(alerts).values({
    integrationId,
    source: "generic-json",
    dedupKey: title,
    title,
    status: "firing",
    severity: "error",
    firstAt: muster.clock.at,
    lastAt: muster.clock.at,
    startsAt: muster.clock.at,
    incidentId,
    explanation: { rule: "r", text: "t", at: muster.clock.at.toISOString() },
  });
}

beforeAll(async () => {
  muster = await testCore();
  ada = await muster.person("Ada");
  olga = await muster.person("Olga");
  const ctx = muster.ctx(ada);
  open = await createIncident(ctx, {
    title: "Checkout is slow",
    summary: "The connection pool is at 100% of its limit.",
  });
  hidden = await createIncident(ctx, { title: "Checkout keys leaked", visibility: "private" });
  await note(open, 1_001, "The **pool** is full,\nsee the Checkout graph");
  await note(open, 1_002, "Pool of a note that is gone", muster.clock.at);
  await note(hidden, 1_001, "pool secret");
  const [integration] = await muster.core.db.read
    .insert(integrations)
    .values({ name: "x", source: "generic-json", keyHash: "h", keySealed: "s" })
    .returning();
  await alert("PoolExhausted", open.id, integration?.id ?? "");
  await alert("PoolHidden", hidden.id, integration?.id ?? "");
  await alert("PoolAlone", null, integration?.id ?? "");
});
afterAll(() => muster.close());

const found = async (actor: UserActor, q: string, limit = 20) => search(muster.ctx(actor), { q, limit });

test("each hit says its kind, its incident and where it matched", async () => {
  const hits = await found(olga, "POOL");
  expect(hits.map((hit) => [hit.kind, hit.field, hit.incident?.reference ?? null]).sort()).toEqual(
    [
      ["alert", "title", null],
      ["alert", "title", open.reference],
      ["incident", "summary", open.reference],
      ["note", "body", open.reference],
    ].sort(),
  );
  for (const hit of hits) {
    expect(hit.matches.map(({ start, end }) => hit.excerpt.slice(start, end).toLowerCase())).toEqual(["pool"]);
  }
});

test("private incidents, their notes and alerts are found by their members only", async () => {
  expect((await found(ada, "pool")).filter((hit) => hit.incident?.id === hidden.id)).toHaveLength(2);
  expect((await found(ada, "leaked"))[0]).toMatchObject({ kind: "incident", field: "title" });
  expect(await found(olga, "leaked")).toEqual([]);
  expect((await found(olga, "pool")).some((hit) => hit.incident?.id === hidden.id)).toBe(false);
});

test("every word has to occur; wildcards are only signs", async () => {
  expect((await found(olga, "pool graph")).map((hit) => hit.kind)).toEqual(["note"]);
  expect((await found(olga, "100%")).map((hit) => hit.kind)).toEqual(["incident"]);
  expect(await found(olga, "1_0")).toEqual([]);
  expect(await found(olga, "%")).toHaveLength(1);
  expect(await found(olga, "\\")).toEqual([]);
  expect(await found(olga, "pool\u0000")).toEqual([]);
});

test("maintenance is found by its title and by what was said of it", async () => {
  const later = (hours: number) => new Date(muster.clock.at.getTime() + hours * 3_600_000).toISOString();
  const window = { from: later(1), until: later(2) };
  const made = await scheduleMaintenance(muster.ctx(ada), {
    title: "Turbine swap",
    body: "Every rotor stops.",
    ...window,
  });
  await postMaintenanceUpdate(muster.ctx(ada), made.id, { body: "Half of the rotors turn again." });
  const hit = { kind: "maintenance", id: made.id, incident: null, title: "Turbine swap", at: made.from };
  expect(await found(olga, "turbine")).toMatchObject([{ ...hit, field: "title", excerpt: "Turbine swap" }]);
  const [said] = await found(olga, "rotors half");
  expect(said).toMatchObject({ ...hit, field: "body", excerpt: expect.stringContaining("Half of the rotors") });
  expect(await found(olga, "turbine rotor")).toMatchObject([hit]);
  expect(await found({ ...olga, scopes: ["incidents:read"] }, "turbine")).toEqual([]);
});

test("a reference is found, and the limit holds", async () => {
  const [hit] = await found(olga, open.reference.toLowerCase());
  expect(hit).toMatchObject({ kind: "incident", field: "reference", excerpt: open.reference });
  expect(await found(olga, "pool", 2)).toHaveLength(2);
});
