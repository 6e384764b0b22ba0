import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alertRoutes, auditEntries, incidents, serviceDependencies, services } from "#/db/schema/index.ts";
import { acceptIncident, createIncident, resolveServices } from "#/server/incidents/index.ts";
import { deleteService } from "#/server/services/index.ts";
import { AlertHouse } from "#/server/testing/alert-house.ts";
import { processDelivery } from "../process-delivery.ts";
import { ROUTES_MAX } from "../shared/lists.ts";
import { changeRoute, createRoute, listRoutes, removeRoute, reorderRoutes } from "./change-route.ts";
import { createRouteInput } from "./contract.ts";
import { DEFAULT_ROUTE_ID } from "./route.ts";

let house: AlertHouse;
beforeAll(async () => {
  house = await AlertHouse.open();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.clear();
  await reset();
});

async function reset(): Promise<void> {
  for (const route of await listRoutes(house.ctx)) if (!route.isDefault) await removeRoute(house.ctx, route.id);
  await changeRoute(house.ctx, DEFAULT_ROUTE_ID, { autoResolve: "never", opens: "triage", suppress: false });
}
const add = (input: object) =>
  createRoute(house.ctx, createRouteInput.parse({ name: "R", condition: 'severity == "critical"', ...input }));
const critical = (n = 1, service = "checkout", labels: Record<string, string> = {}) => ({
  title: `Problem ${n} of ${service}`,
  dedupKey: `${service}-${n}-${JSON.stringify(labels)}`,
  severity: "critical",
  service,
  labels,
});
const count = async () => (await house.incidents()).length;

describe("the list of alert routes", () => {
  test("always ends with one that takes everything and cannot go", async () => {
    await add({ name: "First" });
    expect((await listRoutes(house.ctx)).map((route) => [route.name, route.isDefault])).toEqual([
      ["First", false],
      ["Everything else", true],
    ]);
    await expect(removeRoute(house.ctx, DEFAULT_ROUTE_ID)).rejects.toMatchObject({ code: "conflict" });
    await expect(changeRoute(house.ctx, DEFAULT_ROUTE_ID, { enabled: false })).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(changeRoute(house.ctx, DEFAULT_ROUTE_ID, { condition: "false" })).rejects.toMatchObject({
      code: "invalid",
    });
  });
  test("is reordered as a whole, and each change is in the audit log", async () => {
    const a = await add({ name: "A" });
    const b = await add({ name: "B" });
    await reorderRoutes(house.ctx, [b.id, a.id]);
    expect((await listRoutes(house.ctx)).map((route) => route.name)).toEqual(["B", "A", "Everything else"]);
    await expect(reorderRoutes(house.ctx, [a.id])).rejects.toMatchObject({ errors: [{ pointer: "/ids" }] });
    await changeRoute(house.ctx, a.id, { enabled: false, version: 1 });
    await expect(changeRoute(house.ctx, a.id, { name: "late", version: 1 })).rejects.toMatchObject({ code: "stale" });
    await removeRoute(house.ctx, a.id);
    const audit = await house.t.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, a.id));
    expect(audit.map((entry) => entry.action).sort()).toEqual([
      "alert-route.change",
      "alert-route.create",
      "alert-route.remove",
    ]);
  });
  test("says which field is wrong", () => {
    const parsed = createRouteInput.safeParse({ name: "", condition: "sevrity == 1", groupBy: ["colour"] });
    expect(parsed.error?.issues.map((issue) => issue.path.join("/"))).toEqual(["name", "condition", "groupBy/0"]);
    expect(parsed.error?.issues[1]?.message).toContain("sevrity");
  });
  test("refuses a window without fields to group by", async () => {
    await expect(add({ groupWindow: { minutes: 5, kind: "fixed" } })).rejects.toMatchObject({
      errors: [{ pointer: "/groupWindow" }],
    });
  });
  test("ends at its limit", async () => {
    await house.t.core.db.read.insert(alertRoutes).values(
      Array.from({ length: ROUTES_MAX - 1 }, (_, n) => ({
        name: `N${n}`,
        position: n + 1,
        condition: "false",
        debounceMinutes: 0,
      })),
    );
    await add({ name: "The last" });
    await expect(add({ name: "One more" })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a route", () => {
  test("sets service, severity and team, and the alert says so", async () => {
    await add({ service: "shop", severity: "info", team: "web" });
    await house.send(critical());
    const [alert] = await house.alerts();
    expect(alert).toMatchObject({ serviceName: "shop", severity: "info", team: "web" });
    expect(alert?.explanation.steps?.map((step) => step.rule)).toContain("set-service");
    expect(alert?.asReported).toMatchObject({ severity: "critical", service: { name: "checkout" } });
  });
  test("whose service was deleted goes on without it", async () => {
    await add({ service: "short-lived" });
    await house.send(critical());
    const [service] = await house.t.core.db.read.select().from(services).where(eq(services.name, "short-lived"));
    await deleteService(house.ctx, { id: service?.id ?? "" });
    await house.send(critical(2));
    expect((await house.alerts()).find((alert) => alert.dedupKey === "checkout-2-{}")).toMatchObject({
      serviceName: "checkout",
      status: "firing",
    });
  });
  test("suppresses, only records, or declares", async () => {
    const route = await add({ suppress: true });
    await house.send(critical(1));
    await changeRoute(house.ctx, route.id, { suppress: false, opens: "nothing" });
    await house.send(critical(2));
    expect(await count()).toBe(0);
    await changeRoute(house.ctx, route.id, { opens: "declared" });
    await house.send(critical(3));
    expect((await house.alerts()).map((alert) => [alert.status, alert.explanation.rule])).toEqual([
      ["suppressed", "suppressed-by-route"],
      ["firing", "recorded-only"],
      ["firing", "open-declared"],
    ]);
    expect(await house.incidents()).toMatchObject([{ status: "investigating", severity: "SEV1" }]);
    expect(await house.entries()).toContain("incident.declared");
  });
  test("opens at its threshold, with those that waited", async () => {
    await add({ threshold: { count: 3, minutes: 10 } });
    await house.send(critical(1));
    house.wait(11);
    await house.send(critical(2));
    await house.send(critical(2));
    expect(await count()).toBe(0);
    expect((await house.alerts())[1]?.explanation.text).toContain("2 of 3 reports within 10 minutes");
    await house.send(critical(3));
    const [incident, ...more] = await house.incidents();
    expect(more).toEqual([]);
    expect((await house.alerts()).every((alert) => alert.incidentId === incident?.id)).toBe(true);
  });
  test("counts the repeats of one alert too", async () => {
    await add({ threshold: { count: 3, minutes: 10 } });
    for (let n = 0; n < 3; n += 1) await house.send(critical(1));
    expect(await count()).toBe(1);
    expect((await house.alerts())[0]).toMatchObject({ count: 3, opened: true });
  });
  test("groups by fields within a fixed window, whatever the service", async () => {
    await add({ groupBy: ["labels.cluster"], groupWindow: { minutes: 10, kind: "fixed" } });
    await house.send(
      critical(1, "a", { cluster: "c1" }),
      critical(1, "b", { cluster: "c1" }),
      critical(1, "a", { cluster: "c2" }),
    );
    expect(await count()).toBe(2);
    house.wait(8);
    await house.send(critical(2, "a", { cluster: "c1" }));
    expect(await count()).toBe(2);
    house.wait(3);
    await house.send(critical(3, "a", { cluster: "c1" }));
    expect(await count()).toBe(3);
    const last = (await house.alerts()).at(-1);
    expect(last?.explanation).toMatchObject({ group: "labels.cluster = c1" });
    expect(last?.explanation.steps?.map((step) => step.rule)).toContain("window-over");
  });
  test("with a sliding window goes on as long as alerts come", async () => {
    await add({ groupBy: ["labels.cluster"], groupWindow: { minutes: 10, kind: "sliding" } });
    for (let n = 0; n < 4; n += 1) {
      await house.send(critical(n, "a", { cluster: "c1" }));
      house.wait(8);
    }
    expect(await count()).toBe(1);
    house.wait(3);
    await house.send(critical(9, "a", { cluster: "c1" }));
    expect(await count()).toBe(2);
  });
  test("of an incident that people declared for the service lets its alerts in", async () => {
    await add({ groupBy: ["labels.cluster"] });
    await createIncident(house.ctx, { title: "Checkout is odd", services: ["checkout"] });
    await house.send(critical(1, "checkout", { cluster: "c1" }), critical(1, "checkout", { cluster: "c2" }));
    expect(await count()).toBe(1);
  });
  test("names itself in the event that opens the incident, for those who tell people", async () => {
    const route = await add({});
    const seen: unknown[] = [];
    house.t.core.handlers.on("incident.triaged", async (_tx, _ctx, event) => void seen.push(event.data.routeId));
    await house.send(critical());
    expect(seen).toEqual([route.id]);
  });
});

describe("when all alerts of an incident have ended", () => {
  const over = { ...critical(), status: "resolved" };
  test("nothing happens by default", async () => {
    await house.send(critical());
    await house.send(over);
    expect(await house.incidents()).toMatchObject([{ status: "triage" }]);
  });
  test("what nobody accepted is declined, as soon as the last one ends", async () => {
    await changeRoute(house.ctx, DEFAULT_ROUTE_ID, { autoResolve: "triage" });
    await house.send(critical(), critical(2));
    await house.send(over);
    expect(await house.incidents()).toMatchObject([{ status: "triage" }]);
    await house.send({ ...critical(2), status: "resolved" });
    expect(await house.incidents()).toMatchObject([
      { status: "declined", declineReason: "All its alerts ended before anybody accepted it." },
    ]);
  });
  test("people who work on it are asked once", async () => {
    await changeRoute(house.ctx, DEFAULT_ROUTE_ID, { autoResolve: "propose" });
    await house.send(critical(), critical(2));
    const [incident] = await house.incidents();
    await acceptIncident(house.ctx, { incident: incident?.id ?? "" });
    await house.send(over);
    await house.send({ ...critical(2), status: "resolved" });
    expect((await house.entries()).filter((type) => type === "incident.resolve_proposed")).toHaveLength(1);
    expect(await house.incidents()).toMatchObject([{ status: "investigating" }]);
  });
});

describe("correlation", () => {
  test("takes an alert into a related incident, whose service it becomes", async () => {
    await house.t.core.db.transaction(async (tx) => {
      const [shop = "", db = ""] = await resolveServices(tx, ["shop-front", "shop-db"]);
      await tx.insert(serviceDependencies).values({ serviceId: shop, dependsOnId: db }).onConflictDoNothing();
    });
    await house.send(critical(1, "shop-db"));
    house.wait(1);
    await house.send(critical(1, "shop-front"));
    expect(await count()).toBe(1);
    const [, joined] = await house.alerts();
    expect(joined?.explanation).toMatchObject({
      rule: "related",
      text: "Related to INC-1: shop-front depends on shop-db, 1 min apart.".replace(
        "INC-1",
        (await house.incidents())[0]?.reference ?? "",
      ),
    });
    house.wait(90);
    await house.send(critical(2, "shop-front"));
    expect(await count()).toBe(1);
    expect((await house.alerts()).at(-1)?.explanation.rule).toBe("open-incident-of-service");
  });
  test("never joins a private incident", async () => {
    await createIncident(house.ctx, { title: "Secret", visibility: "private", services: ["shop-db"] });
    await house.send(critical(1, "shop-front"));
    expect((await house.alerts())[0]?.explanation.rule).toBe("open-in-triage");
  });
});

describe("many deliveries at once", () => {
  test("open one incident for each group", async () => {
    await add({ groupBy: ["labels.cluster"] });
    const stored = [];
    for (let n = 0; n < 24; n += 1) {
      stored.push(
        await house.store(
          critical(n, `s${n % 4}`, { cluster: `c${n % 3}` }),
          critical(n, `s${n % 4}`, { cluster: "c9" }),
        ),
      );
    }
    await Promise.all(stored.map((id) => processDelivery(house.t.core, id)));
    expect(await count()).toBe(4);
    expect(await house.alerts()).toHaveLength(48);
    expect((await house.alerts()).every((alert) => alert.incidentId !== null)).toBe(true);
  });
  test("open one for each service, with repeats and ends among them", async () => {
    const stored = [];
    for (let n = 0; n < 20; n += 1) {
      const key = n % 5;
      stored.push(
        await house.store(critical(key, "busy"), critical((key + 1) % 5, "busy"), {
          ...critical(n + 100, "busy"),
          status: "resolved",
        }),
      );
    }
    await Promise.all(stored.map((id) => processDelivery(house.t.core, id)));
    expect(await count()).toBe(1);
    expect((await house.alerts()).map((alert) => alert.count)).toEqual([8, 8, 8, 8, 8]);
  });
  test("do not stop people, whose locks come in another order", async () => {
    await house.send(critical(0, "x"), critical(0, "y"));
    const [one, two] = await house.incidents();
    const stored = [];
    for (let n = 1; n < 10; n += 1)
      stored.push(await house.store(critical(n, "x"), critical(n, "y"), critical(n, "x")));
    await Promise.all([
      ...stored.map((id) => processDelivery(house.t.core, id)),
      acceptIncident(house.ctx, { incident: two?.id ?? "" }),
      acceptIncident(house.ctx, { incident: one?.id ?? "" }),
    ]);
    const found = await house.t.core.db.read.select().from(incidents);
    expect(found.map((row) => row.status)).toEqual(["investigating", "investigating"]);
    expect(await house.alerts()).toHaveLength(20);
  });
});
