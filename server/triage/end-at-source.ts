import { and, eq, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, incidents, integrations } from "#/db/schema/index.ts";
import { type EndedBy, endAtSource, integrationSecrets, type SourceCall } from "#/server/alerts/index.ts";
import { type Core, type Ctx, type RecordedEvent, recordEvent } from "#/server/events/index.ts";
import { askOutside, type Outside, refusalOf } from "#/server/notify/index.ts";
import { addDeliveries, type DeliveryRow, type Outcome } from "#/server/updates/index.ts";
import { SOURCE_ENDS_MAX } from "./shared/lists.ts";

type AlertRow = typeof alerts.$inferSelect;
type IntegrationRow = typeof integrations.$inferSelect;
type By = { name: string; email: string | null; reason: string };

function callFor(
  core: Core,
  outside: Outside,
  found: { alert: AlertRow; integration: IntegrationRow },
  by: By,
): SourceCall | null {
  const secrets = integrationSecrets(core.config.authSecret, found.integration);
  const endedBy: EndedBy = { ...by, now: core.now() };
  return endAtSource(outside.endpoints, found.alert, secrets, endedBy);
}

function listed(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count > 1 ? `${name} (${count} alerts)` : name)).join(", ");
}

/**
 * Queues that the sources of an incident's unresolved alerts are told that they are over, where their API can be told.
 * In the caller's transaction, with one entry in the timeline; without anything to tell nothing is written.
 */
async function queueEnds(tx: Sql, ctx: Ctx, outside: Outside, incidentId: string, reason: string): Promise<void> {
  const [incident] = await tx.select().from(incidents).where(eq(incidents.id, incidentId));
  if (!incident || incident.mode === "drill") return;
  // With the alerts of what was merged into it.
  const family = sql`(with recursive family as (select ${incidentId}::uuid as id
    union all select i.id from incidents i join family on i.merged_into_id = family.id) select id from family)`;
  const open = await tx
    .select({ alert: alerts, integration: integrations })
    .from(alerts)
    .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
    .where(and(sql`${alerts.incidentId} in ${family}`, ne(alerts.status, "resolved")))
    .orderBy(alerts.firstAt)
    .limit(SOURCE_ENDS_MAX);
  const by: By = { name: ctx.actor.name, email: ctx.actor.kind === "user" ? ctx.actor.email : null, reason };
  const calls = open.flatMap((found) => {
    const call = callFor(ctx, outside, found, by);
    return call ? [{ call, alertId: found.alert.id }] : [];
  });
  if (calls.length === 0) return;
  const subject = { incidentId, updateId: null, kind: "source" as const, channel: "source" as const };
  await addDeliveries(
    tx,
    ctx,
    calls.map(({ call, alertId }) => ({ ...subject, destination: call.name, payload: { alertId, by } })),
  );
  await recordEvent(tx, ctx, {
    incidentId,
    type: "source.told",
    data: {
      text: `${listed(calls.map(({ call }) => call.name))} ${calls.length > 1 ? "are" : "is"} being told that it is over`,
    },
    parts: ["updates"],
  });
}

/** Makes one attempt to tell a source. The same twice is harmless: what is over stays over. */
export async function tellSource(core: Core, outside: Outside, row: DeliveryRow): Promise<Outcome> {
  const [found] = await core.db.read
    .select({ alert: alerts, integration: integrations })
    .from(alerts)
    .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
    .where(eq(alerts.id, String(row.payload.alertId)));
  if (!found) return { ok: false, kind: "cancelled", reason: "The alert is gone." };
  if (found.alert.status === "resolved")
    return { ok: false, kind: "cancelled", reason: "Its source ended it meanwhile." };
  const call = callFor(core, outside, found, row.payload.by as By);
  if (!call) return { ok: false, kind: "permanent", reason: "The integration has no token for its source any more." };
  const answer = await askOutside(outside, call.request);
  if (!answer.ok) return answer;
  const isDone = (answer.status >= 200 && answer.status < 300) || call.done.includes(answer.status);
  return isDone ? { ok: true, providerId: String(answer.status) } : refusalOf(call.name, answer, core.now());
}

/** Has sources told of a decline, and of a resolve where somebody asked for it. Before the queue starts. */
export function registerSourceEnds(core: Core, outside: Outside): void {
  const onEnd =
    (reasonOf: (event: RecordedEvent) => string | null) => async (tx: Sql, ctx: Ctx, event: RecordedEvent) => {
      const reason = reasonOf(event);
      if (reason !== null) await queueEnds(tx, ctx, outside, event.incidentId, reason);
    };
  const said = (event: RecordedEvent, name: string) => String(event.data[name] ?? "");
  core.handlers.on(
    "incident.declined",
    onEnd((event) => `Declined in Muster. ${said(event, "reason")}`.trim()),
  );
  core.handlers.on(
    "incident.resolved",
    onEnd((event) => (event.data.atSource === true ? `Resolved in Muster. ${said(event, "summary")}`.trim() : null)),
  );
}
