import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rows } from "#/db/client.ts";
import { alerts, incidents } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { acceptIncident, createIncident, resolveIncident } from "#/server/incidents/index.ts";
import { AlertHouse } from "#/server/testing/alert-house.ts";
import { attachAlert } from "./act-on-alert.ts";
import { countAlertFacets } from "./alert-facets.ts";
import { getAlert, listAlerts, listHeldAlerts } from "./alert-queries.ts";
import type { AlertFacetsView, ListAlertsQuery } from "./contract.ts";
import { DELIVERIES_LOOKED_THROUGH_MAX, intakesOfAlert } from "./intake-queries.ts";
import { placeByHand } from "./place-by-hand.ts";
import { createRoute } from "./routing/change-route.ts";
import { createRouteInput } from "./routing/contract.ts";
import { ALERT_DELIVERIES_MAX, ALERTS_COUNTED_MAX, FACET_VALUES_MAX } from "./shared/lists.ts";

let house: AlertHouse;
let viewer: UserActor;
let routeId: string;
beforeAll(async () => {
  house = await AlertHouse.open();
  viewer = await house.t.person("Vera Viewer", "viewer");
  const route = await createRoute(
    house.ctx,
    createRouteInput.parse({
      name: "Search team",
      condition: 'service == "search"',
      severity: "info",
      service: "search-api",
      team: "search",
    }),
  );
  routeId = route.id;
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.clear();
  await house.send(
    { title: "5xx on checkout", dedupKey: "c-1", service: "Checkout", severity: "critical", labels: { env: "prod" } },
    { title: "Slow checkout", dedupKey: "c-2", service: "Checkout", severity: "warning", labels: { env: "stage" } },
    { title: "Slow search", dedupKey: "s-1", service: "search", severity: "error", labels: { quote: 'a "b" c' } },
    { title: "Disk is full", dedupKey: "d-1", severity: "error" },
  );
  await house.send({ title: "Slow checkout", dedupKey: "c-2", service: "Checkout", status: "resolved" });
});

const facetsOf = (query: ListAlertsQuery, actor: UserActor = house.owner) =>
  countAlertFacets(house.t.core.db.read, house.t.ctx(actor), query);
const titlesOf = async (query: ListAlertsQuery, actor: UserActor = house.owner) => {
  const { items } = await listAlerts(house.t.core.db.read, house.t.ctx(actor), { ...query, limit: 50 });
  return items.map((alert) => alert.title).sort();
};
const counts = (facets: AlertFacetsView, name: keyof AlertFacetsView["facets"]) =>
  Object.fromEntries(facets.facets[name].map(({ label, count }) => [label, count]));

describe("the facets", () => {
  test("count all that the list shows, under the names of things", async () => {
    const facets = await facetsOf({});
    expect(facets).toMatchObject({ total: 4, isPartial: false });
    expect(counts(facets, "status")).toEqual({ firing: 3, resolved: 1 });
    expect(counts(facets, "severity")).toEqual({ critical: 1, warning: 1, error: 1, info: 1 });
    expect(counts(facets, "service")).toEqual({ Checkout: 2, "search-api": 1 });
    expect(counts(facets, "source")).toEqual({ "Generic JSON": 4 });
    expect(counts(facets, "integration")).toEqual({ sender: 4 });
    expect(counts(facets, "route")).toEqual({ "Everything else": 3, "Search team": 1 });
    expect(counts(facets, "team")).toEqual({ search: 1 });
  });

  test("follow the other choices, and leave their own open", async () => {
    const facets = await facetsOf({ service: "checkout", status: "firing" });
    expect(facets.total).toBe(1);
    expect(counts(facets, "status")).toEqual({ firing: 1, resolved: 1 });
    expect(counts(facets, "service")).toEqual({ Checkout: 1, "search-api": 1 });
    expect(counts(facets, "severity")).toEqual({ critical: 1 });
  });

  test("keep what is chosen and counts nothing, by its name", async () => {
    const facets = await facetsOf({ route: routeId, status: "resolved", team: "nobody" });
    expect(facets.total).toBe(0);
    expect(facets.facets.route).toEqual([{ value: routeId, label: "Search team", count: 0 }]);
    expect(facets.facets.team).toEqual([{ value: "nobody", label: "nobody", count: 0 }]);
  });

  test("hide the alerts of a private incident from those who may not see it, as the list does", async () => {
    const secret = await createIncident(house.ctx, { title: "Secret", visibility: "private" });
    const found = (await house.alerts()).find((alert) => alert.dedupKey === "d-1");
    await attachAlert(house.ctx, { incident: secret.id, alertId: found?.id ?? "" });
    expect(await titlesOf({}, viewer)).not.toContain("Disk is full");
    const facets = await facetsOf({ severity: "error" }, viewer);
    expect(facets.total).toBe(0);
    expect(counts(await facetsOf({}, viewer), "integration")).toEqual({ sender: 3 });
    expect(counts(await facetsOf({}), "integration")).toEqual({ sender: 4 });
  });

  test("list so many values, and what is chosen beyond them", async () => {
    const many = Array.from({ length: FACET_VALUES_MAX + 1 }, (_, n) => ({
      title: `T${n}`,
      dedupKey: `t-${n}`,
      service: `svc-${String(n).padStart(2, "0")}`,
    }));
    await house.send(...many);
    const last = `svc-${FACET_VALUES_MAX}`;
    expect((await facetsOf({})).facets.service).toHaveLength(FACET_VALUES_MAX);
    expect((await facetsOf({})).facets.service.some(({ value }) => value === last)).toBe(false);
    expect((await facetsOf({ service: last })).facets.service.some(({ value }) => value === last)).toBe(true);
  });

  test("say beyond their limit that they are not whole", async () => {
    const [sample] = await house.alerts();
    const copies = (count: number) =>
      rows(
        house.t.core.db.read,
        sql`insert into alerts (integration_id, source, dedup_key, title, status, severity, first_at, last_at, starts_at, explanation)
          select integration_id, source, 'copy-' || n, title, status, severity, first_at, last_at, starts_at, explanation
          from alerts, generate_series(1, ${count}::int) as n where id = ${sample?.id} returning 1`,
      );
    await copies(ALERTS_COUNTED_MAX - 4);
    expect(await facetsOf({})).toMatchObject({ total: ALERTS_COUNTED_MAX, isPartial: false });
    await house.send({ title: "One more", dedupKey: "more" });
    expect(await facetsOf({})).toMatchObject({ total: ALERTS_COUNTED_MAX, isPartial: true });
  });
});

describe("the list", () => {
  test.each<[string, ListAlertsQuery, string[]]>([
    ["one value", { severity: "critical" }, ["5xx on checkout"]],
    ["several values", { severity: ["critical", "warning"] }, ["5xx on checkout", "Slow checkout"]],
    ["statuses with commas", { status: "resolved,suppressed" }, ["Slow checkout"]],
    ["a service, however it is written", { service: "CHECKOUT" }, ["5xx on checkout", "Slow checkout"]],
    ["a team", { team: "search" }, ["Slow search"]],
    ["what is nothing's id", { integration: "nonsense" }, []],
    ["what is no status", { status: "nonsense" }, []],
    ["a title", { q: "5XX" }, ["5xx on checkout"]],
    ["a dedup key", { q: "s-1" }, ["Slow search"]],
    ["a label's value", { q: "stage" }, ["Slow checkout"]],
    ["a label by name and value", { q: "env=prod" }, ["5xx on checkout"]],
    ["a label's value with quotes", { q: '"b"' }, ["Slow search"]],
    ["no part of how labels are stored", { q: '":' }, []],
  ])("is narrowed by %s", async (_, query, titles) => {
    expect(await titlesOf(query)).toEqual(titles);
  });

  test("is narrowed by route and integration", async () => {
    expect(await titlesOf({ route: routeId, integration: house.integration.id })).toEqual(["Slow search"]);
  });
});

describe("an alert", () => {
  const one = async (key: string) => {
    const row = (await house.alerts()).find((alert) => alert.dedupKey === key);
    return getAlert(house.t.core.db.read, house.ctx, row?.id ?? "");
  };

  test("says what its route changed, and where it came from", async () => {
    expect(await one("s-1")).toMatchObject({
      integration: { id: house.integration.id, name: "sender" },
      route: { id: routeId, name: "Search team" },
      severity: "info",
      service: "search-api",
      asReported: { severity: "error", service: "search" },
      flaps: 0,
    });
    expect((await one("d-1")).asReported).toBeNull();
  });

  test("shows the deliveries it came by, newest first, and not those of others", async () => {
    const alert = await one("c-2");
    const found = await intakesOfAlert(house.t.core.db.read, house.ctx, alert.id);
    expect(found).toHaveLength(2);
    expect(found.every((each) => each.alerts.some(({ id }) => id === alert.id))).toBe(true);
    expect(await intakesOfAlert(house.t.core.db.read, house.ctx, (await one("d-1")).id)).toHaveLength(1);
  });

  test("shows so many of its deliveries", async () => {
    for (let n = 2; n <= ALERT_DELIVERIES_MAX + 1; n++) await house.send({ title: "Disk is full", dedupKey: "d-1" });
    const { id, count } = await one("d-1");
    expect(count).toBe(ALERT_DELIVERIES_MAX + 1);
    expect(await intakesOfAlert(house.t.core.db.read, house.ctx, id)).toHaveLength(ALERT_DELIVERIES_MAX);
  });

  test("finds a delivery among so many later ones of its integration, and gives up beyond", async () => {
    house.wait(1);
    await house.send({ title: "Alone", dedupKey: "z-1" });
    const { id } = await one("z-1");
    const q = house.t.core.db.read;
    const at = house.in(1);
    await q
      .update(alerts)
      .set({ lastAt: new Date(house.in(2)) })
      .where(eq(alerts.id, id));
    const later = (count: number) =>
      rows(
        q,
        sql`insert into intakes (integration_id, source, body, repeat_key, received_at)
          select integration_id, source, ''::bytea, 'later-' || gen_random_uuid(), ${at}::timestamptz
          from alerts, generate_series(1, ${count}::int) where id = ${id} returning 1`,
      );
    await later(DELIVERIES_LOOKED_THROUGH_MAX - 1);
    expect(await intakesOfAlert(q, house.ctx, id)).toHaveLength(1);
    await later(1);
    expect(await intakesOfAlert(q, house.ctx, id)).toHaveLength(0);
  });

  test("does not show its deliveries to a viewer", async () => {
    const { id } = await one("c-2");
    await expect(intakesOfAlert(house.t.core.db.read, house.t.ctx(viewer), id)).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});

describe("the room of an incident that ended", () => {
  async function heldAfter() {
    const [incident] = (await house.incidents()).filter(({ title }) => title.includes("checkout"));
    const id = incident?.id ?? "";
    await acceptIncident(house.ctx, { incident: id });
    await resolveIncident(house.ctx, { incident: id, summary: "fixed" });
    house.wait(5);
    await house.send({ title: "5xx again", dedupKey: "c-9", service: "Checkout" });
    return id;
  }
  const held = async (id: string) =>
    (await listHeldAlerts(house.t.core.db.read, id)).map(({ title, heldFor }) => [title, heldFor?.id]);
  const seqOf = async (id: string) => {
    const [row] = await house.t.core.db.read.select().from(incidents).where(eq(incidents.id, id));
    return row?.lastSeq ?? 0;
  };

  test("holds what fired again, and hears that it went elsewhere", async () => {
    const id = await heldAfter();
    expect(await held(id)).toEqual([["5xx again", id]]);
    const other = await createIncident(house.ctx, { title: "Network" });
    const before = await seqOf(id);
    const [alert] = await house.t.core.db.read.select().from(alerts).where(eq(alerts.dedupKey, "c-9"));
    await placeByHand(house.ctx, { alertId: alert?.id ?? "", into: other.reference });
    expect(await held(id)).toEqual([]);
    expect(await seqOf(id)).toBeGreaterThan(before);
  });

  test("hears that a new incident was opened for it, by hand or by the timer", async () => {
    const id = await heldAfter();
    const before = await seqOf(id);
    house.wait(25);
    await house.tend();
    expect(await held(id)).toEqual([]);
    expect(await seqOf(id)).toBeGreaterThan(before);
  });
});
