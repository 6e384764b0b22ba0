import { and, eq, gt, inArray, ne, notExists, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Sql } from "#/db/client.ts";
import { alerts, deliveries, integrations, tellings } from "#/db/schema/index.ts";
import { isAtLeast, requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { touchRoom } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { cardsOf, enqueueDelivery, maskAddress, saveDelivery, startedAnew } from "#/server/updates/index.ts";
import type { ToldView } from "./contract.ts";
import { TOLD_SHOWN_MAX } from "./shared/lists.ts";

const kinds = ["triage", "decision", "source"];
/** What keeps Slack up to date: looked at when somebody has to, and after it was sent again. */
const kept = ["card", "word"];
const newer = alias(deliveries, "newer");

/** What is shown: of several edits of one message the last, for it says all. */
function isShown(q: Sql) {
  const corrects = sql`${deliveries.payload} ->> 'corrects'`;
  const later = q
    .select({ id: newer.id })
    .from(newer)
    .where(
      and(
        eq(newer.incidentId, deliveries.incidentId),
        eq(newer.kind, deliveries.kind),
        sql`${newer.payload} ->> 'corrects' = ${corrects}`,
        gt(newer.createdAt, deliveries.createdAt),
      ),
    );
  const isTrouble = or(inArray(deliveries.state, ["failed", "unknown"]), sql`${deliveries.payload} ? 'since'`);
  return or(inArray(deliveries.kind, kinds), and(inArray(deliveries.kind, kept), isTrouble, notExists(later)));
}

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
    .where(and(eq(deliveries.incidentId, incidentId), isShown(q)))
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
        and(
          eq(deliveries.id, deliveryId),
          eq(deliveries.incidentId, incident.id),
          inArray(deliveries.kind, [...kinds, ...kept]),
        ),
      )
      .for("update");
    if (!row) throw new AppError("not_found", "There is no such delivery.");
    if (row.state === "failed" || row.state === "unknown") {
      const isNewCard = row.kind === "card" && row.payload.corrects === undefined;
      if (isNewCard && (await cardsOf(tx, incident.id, row.destination)).length > 0) {
        await saveDelivery(tx, row.id, { state: "superseded", lastError: "The channel has a card by now." });
      } else {
        await saveDelivery(tx, row.id, startedAnew(row, ctx.now()));
        await enqueueDelivery(tx, ctx, row);
      }
      await touchRoom(tx, ctx, incident.id, ["updates"]);
    }
    return readTold(tx, ctx, incident.id);
  });
}
