import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { RUNBOOK_STEPS_MAX } from "./shared/lists.ts";

/** The steps that are still to do, each told apart from the others, and whether there are more than are taken. */
export type Checklist = { steps: string[]; isCut: boolean };

const ITEM = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const FENCE = /^\s*(?:```|~~~)/;
/** Beyond this no checklist is nested on purpose. */
const DEPTH_MAX = 8;

/** Words as a task shows them: emphasis and links' addresses go, code stays. */
function plain(markdown: string): string {
  return markdown
    .replace(/!?\[([^[\]]{1,300})\]\([^()\s]{0,2000}\)/g, "$1")
    .replace(/(\*\*|__)(\S(?:.{0,300}?\S)?)\1/g, "$2")
    .replace(/\s+/g, " ")
    .trim();
}

function clipped(text: string, lengthMax: number): string {
  const letters = Array.from(text);
  return letters.length <= lengthMax
    ? text
    : `${letters
        .slice(0, lengthMax - 1)
        .join("")
        .trimEnd()}…`;
}

/** A step that stands twice is two steps: the second says so. */
function toldApart(step: string, seen: Set<string>): string {
  let unique = clipped(step, TASK_TITLE_LENGTH_MAX);
  for (let n = 2; seen.has(unique); n += 1) {
    const sign = ` (${n})`;
    unique = `${clipped(step, TASK_TITLE_LENGTH_MAX - sign.length)}${sign}`;
  }
  seen.add(unique);
  return unique;
}

const indentOf = (space: string) => space.replaceAll("\t", "    ").length;

/**
 * The unticked boxes of a Markdown text, `- [ ] step`, in their order. Pure, and linear in the text's length.
 * A nested step carries the words of the items that it stands below; what is ticked, and what stands in a code block, is no step.
 */
export function checklistOf(markdown: string): Checklist {
  const steps: string[] = [];
  const seen = new Set<string>();
  let above: { indent: number; words: string }[] = [];
  let isCode = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (FENCE.test(line)) {
      isCode = !isCode;
      continue;
    }
    const [, space, box, text] = (isCode ? null : ITEM.exec(line)) ?? [];
    if (text === undefined || space === undefined) {
      // A heading or a paragraph at the margin ends the list; an indented line goes on with its item.
      if (!isCode && /^\S/.test(line)) above = [];
      continue;
    }
    const indent = indentOf(space);
    above = above.filter((item) => item.indent < indent).slice(-DEPTH_MAX);
    const words = plain(text);
    if (box === " " && words) {
      if (steps.length === RUNBOOK_STEPS_MAX) return { steps, isCut: true };
      steps.push(toldApart([...above.map((item) => item.words), words].join(": "), seen));
    }
    if (words) above.push({ indent, words: words.replace(/:$/, "") });
  }
  return { steps, isCut: false };
}
