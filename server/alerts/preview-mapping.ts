import { and, desc, eq, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { intakes, integrations } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { MappingPreview, MappingTry } from "./contract.ts";
import { type Delivery, type ParsedDelivery, parseDelivery } from "./delivery.ts";
import { firstEntry } from "./mapping/apply-mapping.ts";
import { pathsInUse } from "./mapping/locate.ts";
import type { Mapping } from "./mapping/mapping.ts";
import { readDelivery } from "./read-delivery.ts";
import type { Report } from "./report.ts";

/** Shown beside the form; what comes after them is counted. */
const REPORTS_SHOWN_MAX = 20;
export const TRIED_DELIVERIES_MAX = 50;

type Sample = { deliveryId: string } | { text: string; contentType?: string | undefined; query?: string | undefined };

async function sourceOf(q: Sql, integrationId: string): Promise<string> {
  const [row] = await q
    .select({ source: integrations.source })
    .from(integrations)
    .where(and(eq(integrations.id, integrationId), isNull(integrations.deletedAt)));
  if (!row) throw new AppError("not_found", "There is no such integration.");
  return row.source;
}

async function deliveryOf(q: Sql, integrationId: string, sample: Sample): Promise<Delivery> {
  if ("text" in sample) {
    const body = new TextEncoder().encode(sample.text);
    return { body, query: sample.query ?? "", contentType: sample.contentType ?? "", headers: {}, route: {} };
  }
  const [row] = await q
    .select()
    .from(intakes)
    .where(and(eq(intakes.id, sample.deliveryId), eq(intakes.integrationId, integrationId)));
  if (!row) throw new AppError("not_found", "There is no such delivery.");
  return row;
}

function reportView(report: Report) {
  return JSON.parse(JSON.stringify(report)) as Record<string, unknown>;
}

function usesIn(mapping: Mapping, parsed: ParsedDelivery) {
  const first = firstEntry(mapping, parsed);
  return first ? pathsInUse(first.shape, first.scope) : [];
}

/**
 * What a delivery becomes by a mapping that is not saved yet. Nothing is written.
 *
 * @throws AppError "not_found" for a delivery of another integration, "invalid" for a body that cannot be parsed.
 */
export async function previewMapping(
  q: Sql,
  ctx: Ctx,
  input: { integrationId: string; mapping: Mapping | null; sample: Sample },
): Promise<MappingPreview> {
  requireAbility(ctx.actor, "integrations.write");
  const source = await sourceOf(q, input.integrationId);
  const parsed = parseDelivery(await deliveryOf(q, input.integrationId, input.sample));
  const read = readDelivery(source, input.mapping, parsed);
  return {
    body: parsed.body,
    recognised: read.recognised,
    accepted: read.accepted,
    reports: read.reports.slice(0, REPORTS_SHOWN_MAX).map(reportView),
    paths: input.mapping ? usesIn(input.mapping, parsed) : [],
  };
}

/** What the last deliveries of an integration would become by a mapping, newest first. Nothing is written. */
export async function tryMapping(
  q: Sql,
  ctx: Ctx,
  input: { integrationId: string; mapping: Mapping | null; last: number },
): Promise<MappingTry[]> {
  requireAbility(ctx.actor, "integrations.write");
  const source = await sourceOf(q, input.integrationId);
  const rows = await q
    .select()
    .from(intakes)
    .where(eq(intakes.integrationId, input.integrationId))
    .orderBy(desc(intakes.receivedAt))
    .limit(Math.min(input.last, TRIED_DELIVERIES_MAX));
  return rows.map((row) => {
    const read = readDelivery(source, input.mapping, parseDelivery(row));
    const [first] = read.reports;
    return {
      delivery: row.id,
      receivedAt: row.receivedAt.toISOString(),
      recognised: read.recognised,
      accepted: read.accepted,
      first: first ? reportView(first) : null,
    };
  });
}
