import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { intakes, integrations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { BusySenders } from "./busy-senders.ts";
import type { IntegrationRow } from "./receive-delivery.ts";

export const PROCESS_DELIVERIES_JOB = "alerts.process-deliveries";
/** Deliveries stored in one transaction; more wait for the next, which comes at once. */
const DELIVERIES_PER_TRANSACTION = 100;
/** Deliveries of a storm are read after those of everybody else; the order of each sender stays. */
const STORM_PRIORITY = -1;
const LAST_RECEIVED_STEP_MS = 60_000;

type NewIntake = Omit<typeof intakes.$inferInsert, "id" | "integrationId" | "receivedAt" | "repeatKey">;
export type IntakeEntry = {
  integration: IntegrationRow;
  intake: NewIntake;
  receivedAt: Date;
  /** The same key within this time is the same delivery again. */
  repeat: { key: string; windowMs: number };
  /** What else a new delivery causes, in the same transaction. */
  also?: (tx: Sql, deliveryId: string) => Promise<void>;
};
/** A delivery as it is stored; a repeat has the first one's. */
export type StoredIntake = { delivery: string; accepted: number; route: Record<string, string> };
type Waiting = { entry: IntakeEntry; resolve: (stored: StoredIntake) => void; reject: (error: unknown) => void };

function nameOf({ integration, repeat }: IntakeEntry): string {
  return `${integration.id}\n${repeat.key}`;
}

/** The first deliveries of the same keys, by their names. Others with these keys wait until the end of the transaction. */
async function findFirsts(
  tx: Sql,
  entries: readonly IntakeEntry[],
  isShared: boolean,
): Promise<Map<string, StoredIntake>> {
  const asked = entries.map((entry) => ({
    name: nameOf(entry),
    integration_id: entry.integration.id,
    repeat_key: entry.repeat.key,
    since: new Date(entry.receivedAt.getTime() - entry.repeat.windowMs).toISOString(),
  }));
  const records = sql`json_to_recordset(${JSON.stringify(asked)}::json)
    as asked (name text, integration_id uuid, repeat_key text, since timestamptz)`;
  if (isShared) {
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(name, 0)) from (select name from ${records} order by name) as names`,
    );
  }
  const found = await rows<StoredIntake & { name: string }>(
    tx,
    sql`select distinct on (asked.name)
          asked.name, ${intakes.id} as delivery, ${intakes.accepted} as accepted, ${intakes.route} as route
        from ${records}
        join ${intakes} on ${intakes.integrationId} = asked.integration_id
          and ${intakes.repeatKey} = asked.repeat_key and ${intakes.receivedAt} > asked.since
        order by asked.name, ${intakes.receivedAt} desc`,
  );
  return new Map(found.map(({ name, ...stored }) => [name, stored]));
}

/** "Last received" is kept to the minute: a storm must not write one row at each delivery. */
async function noteReceived(tx: Sql, entries: readonly IntakeEntry[]): Promise<void> {
  const latest = new Map(entries.map((entry) => [entry.integration.id, entry]));
  for (const { integration, receivedAt } of latest.values()) {
    const last = integration.lastReceivedAt;
    if (last && receivedAt.getTime() - last.getTime() < LAST_RECEIVED_STEP_MS) continue;
    await tx.update(integrations).set({ lastReceivedAt: receivedAt }).where(eq(integrations.id, integration.id));
  }
}

/**
 * Stores deliveries with the job that reads them: those that arrive while one group is being written make the next.
 * A delivery is told to be stored only after the commit of its group. When a group fails, each is tried alone.
 */
class IntakeWindow {
  readonly #core: Core;
  readonly #senders = new BusySenders();
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(core: Core) {
    this.#core = core;
  }

  store(entry: IntakeEntry): Promise<StoredIntake> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Those that were read from the same turn's packets go together.
    await null;
    while (this.#waiting.length > 0) await this.#writeGroup(this.#waiting.splice(0, DELIVERIES_PER_TRANSACTION));
    this.#isRunning = false;
  }

  async #writeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const stored = await this.#write(group.map(({ entry }) => entry));
      for (const { entry, resolve } of group) resolve(stored.get(nameOf(entry)) as StoredIntake);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.#writeGroup([one]);
    }
  }

  async #enqueue(tx: Sql, fresh: readonly { entry: IntakeEntry; id: string }[]): Promise<void> {
    const storm: string[] = [];
    const others: string[] = [];
    for (const { entry, id } of fresh) {
      const isOfStorm = this.#senders.note(entry.integration.id, entry.receivedAt.getTime());
      (isOfStorm ? storm : others).push(id);
    }
    const { queue } = this.#core;
    if (others.length > 0) await queue.enqueue(tx, PROCESS_DELIVERIES_JOB, { deliveryIds: others });
    if (storm.length > 0) {
      await queue.enqueue(tx, PROCESS_DELIVERIES_JOB, { deliveryIds: storm }, { priority: STORM_PRIORITY });
    }
  }

  async #write(entries: readonly IntakeEntry[]): Promise<Map<string, StoredIntake>> {
    const { db } = this.#core;
    const firstOfEach = [...new Map(entries.toReversed().map((entry) => [nameOf(entry), entry])).values()].toReversed();
    return db.transaction(async (tx) => {
      const stored = await findFirsts(tx, firstOfEach, db.engine === "postgres");
      const fresh = firstOfEach
        .filter((entry) => !stored.has(nameOf(entry)))
        .map((entry) => ({ entry, id: randomUUID() }));
      if (fresh.length === 0) return stored;
      await tx.insert(intakes).values(
        fresh.map(({ entry: { integration, intake, receivedAt, repeat }, id }) => ({
          ...intake,
          id,
          integrationId: integration.id,
          receivedAt,
          repeatKey: repeat.key,
        })),
      );
      await this.#enqueue(tx, fresh);
      await noteReceived(tx, firstOfEach);
      for (const { entry, id } of fresh) {
        await entry.also?.(tx, id);
        stored.set(nameOf(entry), {
          delivery: id,
          accepted: entry.intake.accepted ?? 0,
          route: entry.intake.route ?? {},
        });
      }
      return stored;
    });
  }
}

const windows = new WeakMap<Core, IntakeWindow>();

/** Stores a delivery; resolves after the commit. Safe to repeat: the same delivery again gives the first one. */
export function storeIntake(core: Core, entry: IntakeEntry): Promise<StoredIntake> {
  let window = windows.get(core);
  if (!window) {
    window = new IntakeWindow(core);
    windows.set(core, window);
  }
  return window.store(entry);
}
