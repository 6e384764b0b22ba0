import { afterAll, beforeAll, expect, it } from "vitest";
import { createComponent } from "#/server/audience/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { publishUpdate } from "#/server/updates/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { changeMaintenance, postMaintenanceUpdate, scheduleMaintenance } from "./index.ts";

/** Enough for two that lock in two orders to meet; PGlite has one connection, where they take turns. */
const ROUNDS = 8;
let test: TestOutbox;
let ctx: ReturnType<TestOutbox["ctx"]>;
let checkout: string;
let search: string;

beforeAll(async () => {
  test = await testOutbox();
  ctx = test.ctx(await test.person("Root", "admin"));
  checkout = (await createComponent(ctx, { name: "Checkout" })).id;
  search = (await createComponent(ctx, { name: "Search" })).id;
});
afterAll(() => test.close());

const later = (minutes: number) => new Date(test.clock.at.getTime() + minutes * 60_000).toISOString();
const channels = ["status_page" as const];

it("incidents that broke the same components are told of at once, each naming another", async () => {
  const told = async (title: string) => {
    const { id } = await createIncident(ctx, { title });
    const components = [checkout, search].map((id) => ({ id, status: "partial_outage" as const }));
    await publishUpdate(ctx, id, { status: "investigating", body: "It fails.", channels, components });
    return (name: string) =>
      publishUpdate(ctx, id, {
        status: "monitoring",
        body: "It goes on.",
        channels,
        components: [{ id: name, status: "degraded_performance" }],
      });
  };
  const [one, other] = [await told("One"), await told("Other")];
  for (let round = 0; round < ROUNDS; round += 1) await Promise.all([one(checkout), other(search)]);
});

it("maintenance of the same components is scheduled, changed and begun at once, with its mutes", async () => {
  const input = {
    title: "Upgrade",
    body: "We upgrade.",
    channels: [],
    components: [checkout, search],
    muteServices: ["checkout-api"],
    until: later(600),
  };
  const plan = () => scheduleMaintenance(ctx, { ...input, from: later(300) });
  for (let round = 0; round < ROUNDS; round += 1) {
    const [one, other] = await Promise.all([plan(), plan()]);
    const done = await Promise.all([
      changeMaintenance(ctx, one.id, { components: [search, checkout], until: later(700 + round), notify: false }),
      postMaintenanceUpdate(ctx, other.id, { status: "in_progress" }),
      plan(),
    ]);
    expect(done).toHaveLength(3);
    for (const { id } of done) await postMaintenanceUpdate(ctx, id, { status: "in_progress" });
    await Promise.all(done.map(({ id }) => postMaintenanceUpdate(ctx, id, { status: "completed" })));
  }
});
