import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rows } from "#/db/client.ts";
import { alerts, settings } from "#/db/schema/index.ts";
import { acceptIncident, createIncident, declineIncident, resolveIncident } from "#/server/incidents/index.ts";
import { AlertHouse } from "#/server/testing/alert-house.ts";
import { attachAlert } from "../act-on-alert.ts";
import { createMute } from "../muting/change-mute.ts";
import { readNoise } from "../noise.ts";
import { DRY_RUN_ALERTS_MAX, DRY_RUN_LISTED_MAX } from "../shared/lists.ts";
import { createRoute, listRoutes, removeRoute } from "./change-route.ts";
import { createRouteInput, dryRunInput } from "./contract.ts";
import { dryRun } from "./dry-run.ts";
import { DEFAULT_ROUTE_ID } from "./route.ts";

let house: AlertHouse;
beforeAll(async () => {
  house = await AlertHouse.open();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.clear();
  for (const route of await listRoutes(house.ctx)) if (!route.isDefault) await removeRoute(house.ctx, route.id);
});

const run = (input: object) => dryRun(house.ctx, dryRunInput.parse(input));
const alert = (service: string, n: number, over: object = {}) => ({
  title: `Problem ${n} of ${service}`,
  dedupKey: `${service}-${n}`,
  service,
  severity: "critical",
  ...over,
});

async function everything(): Promise<unknown> {
  const tables = ["alerts", "alert_groups", "alert_routes", "alert_routing", "alert_ends", "services", "audit_entries"];
  const found = [];
  for (const table of tables) {
    found.push(await rows(house.t.core.db.read, sql`select count(*) as count from ${sql.identifier(table)}`));
  }
  return found;
}

describe("a dry run", () => {
  beforeEach(async () => {
    await house.send(alert("checkout", 1), alert("search", 1, { severity: "info" }));
    house.wait(10);
    await house.send(alert("checkout", 2), alert("search", 2, { severity: "info" }));
    house.wait(10);
  });

  test("with the routes as they are changes nothing, and counts what the pipeline did", async () => {
    const result = await run({ routes: [] });
    expect(result).toMatchObject({ alerts: 4, isTruncated: false, changed: 0, changes: [], reallyOpened: 2 });
    expect(result.was).toEqual({ incidents: 2, attached: 2, held: 0, waiting: 0, recorded: 0, suppressed: 0 });
    expect(result.wouldBe).toEqual(result.was);
  });
  test("shows what one more route would have done, and writes nothing", async () => {
    const before = await everything();
    const result = await run({
      route: { name: "Quiet", condition: 'severity == "info"', suppress: true, service: "new-one" },
    });
    expect(result.wouldBe).toEqual({ incidents: 1, attached: 1, held: 0, waiting: 0, recorded: 0, suppressed: 2 });
    expect(result.changes.map((each) => [each.alert.title, each.was.rule, each.wouldBe.rule])).toEqual([
      ["Problem 1 of search", "open-in-triage", "suppressed-by-route"],
      ["Problem 2 of search", "open-incident-of-service", "suppressed-by-route"],
    ]);
    expect(result.changes[1]).toMatchObject({
      was: { kind: "attach", openedBy: "Problem 1 of search" },
      wouldBe: { kind: "suppress", route: "Quiet", incident: null, openedBy: null },
    });
    expect(await everything()).toEqual(before);
  });
  test("of a changed route puts it where it stands", async () => {
    const route = await createRoute(
      house.ctx,
      createRouteInput.parse({ name: "A", condition: 'service == "checkout"' }),
    );
    const result = await run({ route: { id: route.id, threshold: { count: 3, minutes: 30 } } });
    expect(result.wouldBe).toMatchObject({ incidents: 1, waiting: 2 });
    const reached = await run({ route: { id: route.id, threshold: { count: 2, minutes: 30 } } });
    expect(reached.wouldBe).toMatchObject({ incidents: 2, waiting: 0, attached: 2 });
    await expect(run({ route: { id: "absent", name: "x" } })).rejects.toMatchObject({ code: "not_found" });
    await expect(run({ route: { name: "x" } })).rejects.toMatchObject({ errors: [{ pointer: "/route/condition" }] });
  });
  test("asks an added route where it will stand: after the others, before the default one", async () => {
    await createRoute(house.ctx, createRouteInput.parse({ name: "First", condition: 'service == "checkout"' }));
    const result = await run({ route: { name: "New", condition: "true", suppress: true } });
    expect(result.changes.map((each) => [each.alert.service, each.wouldBe.route])).toEqual([
      ["search", "New"],
      ["search", "New"],
    ]);
  });
  test("goes by what was reported, not by what a route made of it", async () => {
    await createRoute(
      house.ctx,
      createRouteInput.parse({ name: "Lower", condition: 'service == "mail"', severity: "info" }),
    );
    await house.send(alert("mail", 1));
    const result = await run({
      routes: [createRouteInput.parse({ name: "Q", condition: 'severity == "critical"', suppress: true })],
    });
    expect(
      result.changes.some((each) => each.alert.service === "mail" && each.wouldBe.rule === "suppressed-by-route"),
    ).toBe(true);
  });
  test("knows the ends there were: what came after one is held", async () => {
    const [incident] = await house.incidents();
    await acceptIncident(house.ctx, { incident: incident?.id ?? "" });
    await resolveIncident(house.ctx, { incident: incident?.id ?? "", summary: "fixed" });
    house.wait(5);
    await house.send(alert("checkout", 3));
    const result = await run({ route: { id: DEFAULT_ROUTE_ID, debounceMinutes: 0 } });
    expect(result.was).toMatchObject({ incidents: 2, held: 1 });
    expect(result.wouldBe).toMatchObject({ incidents: 3, held: 0 });
  });
  test("knows the mutes there were", async () => {
    await createMute(house.ctx, { services: ["quiet"], until: house.in(60), reason: "Upgrade" });
    await house.send(alert("quiet", 1));
    house.wait(120);
    expect((await run({ routes: [] })).was.suppressed).toBe(1);
  });
  test("looks at seven days and no more", async () => {
    house.wait(7 * 24 * 60 - 15);
    expect((await run({ routes: [] })).alerts).toBe(2);
    house.wait(20);
    expect((await run({ routes: [] })).alerts).toBe(0);
  });
  test("leaves out alerts of a private incident for whoever may not see it", async () => {
    const secret = await createIncident(house.ctx, { title: "Secret", visibility: "private" });
    const [first] = await house.alerts();
    await attachAlert(house.ctx, { incident: secret.id, alertId: first?.id ?? "" });
    const admin = await house.t.person("Ann Admin", "admin");
    expect((await dryRun(house.t.ctx(admin), { routes: [] })).alerts).toBe(3);
    expect((await run({ routes: [] })).alerts).toBe(4);
  });
  test("takes either routes or a route", () => {
    expect(dryRunInput.safeParse({}).success).toBe(false);
    expect(dryRunInput.safeParse({ routes: [], route: {} }).success).toBe(false);
    expect(dryRunInput.safeParse({ routes: [], days: 8 }).success).toBe(false);
  });
  test("has a limit, says when there were more, and lists so many changes", async () => {
    const [one] = await house.alerts();
    if (!one) throw new Error("an alert is needed");
    const copies = Array.from({ length: DRY_RUN_ALERTS_MAX }, (_, n) => ({
      ...one,
      id: undefined,
      dedupKey: `copy-${n}`,
    }));
    for (let from = 0; from < copies.length; from += 500) {
      await house.t.core.db.read.insert(alerts).values(copies.slice(from, from + 500));
    }
    const result = await run({ routes: [createRouteInput.parse({ name: "Q", condition: "true", suppress: true })] });
    expect(result).toMatchObject({ alerts: DRY_RUN_ALERTS_MAX, isTruncated: true, changed: DRY_RUN_ALERTS_MAX });
    expect(result.changes).toHaveLength(DRY_RUN_LISTED_MAX);
  });
});

describe("the noise numbers", () => {
  test("say which route and source opened what, what was declined, and what came at night", async () => {
    await house.t.core.db.read
      .insert(settings)
      .values({ name: "organisation", value: { name: "X", timeZone: "Europe/Berlin" } })
      .onConflictDoUpdate({ target: settings.name, set: { value: { name: "X", timeZone: "Europe/Berlin" } } });
    house.t.clock.at = new Date("2027-03-01T20:59:00Z");
    const route = await createRoute(house.ctx, createRouteInput.parse({ name: "Web", condition: 'service == "web"' }));
    await house.send(alert("web", 1));
    house.wait(2);
    await house.send(alert("night", 1), alert("night", 2));
    await house.send(alert("night", 1));
    const [, night] = await house.incidents();
    await declineIncident(house.ctx, { incident: night?.id ?? "", reason: "noise" });
    const noise = await readNoise(house.ctx, { days: 7 });
    expect(noise.timeZone).toBe("Europe/Berlin");
    expect(noise.routes.find((row) => row.id === route.id)).toMatchObject({
      name: "Web",
      alerts: 1,
      incidents: 1,
      declined: 0,
      declinedShare: 0,
      nightPages: 0,
    });
    expect(noise.routes.find((row) => row.id === DEFAULT_ROUTE_ID)).toMatchObject({
      alerts: 2,
      reports: 3,
      incidents: 1,
      declined: 1,
      declinedShare: 1,
      nightPages: 1,
      suppressed: 0,
    });
    expect(noise.routes.map((row) => row.id)).toEqual([DEFAULT_ROUTE_ID, route.id]);
    expect(noise.sources).toMatchObject([{ id: "generic-json", alerts: 3, incidents: 2, declinedShare: 0.5 }]);
  });
});
