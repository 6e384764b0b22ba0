import type { Center } from "./command-center.tsx";
import { commandOf } from "./commands.ts";
import { knownDirectory } from "./directory.ts";
import { runPlan, undoable } from "./run-plan.ts";

/** Runs a command by its id: at once when it needs nothing, else the palette asks. Answers with what went wrong, or null. */
export async function startCommand(id: string, center: Center): Promise<string | null> {
  const world = { ...center.world(), ...knownDirectory(), undoable: undoable() };
  const command = commandOf(id, world);
  if (!command) return null;
  // What opens a dialog asks there; everything else with a question asks in the palette.
  const plan = command.plan("", world);
  if (command.argument && plan.kind !== "show") {
    center.openPalette(id);
    return null;
  }
  return runPlan(plan, center.acts);
}
