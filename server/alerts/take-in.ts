import type { Sql } from "#/db/client.ts";
import type { intakes } from "#/db/schema/index.ts";
import { recordChange } from "#/server/changes/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { ingestAlert } from "./ingest-alert.ts";
import type { IntegrationRow } from "./receive-delivery.ts";
import type { Report } from "./report.ts";

/** Which alert a report ended in, by which rule, and its incident's reference; a change ends in none. */
export type Ingested = { id: string; rule: string; incident: string | null };

/** Takes in one report of a delivery. Part of the caller's transaction. */
export async function takeIn(
  tx: Sql,
  ctx: Ctx,
  integration: IntegrationRow,
  intake: typeof intakes.$inferSelect,
  report: Report,
): Promise<Ingested> {
  switch (report.kind) {
    case "alert":
      return ingestAlert(tx, ctx, integration, intake, report);
    case "change":
      await recordChange(tx, ctx, {
        ...report,
        kind: report.change,
        integrationId: integration.id,
        source: intake.source,
        fallbackServiceId: integration.serviceId,
      });
      return { id: "", rule: report.kind, incident: null };
    case "test":
    case "ignored":
      return { id: "", rule: report.kind, incident: null };
  }
}
