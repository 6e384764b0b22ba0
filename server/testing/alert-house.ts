import { asc } from "drizzle-orm";
import { alerts, incidents, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { createIntegration } from "#/server/alerts/change-integration.ts";
import { registerHeldAlerts } from "#/server/alerts/place-by-hand.ts";
import { processDelivery } from "#/server/alerts/process-delivery.ts";
import { type IntegrationRow, integrationOfKey, receiveDelivery } from "#/server/alerts/receive-delivery.ts";
import { tendAlerts } from "#/server/alerts/tend-alerts.ts";
import { type TestCore, testCore } from "./test-core.ts";

/** One alert as `generic-json` brings it; what is left out is not sent. */
export type SentAlert = {
  title?: string;
  description?: string;
  status?: string;
  severity?: string;
  service?: string;
  dedupKey?: string;
  labels?: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
  url?: string;
};

/** For tests of the pipeline: a core, an owner, and a sender whose deliveries are processed at once. */
export class AlertHouse {
  readonly t: TestCore;
  readonly owner: UserActor;
  readonly integration: IntegrationRow;
  #serial = 0;

  private constructor(t: TestCore, owner: UserActor, integration: IntegrationRow) {
    this.t = t;
    this.owner = owner;
    this.integration = integration;
  }

  static async open(): Promise<AlertHouse> {
    const t = await testCore();
    registerHeldAlerts(t.core);
    const owner = await t.person("Olga Owner", "owner");
    const made = await createIntegration(t.ctx(owner), { name: "sender", source: "generic-json" });
    return new AlertHouse(t, owner, await integrationOfKey(t.core, made.key ?? ""));
  }

  close(): Promise<void> {
    return this.t.close();
  }

  /** Nothing has happened yet, and a day has passed. */
  async clear(): Promise<void> {
    await this.t.core.db.read.delete(alerts);
    await this.t.core.db.read.delete(incidents);
    this.wait(24 * 60);
  }

  get ctx() {
    return this.t.ctx(this.owner);
  }

  /** The clock moves on, by minutes. */
  wait(minutes: number): void {
    this.t.clock.at = new Date(this.t.clock.at.getTime() + minutes * 60_000);
  }

  /** An instant so many minutes from now. */
  in(minutes: number): string {
    return new Date(this.t.clock.at.getTime() + minutes * 60_000).toISOString();
  }

  async tend(): Promise<void> {
    await tendAlerts(this.t.core);
  }

  /** Stores a delivery of these alerts and processes it. */
  async send(...sent: SentAlert[]): Promise<void> {
    await processDelivery(this.t.core, await this.store(...sent));
  }

  /** Stores a delivery; it waits to be processed. */
  async store(...sent: SentAlert[]): Promise<string> {
    this.#serial += 1;
    const list = sent.map((each) => ({ status: "firing", ...each }));
    const body = Buffer.from(JSON.stringify({ serial: this.#serial, alerts: list }));
    const { core } = this.t;
    const raw = { integration: this.integration, body, query: "", headers: new Headers() };
    return (await receiveDelivery(core, raw)).delivery;
  }

  alerts() {
    return this.t.core.db.read.select().from(alerts).orderBy(asc(alerts.firstAt), asc(alerts.dedupKey));
  }

  incidents() {
    return this.t.core.db.read.select().from(incidents).orderBy(asc(incidents.declaredAt), asc(incidents.reference));
  }

  /** The kinds of entries in all timelines, in their order. */
  async entries(): Promise<string[]> {
    const found = await this.t.core.db.read
      .select({ type: timelineEntries.type })
      .from(timelineEntries)
      .orderBy(asc(timelineEntries.recordedAt), asc(timelineEntries.seq));
    return found.flatMap(({ type }) => (type ? [type] : []));
  }
}
