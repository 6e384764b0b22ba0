import type { AlertLink } from "#/db/schema/index.ts";
import type { AlertSeverity } from "./shared/lists.ts";

/** One problem as a sender reports it, in the words of this house. Times are UTC; what the sender left out is null. */
export type AlertReport = {
  kind: "alert";
  status: "firing" | "acknowledged" | "resolved";
  dedupKey: string;
  /** Null when the sender says nothing, as thin resolves do: what is known already stays. */
  title: string | null;
  description: string | null;
  severity: AlertSeverity | null;
  /** The sender's own word, kept also when nobody knows it. */
  severityWord: string | null;
  service: string | null;
  labels: Record<string, string>;
  links: AlertLink[];
  startsAt: Date | null;
  endsAt: Date | null;
  /** When the sender says this; reports that arrive in the wrong order are told by it. */
  at: Date | null;
};

/** Something that was deployed or altered. */
export type ChangeReport = {
  kind: "change";
  /** `deploy`, `release`, `build`, `config`, `flag` or the sender's own word. */
  change: string;
  dedupKey: string;
  title: string;
  description: string | null;
  /** `started`, `succeeded`, `failed` or the sender's own word. */
  state: string | null;
  service: string | null;
  by: string | null;
  labels: Record<string, string>;
  links: AlertLink[];
  at: Date | null;
};

/** An entry that tries the connection, or that says nothing of a problem: kept with its delivery, and pages nobody. */
export type SilentReport = { kind: "test" | "ignored"; title: string | null };
export type Report = AlertReport | ChangeReport | SilentReport;

/** What a delivery holds. `accepted` counts its alerts and changes. */
export type ReadDelivery = { reports: Report[]; recognised: boolean; accepted: number };
