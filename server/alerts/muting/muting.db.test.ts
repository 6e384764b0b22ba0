import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alertMutes } from "#/db/schema/index.ts";
import { AlertHouse } from "#/server/testing/alert-house.ts";
import { getAlert } from "../alert-queries.ts";
import type { Mute } from "../routing/decide.ts";
import { muteSources, routingChanged } from "../routing/routing.ts";
import { changeMute, createMute, listMutes, removeMute } from "./change-mute.ts";
import { createMuteInput } from "./contract.ts";
import { releaseMuted } from "./muted-alerts.ts";

let house: AlertHouse;
beforeAll(async () => {
  house = await AlertHouse.open();
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.clear();
  await house.t.core.db.read.delete(alertMutes);
  await house.t.core.db.transaction((tx) => routingChanged(tx));
});

const alert = { title: "Disk full", dedupKey: "disk", service: "db", severity: "critical" };
const mute = (input: object = {}) =>
  createMute(house.ctx, createMuteInput.parse({ services: ["db"], until: house.in(60), reason: "Upgrade", ...input }));
const status = async () => (await house.alerts()).map((each) => each.status);

describe("a mute", () => {
  test("keeps an alert quiet: recorded, explained, in no incident", async () => {
    const made = await mute();
    await house.send(alert);
    expect(await house.incidents()).toEqual([]);
    const [row] = await house.alerts();
    const view = await getAlert(house.t.core.db.read, house.ctx, row?.id ?? "");
    expect(view).toMatchObject({
      status: "suppressed",
      explanation: { rule: "muted", mute: { id: made.id, kind: "mute" }, text: expect.stringContaining("Upgrade") },
    });
    expect((await listMutes(house.t.core.db.read, house.ctx, { limit: 50 })).items).toMatchObject([
      { id: made.id, state: "active", suppressed: 1, services: [{ name: "db" }], by: "Olga Owner" },
    ]);
  });
  test("by condition takes what it holds for, and nothing else", async () => {
    await mute({ services: [], condition: 'labels.env == "staging"' });
    await house.send(
      { ...alert, labels: { env: "staging" } },
      { ...alert, dedupKey: "other", labels: { env: "prod" } },
    );
    expect(await status()).toEqual(["suppressed", "firing"]);
  });
  test("that is planned takes nothing before it begins", async () => {
    await mute({ from: house.in(10) });
    await house.send(alert);
    house.wait(10);
    await house.send({ ...alert, dedupKey: "later" });
    expect(await status()).toEqual(["firing", "suppressed"]);
  });
  test("that ends releases what still fires, and not what is over", async () => {
    await mute();
    await house.send(alert, { ...alert, dedupKey: "brief" });
    await house.send({ ...alert, dedupKey: "brief", status: "resolved" });
    house.wait(59);
    await house.tend();
    expect(await house.incidents()).toEqual([]);
    house.wait(1);
    await house.tend();
    expect(await house.incidents()).toHaveLength(1);
    const fired = (await house.alerts()).find((each) => each.dedupKey === "disk");
    expect(fired).toMatchObject({ status: "firing", opened: true, explanation: { rule: "open-in-triage" } });
    expect(fired?.explanation.steps?.[0]?.rule).toBe("mute-ended");
  });
  test("ended by hand releases at once; a repeat meanwhile does not", async () => {
    const made = await mute();
    await house.send(alert);
    await house.send(alert);
    await house.tend();
    expect(await status()).toEqual(["suppressed"]);
    expect(await changeMute(house.ctx, made.id, { ended: true })).toMatchObject({ state: "ended" });
    await house.tend();
    expect(await status()).toEqual(["firing"]);
    expect(await changeMute(house.ctx, made.id, { ended: true })).toMatchObject({ state: "ended" });
    await expect(changeMute(house.ctx, made.id, { until: house.in(60) })).rejects.toMatchObject({ code: "conflict" });
  });
  test("taken away releases too, unless another one covers it", async () => {
    const made = await mute();
    const other = await mute({ until: house.in(30) });
    await house.send(alert);
    await removeMute(house.ctx, made.id);
    await house.tend();
    expect((await house.alerts())[0]).toMatchObject({ status: "suppressed", explanation: { mute: { id: other.id } } });
    house.wait(30);
    await house.tend();
    expect(await status()).toEqual(["firing"]);
  });
  test("prolonged keeps quiet for longer", async () => {
    const made = await mute();
    await house.send(alert);
    await changeMute(house.ctx, made.id, { until: house.in(120) });
    house.wait(61);
    await house.tend();
    expect(await status()).toEqual(["suppressed"]);
  });
  test.each([
    ["in the past", { until: "2020-01-01T00:00:00Z" }, "/until"],
    ["before its start", { from: "2030-01-02T00:00:00Z", until: "2030-01-01T00:00:00Z" }, "/until"],
    ["for longer than a quarter", { until: "2031-01-01T00:00:00Z" }, "/until"],
  ])("%s is refused", async (_, input, pointer) => {
    await expect(mute(input)).rejects.toMatchObject({ errors: [{ pointer }] });
  });
  test("needs a condition or a service, and a reason", () => {
    const parsed = createMuteInput.safeParse({ until: "2030-01-01T00:00:00Z", reason: "" });
    expect(parsed.error?.issues.map((issue) => issue.path.join("/"))).toContain("reason");
    expect(createMuteInput.safeParse({ until: "2030-01-01T00:00:00Z", reason: "x" }).success).toBe(false);
  });
});

test("another source of mutes, as silences are, suppresses and releases in the same way", async () => {
  const silence: Mute = {
    id: "silence-1",
    kind: "silence",
    reason: "amtool",
    by: "Ada",
    from: new Date(house.in(-1)),
    until: new Date(house.in(60)),
    covers: (of) => of.labels.alertname === "DiskFull",
  };
  const silences = [silence];
  muteSources.push(async () => silences);
  await house.t.core.db.transaction((tx) => routingChanged(tx));
  await house.send({ ...alert, labels: { alertname: "DiskFull" } });
  expect((await house.alerts())[0]?.explanation).toMatchObject({ rule: "silenced", mute: { kind: "silence" } });
  silences.length = 0;
  await house.t.core.db.transaction(async (tx) => {
    await releaseMuted(tx, silence.id, house.t.core.now());
    await routingChanged(tx);
  });
  await house.tend();
  expect(await status()).toEqual(["firing"]);
  muteSources.pop();
});
