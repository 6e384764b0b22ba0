import type { alertRoutes } from "#/db/schema/index.ts";
import { DEBOUNCE_MINUTES_DEFAULT } from "../shared/lists.ts";

export type RouteRow = typeof alertRoutes.$inferSelect;
/** A route as decisions see it; its service has a name. */
export type Route = Omit<RouteRow, "setServiceId" | "createdAt" | "updatedAt"> & {
  setService: { id: string; name: string } | null;
};

/** The same in every database, so that it can be named before it was read. */
export const DEFAULT_ROUTE_ID = "00000000-0000-4000-8000-000000000001";

/** What holds for every alert that no other route matches: one triage incident for each service. */
export const defaultRoute: Route = {
  id: DEFAULT_ROUTE_ID,
  position: 0,
  name: "Everything else",
  enabled: true,
  isDefault: true,
  condition: "true",
  setService: null,
  setSeverity: null,
  setTeam: null,
  suppress: false,
  groupBy: [],
  groupWindowMinutes: null,
  groupWindowKind: "fixed",
  thresholdCount: null,
  thresholdMinutes: null,
  debounceMinutes: DEBOUNCE_MINUTES_DEFAULT,
  correlate: true,
  opens: "triage",
  autoResolve: "never",
  staleAfterMinutes: null,
  tellEmails: [],
  tellSealed: null,
  version: 1,
};

/** An alert as routes see it. */
export type RoutedAlert = {
  title: string;
  description: string;
  status: "firing" | "acknowledged" | "resolved";
  severity: "critical" | "error" | "warning" | "info";
  source: string;
  integration: { id: string; name: string };
  service: { id: string; name: string } | null;
  team: string | null;
  labels: Record<string, string>;
  links: { kind: string; title: string; url: string }[];
  /** No source file and no mapping says what its sender means. */
  isUnrecognised: boolean;
  /** When it began, by the sender's clock where it said so. */
  startsAt: Date;
};

/** The short name of an alert: what is wrong, without where. */
export function alertName(alert: Pick<RoutedAlert, "labels" | "title">): string {
  return alert.labels.alertname ?? alert.title;
}
