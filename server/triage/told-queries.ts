import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, deliveries, integrations, tellings } from "#/db/schema/index.ts";
import { isAtLeast, requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { touchRoom } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { enqueueDelivery, maskAddress, saveDelivery, startedAnew } from "#/server/updates/index.ts";
import type { ToldView } from "./contract.ts";
import { TOLD_SHOWN_MAX } from "./shared/lists.ts";

const kinds = ["triage", "decision", "source"];
/** What somebody has to look at comes first. */
const urgency = sql`case ${deliveries.state} when 'failed' then 0 when 'unknown' then 1 when 'retrying' then 2 when 'sending' then 3
  when 'queued' then 4 when 'sent' then 5 else 6 end`;

async function countEndable(q: Sql, incidentId: string): Promise<number> {
  const [found] = await q
    .select({ count: sql<number>`count(*)::int` })
    .from(alerts)
    .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
    .where(
      and(
        eq(alerts.incidentId, incidentId),
        ne(alerts.status, "resolved"),
        sql`(${integrations.sourceTokenSealed} is not null or ${integrations.forwardUrlSealed} is not null)`,
      ),
    );
  return Number(found?.count ?? 0);
}

/** Who was told of an incident, and what became of each. The caller has checked that the actor may see it. */
export async function readTold(q: Sql, ctx: Pick<Ctx, "actor">, incidentId: string): Promise<ToldView> {
  const [telling] = await q.select().from(tellings).where(eq(tellings.incidentId, incidentId));
  const found = await q
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.incidentId, incidentId), inArray(deliveries.kind, kinds)))
    .orderBy(urgency, sql`${deliveries.createdAt} desc`, deliveries.id)
    .limit(TOLD_SHOWN_MAX);
  const isMasked = ctx.actor.kind === "user" && !isAtLeast(ctx.actor.role, "responder");
  return {
    wave: telling?.wave ?? null,
    nextAt: telling?.nextAt?.toISOString() ?? null,
    endable: await countEndable(q, incidentId),
    deliveries: found.map((row) => ({
      id: row.id,
      kind: row.kind,
      channel: row.channel,
      destination: isMasked && row.channel === "email" ? maskAddress(row.destination) : row.destination,
      state: row.state,
      attempts: row.attempts,
      lastError: row.lastError,
      at: (row.sentAt ?? row.createdAt).toISOString(),
    })),
  };
}

/**
 * *Send again*: a word that failed, or of which nobody knows whether it arrived, starts anew.
 * One transaction with its job. Safe to repeat. @throws AppError "not_found" | "forbidden"
 */
export async function retryTold(ctx: Ctx, key: string, deliveryId: string): Promise<ToldView> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, key);
    requireAbility(ctx.actor, "incidents.write", await accessTo(tx, ctx, incident));
    const [row] = await tx
      .select()
      .from(deliveries)
      .where(
        and(eq(deliveries.id, deliveryId), eq(deliveries.incidentId, incident.id), inArray(deliveries.kind, kinds)),
      )
      .for("update");
    if (!row) throw new AppError("not_found", "There is no such delivery.");
    if (row.state === "failed" || row.state === "unknown") {
      await saveDelivery(tx, row.id, startedAnew(row, ctx.now()));
      await enqueueDelivery(tx, ctx, row);
      await touchRoom(tx, ctx, incident.id, ["updates"]);
    }
    return readTold(tx, ctx, incident.id);
  });
}
