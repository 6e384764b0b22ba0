import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  acceptIncident,
  createIncident,
  declineIncident,
  reopenIncident,
  resolveIncident,
} from "#/server/incidents/index.ts";
import { AlertHouse } from "#/server/testing/alert-house.ts";
import { getAlert } from "./alert-queries.ts";
import { placeByHand } from "./place-by-hand.ts";

let house: AlertHouse;
beforeAll(async () => {
  house = await AlertHouse.open();
});
afterAll(() => house.close());
beforeEach(() => house.clear());

const errors = (n = 1) => ({ title: `5xx ${n}`, dedupKey: `errors-${n}`, service: "checkout" });

/** An incident of the service ended just now, and it fires again. */
async function held(): Promise<{ incident: string; alert: string }> {
  await house.send(errors(1));
  const [incident] = await house.incidents();
  await acceptIncident(house.ctx, { incident: incident?.id ?? "" });
  await resolveIncident(house.ctx, { incident: incident?.id ?? "", summary: "fixed" });
  house.wait(5);
  await house.send(errors(2), errors(3));
  const alert = (await house.alerts()).find((each) => each.dedupKey === "errors-2");
  return { incident: incident?.id ?? "", alert: alert?.id ?? "" };
}

describe("what fires again within the debounce after an end", () => {
  test("is held with an explanation, and told once", async () => {
    const { incident, alert } = await held();
    expect(await house.incidents()).toHaveLength(1);
    const view = await getAlert(house.t.core.db.read, house.ctx, alert);
    expect(view).toMatchObject({
      status: "firing",
      incident: null,
      heldFor: { id: incident },
      explanation: { rule: "held-after-end", route: { name: "Everything else" }, group: "service = checkout" },
    });
    expect((await house.entries()).filter((type) => type === "alert.held")).toHaveLength(1);
  });
  test("goes into the incident when it is reopened from there, with all that is held", async () => {
    const { incident, alert } = await held();
    await placeByHand(house.ctx, { alertId: alert, into: "reopen" });
    expect(await house.incidents()).toMatchObject([{ status: "investigating" }]);
    expect((await house.alerts()).map((each) => [each.incidentId, each.heldForId])).toEqual([
      [incident, null],
      [incident, null],
      [incident, null],
    ]);
  });
  test("goes into it when it is reopened in any other way", async () => {
    const { incident } = await held();
    await reopenIncident(house.ctx, { incident });
    expect((await house.alerts()).every((each) => each.incidentId === incident)).toBe(true);
  });
  test("goes into a new one, together", async () => {
    const { alert } = await held();
    await placeByHand(house.ctx, { alertId: alert, into: "new" });
    const [, fresh, ...more] = await house.incidents();
    expect(more).toEqual([]);
    expect(fresh?.status).toBe("triage");
    const inFresh = (await house.alerts()).filter((each) => each.incidentId === fresh?.id);
    expect(inFresh.map((each) => each.dedupKey)).toEqual(["errors-2", "errors-3"]);
    await house.send(errors(4));
    expect((await house.alerts()).find((each) => each.dedupKey === "errors-4")?.incidentId).toBe(fresh?.id);
  });
  test("goes into an incident that somebody names, and the group follows", async () => {
    const { alert } = await held();
    const other = await createIncident(house.ctx, { title: "Network" });
    await placeByHand(house.ctx, { alertId: alert, into: other.reference });
    await house.send(errors(4));
    const inOther = (await house.alerts()).filter((each) => each.incidentId === other.id);
    expect(inOther.map((each) => each.dedupKey)).toEqual(["errors-2", "errors-3", "errors-4"]);
  });
  test("opens a new one when nobody chooses before the debounce is over", async () => {
    await held();
    house.wait(24);
    await house.tend();
    expect(await house.incidents()).toHaveLength(1);
    house.wait(1);
    await house.tend();
    const [, fresh] = await house.incidents();
    expect(fresh?.status).toBe("triage");
    const placed = (await house.alerts()).filter((each) => each.incidentId === fresh?.id);
    expect(placed).toHaveLength(2);
    expect(placed[0]?.explanation.steps?.[0]?.rule).toBe("nobody-chose");
  });
  test("and ends by itself is over, and nothing opens", async () => {
    await held();
    await house.send({ ...errors(2), status: "resolved" }, { ...errors(3), status: "resolved" });
    house.wait(30);
    await house.tend();
    expect(await house.incidents()).toHaveLength(1);
  });
  test("is held after a declined one too", async () => {
    await house.send(errors(1));
    const [incident] = await house.incidents();
    await declineIncident(house.ctx, { incident: incident?.id ?? "", reason: "noise" });
    await house.send(errors(2));
    expect((await house.alerts()).at(-1)?.heldForId ?? (await house.alerts())[1]?.heldForId).toBe(incident?.id);
  });
  test("does not name a private incident that ended: it opens a new one", async () => {
    const secret = await createIncident(house.ctx, { title: "Secret", visibility: "private", services: ["checkout"] });
    await resolveIncident(house.ctx, { incident: secret.id, summary: "done" });
    await house.send(errors(1));
    const [alert] = await house.alerts();
    expect(JSON.stringify(alert)).not.toContain(secret.reference);
    expect(alert).toMatchObject({ heldForId: null, explanation: { rule: "open-in-triage" } });
  });
});

describe("placing by hand", () => {
  test("refuses what cannot be, in words", async () => {
    const { incident, alert } = await held();
    await expect(placeByHand(house.ctx, { alertId: alert, into: incident })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(placeByHand(house.ctx, { alertId: alert, into: "INC-999999" })).rejects.toMatchObject({
      code: "not_found",
    });
    const [first] = await house.alerts();
    await expect(placeByHand(house.ctx, { alertId: first?.id ?? "", into: "reopen" })).rejects.toMatchObject({
      code: "conflict",
    });
    const viewer = await house.t.person(`Vera ${Math.random()}`, "viewer");
    await expect(placeByHand(house.t.ctx(viewer), { alertId: alert, into: "new" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
