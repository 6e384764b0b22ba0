import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alertEnds } from "#/db/schema/index.ts";
import { acceptIncident, resolveIncident } from "#/server/incidents/index.ts";
import { AlertHouse } from "#/server/testing/alert-house.ts";
import { acknowledgeAlert, resolveAlert } from "./act-on-alert.ts";

let house: AlertHouse;
beforeAll(async () => {
  house = await AlertHouse.open();
});
afterAll(() => house.close());
beforeEach(() => house.clear());

const disk = { title: "Disk full", dedupKey: "disk", service: "db", severity: "error" };

describe("deliveries in the wrong order", () => {
  test("an end before its start leaves no open alert, and opens nothing", async () => {
    await house.send({ ...disk, status: "resolved", endsAt: house.in(-1) });
    await house.send({ ...disk, startsAt: house.in(-5) });
    expect(await house.alerts()).toMatchObject([{ status: "resolved", explanation: { rule: "ended-before" } }]);
    expect(await house.incidents()).toEqual([]);
  });
  test("an end before its start frees the key: what starts later opens", async () => {
    await house.send({ ...disk, status: "resolved", endsAt: house.in(-1) });
    await house.send({ ...disk, startsAt: house.in(0) });
    expect(await house.alerts()).toMatchObject([{ status: "firing" }]);
    expect(await house.incidents()).toHaveLength(1);
  });
  test("the end of an earlier firing does not end the present one", async () => {
    await house.send({ ...disk, startsAt: house.in(-2) });
    await house.send({ ...disk, status: "resolved", startsAt: house.in(-60), endsAt: house.in(-30) });
    expect(await house.alerts()).toMatchObject([{ status: "firing" }]);
  });
  test("ends that waited for a start are forgotten after a day", async () => {
    await house.send({ ...disk, status: "resolved" });
    house.wait(25 * 60);
    await house.tend();
    expect(await house.t.core.db.read.select().from(alertEnds)).toEqual([]);
  });
});

describe("a repeat", () => {
  test("fills in what was empty and raises the severity; an end changes neither", async () => {
    await house.send({ dedupKey: "disk", service: "db", severity: "warning", labels: { host: "db-1" }, title: "Disk" });
    await house.send({
      ...disk,
      title: "Other",
      severity: "critical",
      description: "95 %",
      url: "https://x.example/1",
    });
    await house.send({ dedupKey: "disk", status: "resolved", severity: "info", title: "Resolved!" });
    expect(await house.alerts()).toMatchObject([
      {
        title: "Disk",
        description: "95 %",
        severity: "critical",
        status: "resolved",
        count: 2,
        links: [{ url: "https://x.example/1" }],
        labels: { host: "db-1" },
        ending: { rule: "sender" },
      },
    ]);
    expect(await house.incidents()).toMatchObject([{ suggestedSeverity: "SEV1" }]);
  });
  test("leaves an acknowledged alert acknowledged", async () => {
    await house.send(disk);
    await house.send({ ...disk, status: "acknowledged" });
    await house.send(disk);
    expect(await house.alerts()).toMatchObject([{ status: "acknowledged", count: 2 }]);
  });
});

describe("a key that fires and ends again and again", () => {
  async function flap(times: number, minutes = 2) {
    for (let n = 0; n < times; n += 1) {
      await house.send({ ...disk, startsAt: house.in(0) });
      house.wait(minutes);
      await house.send({ ...disk, status: "resolved", endsAt: house.in(0) });
      house.wait(minutes);
      await house.tend();
    }
  }
  test("is folded into one alert with one entry instead of dozens", async () => {
    await flap(20);
    const [, last, ...more] = await house.alerts();
    expect(more).toEqual([]);
    expect(last).toMatchObject({ status: "firing", foldedStatus: "resolved", flaps: 18 });
    const entries = await house.entries();
    expect(entries.filter((type) => type === "alert.flapping")).toHaveLength(1);
    expect(entries.filter((type) => type.startsWith("alert.")).length).toBeLessThan(8);
    expect(await house.incidents()).toHaveLength(1);
  });
  test("ends when it is calm, and says so", async () => {
    await flap(4);
    house.wait(11);
    await house.tend();
    const [, last] = await house.alerts();
    expect(last).toMatchObject({ status: "resolved", foldedStatus: null, ending: { rule: "calm" } });
  });
  test("goes on as an ordinary alert when it is calm and fires", async () => {
    await flap(3);
    await house.send({ ...disk, startsAt: house.in(0) });
    house.wait(11);
    await house.tend();
    const [, last] = await house.alerts();
    expect(last).toMatchObject({ status: "firing", foldedStatus: null, flappingSince: null });
    await house.send({ ...disk, status: "resolved" });
    expect((await house.alerts()).map((alert) => alert.status)).toEqual(["resolved", "resolved"]);
  });
  test("is not hidden by the folding when people ended the incident", async () => {
    await flap(4);
    const [incident] = await house.incidents();
    await acceptIncident(house.ctx, { incident: incident?.id ?? "" });
    await resolveIncident(house.ctx, { incident: incident?.id ?? "", summary: "fixed" });
    await house.send({ ...disk, startsAt: house.in(0) });
    expect((await house.alerts()).at(-1)).toMatchObject({ heldForId: incident?.id, foldedStatus: null });
  });
  test("slowly is no flapping", async () => {
    await flap(4, 20);
    expect((await house.entries()).filter((type) => type === "alert.flapping")).toEqual([]);
  });
});

describe("an alert that is not heard of any more", () => {
  test("ends after seven days, and says why", async () => {
    await house.send(disk);
    house.wait(7 * 24 * 60 - 1);
    await house.tend();
    expect(await house.alerts()).toMatchObject([{ status: "firing" }]);
    house.wait(1);
    await house.tend();
    expect(await house.alerts()).toMatchObject([
      { status: "resolved", ending: { rule: "stale", text: "Not heard of for 7 days." } },
    ]);
    expect(await house.entries()).toContain("alert.resolved");
  });
  test("is put off by each repeat", async () => {
    await house.send(disk);
    house.wait(6 * 24 * 60);
    await house.send(disk);
    house.wait(6 * 24 * 60);
    await house.tend();
    expect(await house.alerts()).toMatchObject([{ status: "firing", count: 2 }]);
  });
  test("opens anew when its sender repeats it after that", async () => {
    await house.send({ ...disk, startsAt: house.in(0) });
    const startsAt = house.in(0);
    house.wait(8 * 24 * 60);
    await house.tend();
    await house.send({ ...disk, startsAt });
    expect((await house.alerts()).map((alert) => alert.status)).toEqual(["resolved", "firing"]);
  });
});

test("what a person ended says so, and the sender's next report is a new alert", async () => {
  await house.send(disk);
  const [alert] = await house.alerts();
  await acknowledgeAlert(house.ctx, alert?.id ?? "");
  await resolveAlert(house.ctx, alert?.id ?? "");
  await resolveAlert(house.ctx, alert?.id ?? "");
  expect(await house.alerts()).toMatchObject([
    { status: "resolved", ending: { rule: "person", text: "Olga Owner ended it." } },
  ]);
  await house.send(disk);
  expect(await house.alerts()).toHaveLength(2);
});
