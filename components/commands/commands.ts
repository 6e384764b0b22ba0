import { changeCommands } from "./change-commands.ts";
import type { Command, Completion, Plan, World } from "./command.ts";
import { incidentCommands } from "./incident-commands.ts";
import { placeCommands } from "./place-commands.ts";
import { roleCommands, rosterCommands } from "./roster-commands.ts";
import { timelineCommands } from "./timeline-commands.ts";

/** Everything that can be done by a command. */
export const commands: readonly Command[] = [
  ...incidentCommands,
  ...rosterCommands,
  ...timelineCommands,
  ...changeCommands,
  ...placeCommands,
];

/** What this person may do here and now. */
export function offered(world: World): Command[] {
  return [...commands, ...roleCommands(world)].filter((command) => command.isOffered(world));
}

/** The offered command with this id, for keys and the palette's second step. */
export function commandOf(id: string, world: World): Command | null {
  return offered(world).find((command) => command.id === id) ?? null;
}

/** Those of the note field, in the order of the table. */
export function slashCommands(world: World): Command[] {
  return offered(world).filter((command) => command.slash !== undefined);
}

/** What a line of the note field asks for, or why nothing comes of it. */
export function planOfLine(name: string, argument: string, world: World): Plan {
  const command = commands.find((each) => each.slash === name);
  if (!command)
    return { kind: "refused", problem: `There is no command /${name}. Begin with // to write it as a note.` };
  if (!command.isOffered(world)) {
    const problem = `/${name} cannot be used here and now. Begin with // to write it as a note.`;
    return { kind: "refused", problem };
  }
  return command.plan(argument, world);
}

/** Whether Enter runs what is typed, rather than what is marked in the list. */
export function isComplete(command: Command, argument: string, world: World): boolean {
  const isEmpty = argument.trim() === "";
  if (isEmpty) return command.argument === undefined || command.argument.isOptional;
  return command.plan(argument.trim(), world).kind !== "refused";
}

/** The ways to go on with a command's argument. */
export function completionsOf(command: Command, argument: string, world: World): Completion[] {
  return command.argument?.complete(argument, world) ?? [];
}
