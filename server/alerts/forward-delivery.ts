import { and, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { forwards, intakes, integrations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { askOutside, type Outside, refusalOf, type SendFailure } from "#/server/notify/index.ts";
import { decrypt, encrypt } from "#/server/platform/crypto.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { integrationSecrets } from "./change-integration.ts";
import { forwardedHeaders, forwardRequest } from "./forward-rules.ts";
import type { RawDelivery } from "./receive-delivery.ts";

export const FORWARD_JOB = "alerts.forward";
const PURPOSE = "forwarded-headers";
/** About two hours of trying: by then the old pager has been silent too long for anything but a person. */
export const FORWARD_ATTEMPTS_MAX = 30;
const PAUSE_FIRST_MS = 1_000;
const PAUSE_MAX_MS = 5 * 60_000;
const RETRY_AFTER_MAX_MS = 60 * 60_000;
/** An attempt that takes longer was cut off. */
const LEASE_MS = 30_000;
const RECOVERED_MAX = 10_000;

type ForwardRow = typeof forwards.$inferSelect;

/**
 * Queues the passing-on of a delivery to the old pager, in the transaction that stores it, when its integration says so.
 * The sender does not wait for it.
 */
export async function queueForward(
  tx: Sql,
  core: Pick<Core, "queue" | "config">,
  raw: RawDelivery,
  intakeId: string,
  now: Date,
): Promise<void> {
  if (!raw.integration.forwardUrlSealed) return;
  await tx.insert(forwards).values({
    intakeId,
    method: raw.method ?? "POST",
    path: raw.path ?? "",
    headersSealed: encrypt(core.config.authSecret, PURPOSE, JSON.stringify(forwardedHeaders(raw.headers))),
    createdAt: now,
  });
  await core.queue.enqueue(tx, FORWARD_JOB, { intakeId });
}

/** The pause after the n-th attempt, unless the other side asked for another; somewhat random, doubling. Pure. */
export function forwardPauseMs(attempt: number, random: number, retryAfterMs?: number): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, RETRY_AFTER_MAX_MS);
  const bound = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(bound * (0.5 + random / 2));
}

async function claim(core: Core, intakeId: string): Promise<ForwardRow | undefined> {
  return core.db.transaction(async (tx) => {
    const [row] = await tx.select().from(forwards).where(eq(forwards.intakeId, intakeId)).for("update");
    if (!row || !["queued", "retrying", "sending"].includes(row.state)) return undefined;
    const now = core.now();
    if (row.nextAttemptAt && row.nextAttemptAt > now) {
      await core.queue.enqueue(tx, FORWARD_JOB, { intakeId }, { startAt: row.nextAttemptAt });
      return undefined;
    }
    const change = {
      state: "sending" as const,
      attempts: row.attempts + 1,
      nextAttemptAt: new Date(now.getTime() + LEASE_MS),
    };
    await tx.update(forwards).set(change).where(eq(forwards.intakeId, intakeId));
    return { ...row, ...change };
  });
}

async function send(core: Core, outside: Outside, row: ForwardRow): Promise<{ ok: true } | SendFailure> {
  const [found] = await core.db.read
    .select({ intake: intakes, integration: integrations })
    .from(intakes)
    .innerJoin(integrations, eq(integrations.id, intakes.integrationId))
    .where(eq(intakes.id, row.intakeId));
  if (!found) return { ok: false, kind: "permanent", reason: "The delivery is gone." };
  const { authSecret } = core.config;
  const { forwardUrl } = integrationSecrets(authSecret, found.integration);
  if (!forwardUrl) return { ok: false, kind: "permanent", reason: "The integration no longer passes deliveries on." };
  const headers = JSON.parse(decrypt(authSecret, PURPOSE, row.headersSealed)) as Record<string, string>;
  const { method, path } = row;
  const request = forwardRequest(forwardUrl, {
    method,
    path,
    headers,
    query: found.intake.query,
    body: found.intake.body,
  });
  const answer = await askOutside(outside, request);
  if (!answer.ok) return answer;
  if (answer.status >= 200 && answer.status < 300) return { ok: true };
  return refusalOf(new URL(request.url).hostname, answer, core.now());
}

async function record(core: Core, row: ForwardRow, outcome: { ok: true } | SendFailure): Promise<void> {
  await core.db.transaction(async (tx) => {
    const is = and(eq(forwards.intakeId, row.intakeId), eq(forwards.attempts, row.attempts));
    if (outcome.ok) {
      await tx
        .update(forwards)
        .set({ state: "sent", sentAt: core.now(), lastError: null, nextAttemptAt: null })
        .where(is);
      return;
    }
    if (outcome.kind === "permanent" || row.attempts >= FORWARD_ATTEMPTS_MAX) {
      await tx.update(forwards).set({ state: "failed", lastError: outcome.reason, nextAttemptAt: null }).where(is);
      return;
    }
    const pause = forwardPauseMs(row.attempts, Math.random(), outcome.retryAfterMs);
    const nextAttemptAt = new Date(core.now().getTime() + pause);
    await tx.update(forwards).set({ state: "retrying", lastError: outcome.reason, nextAttemptAt }).where(is);
    await core.queue.enqueue(tx, FORWARD_JOB, { intakeId: row.intakeId }, { startAt: nextAttemptAt });
  });
}

/** Passes one delivery on, once. Safe to repeat: the row says what is left to do. */
export async function forwardDelivery(core: Core, outside: Outside, intakeId: string): Promise<void> {
  const row = await claim(core, intakeId);
  if (!row) return;
  const outcome = await send(core, outside, row).catch((error: unknown): SendFailure => {
    core.log.error({ intakeId, error: messageOf(error) }, "a delivery could not be passed on");
    return { ok: false, kind: "retry", reason: "Muster could not put this together; it tries again." };
  });
  await record(core, row, outcome);
}

/** Registers the worker; `recover` takes up what a crash or a restored backup left. Before the queue starts. */
export function registerForwarding(core: Core, outside: Outside): { recover(): Promise<void> } {
  core.queue.work(FORWARD_JOB, { concurrency: 4, retries: 10, timeLimitSeconds: LEASE_MS / 1000 + 5 }, (data) =>
    forwardDelivery(core, outside, String(data.intakeId)),
  );
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        const waiting = await tx
          .select()
          .from(forwards)
          .where(inArray(forwards.state, ["queued", "sending", "retrying"]))
          .limit(RECOVERED_MAX);
        for (const { intakeId, state, nextAttemptAt } of waiting) {
          const startAt = state === "retrying" ? nextAttemptAt : null;
          await core.queue.enqueue(tx, FORWARD_JOB, { intakeId }, startAt ? { startAt } : {});
        }
      }),
  };
}
