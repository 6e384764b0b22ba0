import { inArray } from "drizzle-orm";
import { alerts, incidents, serviceDependencies } from "#/db/schema/index.ts";
import { createIntegration } from "#/server/alerts/change-integration.ts";
import { placeByHand, registerHeldAlerts } from "#/server/alerts/place-by-hand.ts";
import { processDelivery } from "#/server/alerts/process-delivery.ts";
import { type IntegrationRow, integrationOfKey, receiveDelivery } from "#/server/alerts/receive-delivery.ts";
import { tendAlerts } from "#/server/alerts/tend-alerts.ts";
import { acceptIncident, mergeTarget, resolveIncident, resolveServices } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import type { Homes } from "./judge.ts";
import type { Happening, OutageStory } from "./outage.ts";

const TEND_SECONDS = 60;
type Firing = Extract<Happening, { kind: "fires" }>;

/** A server without sockets that lives through stories of outages by a clock of its own. */
export type Replay = { run(story: OutageStory): Promise<Homes>; t: TestCore; close(): Promise<void> };

function bodyOf(firing: Firing, startedAt: Date, endedAt: Date | null): Buffer {
  const { name, service, severity, labels, key } = firing;
  const alert = {
    status: endedAt ? "resolved" : "firing",
    fingerprint: key,
    labels: { ...labels, alertname: name, service, severity },
    annotations: { summary: `${name} on ${service}` },
    startsAt: startedAt.toISOString(),
    endsAt: endedAt?.toISOString() ?? "0001-01-01T00:00:00Z",
  };
  return Buffer.from(JSON.stringify({ version: "4", alerts: [alert] }));
}

class StoryRun {
  readonly #t: TestCore;
  readonly #integration: IntegrationRow;
  readonly #began: Date;
  readonly #running = new Map<string, { firing: Firing; startedAt: Date }>();
  readonly #ids: string[] = [];
  readonly #outages: string[] = [];

  constructor(t: TestCore, integration: IntegrationRow) {
    this.#t = t;
    this.#integration = integration;
    this.#began = t.clock.at;
  }

  async live(story: OutageStory, people: () => ReturnType<TestCore["ctx"]>): Promise<Homes> {
    let tended = 0;
    for (const each of story.happenings) {
      for (; tended + TEND_SECONDS < each.atSeconds; tended += TEND_SECONDS) await this.#tend(tended + TEND_SECONDS);
      this.#t.clock.at = new Date(this.#began.getTime() + each.atSeconds * 1_000);
      if (each.kind === "fires") await this.#fire(each, people());
      else if (each.kind === "ends") await this.#end(each.key);
      else await this.#resolve(each.outage, people());
    }
    return this.#homes();
  }

  async #tend(atSeconds: number): Promise<void> {
    this.#t.clock.at = new Date(this.#began.getTime() + atSeconds * 1_000);
    await tendAlerts(this.#t.core);
  }

  async #deliver(body: Buffer): Promise<string> {
    const { core } = this.#t;
    const integration = this.#integration;
    const { delivery } = await receiveDelivery(core, { integration, body, query: "", headers: new Headers() });
    return delivery;
  }

  async #fire(firing: Firing, ctx: ReturnType<TestCore["ctx"]>): Promise<void> {
    const { core, clock } = this.#t;
    this.#running.set(firing.key, { firing, startedAt: clock.at });
    await processDelivery(core, await this.#deliver(bodyOf(firing, clock.at, null)));
    const found = await core.db.read
      .select({ id: alerts.id, heldForId: alerts.heldForId, at: alerts.firstAt })
      .from(alerts)
      .where(inArray(alerts.dedupKey, [firing.key]));
    const newest = found.sort((a, b) => b.at.getTime() - a.at.getTime())[0];
    this.#ids.push(newest?.id ?? "");
    this.#outages.push(firing.outage);
    if (newest?.heldForId && firing.reopens) await placeByHand(ctx, { alertId: newest.id, into: "reopen" });
  }

  async #end(key: string): Promise<void> {
    const running = this.#running.get(key);
    if (!running) throw new Error(`${key} ends without having begun`);
    const { core, clock } = this.#t;
    await processDelivery(core, await this.#deliver(bodyOf(running.firing, running.startedAt, clock.at)));
  }

  async #resolve(outage: string, ctx: ReturnType<TestCore["ctx"]>): Promise<void> {
    const own = new Set((await this.#homes()).filter((home, index) => home && this.#outages[index] === outage));
    const found = await this.#t.core.db.read
      .select()
      .from(incidents)
      .where(
        inArray(
          incidents.reference,
          [...own].filter((home) => home !== null),
        ),
      );
    for (const incident of found.filter(({ status }) => isOpen(status))) {
      await acceptIncident(ctx, { incident: incident.id });
      await resolveIncident(ctx, { incident: incident.id, summary: "fixed" });
    }
  }

  async #homes(): Promise<Homes> {
    const { read } = this.#t.core.db;
    const found = await read.select({ id: alerts.id, incidentId: alerts.incidentId }).from(alerts);
    const homes: (string | null)[] = [];
    for (const id of this.#ids) {
      const incidentId = found.find((row) => row.id === id)?.incidentId;
      homes.push(incidentId ? (await mergeTarget(read, incidentId)).reference : null);
    }
    return homes;
  }
}

/** Stories are lived through one after the other, each with an empty house. */
export async function startReplay(): Promise<Replay> {
  const t = await testCore();
  registerHeldAlerts(t.core);
  const owner = await t.person("Olga Owner", "owner");
  const made = await createIntegration(t.ctx(owner), { name: "stories", source: "prometheus-alertmanager" });
  const integration = await integrationOfKey(t.core, made.key ?? "");
  return {
    t,
    close: () => t.close(),
    async run(story) {
      await t.core.db.read.delete(alerts);
      await t.core.db.read.delete(incidents);
      await t.core.db.read.delete(serviceDependencies);
      for (const [name, needs] of Object.entries(story.graph)) {
        await t.core.db.transaction(async (tx) => {
          const [serviceId] = await resolveServices(tx, [name]);
          for (const dependsOnId of await resolveServices(tx, needs)) {
            if (serviceId) await tx.insert(serviceDependencies).values({ serviceId, dependsOnId });
          }
        });
      }
      t.clock.at = new Date(t.clock.at.getTime() + 24 * 3_600_000);
      return new StoryRun(t, integration).live(story, () => t.ctx(owner));
    },
  };
}
