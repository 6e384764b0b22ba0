import type { intakes } from "#/db/schema/index.ts";
import { recordChange } from "#/server/changes/index.ts";
import { editAlert, isEdit } from "./edit-alert.ts";
import { ingestAlert } from "./ingest-alert.ts";
import type { IntegrationRow } from "./receive-delivery.ts";
import type { Report } from "./report.ts";
import type { Turn } from "./routing/turn.ts";

/** Which alert a report ended in, by which rule, and its incident's reference; a change ends in none. */
export type Ingested = { id: string; rule: string; incident: string | null };

/** Takes in one report of a delivery. Part of a turn. */
export async function takeIn(
  turn: Turn,
  integration: IntegrationRow,
  intake: typeof intakes.$inferSelect,
  report: Report,
): Promise<Ingested> {
  switch (report.kind) {
    case "alert":
      return isEdit(intake.route)
        ? editAlert(turn, integration, intake.route, report)
        : ingestAlert(turn, integration, intake, report);
    case "change":
      await recordChange(turn.tx, turn.ctx, {
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
