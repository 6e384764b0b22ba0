import type { BriefView } from "./contract.ts";

const time = (at: string) => `${at.slice(11, 16)} UTC`;
const bullets = (lines: readonly string[], none: string) =>
  lines.length > 0 ? lines.map((line) => `- ${line}`).join("\n") : none;
/** Somebody's text inside one line of ours. */
const line = (text: string) => text.replaceAll(/\s+/g, " ").trim();

/** A brief as Markdown, most urgent first. Pure. */
export function briefMarkdown(brief: Omit<BriefView, "markdown">): string {
  const { severity, status, services } = brief;
  const board = [
    `**${severity ?? "No severity yet"}** · ${status} · since ${time(brief.declaredAt)}`,
    services.length > 0 ? `Services: ${services.join(", ")}` : "",
    brief.alertsFiring > 0 ? `Alerts firing: ${brief.alertsFiring}` : "",
    `Impact: ${brief.impact || "not written yet"}`,
    `Theory: ${brief.theory || "none yet"}`,
    brief.summary,
  ];
  const people = [
    ...brief.roles.map(({ role, holder }) => `${role}: ${holder}`),
    ...brief.missingRoles.map((role) => `${role}: **nobody**`),
  ];
  const tasks = brief.tasks.map(({ title, owner, dueAt, isOverdue }) => {
    const due = dueAt ? (isOverdue ? `, **over since ${time(dueAt)}**` : `, due ${time(dueAt)}`) : "";
    return `${line(title)} (${owner ?? "nobody"}${due})`;
  });
  const due = brief.nextUpdateDueAt
    ? `The next one is due at ${time(brief.nextUpdateDueAt)}.`
    : "No next one is promised.";
  const updates = brief.updates.map(({ at, status: said, by, body }) => `${time(at)} ${said}, ${by}: ${line(body)}`);
  const parts = [
    `# ${brief.reference} ${line(brief.title)}`,
    board.filter(Boolean).join("\n\n"),
    `## Who does what\n\n${bullets(people, "Nobody has a role yet.")}\n\nHere now: ${brief.here.join(", ") || "nobody"}`,
    `## Open tasks\n\n${bullets(tasks, "None.")}`,
    `## Updates\n\n${due}\n\n${bullets(updates, "None was published yet.")}`,
    `## What happened last\n\n${bullets(
      brief.events.map(({ at, text }) => `${time(at)} ${line(text)}`),
      "Nothing yet.",
    )}`,
  ];
  return `${parts.join("\n\n")}\n`;
}
