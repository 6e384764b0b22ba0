import type { EventType } from "#/server/events/event-types.ts";
import { channelsOf, type Data, fieldsOf, inWords, listOf, numberOf, sentenceCase, textOf } from "./event-data.ts";

import { plannedRules } from "./planned-sentences.ts";

/** A piece of a sentence; `strong` pieces stand out. */
export type Piece = string | { strong: string };
export type SentenceTone = "plain" | "bad" | "ok" | "warn";
export type Sentence = {
  /** In front of it; decoration only. */
  sign: string;
  tone: SentenceTone;
  pieces: Piece[];
};
/** What a sentence is made of: who did it, the event's kind and its data. */
export type SentenceSource = { type: string; actor: { name: string }; data: Data };

type Writer = (who: Piece, data: Data) => Piece[];
export type Rule = { sign: string; tone?: SentenceTone; write: Writer };

const strong = (text: string): Piece => ({ strong: text });
/** `before text`, or nothing when there is no text. */
function after(before: string, text: string, isStrong = false): Piece[] {
  if (!text) return [];
  return isStrong ? [before, strong(text)] : [`${before}${text}`];
}
const reasonOf = (data: Data) => after(": ", textOf(data, "reason", "summary"));
const alertOf = (data: Data) => strong(textOf(data, "name", "alertTitle", "title") || "An alert");
/** The others of a storm that are in the same entry. */
function othersOf(data: Data): Piece[] {
  const count = Array.isArray(data.more) ? data.more.length : 0;
  return count === 0 ? [] : [" and ", strong(`${count} more alert${count === 1 ? "" : "s"}`)];
}
const roleOf = (data: Data) => strong(textOf(data, "role") || "a role");
const holderOf = (data: Data) => textOf(data, "holderName", "name");
const otherOf = (data: Data) => [
  ...after(" ", textOf(data, "reference"), true),
  ...after(" ", textOf(data, "title", "alertTitle")),
];

function fromTo(data: Data, words: (value: string) => string): Piece[] {
  const from = textOf(data, "from");
  const to = textOf(data, "to");
  return [...(from ? [" from ", strong(words(from))] : []), " to ", strong(to ? words(to) : "none")];
}

function told(data: Data): Piece[] {
  const text = textOf(data, "text");
  if (text) return [text];
  const emails = numberOf(data, "emails");
  const ways = channelsOf(data);
  if (textOf(data, "slack") || data.slack === true) ways.push("Slack");
  if (emails) ways.push(`${emails} e-mail${emails === 1 ? "" : "s"}`);
  const names = textOf(data, "name", "holderName");
  if (ways.length === 0 && !names) return ["Nobody was told: no channel is set up"];
  return [strong("People were told"), ...after(": ", inWords([...new Set([...(names ? [names] : []), ...ways])]))];
}

function published(data: Data): Piece[] {
  const status = textOf(data, "status");
  return [
    strong("Update published"),
    ...(status ? [", status ", strong(sentenceCase(status))] : []),
    ...after(" · ", inWords([...channelsOf(data), ...listOf(data, "audiences")])),
  ];
}

/** Dashboard Latency and runbook, because checkout is affected. Ada is its owner. */
function brought(data: Data): Piece[] {
  const service = strong(textOf(data, "service") || "a service");
  const things = inWords(listOf(data, "brought"));
  const owner = textOf(data, "owner");
  return [
    ...(things ? [strong(things.charAt(0).toUpperCase() + things.slice(1)), ", because "] : []),
    service,
    " is affected",
    ...(owner ? [", whose owner is ", strong(owner)] : []),
    ...after(". ", textOf(data, "left")),
  ];
}

const titleOf = (data: Data) => strong(textOf(data, "title") || "a task");
const nameOf = (who: Piece) => (typeof who === "string" ? who : who.strong);
const tasksIn = (data: Data) => {
  const count = numberOf(data, "count") ?? 0;
  return `${count} task${count === 1 ? "" : "s"}`;
};

function taskChanged(data: Data): Piece[] {
  const title = titleOf(data);
  const minutes = numberOf(data, "minutes");
  switch (textOf(data, "what") || textOf(data, "status")) {
    case "cancelled":
      return [" cancelled the task ", title];
    case "reopened":
      return [" took up the task ", title, " again"];
    case "released":
      return [" took the task ", title, " from its owner"];
    case "renamed":
      return [" renamed the task ", textOf(data, "from") || "a task", " to ", title];
    case "time box":
      if (minutes) return [` gave the task `, title, ` ${minutes} more minutes`];
      return [textOf(data, "dueAt") ? " set the time for the task " : " took the time limit off the task ", title];
    default:
      return [" changed the task ", title];
  }
}

/** Every kind of event has its sentence; a new kind does not compile without one. */
const rules: Record<EventType, Rule> = {
  "incident.triaged": {
    sign: "◇",
    tone: "warn",
    write: (_, data) => [strong("Opened in triage"), ...after(": ", textOf(data, "text", "reason", "rule"))],
  },
  "incident.declared": {
    sign: "●",
    write: (who, data) => [who, " declared the incident", ...after(" as ", textOf(data, "severity"), true)],
  },
  "incident.accepted": {
    sign: "✓",
    tone: "ok",
    write: (who, data) => [who, " accepted", ...after(" as ", textOf(data, "severity"), true)],
  },
  "incident.declined": { sign: "✕", write: (who, data) => [who, " declined", ...reasonOf(data)] },
  "incident.merged": { sign: "⇥", write: (who, data) => [who, " merged this into", ...otherOf(data)] },
  "incident.absorbed": { sign: "⇤", write: (who, data) => [who, " merged", ...otherOf(data), " into this"] },
  "incident.unmerged": { sign: "⇤", write: (who) => [who, " took this out of the merge"] },
  "incident.split": { sign: "⇥", write: (who, data) => [who, " took out", ...otherOf(data)] },
  "incident.status_changed": {
    sign: "◐",
    write: (who, data) => [who, " changed the status", ...fromTo(data, sentenceCase)],
  },
  "incident.severity_changed": {
    sign: "▲",
    write: (who, data) => [who, " changed the severity", ...fromTo(data, (value) => value)],
  },
  "incident.changed": {
    sign: "✎",
    write: (who, data) => {
      const fields = fieldsOf(data);
      const title = fields.length === 1 && fields[0] === "title" ? after(" to ", textOf(data, "to"), true) : [];
      return [who, ` changed ${fields.length > 0 ? `the ${inWords(fields)}` : "the incident"}`, ...title];
    },
  },
  "incident.visibility_changed": {
    sign: "◉",
    write: (who, data) => [who, " made the incident ", strong(textOf(data, "to") || "visible to others")],
  },
  "incident.member_added": { sign: "+", write: (who, data) => [who, " let in", ...after(" ", holderOf(data), true)] },
  "incident.member_removed": {
    sign: "−",
    write: (who, data) => [who, " removed", ...after(" ", holderOf(data), true)],
  },
  "incident.resolved": {
    sign: "✓",
    tone: "ok",
    write: (who, data) => [who, " resolved the incident", ...reasonOf(data)],
  },
  "incident.reopened": { sign: "↺", tone: "warn", write: (who, data) => [who, " reopened", ...reasonOf(data)] },
  "incident.closed": { sign: "■", write: (who) => [who, " closed the incident"] },
  "alert.attached": {
    sign: "◆",
    tone: "bad",
    write: (_, data) => [
      alertOf(data),
      ...after(" on ", textOf(data, "service")),
      ...othersOf(data),
      // Of the alert that opened the incident the line above has said why.
      ...(data.rule === "open-in-triage" ? [] : after(" · ", textOf(data, "text", "rule", "reason"))),
    ],
  },
  "alert.detached": { sign: "◇", write: (who, data) => [who, " detached ", alertOf(data)] },
  "alert.resolved": { sign: "●", tone: "ok", write: (_, data) => [alertOf(data), ...othersOf(data), " resolved"] },
  "alert.flapping": {
    sign: "≈",
    tone: "warn",
    write: (_, data) => [alertOf(data), " flaps: it fires and ends again and again"],
  },
  "alert.held": {
    sign: "◆",
    tone: "warn",
    write: (_, data) => [alertOf(data), " fired again after the end", ...after(" · ", textOf(data, "text"))],
  },
  "incident.resolve_proposed": {
    sign: "◐",
    tone: "ok",
    write: () => ["All alerts have ended: is the incident over?"],
  },
  "alert.acknowledged": { sign: "◆", write: (who, data) => [who, " acknowledged ", alertOf(data)] },
  "alert.noted": {
    sign: "◆",
    write: (who, data) => [who, " on ", alertOf(data), ...after(": ", textOf(data, "text"))],
  },
  "role.claimed": { sign: "☆", write: (who, data) => [who, " took ", roleOf(data)] },
  "role.assigned": {
    sign: "☆",
    write: (who, data) => [who, " made ", strong(holderOf(data) || "somebody"), " ", roleOf(data)],
  },
  "role.offered": {
    sign: "⇄",
    write: (who, data) => [who, " offered ", roleOf(data), ...after(" to ", holderOf(data), true)],
  },
  "role.accepted": {
    sign: "☆",
    write: (who, data) => [who, " accepted ", roleOf(data), ...after(" from ", textOf(data, "from"))],
  },
  "role.taken_over": {
    sign: "☆",
    tone: "warn",
    write: (who, data) => [
      who,
      " took over ",
      roleOf(data),
      ...after(" from ", textOf(data, "from")),
      ...reasonOf(data),
    ],
  },
  "role.released": { sign: "☆", write: (who, data) => [who, " released ", roleOf(data)] },
  "role.declined": {
    sign: "⇄",
    write: (_, data) => [
      strong(holderOf(data) || "Somebody"),
      " declined ",
      roleOf(data),
      ...after(": ", textOf(data, "reason")),
    ],
  },
  "role.withdrawn": {
    sign: "⇄",
    write: (who, data) => [who, " took the offer of ", roleOf(data), " back", ...after(" from ", holderOf(data), true)],
  },
  "role.unfilled": {
    sign: "!",
    tone: "warn",
    write: (_, data) => {
      const minutes = numberOf(data, "minutes");
      const pieces = textOf(data, "role") === "commander" ? [" commands"] : [" is ", roleOf(data)];
      return [strong("Nobody"), ...pieces, ...(minutes === null ? [] : [` for ${minutes} min`])];
    },
  },
  "task.created": {
    sign: "☐",
    write: (who, data) => [
      who,
      " added the task ",
      strong(textOf(data, "title")),
      ...after(" for ", textOf(data, "owner")),
    ],
  },
  "task.done": { sign: "☑", tone: "ok", write: (who, data) => [who, " finished ", strong(textOf(data, "title"))] },
  "task.changed": { sign: "☐", write: (who, data) => [who, ...taskChanged(data)] },
  "task.assigned": {
    sign: "☐",
    write: (who, data) => {
      const task = [" the task ", titleOf(data)];
      const owner = textOf(data, "owner");
      return nameOf(who) === owner ? [who, " took", ...task] : [who, " gave ", strong(owner || "somebody"), ...task];
    },
  },
  "task.acknowledged": { sign: "☐", write: (who, data) => [who, " has the task ", titleOf(data)] },
  "task.overdue": {
    sign: "!",
    tone: "bad",
    write: (_, data) => [
      ...(textOf(data, "owner") ? [strong(textOf(data, "owner"))] : []),
      textOf(data, "owner") ? "'s time for " : "The time for ",
      titleOf(data),
      textOf(data, "owner") ? " is over" : " is over, and nobody has it",
    ],
  },
  "runbook.tasks_made": {
    sign: "☐",
    write: (who, data) => [who, ` made ${tasksIn(data)} from `, strong(textOf(data, "runbook") || "a runbook")],
  },
  "runbook.tasks_undone": {
    sign: "☐",
    write: (who, data) => [who, ` took back ${tasksIn(data)} from `, strong(textOf(data, "runbook") || "a runbook")],
  },
  "update.published": { sign: "↗", write: (_, data) => published(data) },
  "update.corrected": {
    sign: "↗",
    write: (who, data) => [who, " corrected an update", ...after(", status ", sentenceCase(textOf(data, "status")))],
  },
  ...plannedRules,
  "delivery.edited": {
    sign: "↗",
    write: (who, data) => [
      who,
      ` changed the ${inWords(fieldsOf(data)) || "message"} of what goes out by `,
      strong(inWords(channelsOf({ channels: [textOf(data, "channel")] })) || "a channel"),
      ", and sent it again",
    ],
  },
  "people.told": { sign: "↗", write: (_, data) => told(data) },
  "people.seen": { sign: "◉", write: (who) => [who, " looks at it"] },
  "source.told": {
    sign: "↗",
    write: (_, data) => [textOf(data, "text") || "The source is being told that it is over"],
  },
  "person.invited": {
    sign: "+",
    write: (who, data) => [
      who,
      " asked ",
      strong(textOf(data, "name") || "somebody"),
      " to come",
      ...after(" for ", textOf(data, "service")),
      ...after(": ", textOf(data, "message")),
    ],
  },
  "person.joined": { sign: "→", tone: "ok", write: (_, data) => [strong(textOf(data, "name") || "Somebody"), " came"] },
  "person.declined": {
    sign: "×",
    write: (_, data) => [
      strong(textOf(data, "name") || "Somebody"),
      " cannot come now",
      ...after(": ", textOf(data, "reason")),
    ],
  },
  "change.suspected": {
    sign: "↯",
    tone: "warn",
    write: (who, data) => [
      who,
      " suspects ",
      strong(textOf(data, "title") || "a change"),
      ...after(", ", textOf(data, "reason")),
      ...after(", by ", textOf(data, "by")),
    ],
  },
  "change.cleared": {
    sign: "↯",
    write: (who, data) => [who, " suspects ", strong(textOf(data, "title") || "a change"), " no more"],
  },
  "service.brought": { sign: "+", write: (_, data) => brought(data) },
  "postmortem.opened": { sign: "✎", write: (who) => [who, " opened the postmortem"] },
  "slack.channel_opened": {
    sign: "#",
    write: (who, data) => [who, " opened the Slack channel", ...after(" ", textOf(data, "name"), true)],
  },
  "slack.channel_archived": {
    sign: "#",
    write: (who, data) => [who, " archived the Slack channel", ...after(" ", textOf(data, "name"), true)],
  },
};

/** Every kind that has a sentence: all there are, or this file does not compile. */
export const knownTypes = Object.keys(rules) as readonly EventType[];

function isKnown(type: string): type is EventType {
  return Object.hasOwn(rules, type);
}

/** An event as a sentence. A kind that this page does not know yet is told by its name. Pure. */
export function sentenceOf({ type, actor, data }: SentenceSource): Sentence {
  const who = strong(actor.name);
  if (!isKnown(type)) return { sign: "●", tone: "plain", pieces: [who, `: ${sentenceCase(type.replace(".", " "))}`] };
  const { sign, tone = "plain", write } = rules[type];
  return { sign, tone, pieces: write(who, data) };
}

/** A sentence without its emphasis, for assistive technology. */
export function plainSentence(sentence: Sentence): string {
  return sentence.pieces.map((piece) => (typeof piece === "string" ? piece : piece.strong)).join("");
}
