import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { MailLines } from "#/server/notify/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { Gathering } from "#/server/platform/gathering.ts";
import { Aside } from "./aside.ts";
import { type Claim, claimDeliveries, LEASE_MS } from "./claim-deliveries.ts";
import { FAN_OUT_JOB, fanOut, jobOf, subjectOf } from "./delivery-store.ts";
import { Pauses } from "./pauses.ts";
import { readTogether } from "./read-together.ts";
import { type Attempt, type Outcome, recordOutcomes } from "./record-outcomes.ts";
import { recoverDeliveries, takeUpLeftLying } from "./recover.ts";
import { type Doors, sendDelivery } from "./send-delivery.ts";
import { type OutboundChannel, outboundChannels } from "./shared/lists.ts";

/** Deliveries of a channel that are on their way at once: a channel that hangs holds only its own workers. */
const CONCURRENCY: Record<OutboundChannel, number> = {
  status_page: 1,
  slack: 2,
  email: 2,
  mattermost: 2,
  teams: 2,
  webhook: 4,
  pagerduty: 1,
  opsgenie: 1,
  source: 1,
};
/** Mails that one worker hands over at once: ten connections in all are what mail servers take from one client. */
const BATCH: Partial<Record<OutboundChannel, number>> = { email: 5 };
/** Tries of a job whose own bookkeeping failed; the schedule of attempts is kept in the row. */
const JOB_RETRIES = 10;
/** Between two looks at what was left lying. */
const LOOK_MS = 60_000;

/** Mails that are claimed, or written down, together: a statement each would cost more than handing them over. */
const TOGETHER: Partial<Record<OutboundChannel, number>> = { email: 20 };

/** Makes one attempt of one delivery of its channel. */
export type Courier = (deliveryId: string) => Promise<void>;

/**
 * Makes attempts of the deliveries of one channel: claims each, sends it outside any transaction, and writes down what
 * became of it. Safe to repeat at any point: the row says what is left to do.
 */
export function createCourier(core: Core, doors: Doors, pauses: Pauses, channel: OutboundChannel): Courier {
  const ctx = ctxFor(core, systemActor);
  const desk = { core, reads: readTogether(core), doors };
  const groupMax = TOGETHER[channel] ?? 1;
  const claims = new Gathering<string, Claim | undefined>(groupMax, (ids) => claimDeliveries(ctx, ids, pauses));
  const outcomes = new Gathering<Attempt, void>(groupMax, async (attempts) => {
    await recordOutcomes(ctx, attempts);
    return [];
  });
  return async (deliveryId) => {
    const claim = await claims.ask(deliveryId);
    if (!claim) return;
    const outcome = await sendDelivery(desk, claim).catch((error: unknown): Outcome => {
      // Neither door throws: whatever did, the message has not left.
      core.log.error({ deliveryId, error: messageOf(error) }, "a delivery could not be made");
      return { ok: false, kind: "retry", reason: "Muster could not put this together; it tries again." };
    });
    const pausedUntil = pauses.note(claim.row, outcome, core.now(), Math.random());
    await outcomes.ask({ claim, outcome, pausedUntil });
  };
}

/** The outbox of a running server. */
export type Outbox = {
  /** After the queue has started: takes up at once what a crash cut off, and looks from then on for what is left lying. */
  recover(): Promise<void>;
  /** Waits for what is being sent, at most this long. */
  stop(waitMs: number): Promise<void>;
};

/** Registers the workers of all channels; before the queue starts. */
export function registerDeliveryJobs(core: Core, given: Omit<Doors, "lines">): Outbox {
  const doors = { ...given, lines: new MailLines() };
  const pauses = new Pauses();
  const startedAt = core.now();
  const asides: Aside[] = [];
  let timer: NodeJS.Timeout | undefined;
  for (const channel of outboundChannels) {
    const options = {
      concurrency: CONCURRENCY[channel],
      timeLimitSeconds: LEASE_MS[channel] / 1000 + 5,
      retries: JOB_RETRIES,
    };
    const aside = new Aside(core.log);
    const send = createCourier(core, doors, pauses, channel);
    asides.push(aside);
    core.queue.workBatches(jobOf(channel), { ...options, batch: BATCH[channel] ?? 1 }, async (all) => {
      await Promise.all(all.map(({ deliveryId }) => aside.run(() => send(String(deliveryId)))));
    });
  }
  core.queue.work(FAN_OUT_JOB, { retries: JOB_RETRIES }, (data) => {
    const { incidentId = null, maintenanceId = null, after } = data as Record<string, string | undefined>;
    return fanOut(core, { ...subjectOf({ incidentId, maintenanceId }), after });
  });
  return {
    async recover() {
      await recoverDeliveries(core, startedAt, pauses);
      timer = setInterval(() => {
        takeUpLeftLying(core).catch((error: unknown) => {
          core.log.warn({ error: messageOf(error) }, "deliveries that were left lying could not be looked for");
        });
      }, LOOK_MS);
      timer.unref();
    },
    async stop(waitMs) {
      clearInterval(timer);
      await Promise.all(asides.map((aside) => aside.drain(waitMs)));
      doors.lines.close();
    },
  };
}
