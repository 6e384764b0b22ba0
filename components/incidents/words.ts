import type { IncidentStatus } from "#/server/incidents/shared/lists.ts";

/** What each status is called in the interface. */
export const statusWords: Record<IncidentStatus, string> = {
  triage: "Triage",
  investigating: "Investigating",
  identified: "Identified",
  monitoring: "Monitoring",
  resolved: "Resolved",
  closed: "Closed",
  declined: "Declined",
  merged: "Merged",
};

/** `1 alert`, `2 alerts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const sourceWords: Record<string, string> = {
  "prometheus-alertmanager": "Alertmanager",
  "generic-json": "JSON",
};

/** A source as people call it. */
export function sourceWord(source: string): string {
  return sourceWords[source] ?? source;
}
