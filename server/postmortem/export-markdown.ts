import type { FileView } from "#/server/files/contract.ts";
import type { ActionItemView } from "./contract.ts";
import type { IncidentFacts } from "./facts.ts";
import { withFileLinks } from "./file-links.ts";
import type { ContentNode } from "./shared/content.ts";
import { durationText, utcInstant } from "./shared/format.ts";
import { type PostmortemState, postmortemStateNames } from "./shared/lists.ts";
import { ACTION_ITEMS_HEADING } from "./template.ts";
import { markdownText, toMarkdown } from "./to-markdown.ts";

type Exported = {
  facts: IncidentFacts;
  state: PostmortemState;
  content: ContentNode;
  actionItems: readonly ActionItemView[];
  files: readonly FileView[];
  /** Where links to files lead. */
  publicUrl: string;
};

function header({ facts, state }: Exported): string {
  const { incident, durations, services } = facts;
  const lines = [
    `Incident: ${incident.reference}`,
    `Severity: ${incident.severity ?? "not chosen"}`,
    `Status: ${incident.status}`,
    ...(services.length > 0 ? [`Services: ${services.map(markdownText).join(", ")}`] : []),
    ...(incident.impactStartedAt ? [`Impact started: ${utcInstant(incident.impactStartedAt)}`] : []),
    `Declared: ${utcInstant(incident.declaredAt)}`,
    ...(incident.mitigatedAt ? [`Mitigated: ${utcInstant(incident.mitigatedAt)}`] : []),
    `Resolved: ${incident.resolvedAt ? utcInstant(incident.resolvedAt) : "—"}`,
    ...durations.map(
      (duration) => `${duration.name}: ${durationText(duration.ms)} (${duration.from} to ${duration.to})`,
    ),
    `Postmortem: ${postmortemStateNames[state]}`,
  ];
  return `# ${incident.reference}: ${markdownText(incident.title)}\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
}

/** One action item as a line of a task list. */
function itemLine(item: ActionItemView): string {
  const details = [
    item.owner ? markdownText(item.owner.name) : "no owner",
    ...(item.dueOn ? [`due ${item.dueOn}`] : []),
  ];
  return `- [${item.doneAt ? "x" : " "}] ${markdownText(item.title)} (${details.join(", ")})`;
}

/** The whole postmortem as one Markdown file: what it is about, its text, and the action items where they belong. Pure. */
export function exportMarkdown(exported: Exported): string {
  const items = exported.actionItems.map(itemLine).join("\n");
  const { files, publicUrl } = exported;
  const content = withFileLinks(exported.content, { incidentId: exported.facts.incident.id, files, publicUrl });
  let isPrinted = items === "";
  const body = toMarkdown(content, (title) => {
    if (isPrinted || title.toLowerCase() !== ACTION_ITEMS_HEADING.toLowerCase()) return "";
    isPrinted = true;
    return items;
  });
  const rest = isPrinted ? "" : `\n## ${ACTION_ITEMS_HEADING}\n\n${items}\n`;
  return `${header(exported)}\n\n${body}${rest}`;
}
