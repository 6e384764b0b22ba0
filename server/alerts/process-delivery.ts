import { setTimeout as pause } from "node:timers/promises";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { intakes, integrations } from "#/db/schema/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { parseDelivery } from "./delivery.ts";
import { isStoring, PROCESS_DELIVERIES_JOB } from "./intake-window.ts";
import { foresee } from "./known-alerts.ts";
import { registerHeldAlerts } from "./place-by-hand.ts";
import { readDelivery } from "./read-delivery.ts";
import { type IntegrationRow, mappingOf } from "./receive-delivery.ts";
import type { Report } from "./report.ts";
import { inTurn } from "./routing/in-turn.ts";
import type { Turn } from "./routing/turn.ts";
import { type Ingested, takeIn } from "./take-in.ts";

/** A commit for each alert would cost more than the alert; more at once would hold the embedded database too long. */
const ALERTS_PER_TRANSACTION = 50;

type Intake = typeof intakes.$inferSelect;
/** A delivery that was read, and what became of its first reports. */
type Open = { intake: Intake; integration: IntegrationRow; reports: readonly Report[]; done: Ingested[] };
/** What one transaction takes of a delivery. */
type Piece = { delivery: Open; reports: readonly Report[] };

type Failure = { deliveryId: string; error: unknown };

async function readStored(core: Core, ids: readonly string[], failures: Failure[]): Promise<Open[]> {
  const found = await core.db.read
    .select({ intake: intakes, integration: integrations })
    .from(intakes)
    .innerJoin(integrations, eq(integrations.id, intakes.integrationId))
    .where(and(inArray(intakes.id, [...ids]), eq(intakes.state, "stored")));
  const places = new Map(ids.map((id, place) => [id, place]));
  const placeOf = ({ intake }: { intake: Intake }) => places.get(intake.id) ?? 0;
  const open: Open[] = [];
  for (const { intake, integration } of found.sort((a, b) => placeOf(a) - placeOf(b))) {
    try {
      const read = readDelivery(intake.source, mappingOf(integration, intake.source), parseDelivery(intake));
      open.push({ intake, integration, reports: read.reports, done: [...intake.alerts] });
    } catch (error) {
      failures.push({ deliveryId: intake.id, error });
    }
  }
  return open;
}

/** The next reports of the integration whose turn it is, in their order: the end of one delivery, others, the beginning of the last. */
function nextPieces(waiting: readonly Open[]): Piece[] {
  const pieces: Piece[] = [];
  let room = ALERTS_PER_TRANSACTION;
  for (const delivery of waiting) {
    if (room === 0) break;
    if (delivery.integration.id !== waiting[0]?.integration.id) continue;
    const reports = delivery.reports.slice(delivery.done.length, delivery.done.length + room);
    pieces.push({ delivery, reports });
    room -= reports.length;
  }
  return pieces;
}

const isWhole = ({ reports, done }: Open) => done.length >= reports.length;

/** Writes how far deliveries came, in one statement that names its rows: a plan made while the table was small finds them. */
async function saveProgress(turn: Turn, reached: readonly Open[]): Promise<void> {
  const rows = reached.map((delivery) => ({
    id: delivery.intake.id,
    alerts: delivery.done,
    state: isWhole(delivery) ? "processed" : "stored",
    processed_at: isWhole(delivery) ? turn.ctx.now().toISOString() : null,
  }));
  await turn.tx.execute(sql`update ${intakes} set alerts = reached.alerts, state = reached.state,
      processed_at = reached.processed_at, error = null
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as reached (id uuid, alerts jsonb, state text, processed_at timestamptz)
    where ${intakes.id} = reached.id and ${intakes.id} = any(${sql.param(rows.map(({ id }) => id))}::uuid[])`);
}

/** Takes in pieces of deliveries in one turn; answers the deliveries as they are then. */
async function takePieces(core: Core, pieces: readonly Piece[]): Promise<Open[]> {
  const [first] = pieces;
  if (!first) return [];
  const { integration } = first.delivery;
  return inTurn(core, ctxFor(core, { kind: "system", name: integration.name }), async (turn) => {
    const firing = pieces.flatMap(({ reports }) => reports.filter((report) => report.kind === "alert"));
    await foresee(turn, integration.id, firing);
    const reached: Open[] = [];
    for (const { delivery, reports } of pieces) {
      const done = [...delivery.done];
      for (const report of reports) done.push(await takeIn(turn, integration, delivery.intake, report));
      reached.push({ ...delivery, done });
    }
    await saveProgress(turn, reached);
    return reached;
  });
}

/**
 * While senders wait, what is stored already is read for a fifth of the time; for half of it once it has waited for ten
 * seconds, and without a rest after a minute: a steady stream of senders makes no backlog without end.
 */
const RESTS = [
  { waitedMs: 10_000, ofWork: 4 },
  { waitedMs: 60_000, ofWork: 1 },
] as const;
/** A turn that waited for a lock is no reason to rest for long. */
const REST_MAX_MS = 2_000;

/**
 * Leaves the time to those who wait for an acknowledgement: what is stored is safe, and who is refused may give up.
 * `read` is what was read just now. After the last of a job, too: the next job is there already while senders wait.
 */
async function restForSenders(core: Core, workedMs: number, read: Open | undefined): Promise<void> {
  if (!read || !isStoring(core)) return;
  const waitedMs = core.now().getTime() - read.intake.receivedAt.getTime();
  const rest = RESTS.find((one) => waitedMs <= one.waitedMs);
  if (rest) await pause(Math.min(workedMs * rest.ofWork, REST_MAX_MS));
}

/**
 * Reads stored deliveries and takes in their alerts, in their order, a few in each transaction.
 * Safe to repeat: how far each came is written in the same transactions, so a second run goes on from there.
 * One that fails holds up no other. Answers those that failed.
 */
export async function processDeliveries(core: Core, ids: readonly string[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  let waiting = await readStored(core, ids, failures);
  let isAlone = false;
  while (waiting.length > 0) {
    const startedAt = performance.now();
    const pieces = isAlone ? nextPieces(waiting.slice(0, 1)) : nextPieces(waiting);
    try {
      const reached = await takePieces(core, pieces);
      const taken = new Set<Open>(pieces.map(({ delivery }) => delivery));
      waiting = [
        ...reached.filter((delivery) => !isWhole(delivery)),
        ...waiting.filter((delivery) => !taken.has(delivery)),
      ];
      isAlone = false;
    } catch (error) {
      // Nothing was written: each of them by itself shows which one it is.
      if (pieces.length > 1) isAlone = true;
      else {
        const [failed, ...others] = waiting;
        if (failed) failures.push({ deliveryId: failed.intake.id, error });
        waiting = others;
      }
    }
    await restForSenders(core, performance.now() - startedAt, pieces[0]?.delivery);
  }
  return failures;
}

/** The same for one. @throws what kept it from being read */
export async function processDelivery(core: Core, deliveryId: string): Promise<void> {
  const [failure] = await processDeliveries(core, [deliveryId]);
  if (failure) throw failure.error;
}

/** More than these are found at the next start; they are older than any sender's patience. */
const REQUEUED_MAX = 10_000;
const DELIVERIES_PER_JOB = 100;
/** In a storm a job is a few deliveries. More at once would let who sends little wait longer. */
const JOBS_AT_ONCE = 10;

/**
 * Enqueues again what is stored and not processed, after the queue has started: what a restored backup brought,
 * whose jobs are not in it. A delivery whose job is still there is read once all the same.
 */
export async function requeueStoredDeliveries(core: Core): Promise<void> {
  await core.db.transaction(async (tx) => {
    const waiting = await tx
      .select({ id: intakes.id })
      .from(intakes)
      .where(eq(intakes.state, "stored"))
      .orderBy(asc(intakes.receivedAt))
      .limit(REQUEUED_MAX);
    for (let at = 0; at < waiting.length; at += DELIVERIES_PER_JOB) {
      const deliveryIds = waiting.slice(at, at + DELIVERIES_PER_JOB).map(({ id }) => id);
      await core.queue.enqueue(tx, PROCESS_DELIVERIES_JOB, { deliveryIds });
    }
  });
}

async function noteFailure(core: Core, deliveryId: string, error: unknown, isLastTry: boolean): Promise<void> {
  const reason = messageOf(error).slice(0, 500);
  const state = isLastTry ? ("failed" as const) : ("stored" as const);
  await core.db.read.update(intakes).set({ state, error: reason }).where(eq(intakes.id, deliveryId));
}

/** The worker of deliveries. One job at a time: the order of one sender's deliveries is kept. */
export function registerAlertJobs(core: Core): void {
  registerHeldAlerts(core);
  const options = { concurrency: 1, retries: 5, timeLimitSeconds: 300, batch: JOBS_AT_ONCE };
  core.queue.workBatches(PROCESS_DELIVERIES_JOB, options, async (all, run) => {
    const ids = all.flatMap((data) => data.deliveryIds as string[]);
    const failures = await processDeliveries(core, ids);
    for (const { deliveryId, error } of failures) await noteFailure(core, deliveryId, error, run.isLastTry);
    const [first] = failures;
    if (first) throw first.error;
  });
}
