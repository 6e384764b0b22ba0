import { type Data, numberOf, textOf } from "./event-data.ts";
import type { Piece, Rule } from "./event-sentence.ts";

const strong = (text: string): Piece => ({ strong: text });
const wordOf = (data: Data) => (textOf(data, "kind") === "correction" ? "a correction" : "an update");
const askerOf = (data: Data) => textOf(data, "askedBy") || "somebody";
const reasonOf = (data: Data) => (textOf(data, "reason") ? [`: ${textOf(data, "reason")}`] : []);

/** `21 Nov, 10:24 UTC`: a line of the record, whatever zone its reader has chosen. */
function instantOf(data: Data): string {
  const at = new Date(textOf(data, "publishAt"));
  if (Number.isNaN(at.getTime())) return "";
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  return `${day}, ${at.toISOString().slice(11, 16)} UTC`;
}
function forTime(data: Data): Piece[] {
  const at = instantOf(data);
  return at ? [" for ", strong(at)] : [];
}

/** What the timeline says of updates before they are out, and of the time to the next one. */
export const plannedRules = {
  "update.planned": { sign: "◷", write: (who, data) => [who, ` scheduled ${wordOf(data)}`, ...forTime(data)] },
  "update.plan_changed": {
    sign: "◷",
    write: (who, data) => [who, ` changed ${wordOf(data)} that waits`, ...forTime(data)],
  },
  "update.plan_cancelled": {
    sign: "✕",
    write: (who, data) => [
      who,
      textOf(data, "from") === "scheduled" || textOf(data, "from") === "waiting" ? " took back " : " put away ",
      wordOf(data),
    ],
  },
  "update.approval_asked": {
    sign: "?",
    write: (_, data) => [
      strong(askerOf(data)),
      (numberOf(data, "version") ?? 1) > 1
        ? ` changed ${wordOf(data)} and asks for approval again`
        : ` asks for the approval of ${wordOf(data)}`,
    ],
  },
  "update.approved": {
    sign: "✓",
    tone: "ok",
    write: (who, data) => [who, ` approved ${wordOf(data)} of `, strong(askerOf(data))],
  },
  "update.approval_declined": {
    sign: "✕",
    tone: "warn",
    write: (who, data) => [who, ` declined ${wordOf(data)} of `, strong(askerOf(data)), ...reasonOf(data)],
  },
  "update.approval_bypassed": {
    sign: "!",
    tone: "warn",
    write: (who, data) => [who, ` let ${wordOf(data)} out `, strong("without approval"), ...reasonOf(data)],
  },
  "update.approval_lifted": {
    sign: "✓",
    write: (_, data) => ["At this severity nobody has to approve ", wordOf(data), " of ", strong(askerOf(data))],
  },
  "update.refused": {
    sign: "!",
    tone: "bad",
    write: (_, data) => [strong("A scheduled update was not published"), ...reasonOf(data)],
  },
  "update.overdue": {
    sign: "!",
    tone: "warn",
    write: (_, data) => {
      const minutes = numberOf(data, "minutes") ?? 0;
      return [strong("The next update is due"), ...(minutes > 0 ? [`, for ${minutes} min`] : [])];
    },
  },
  "update.pace_changed": {
    sign: "◷",
    write: (who, data) => [
      who,
      textOf(data, "pace") === "long" ? " slowed the updates down" : " brought the updates back",
      `: one every ${numberOf(data, "minutes") ?? 0} min`,
    ],
  },
} satisfies Record<string, Rule>;
