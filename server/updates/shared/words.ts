import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { Channel, DataLoss, UpdateStatus } from "./lists.ts";

export const updateStatusWords: Record<UpdateStatus, string> = {
  investigating: "Investigating",
  identified: "Identified",
  monitoring: "Monitoring",
  resolved: "Resolved",
};
export const channelWords: Record<Channel, string> = { status_page: "Status page", slack: "Slack", email: "E-mail" };
export const componentStatusWords: Record<ComponentStatus, string> = {
  operational: "Operational",
  under_maintenance: "Under maintenance",
  degraded_performance: "Degraded performance",
  partial_outage: "Partial outage",
  major_outage: "Major outage",
};
/** What a resolving update says of data, to whoever reads it. */
export const dataLossSentences: Record<DataLoss, string> = {
  no: "No data was lost.",
  yes: "Some data was lost.",
  unknown: "Whether data was lost is not known yet.",
};

/** The text of a resolving update with what it says of data at its end; once, however often it is asked. Pure. */
export function withDataLoss(body: string, dataLost: DataLoss | null | undefined): string {
  if (!dataLost || body.includes(dataLossSentences[dataLost])) return body;
  return `${body}\n\n${dataLossSentences[dataLost]}`;
}
