import { afterAll, beforeAll, expect, it } from "vitest";
import { componentStates } from "#/db/schema/index.ts";
import { createComponent } from "#/server/audience/index.ts";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { mendComponent, postMaintenanceUpdate, scheduleMaintenance } from "#/server/maintenance/index.ts";
import { publishUpdate } from "#/server/updates/index.ts";
import type { UpdateStatus } from "#/server/updates/shared/lists.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { readPageModel } from "./read-model.ts";

let test: TestOutbox;
let ctx: ReturnType<TestOutbox["ctx"]>;
let search: { id: string };

beforeAll(async () => {
  test = await testOutbox({ publicUrl: "https://muster.example" });
  ctx = test.ctx(await test.person("Root", "admin"));
  search = await createComponent(ctx, { name: "Search" });
});
afterAll(() => test.close());

const pass = (minutes: number) => {
  test.clock.at = new Date(test.clock.at.getTime() + minutes * 60_000);
};
const say = (incident: { id: string }, status: UpdateStatus, state: ComponentStatus) =>
  publishUpdate(ctx, incident.id, {
    status,
    body: "We know.",
    channels: ["status_page"],
    components: [{ id: search.id, status: state }],
  });

it("keeps every state that the page showed: of incidents at once, of what was left broken, of maintenance", async () => {
  const start = test.clock.at.getTime();
  const [first, second] = [await createIncident(ctx, { title: "a" }), await createIncident(ctx, { title: "b" })];
  await say(first, "investigating", "partial_outage");
  pass(10);
  await say(second, "investigating", "major_outage");
  pass(10);
  await say(first, "monitoring", "degraded_performance");
  pass(10);
  await say(second, "resolved", "partial_outage");
  pass(10);
  await say(first, "resolved", "partial_outage");
  pass(10);
  await mendComponent(ctx, search.id);
  pass(10);
  const maintenance = await scheduleMaintenance(ctx, {
    title: "Move",
    body: "We move.",
    from: new Date(test.clock.at.getTime() + 60_000).toISOString(),
    until: new Date(test.clock.at.getTime() + 3_600_000).toISOString(),
    components: [search.id],
  });
  await postMaintenanceUpdate(ctx, maintenance.id, { status: "in_progress", body: "We begin." });
  pass(10);
  await postMaintenanceUpdate(ctx, maintenance.id, { status: "completed", body: "Done." });
  pass(10);

  const [component] = (await readPageModel(test.core)).components;
  expect(component?.states.map(({ at, status }) => [(at - start) / 60_000, status])).toEqual([
    [0, "partial_outage"],
    [10, "major_outage"],
    [30, "partial_outage"],
    [50, "operational"],
    [60, "under_maintenance"],
    [70, "operational"],
  ]);
});

it("tells the days that are shown, and begins with the state from before", async () => {
  const kept = await test.core.db.read.select().from(componentStates);
  pass(91 * 24 * 60);
  expect((await readPageModel(test.core)).components[0]?.states).toEqual([
    { at: kept.at(-1)?.since.getTime(), status: "operational" },
  ]);
});
