import type { IncidentView, PersonView } from "#/server/incidents/contract.ts";
import type { RoomView } from "#/server/realtime/contract.ts";

/** All that commands know when they decide. Plain data, so that deciding is pure. */
export type World = {
  me: { id: string; name: string; canWrite: boolean; isAdmin: boolean };
  /** The address of the page. */
  path: string;
  /** The server's clock, in milliseconds. */
  now: number;
  /** The incident whose room this is, or null on other pages. */
  room: Pick<RoomView, "incident" | "entries" | "changes"> | null;
  /** The entry of the timeline that has the focus, or had it when the palette opened. */
  entryId: string | null;
  /** The ids of people who have the room open. */
  here: ReadonlySet<string>;
  people: readonly PersonView[];
  services: readonly { id: string; name: string }[];
  /** What an Undo would take back, in words, or null. */
  undoable: string | null;
};

/** One request to `/api/v1`. */
export type Call = { method: "post" | "put" | "patch" | "delete"; path: string; body?: unknown };

/** What the rest of the page can show. */
export type Shown = "note" | "update" | "holding" | "resolve";

/** What takes a change back, and what must still be so for that to be fair to others. */
export type Undo = {
  calls: (answers: readonly unknown[]) => Call[];
  /** Fields of the incident as this change left them; when one differs, somebody changed it since. */
  expects?: Partial<IncidentView>;
};

/** What a command will do. Nothing has happened yet. */
export type Plan =
  | { kind: "calls"; first: Call; second?: (answer: unknown) => Call; told: string; undo?: Undo }
  | { kind: "undo" }
  | { kind: "show"; what: Shown; text?: string }
  | { kind: "go"; href: string }
  | { kind: "copy"; text: string; told: string }
  | { kind: "theme"; theme: "dark" | "light" | "system" }
  | { kind: "zone"; zone: "utc" | "local" }
  | { kind: "keys" }
  | { kind: "sign-out" }
  /** It cannot be done so; says what to do instead. */
  | { kind: "refused"; problem: string };

/** One way to go on with an argument. */
export type Completion = {
  /** The whole argument, when this is chosen. */
  text: string;
  label: string;
  detail?: string;
  /** Nothing more is needed: choosing it runs the command. */
  isWhole: boolean;
};

export type Argument = {
  /** What to type, in few signs: `SEV1 … SEV5`. */
  hint: string;
  /** The question that the palette asks. */
  question: string;
  isOptional: boolean;
  complete: (text: string, world: World) => Completion[];
};

/** The table has one of these for each thing that can be done; the palette, the note field and the keys all read it. */
export type Command = {
  id: string;
  /** What the palette calls it. */
  title: string;
  /** What it does, in a sentence without its end. */
  about?: string;
  /** Its name in the note field, without the slash. */
  slash?: string;
  /** Other words that people look for it by. */
  words?: readonly string[];
  group: "Incident" | "Roster" | "Timeline" | "Go to" | "This page";
  argument?: Argument;
  /** Whether this person may do it here and now. The server decides again. */
  isOffered: (world: World) => boolean;
  /** Pure. */
  plan: (argument: string, world: World) => Plan;
};

export function refused(problem: string): Plan {
  return { kind: "refused", problem };
}
