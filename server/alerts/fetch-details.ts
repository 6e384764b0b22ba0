import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import { type AlertDetails, alerts, integrations } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor, touchRoom } from "#/server/events/index.ts";
import { mergeTarget } from "#/server/incidents/index.ts";
import { askOutside, type Outside, refusalOf, type SendFailure } from "#/server/notify/index.ts";
import type { JobRun } from "#/server/platform/queue.ts";
import { integrationSecrets } from "./change-integration.ts";
import { type ReadDetails, readPagerDutyIncident, readSentryEvent } from "./read-details.ts";
import { detailCalls, type SourceCall } from "./source-api.ts";

export const FETCH_DETAILS_JOB = "alerts.fetch-details";
/** The job's own pauses grow to five minutes: after this many tries the details are no longer worth it. */
const FETCH_RETRIES = 6;

async function ask(outside: Outside, call: SourceCall): Promise<{ ok: true; value: unknown } | SendFailure> {
  const answer = await askOutside(outside, call.request);
  if (!answer.ok) return answer;
  if (answer.status !== 200) return refusalOf(call.name, answer);
  try {
    return { ok: true, value: JSON.parse(answer.text) };
  } catch {
    return { ok: false, kind: "permanent", reason: `${call.name} answered with something that is not JSON.` };
  }
}

function readAnswers(source: string, values: readonly unknown[]): ReadDetails {
  return source.startsWith("sentry") ? readSentryEvent(values[0]) : readPagerDutyIncident(values[0], values[1]);
}

async function save(core: Core, alertId: string, incidentId: string | null, details: AlertDetails): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    await tx.update(alerts).set({ details }).where(eq(alerts.id, alertId));
    if (incidentId) await touchRoom(tx, ctx, (await mergeTarget(tx, incidentId)).id, ["alerts"]);
  });
}

/**
 * Asks the sender's own API about an alert and attaches what it says. Safe to repeat; what was fetched stays.
 * A refusal is written down beside the alert. @throws Error when a later try may do, for the queue to make it
 */
export async function fetchDetails(core: Core, outside: Outside, alertId: string, run: JobRun): Promise<void> {
  const [found] = await core.db.read
    .select({ alert: alerts, integration: integrations })
    .from(alerts)
    .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
    .where(eq(alerts.id, alertId));
  if (!found || found.alert.details?.state === "fetched") return;
  const { alert, integration } = found;
  const { sourceToken } = integrationSecrets(core.config.authSecret, integration);
  if (!sourceToken) return;
  const values: unknown[] = [];
  for (const call of detailCalls(outside.endpoints, alert, sourceToken)) {
    const answer = await ask(outside, call);
    if (!answer.ok) {
      if (answer.kind === "retry" && !run.isLastTry) throw new Error(answer.reason);
      const text = `Its details could not be fetched. ${answer.reason}`;
      await save(core, alertId, alert.incidentId, { state: "failed", text, links: [], at: core.now().toISOString() });
      return;
    }
    values.push(answer.value);
  }
  if (values.length === 0) return;
  const details = readAnswers(alert.source, values);
  await save(core, alertId, alert.incidentId, { state: "fetched", ...details, at: core.now().toISOString() });
}

/** Has the details of each alert fetched that comes into an incident, where its integration has a token for it. */
export function registerDetailJobs(core: Core, outside: Outside): void {
  core.queue.work(FETCH_DETAILS_JOB, { concurrency: 2, retries: FETCH_RETRIES }, (data, run) =>
    fetchDetails(core, outside, String(data.alertId), run),
  );
  core.handlers.on("alert.attached", async (tx, ctx, event) => {
    const { alertId, more = [] } = event.data as { alertId: string; more?: { alertId: string }[] };
    const ids = [alertId, ...more.map((other) => other.alertId)];
    const fresh = await tx
      .select({ alert: alerts })
      .from(alerts)
      .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
      .where(and(inArray(alerts.id, ids), isNull(alerts.details), isNotNull(integrations.sourceTokenSealed)));
    for (const { alert } of fresh) {
      if (detailCalls(outside.endpoints, alert, "").length === 0) continue;
      await ctx.queue.enqueue(tx, FETCH_DETAILS_JOB, { alertId: alert.id });
    }
  });
}
