/** The life of an incident, in order; `declined` and `merged` are the two other ends of triage. */
export const incidentStatuses = [
  "triage",
  "investigating",
  "identified",
  "monitoring",
  "resolved",
  "closed",
  "declined",
  "merged",
] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

/** Statuses in which somebody still works on it. */
export const openStatuses = ["triage", "investigating", "identified", "monitoring"] as const;
/** Statuses that change freely into one another once accepted. */
export const activeStatuses = ["investigating", "identified", "monitoring"] as const;
export type ActiveStatus = (typeof activeStatuses)[number];

/** Worst first. */
export const severities = ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"] as const;
export type Severity = (typeof severities)[number];

/** What each severity means, shown where one is chosen. */
export const severityMeanings: Record<Severity, { name: string; meaning: string }> = {
  SEV1: { name: "Critical", meaning: "Most customers cannot use a core service, or data is at risk." },
  SEV2: { name: "Major", meaning: "A core service is badly degraded, or many customers are affected." },
  SEV3: { name: "Moderate", meaning: "Part of a service fails, or a few customers are affected; a workaround exists." },
  SEV4: { name: "Minor", meaning: "Small or cosmetic; work goes on in office hours." },
  SEV5: { name: "Notice", meaning: "No impact yet; worth watching." },
};

export const incidentModes = ["live", "drill", "retrospective"] as const;
export type IncidentMode = (typeof incidentModes)[number];
export const visibilities = ["public", "private"] as const;
export type Visibility = (typeof visibilities)[number];

/** A title fits one line of a list and a Slack header (150). */
export const TITLE_LENGTH_MAX = 150;
/** Summary, impact and hypothesis are paragraphs, not documents; notes are for those. */
export const PROSE_LENGTH_MAX = 4_000;
export const LINKS_MAX = 20;
export const SERVICES_PER_INCIDENT_MAX = 20;
export const REASON_LENGTH_MAX = 500;

/** Why most triage incidents are none; words of one's own go behind. */
export const declineReasons = [
  "Nothing is wrong",
  "Known and expected",
  "Planned work",
  "A test",
  "Over by itself",
  "Not ours",
] as const;

/** True while somebody still works on it. */
export function isOpen(status: IncidentStatus): boolean {
  return (openStatuses as readonly string[]).includes(status);
}
