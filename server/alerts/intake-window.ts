import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { rowsInOrder, type Sql } from "#/db/client.ts";
import { insertRows } from "#/db/insert-rows.ts";
import { intakes, integrations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { Gathering } from "#/server/platform/gathering.ts";
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
  const lock = sql`select count(pg_advisory_xact_lock(hashtextextended(name, 0)))
    from (select name from ${records} order by name) as names`;
  // One by one, so that each is found by the index whatever else is asked.
  const find = sql`select asked.name, first.*
        from ${records}
        cross join lateral (
          select ${intakes.id} as delivery, ${intakes.accepted} as accepted, ${intakes.route} as route
          from ${intakes}
          where ${intakes.integrationId} = asked.integration_id and ${intakes.repeatKey} = asked.repeat_key
            and ${intakes.receivedAt} > asked.since
          order by ${intakes.receivedAt} desc
          limit 1
        ) as first`;
  const answers = await rowsInOrder<StoredIntake & { name: string }>(tx, isShared ? [lock, find] : [find]);
  return new Map(answers.at(-1)?.map(({ name, ...stored }) => [name, stored]));
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

async function enqueue(
  tx: Sql,
  { queue }: Core,
  senders: BusySenders,
  fresh: readonly { entry: IntakeEntry; id: string }[],
): Promise<void> {
  const storm: string[] = [];
  const others: string[] = [];
  for (const { entry, id } of fresh) {
    const isOfStorm = senders.note(entry.integration.id, entry.receivedAt.getTime());
    (isOfStorm ? storm : others).push(id);
  }
  if (others.length > 0) await queue.enqueue(tx, PROCESS_DELIVERIES_JOB, { deliveryIds: others });
  if (storm.length > 0) {
    await queue.enqueue(tx, PROCESS_DELIVERIES_JOB, { deliveryIds: storm }, { priority: STORM_PRIORITY });
  }
}

/** Stores a group with the job that reads it; the same delivery twice is one. By the names of the deliveries. */
function storeGroup(
  core: Core,
  senders: BusySenders,
  entries: readonly IntakeEntry[],
): Promise<Map<string, StoredIntake>> {
  const { db } = core;
  const firstOfEach = [...new Map(entries.toReversed().map((entry) => [nameOf(entry), entry])).values()].toReversed();
  return db.transaction(async (tx) => {
    const stored = await findFirsts(tx, firstOfEach, db.engine === "postgres");
    const fresh = firstOfEach
      .filter((entry) => !stored.has(nameOf(entry)))
      .map((entry) => ({ entry, id: randomUUID() }));
    if (fresh.length === 0) return stored;
    const newRows = fresh.map(({ entry: { integration, intake, receivedAt, repeat }, id }) => ({
      ...intake,
      id,
      integrationId: integration.id,
      receivedAt,
      repeatKey: repeat.key,
    }));
    // All of them end before the transaction does, also when one fails: its connection is somebody else's then.
    const written = await Promise.allSettled([
      insertRows(tx, intakes, newRows),
      enqueue(tx, core, senders, fresh),
      noteReceived(tx, firstOfEach),
    ]);
    for (const one of written) if (one.status === "rejected") throw one.reason;
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

type Window = Gathering<IntakeEntry, StoredIntake>;
const windows = new WeakMap<Core, Window>();

function createWindow(core: Core): Window {
  const senders = new BusySenders();
  return new Gathering(DELIVERIES_PER_TRANSACTION, async (entries) => {
    const stored = await storeGroup(core, senders, entries);
    return entries.map((entry) => stored.get(nameOf(entry)) as StoredIntake);
  });
}

/** True while deliveries are being stored: their senders wait. */
export function isStoring(core: Core): boolean {
  return windows.get(core)?.isBusy ?? false;
}

/**
 * Stores a delivery with the job that reads it; resolves after the commit, which those that came meanwhile share.
 * Safe to repeat: the same delivery again gives the first one.
 */
export function storeIntake(core: Core, entry: IntakeEntry): Promise<StoredIntake> {
  const window = windows.get(core) ?? createWindow(core);
  windows.set(core, window);
  return window.ask(entry);
}
