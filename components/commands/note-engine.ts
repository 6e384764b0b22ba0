/** What the note field loads when it is first used: suggestions, and the way to run a line. */
export { planOfLine } from "./commands.ts";
export { knownDirectory, readDirectory } from "./directory.ts";
export { OptionList, optionId } from "./option-list.tsx";
export { runPlan, undoable } from "./run-plan.ts";
export { suggest } from "./suggest.ts";
