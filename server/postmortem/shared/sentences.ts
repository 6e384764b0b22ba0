import type { EventType } from "#/server/events/index.ts";

/** What a sentence needs of an event. */
export type EventLine = { type: string; actorName: string; data: Record<string, unknown> };

type Words = (actor: string, data: (key: string) => string) => string;

const and = (before: string, value: string) => (value ? `${before}${value}` : "");
const fieldNames: Record<string, string> = {
  impactText: "the impact",
  hypothesis: "the current theory",
  summary: "the summary",
  services: "the services",
  links: "the links",
  times: "the times",
  title: "the title",
  type: "the type",
  customFields: "the custom fields",
  nextUpdateDueAt: "the next update's time",
  impactStartedAt: "the start of the impact",
  detectedAt: "the time of detection",
  acknowledgedAt: "the time of acknowledgement",
  mitigatedAt: "the time of mitigation",
  impactEndedAt: "the end of the impact",
};
const fieldWords = (names: string) =>
  names
    .split(", ")
    .map((name) => fieldNames[name] ?? name)
    .join(", ");

const plannedWord = (kind: string) => (kind === "correction" ? "a correction" : "an update");
const taskChanges: Record<string, string> = {
  cancelled: "cancelled",
  reopened: "took up again",
  released: "freed",
  renamed: "renamed",
  "time box": "changed the time for",
};
const changedTask = (what: string) => taskChanges[what] ?? "changed";

const sentences: Record<EventType, Words> = {
  "incident.triaged": (_, data) => `Opened in triage${and(": ", data("title"))}`,
  "incident.declared": (actor, data) => `${actor} declared the incident${and(" as ", data("severity"))}`,
  "incident.accepted": (actor, data) => `${actor} accepted the incident${and(" as ", data("severity"))}`,
  "incident.declined": (actor, data) => `${actor} declined the incident${and(": ", data("reason"))}`,
  "incident.merged": (actor, data) => `${actor} merged it into ${data("reference") || "another incident"}`,
  "incident.absorbed": (actor, data) =>
    `${actor} merged ${data("reference") || "another incident"}${and(", ", data("title"))}, into it`,
  "incident.unmerged": (actor) => `${actor} undid the merge`,
  "incident.split": (actor, data) => `${actor} took ${data("reference") || "an incident"} out of it`,
  "incident.status_changed": (actor, data) => `${actor} set the status to ${data("to")}`,
  "incident.severity_changed": (actor, data) =>
    `${actor} set the severity to ${data("to") || "none"}${and(", before ", data("from"))}`,
  "incident.changed": (actor, data) => `${actor} changed ${fieldWords(data("fields")) || "the status board"}`,
  "incident.visibility_changed": (actor, data) => `${actor} made the incident ${data("to")}`,
  "incident.member_added": (actor, data) => `${actor} let ${data("name") || "somebody"} see it`,
  "incident.member_removed": (actor, data) => `${actor} took the sight of it from ${data("name") || "somebody"}`,
  "incident.resolved": (actor, data) => `${actor} resolved the incident${and(": ", data("summary"))}`,
  "incident.reopened": (actor) => `${actor} reopened the incident`,
  "incident.closed": (actor) => `${actor} closed the incident`,
  "alert.attached": (_, data) =>
    `${data("name") || data("alertTitle") || "An alert"}${and(" and ", data("more"))} fired${and(" on ", data("service"))}`,
  "alert.detached": (actor, data) => `${actor} detached the alert${and(" ", data("alertTitle"))}`,
  "alert.resolved": (_, data) =>
    `${data("name") || data("alertTitle") || "An alert"}${and(" and ", data("more"))} resolved`,
  "alert.noted": (actor, data) => `${actor} on the alert${and(" ", data("alertTitle"))}${and(": ", data("text"))}`,
  "alert.acknowledged": (actor, data) => `${actor} acknowledged the alert${and(" ", data("alertTitle"))}`,
  "alert.flapping": (_, data) => `${data("name") || data("alertTitle") || "An alert"} began to flap`,
  "alert.held": (_, data) => `${data("name") || data("alertTitle") || "An alert"} fired again after the end`,
  "incident.resolve_proposed": () => "All alerts had ended",
  "role.claimed": (actor, data) => `${actor} took the role ${data("role")}`,
  "role.assigned": (actor, data) => `${actor} gave the role ${data("role")} to ${data("holderName") || "somebody"}`,
  "role.offered": (actor, data) => `${actor} offered the role ${data("role")} to ${data("holderName") || "somebody"}`,
  "role.accepted": (actor, data) => `${actor} accepted the role ${data("role")}${and(" from ", data("from"))}`,
  "role.taken_over": (actor, data) =>
    `${actor} took over the role ${data("role")}${and(" from ", data("from"))}${and(": ", data("reason"))}`,
  "role.released": (actor, data) => `${actor} gave up the role ${data("role")}`,
  "role.declined": (_, data) =>
    `${data("holderName") || "Somebody"} declined the role ${data("role")}${and(": ", data("reason"))}`,
  "role.withdrawn": (actor, data) =>
    `${actor} took the offer of the role ${data("role")} back${and(" from ", data("holderName"))}`,
  "role.unfilled": (_, data) => `Nobody had the role ${data("role")} for ${data("minutes")} minutes`,
  "task.created": (actor, data) => `${actor} added the task “${data("title")}”${and(" for ", data("owner"))}`,
  "task.done": (actor, data) => `${actor} finished the task “${data("title")}”`,
  "task.changed": (actor, data) => `${actor} ${changedTask(data("what"))} the task “${data("title")}”`,
  "task.assigned": (actor, data) =>
    data("owner") === actor
      ? `${actor} took the task “${data("title")}”`
      : `${actor} gave ${data("owner") || "somebody"} the task “${data("title")}”`,
  "task.acknowledged": (actor, data) => `${actor} has the task “${data("title")}”`,
  "task.overdue": (_, data) =>
    data("owner")
      ? `${data("owner")}'s time for the task “${data("title")}” was over`
      : `The time for the task “${data("title")}” was over, and nobody had it`,
  "runbook.tasks_made": (actor, data) => `${actor} made tasks from ${data("runbook") || "a runbook"}: ${data("count")}`,
  "runbook.tasks_undone": (actor, data) =>
    `${actor} took back tasks from ${data("runbook") || "a runbook"}: ${data("count")}`,
  "update.published": (actor, data) => `${actor} published an update${and(": ", data("status"))}`,
  "update.corrected": (actor) => `${actor} corrected an update`,
  "update.planned": (actor, data) => `${actor} scheduled ${plannedWord(data("kind"))} for ${data("publishAt")}`,
  "update.plan_changed": (actor, data) => `${actor} changed ${plannedWord(data("kind"))} that was scheduled`,
  "update.plan_cancelled": (actor, data) => `${actor} took back ${plannedWord(data("kind"))}`,
  "update.approval_asked": (_, data) => `${data("askedBy")} asked for the approval of ${plannedWord(data("kind"))}`,
  "update.approved": (actor, data) => `${actor} approved ${plannedWord(data("kind"))} of ${data("askedBy")}`,
  "update.approval_declined": (actor, data) =>
    `${actor} declined ${plannedWord(data("kind"))} of ${data("askedBy")}${and(": ", data("reason"))}`,
  "update.approval_bypassed": (actor, data) =>
    `${actor} let ${plannedWord(data("kind"))} out without approval${and(": ", data("reason"))}`,
  "update.approval_lifted": (_, data) =>
    `The severity changed, and nobody had to approve ${plannedWord(data("kind"))} of ${data("askedBy")} any more`,
  "update.refused": (_, data) => `A scheduled update was not published${and(": ", data("reason"))}`,
  "update.overdue": (_, data) =>
    `The next update was due${Number(data("minutes")) > 0 ? ` for ${data("minutes")} minutes` : ""}`,
  "update.pace_changed": (actor, data) => `${actor} changed how often people hear: every ${data("minutes")} minutes`,
  "delivery.edited": (actor, data) =>
    `${actor} changed a message of an update for ${data("channel")} and sent it again`,
  "people.seen": (actor) => `${actor} looked at it`,
  "source.told": (_, data) => data("text") || "The source was told that it is over",
  "people.told": (_, data) => data("text") || "People were told",
  "person.invited": (actor, data) =>
    `${actor} asked ${data("name") || "somebody"} to come${and(": ", data("message"))}`,
  "person.joined": (_, data) => `${data("name") || "Somebody"} came`,
  "person.declined": (_, data) => `${data("name") || "Somebody"} could not come${and(": ", data("reason"))}`,
  "change.suspected": (actor, data) => `${actor} suspected ${data("title")}${and(", ", data("reason"))}`,
  "change.cleared": (actor, data) => `${actor} suspected ${data("title")} no more`,
  "service.brought": (_, data) =>
    `${data("service")} is affected${and(": ", data("brought"))}${and("; its owner is ", data("owner"))}`,
  "postmortem.opened": () => "The postmortem was opened",
  "slack.channel_opened": (actor, data) => `${actor} opened the Slack channel${and(" ", data("name"))}`,
  "slack.channel_archived": (actor, data) => `${actor} archived the Slack channel${and(" ", data("name"))}`,
};

function wordOf(data: Record<string, unknown>, key: string): string {
  const value = data[key];
  if (key === "more" && Array.isArray(value)) return `${value.length} more`;
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string").join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** An event in plain words, without its time. An event of a later version is named by its type. Pure. */
export function sentenceOf(event: EventLine): string {
  const words = (sentences as Record<string, Words | undefined>)[event.type];
  return words ? words(event.actorName, (key) => wordOf(event.data, key)) : `${event.actorName}: ${event.type}`;
}
