import { and, desc, eq, gte, inArray, isNull, lte, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, forwards, intakes, integrations } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { getAlert } from "./alert-queries.ts";
import type { IntakeView } from "./contract.ts";
import { ALERT_DELIVERIES_MAX } from "./shared/lists.ts";

type Found = {
  intake: typeof intakes.$inferSelect;
  integration: { id: string; name: string };
  forward: typeof forwards.$inferSelect | null;
};
const PREVIEW_BYTES = 4_000;
/** A delivery waits in the queue before its alert is there; longer than this only in a storm that nobody reads after. */
const BEFORE_FIRST_MS = 60 * 60_000;
/** Deliveries of the integration that are looked through for those of one alert, newest first. */
export const DELIVERIES_LOOKED_THROUGH_MAX = 5_000;

/** Some protocols carry the key in the body; who may read a delivery may not always send one. */
function withoutKeys(text: string): string {
  return text.replace(/("(?:routing_key|service_key|api_key|apiKey)"\s*:\s*")[^"]*/g, "$1…");
}

function present({ intake, integration, forward }: Found, withPreview: boolean): IntakeView {
  const start = new TextDecoder().decode(intake.body.subarray(0, PREVIEW_BYTES));
  return {
    id: intake.id,
    integration,
    state: intake.state,
    receivedAt: intake.receivedAt.toISOString(),
    accepted: intake.accepted,
    recognised: intake.recognised,
    alerts: intake.alerts,
    error: intake.error,
    forward: forward && {
      state: forward.state,
      attempts: forward.attempts,
      lastError: forward.lastError,
      sentAt: forward.sentAt?.toISOString() ?? null,
    },
    ...(withPreview && { preview: withoutKeys(wellFormedText(start || intake.query)) }),
  };
}

function select(q: Sql) {
  return q
    .select({ intake: intakes, integration: { id: integrations.id, name: integrations.name }, forward: forwards })
    .from(intakes)
    .innerJoin(integrations, eq(integrations.id, intakes.integrationId))
    .leftJoin(forwards, eq(forwards.intakeId, intakes.id));
}

/** What became of one inbound delivery. @throws AppError "not_found" */
export async function getIntake(q: Sql, ctx: Ctx, id: string): Promise<IntakeView> {
  requireAbility(ctx.actor, "deliveries.read");
  const [found] = await select(q).where(eq(intakes.id, id));
  if (!found) throw new AppError("not_found", "There is no such delivery.");
  return present(found, true);
}

/** Inbound deliveries, newest first; `inbox` leaves those that failed or were not recognised. */
export async function listIntakes(
  q: Sql,
  ctx: Ctx,
  filter: { inbox?: boolean | undefined; integration?: string | undefined; cursor?: string | undefined; limit: number },
) {
  requireAbility(ctx.actor, "deliveries.read");
  const after = decodeCursor(filter.cursor, ["instant", "id"]);
  const found = await select(q)
    .where(
      and(
        filter.inbox
          ? and(or(eq(intakes.state, "failed"), eq(intakes.recognised, false)), isNull(intakes.dismissedAt))
          : undefined,
        filter.integration ? eq(intakes.integrationId, filter.integration) : undefined,
        after ? sql`(${intakes.receivedAt}, ${intakes.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(desc(intakes.receivedAt), desc(intakes.id))
    .limit(filter.limit + 1);
  const page = pageOf(found, filter.limit, ({ intake }) => [intake.receivedAt.toISOString(), intake.id]);
  return { items: page.items.map((item) => present(item, true)), nextCursor: page.nextCursor };
}

/** The deliveries that an alert came by, newest first, `ALERT_DELIVERIES_MAX` at most. @throws AppError "not_found" */
export async function intakesOfAlert(q: Sql, ctx: Ctx, alertId: string): Promise<IntakeView[]> {
  requireAbility(ctx.actor, "deliveries.read");
  await getAlert(q, ctx, alertId);
  const [alert] = await q.select().from(alerts).where(eq(alerts.id, alertId));
  if (!alert) return [];
  const near = q
    .select({ id: intakes.id, alerts: intakes.alerts })
    .from(intakes)
    .where(
      and(
        eq(intakes.integrationId, alert.integrationId),
        gte(intakes.receivedAt, new Date(alert.firstAt.getTime() - BEFORE_FIRST_MS)),
        lte(intakes.receivedAt, alert.lastAt),
      ),
    )
    .orderBy(desc(intakes.receivedAt))
    .limit(DELIVERIES_LOOKED_THROUGH_MAX)
    .as("near");
  const ofAlert = q
    .select({ id: near.id })
    .from(near)
    .where(sql`${near.alerts} @> ${JSON.stringify([{ id: alertId }])}::jsonb`);
  const found = await select(q)
    .where(inArray(intakes.id, ofAlert))
    .orderBy(desc(intakes.receivedAt), desc(intakes.id))
    .limit(ALERT_DELIVERIES_MAX);
  return found.map((each) => present(each, true));
}
