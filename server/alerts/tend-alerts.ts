import { and, asc, eq, lt, lte, ne } from "drizzle-orm";
import { alertEnds, alerts, integrations } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { endAlert } from "./end-alert.ts";
import { type AlertRow, placeAgain } from "./place-alert.ts";
import { MUTE_ENDED, staleAt } from "./report-rules.ts";
import { reportedOf } from "./reported-alert.ts";
import { inTurn } from "./routing/in-turn.ts";
import type { Turn } from "./routing/turn.ts";
import { stalePolicy } from "./stale-policy.ts";

/** How soon after its time an alert is looked at. One short query when there is nothing to do. */
const TEND_EVERY_MS = 15_000;
/** Alerts of one transaction: the embedded database serves others in between. */
const TENDED_PER_TURN = 20;
/** An end waits so long for a start that it overtook. */
const ENDS_KEPT_MS = 24 * 3_600_000;

type Due = { alert: AlertRow; integration: { id: string; name: string } };

async function calmDown(turn: Turn, { alert, integration }: Due): Promise<void> {
  if (alert.foldedStatus === "resolved") {
    const text = `It stopped flapping: over since ${alert.lastAt.toISOString()}.`;
    await endAlert(turn, alert, { rule: "calm", text }, alert.lastAt);
    return;
  }
  const stale = staleAt(stalePolicy(turn, alert), alert).at;
  await turn.tx
    .update(alerts)
    .set({ foldedStatus: null, flappingSince: null, dueAt: stale })
    .where(eq(alerts.id, alert.id));
  const calm = { ...alert, foldedStatus: null, flappingSince: null };
  const incident = alert.incidentId ? await turn.incident(alert.incidentId) : null;
  if (incident && isOpen(incident.status)) turn.touch(incident.id, "alerts");
  else {
    const why = { rule: "calm", text: "It stopped flapping and still fires, and its incident has ended." };
    await placeAgain(turn, calm, reportedOf(calm, integration), stale, why);
  }
}

async function tendOne(turn: Turn, due: Due): Promise<void> {
  const { alert, integration } = due;
  if (alert.foldedStatus) return calmDown(turn, due);
  const stale = staleAt(stalePolicy(turn, alert), alert);
  const again = async (rule: string, text: string) => {
    await placeAgain(turn, alert, reportedOf(alert, integration), stale.at, { rule, text });
  };
  if (alert.status === "suppressed" && alert.explanation.mute) {
    return again("mute-ended", MUTE_ENDED);
  }
  if (alert.heldForId) {
    const { reference } = await turn.incident(alert.heldForId);
    return again("nobody-chose", `It was held after the end of ${reference}, and nobody chose where it goes.`);
  }
  if (stale.at <= turn.ctx.now()) await endAlert(turn, alert, stale, turn.ctx.now());
  else await turn.tx.update(alerts).set({ dueAt: stale.at }).where(eq(alerts.id, alert.id));
}

/** Looks at a few alerts whose time has come, in one turn. Answers how many. */
async function tendSome(core: Core): Promise<number> {
  const ctx = ctxFor(core, systemActor);
  return inTurn(core, ctx, async (turn) => {
    const due = await turn.tx
      .select({ alert: alerts, integration: { id: integrations.id, name: integrations.name } })
      .from(alerts)
      .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
      .where(and(lte(alerts.dueAt, core.now()), ne(alerts.status, "resolved")))
      .orderBy(asc(alerts.dueAt), asc(alerts.id))
      .limit(TENDED_PER_TURN)
      .for("update", { of: alerts });
    for (const each of due) await tendOne(turn, each);
    return due.length;
  });
}

/**
 * Does what time alone decides: alerts that are not heard of any more end, flapping ones calm down, what was muted or
 * held is placed. Safe to repeat and to run on several nodes at once.
 */
export async function tendAlerts(core: Core): Promise<void> {
  const [due] = await core.db.read
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(lte(alerts.dueAt, core.now()), ne(alerts.status, "resolved")))
    .limit(1);
  if (due) while ((await tendSome(core)) === TENDED_PER_TURN);
  await core.db.read.delete(alertEnds).where(lt(alertEnds.receivedAt, new Date(core.now().getTime() - ENDS_KEPT_MS)));
}

/** Tends alerts for as long as the process runs; `stop` waits for what is being done. */
export function startTendingAlerts(core: Core): { stop(): Promise<void> } {
  let running: Promise<void> | null = null;
  const tend = () => {
    running ??= tendAlerts(core)
      .catch((error: unknown) => core.log.error({ error: messageOf(error) }, "alerts could not be tended"))
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(tend, TEND_EVERY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
