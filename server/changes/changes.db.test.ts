import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changes, incidents, services, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import {
  changeIntegration,
  createIntegration,
  integrationOfKey,
  processDelivery,
  receiveDelivery,
} from "#/server/alerts/index.ts";
import { changeIncident, createIncident, findIncident, type IncidentRow } from "#/server/incidents/index.ts";
import { createService } from "#/server/services/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { createChangeInput } from "./contract.ts";
import { changesOfIncident, clearChange, createChange, listChanges, recordChange, suspectChange } from "./index.ts";
import { PRUNE_CHANGES_JOB, pruneChanges, TELL_ROOMS_JOB, tellRooms } from "./jobs.ts";
import {
  CHANGE_CLOCK_SKEW_MS,
  CHANGE_LABELS_MAX,
  CHANGES_AFTER_MS,
  CHANGES_BEFORE_MS,
  CHANGES_IN_ROOM_MAX,
  CHANGES_KEPT_DAYS,
} from "./shared/lists.ts";

let t: TestCore;
let ada: UserActor;
let admin: UserActor;
beforeAll(async () => {
  t = await testCore();
  ada = await t.person("Ada");
  admin = await t.person("Adam", "admin");
});
afterAll(() => t.close());
const start = new Date("2026-11-21T10:00:00.000Z");
beforeEach(async () => {
  t.clock.at = start;
  t.jobs.length = 0;
  for (const table of [changes, incidents, services]) await t.core.db.read.delete(table);
});

const minutes = (count: number) => new Date(start.getTime() + count * 60_000).toISOString();
const post = (change: Partial<Parameters<typeof createChange>[1]>) =>
  createChange(t.ctx(ada), { title: "Release 42", kind: "deploy", ...change });
const graph = async () => {
  await createService(t.ctx(admin), { name: "payments" });
  await createService(t.ctx(admin), { name: "checkout", aliases: ["checkout-api"], dependsOn: ["payments"] });
  await createService(t.ctx(admin), { name: "web", dependsOn: ["checkout"] });
  await createService(t.ctx(admin), { name: "search" });
};
const declare = async (named = ["checkout"]): Promise<IncidentRow> => {
  const row = await createIncident(t.ctx(ada), { title: "Checkout is slow", services: named });
  return changeIncident(t.ctx(ada), { incident: row.id, change: { times: { impactStartedAt: minutes(-10) } } });
};
const around = async (row: IncidentRow) => {
  const found = await findIncident(t.core.db.read, t.ctx(ada), row.id);
  return changesOfIncident(t.core.db.read, found);
};

describe("a change", () => {
  test("posted by a script is kept with what it says, and its rooms are told", async () => {
    await graph();
    const made = await post({
      service: "CHECKOUT-API",
      at: minutes(-14),
      url: "https://ci.example.com/42",
      by: "lin",
      labels: { environment: "production" },
    });
    expect(made).toMatchObject({
      title: "Release 42",
      kind: "deploy",
      state: "",
      service: "checkout",
      by: "lin",
      source: "api",
      links: [{ kind: "link", title: "", url: "https://ci.example.com/42" }],
      at: minutes(-14),
      startedAt: minutes(-14),
    });
    expect(t.jobs.map(({ name }) => name)).toEqual([TELL_ROOMS_JOB, PRUNE_CHANGES_JOB]);
  });

  test("moves on from started to succeeded, once, whatever comes late", async () => {
    const key = { dedupKey: "deploy-42", service: "checkout" };
    const first = await post({ ...key, state: "started", at: minutes(-14), by: "lin" });
    expect(await post({ ...key, state: "succeeded", at: minutes(-9), title: "Release 42 is out" })).toMatchObject({
      id: first.id,
      title: "Release 42 is out",
      state: "succeeded",
      startedAt: minutes(-14),
      at: minutes(-9),
      by: "lin",
    });
    expect(await post({ ...key, state: "started", at: minutes(-14) })).toMatchObject({
      title: "Release 42 is out",
      state: "succeeded",
      at: minutes(-9),
    });
    expect(await t.core.db.read.select().from(changes)).toHaveLength(1);
  });

  test("twice at once is one", async () => {
    const key = { dedupKey: "deploy-43" };
    await Promise.all([1, 2, 3].map((n) => post({ ...key, title: `Release ${n}` })));
    expect(await t.core.db.read.select().from(changes)).toHaveLength(1);
  });

  test("of a name that nobody knows makes no service, and belongs to it once it is known", async () => {
    await post({ service: "brand-new", at: minutes(-12) });
    expect(await t.core.db.read.select().from(services)).toEqual([]);
    const row = await declare(["brand-new"]);
    expect((await around(row)).items).toMatchObject([{ service: "brand-new", relation: "named" }]);
  });

  test("without a service belongs to the one whose repository it links to", async () => {
    const links = [{ kind: "repository" as const, title: "", url: "https://git.example.com/acme/shop" }];
    await createService(t.ctx(admin), { name: "shop", links });
    expect(await post({ url: "https://git.example.com/acme/shop/commit/1a2b" })).toMatchObject({ service: "shop" });
  });

  test("is neither in the future nor older than what is kept", async () => {
    const ahead = (ms: number) => new Date(start.getTime() + ms).toISOString();
    expect(await post({ at: ahead(CHANGE_CLOCK_SKEW_MS) })).toMatchObject({ at: start.toISOString() });
    await expect(post({ at: ahead(CHANGE_CLOCK_SKEW_MS + 1) })).rejects.toMatchObject({ errors: [{ pointer: "/at" }] });
    const kept = CHANGES_KEPT_DAYS * 24 * 60 * 60_000;
    await post({ at: ahead(-kept) });
    await expect(post({ at: ahead(-kept - 1) })).rejects.toThrow("90 days");
  });

  test("has limits", () => {
    const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, "x"]));
    const fits = (input: object) => createChangeInput.safeParse({ title: "x", ...input }).success;
    expect([fits({ labels: labels(CHANGE_LABELS_MAX) }), fits({ labels: labels(CHANGE_LABELS_MAX + 1) })]).toEqual([
      true,
      false,
    ]);
    expect([fits({ title: "x".repeat(300) }), fits({ title: "x".repeat(301) }), fits({ title: " " })]).toEqual([
      true,
      false,
      false,
    ]);
    expect(fits({ url: "javascript:alert(1)" })).toBe(false);
  });

  test("is told by responders, and read by everybody", async () => {
    const vera = t.ctx(await t.person("Vera", "viewer"));
    await expect(createChange(vera, { title: "x", kind: "deploy" })).rejects.toMatchObject({ code: "forbidden" });
    await post({});
    expect((await listChanges(vera.db.read, vera, { limit: 5 })).items).toHaveLength(1);
  });
});

test("changes are listed by service and time, page by page", async () => {
  await graph();
  for (const n of [1, 2, 3]) await post({ title: `c${n}`, service: "checkout", at: minutes(-n) });
  await post({ title: "s1", service: "search", at: minutes(-1) });
  const ctx = t.ctx(ada);
  const titles = async (filter: object) =>
    (await listChanges(ctx.db.read, ctx, { limit: 10, ...filter })).items.map(({ title }) => title);
  expect(await titles({ service: "Checkout-API" })).toEqual(["c1", "c2", "c3"]);
  expect(await titles({ service: "nowhere" })).toEqual([]);
  expect(await titles({ from: minutes(-2), to: minutes(-2) })).toEqual(["c2"]);
  const first = await listChanges(ctx.db.read, ctx, { limit: 3 });
  expect(await titles({ cursor: first.nextCursor ?? "" })).toEqual(["c3"]);
});

describe("what changed around an incident", () => {
  test("is of its services and their neighbours, ranked, each with its reason", async () => {
    await graph();
    await post({ title: "web", service: "web", at: minutes(-11) });
    await post({ title: "payments", service: "payments", at: minutes(-13) });
    await post({ title: "checkout", service: "checkout", at: minutes(-14) });
    await post({ title: "search", service: "search", at: minutes(-11) });
    const { items, from, to } = await around(await declare());
    expect(items.map(({ title, reason, isLikely }) => [title, reason, isLikely])).toEqual([
      ["checkout", "deployed 4 min before the impact, on checkout, which this incident names", true],
      ["payments", "deployed 3 min before the impact, on payments, which checkout depends on", false],
      ["web", "deployed 1 min before the impact, on web, which depends on checkout", false],
    ]);
    expect([from, to]).toEqual([minutes(-10 - 24 * 60), minutes(50)]);
  });

  test("lies within its window, to the millisecond", async () => {
    await graph();
    t.clock.at = new Date(minutes(120));
    const impact = Date.parse(minutes(-10));
    const ends = {
      "too early": -CHANGES_BEFORE_MS - 1,
      first: -CHANGES_BEFORE_MS,
      last: CHANGES_AFTER_MS,
      "too late": CHANGES_AFTER_MS + 1,
    };
    for (const [title, ms] of Object.entries(ends)) {
      await post({ title, service: "checkout", at: new Date(impact + ms).toISOString() });
    }
    expect((await around(await declare())).items.map(({ title }) => title)).toEqual(["first", "last"]);
  });

  test("leaves out what happened elsewhere, as far as alerts and change say where", async () => {
    await graph();
    const integration = await createIntegration(t.ctx(admin), { name: "am", source: "generic-json" });
    const target = await integrationOfKey(t.core, integration.key ?? "");
    const body = { title: "Slow", service: "checkout", labels: { environment: "production" } };
    const headers = new Headers({ "content-type": "application/json" });
    const { delivery } = await receiveDelivery(t.core, {
      integration: target,
      body: Buffer.from(JSON.stringify(body)),
      query: "",
      headers,
    });
    await processDelivery(t.core, delivery);
    await post({ title: "staging", service: "checkout", labels: { env: "staging" }, at: minutes(-1) });
    await post({ title: "prod", service: "checkout", labels: { env: "prod" }, at: minutes(-2) });
    await post({ title: "anywhere", service: "checkout", at: minutes(-3) });
    const [row] = await t.core.db.read.select().from(incidents);
    expect((await around(row as IncidentRow)).items.map(({ title }) => title)).toEqual(["prod", "anywhere"]);
  });

  test("is empty without services, and never more than a room lists", async () => {
    await graph();
    for (let n = 0; n <= CHANGES_IN_ROOM_MAX; n += 1) await post({ service: "checkout", at: minutes(-11) });
    expect((await around(await declare([]))).items).toEqual([]);
    expect((await around(await declare())).items).toHaveLength(CHANGES_IN_ROOM_MAX);
  });
});

describe("a suspect", () => {
  test("is attached to the timeline where it happened, once, and taken back", async () => {
    await graph();
    const { id } = await post({ service: "checkout", at: minutes(-14), by: "lin" });
    const row = await declare();
    const input = { incident: row.reference, changeId: id };
    const entries = async () =>
      (await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.incidentId, row.id)))
        .filter(({ type }) => type.startsWith("change."))
        .sort((a, b) => a.seq - b.seq);
    await suspectChange(t.ctx(ada), input);
    await suspectChange(t.ctx(ada), input);
    expect((await around(row)).items).toMatchObject([{ isSuspect: true }]);
    expect(await entries()).toMatchObject([
      {
        type: "change.suspected",
        at: new Date(minutes(-14)),
        actorName: "Ada",
        data: { changeId: id, title: "Release 42", by: "lin", reason: expect.stringContaining("4 min before") },
      },
    ]);
    await clearChange(t.ctx(ada), input);
    await clearChange(t.ctx(ada), input);
    expect((await around(row)).items).toMatchObject([{ isSuspect: false }]);
    expect((await entries()).map(({ type }) => type)).toEqual(["change.suspected", "change.cleared"]);
  });

  test("is one of the incident's, marked by who may write and see it", async () => {
    await graph();
    const { id } = await post({ service: "search", at: minutes(-14) });
    const row = await declare();
    await expect(suspectChange(t.ctx(ada), { incident: row.id, changeId: id })).rejects.toMatchObject({
      code: "not_found",
    });
    const secret = await createIncident(t.ctx(ada), { title: "x", services: ["search"], visibility: "private" });
    const lin = t.ctx(await t.person("Lin"));
    await expect(suspectChange(lin, { incident: secret.id, changeId: id })).rejects.toMatchObject({
      message: "There is no such incident.",
    });
  });
});

describe("the jobs", () => {
  test("tell the open rooms of the service and its neighbours", async () => {
    await graph();
    const named = await declare();
    const neighbour = await declare(["payments"]);
    const other = await declare(["search"]);
    const { id } = await post({ service: "checkout" });
    const told: string[] = [];
    const listener = (fact: { incidentId: string; parts: readonly string[] }) =>
      void (fact.parts.includes("changes") && told.push(fact.incidentId));
    t.core.facts.on("fact", listener);
    await tellRooms(t.core, id);
    t.core.facts.off("fact", listener);
    expect(told.sort()).toEqual([named.id, neighbour.id].sort());
    expect(told).not.toContain(other.id);
  });

  test("delete what is older than it is kept, and the oldest beyond the most that are kept", async () => {
    for (const n of [1, 2, 3, 4]) await post({ title: `c${n}`, at: minutes(-n) });
    const titles = async () => (await t.core.db.read.select().from(changes)).map(({ title }) => title).sort();
    await pruneChanges(t.core, 4);
    expect(await titles()).toEqual(["c1", "c2", "c3", "c4"]);
    await pruneChanges(t.core, 3);
    expect(await titles()).toEqual(["c1", "c2", "c3"]);
    t.clock.at = new Date(start.getTime() + CHANGES_KEPT_DAYS * 24 * 60 * 60_000 - 2 * 60_000);
    await pruneChanges(t.core);
    expect(await titles()).toEqual(["c1", "c2"]);
  });
});

test("a hook of a custom source brings changes: one deployment, its states in turn", async () => {
  await graph();
  const made = await createIntegration(t.ctx(admin), { name: "ci", source: "custom" });
  await changeIntegration(t.ctx(admin), made.id, {
    mapping: {
      shapes: [
        {
          kind: "change",
          change: "deploy",
          title: "Deploy {version}",
          dedupKey: "{id}",
          service: "{app}",
          status: "{state}",
          by: "{author}",
          links: [{ kind: "pipeline", title: "Pipeline", url: "{url}" }],
        },
      ],
    },
  });
  const target = await integrationOfKey(t.core, made.key ?? "");
  const headers = new Headers({ "content-type": "application/json" });
  for (const state of ["running", "success"]) {
    const body = { id: "7", version: "v42", app: "checkout", state, author: "lin", url: "https://ci.example.com/7" };
    const sent = { integration: target, body: Buffer.from(JSON.stringify(body)), query: "", headers };
    const { delivery, accepted } = await receiveDelivery(t.core, sent);
    expect(accepted).toBe(1);
    await processDelivery(t.core, delivery);
  }
  const rows = await t.core.db.read.select().from(changes);
  expect(rows).toMatchObject([
    { title: "Deploy v42", kind: "deploy", state: "succeeded", serviceName: "checkout", by: "lin", source: "custom" },
  ]);
  expect(await t.core.db.read.select().from(incidents)).toEqual([]);
});

test("a report is cut to what fits, never refused", async () => {
  const report = {
    integrationId: null,
    source: "api",
    dedupKey: "k".repeat(600),
    title: "t".repeat(400),
    description: "d".repeat(5_000),
    kind: "k".repeat(50),
    state: null,
    service: "s".repeat(300),
    fallbackServiceId: null,
    by: "b".repeat(300),
    labels: {},
    links: [],
    at: null,
  };
  await t.core.db.transaction((tx) => recordChange(tx, t.ctx(ada), report));
  const [row] = await t.core.db.read.select().from(changes);
  expect([row?.title.length, row?.dedupKey.length, row?.serviceName?.length, row?.kind.length]).toEqual([
    300, 500, 200, 40,
  ]);
});
