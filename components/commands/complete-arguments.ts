import { severities, severityMeanings } from "#/server/incidents/shared/lists.ts";
import type { Argument, Completion } from "./command.ts";
import { plain } from "./read-arguments.ts";

/** Those whose beginning is typed, as whole arguments. */
export function begun(text: string, all: readonly Completion[]): Completion[] {
  return all.filter((each) => plain(each.label).startsWith(plain(text.trim())));
}

/** One of the severities, with what each means. */
export const severityArgument: Argument = {
  hint: "SEV1 … SEV5",
  question: "Which severity?",
  isOptional: false,
  complete: (text) =>
    severities
      .filter((each) => each.endsWith(text.trim()) || each.startsWith(text.trim().toUpperCase()))
      .map((each) => ({
        text: each,
        label: each,
        detail: `${severityMeanings[each].name}. ${severityMeanings[each].meaning}`,
        isWhole: true,
      })),
};
