import type { AlertRow } from "./place-alert.ts";
import type { AlertReport } from "./report.ts";
import type { StalePolicy } from "./report-rules.ts";
import type { Turn } from "./routing/turn.ts";
import { sourceFile } from "./sources/index.ts";

/** Until when an alert holds by its sender's word. Prometheus says so, and sends it again before; of others it is a plan. */
export function holdsUntil(source: string, report: Pick<AlertReport, "endsAt">): Date | null {
  return source.startsWith("prometheus") ? report.endsAt : null;
}

/** How long an alert is believed without being heard of: by its route, else by what is known of its source. */
export function stalePolicy(turn: Turn, alert: Pick<AlertRow, "routeId" | "source" | "recognised">): StalePolicy {
  const route = turn.routing.routes.find((each) => each.id === alert.routeId);
  return {
    routeMinutes: route?.staleAfterMinutes ?? null,
    // What nobody understands has no end that anybody would understand.
    neverResolves: !alert.recognised || sourceFile(alert.source)?.neverResolves === true,
  };
}
