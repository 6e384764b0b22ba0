import type { Command, World } from "./command.ts";
import { slashCommands } from "./commands.ts";
import { rank } from "./fuzzy.ts";
import { completionOptions, firstMarked, type Group, type Option } from "./palette-options.ts";
import { peopleNamed } from "./people-completions.ts";
import { plain } from "./read-arguments.ts";

/** What the note field can be helped with, where its caret is. */
export type Suggestions = {
  /** The same while the same thing is being typed: Esc closes the list for as long. */
  key: string;
  label: string;
  groups: Group[];
  /** The option that is marked before any arrow, or -1. */
  marked: number;
  /** The field's text with this option in it, and where the caret is then. */
  take: (option: Option) => { text: string; caret: number };
  /** The line that this option is by itself, ready to be run; null when it is only a part. */
  lineOf: (option: Option) => string | null;
};

const COMMAND_START = /^\/([a-z-]*)$/i;
const COMMAND_LINE = /^\/([a-z-]+)\s([\s\S]*)$/i;
const MENTION = /(?:^|[\s(])@([\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]*)?)$/u;

function atEnd(text: string) {
  return { text, caret: text.length };
}

function slashOption(command: Command): Option {
  const { argument, slash } = command;
  return {
    key: command.id,
    label: `/${slash}${argument ? ` ${argument.isOptional ? `(${argument.hint})` : argument.hint}` : ""}`,
    ranges: [[0, (slash?.length ?? 0) + 1]],
    detail: command.about ? `${command.title} · ${command.about}` : command.title,
    choice: { kind: "command", command },
  };
}

function commandsFor(typed: string, world: World): Suggestions | null {
  const all = slashCommands(world);
  const begun = all.filter((command) => command.slash?.startsWith(typed.toLowerCase()));
  const found =
    begun.length > 0
      ? begun
      : rank(typed, all, ({ title, words = [] }) => ({ name: title, others: words })).map(({ item }) => item);
  if (found.length === 0) return null;
  const slashOf = ({ choice }: Option) => (choice.kind === "command" ? `/${choice.command.slash}` : "");
  return {
    key: "commands",
    label: "Commands",
    groups: [{ name: "Commands", options: found.map(slashOption) }],
    marked: 0,
    take: (option) => atEnd(`${slashOf(option)} `),
    lineOf: ({ choice }) => {
      if (choice.kind !== "command") return null;
      const { argument, slash } = choice.command;
      return argument && !argument.isOptional ? null : `/${slash}`;
    },
  };
}

function argumentsFor(name: string, argument: string, world: World): Suggestions | null {
  const command = slashCommands(world).find((each) => each.slash === name.toLowerCase());
  if (!command) return null;
  const options = completionOptions(command, argument, world);
  if (options.length === 0) return null;
  const question = command.argument?.question ?? command.title;
  const groups = [{ name: question, options }];
  const textOf = ({ choice }: Option) => (choice.kind === "completion" ? choice.completion.text : "");
  return {
    key: `/${name}`,
    label: question,
    groups,
    marked: firstMarked(groups, command, argument, world),
    take: (option) => atEnd(`/${name} ${textOf(option)} `),
    lineOf: (option) =>
      option.choice.kind === "completion" && option.choice.completion.isWhole ? `/${name} ${textOf(option)}` : null,
  };
}

function peopleFor(text: string, caret: number, world: World): Suggestions | null {
  const typed = MENTION.exec(text.slice(0, caret))?.[1];
  if (typed === undefined) return null;
  const from = caret - typed.length - 1;
  const people = peopleNamed(typed, world).filter(({ name }) => plain(name) !== plain(typed));
  if (people.length === 0) return null;
  const options = people.map(
    (person): Option => ({
      key: person.id,
      label: person.name,
      ranges: [],
      ...(world.here.has(person.id) && { detail: "here" }),
      choice: { kind: "completion", completion: { text: person.name, label: person.name, isWhole: false } },
    }),
  );
  return {
    key: `@${from}`,
    label: "People",
    groups: [{ name: "People", options }],
    marked: 0,
    take: (option) => {
      const before = `${text.slice(0, from)}@${option.label} `;
      return { text: before + text.slice(caret).replace(/^ /, ""), caret: before.length };
    },
    lineOf: () => null,
  };
}

/** How the note field can go on from its caret: a command's name, its argument, or a person after an `@`; null when there is nothing to help with. Pure. */
export function suggest(text: string, caret: number, world: World): Suggestions | null {
  if (caret === text.length) {
    const start = COMMAND_START.exec(text)?.[1];
    if (start !== undefined) return commandsFor(start, world);
    const [, name, argument] = COMMAND_LINE.exec(text) ?? [];
    const found = name !== undefined && argument !== undefined ? argumentsFor(name, argument, world) : null;
    if (found) return found;
  }
  return peopleFor(text, caret, world);
}
