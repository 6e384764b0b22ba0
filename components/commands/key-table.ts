/** What a key does: goes somewhere, runs a command of the table by its id, or acts on the page itself. */
export type KeyAct =
  | { kind: "go"; href: string }
  | { kind: "command"; id: string }
  | { kind: "slash" }
  | { kind: "step"; by: 1 | -1 }
  | { kind: "palette" }
  | { kind: "keys" };

export type KeyArea = "Everywhere" | "Room" | "Incidents in triage" | "Note field" | "Lists and menus";

export type KeyRow = {
  area: KeyArea;
  /** Pressed one after the other; several of them are alternatives in `keys`. */
  keys: readonly string[];
  does: string;
  /** Null for what a control does by itself while it has focus. */
  act: KeyAct | null;
};

/** ⌘ on a Mac, Ctrl elsewhere. */
export const MOD = "Mod";

/** Every key, by area: the keyboard map shows this, and the page listens by it. */
export const keyTable: readonly KeyRow[] = [
  { area: "Everywhere", keys: [`${MOD}+K`], does: "Search, or run a command", act: { kind: "palette" } },
  { area: "Everywhere", keys: ["?"], does: "Keyboard shortcuts", act: { kind: "keys" } },
  { area: "Everywhere", keys: ["g", "i"], does: "Incidents", act: { kind: "go", href: "/incidents" } },
  { area: "Everywhere", keys: ["g", "a"], does: "Alerts", act: { kind: "go", href: "/alerts" } },
  { area: "Everywhere", keys: ["g", "m"], does: "Maintenance", act: { kind: "go", href: "/maintenance" } },
  { area: "Everywhere", keys: ["g", "s"], does: "Settings", act: { kind: "go", href: "/settings" } },
  {
    area: "Everywhere",
    keys: ["g", "p"],
    does: "Postmortem of this incident",
    act: { kind: "command", id: "postmortem" },
  },
  { area: "Everywhere", keys: ["g", "r"], does: "Room of this incident", act: { kind: "command", id: "room" } },
  { area: "Everywhere", keys: ["Esc"], does: "Close what is open", act: null },
  { area: "Room", keys: ["n"], does: "Add a note", act: { kind: "command", id: "note" } },
  { area: "Room", keys: ["/"], does: "Add a note, beginning with a command", act: { kind: "slash" } },
  { area: "Room", keys: ["a"], does: "Accept, in triage", act: { kind: "command", id: "accept" } },
  { area: "Room", keys: ["m"], does: "Merge, in triage", act: null },
  { area: "Room", keys: ["d"], does: "Decline, in triage", act: null },
  {
    area: "Room",
    keys: ["c"],
    does: "Claim commander, while nobody is",
    act: { kind: "command", id: "claim-commander" },
  },
  { area: "Room", keys: ["s"], does: "Change status", act: { kind: "command", id: "status" } },
  { area: "Room", keys: ["v"], does: "Change severity", act: { kind: "command", id: "severity" } },
  { area: "Room", keys: ["t"], does: "Add task", act: { kind: "command", id: "task" } },
  { area: "Room", keys: ["u"], does: "Write an update", act: { kind: "command", id: "update" } },
  { area: "Room", keys: ["j"], does: "Next entry of the timeline", act: { kind: "step", by: 1 } },
  { area: "Room", keys: ["k"], does: "Entry before", act: { kind: "step", by: -1 } },
  { area: "Note field", keys: [`${MOD}+Enter`], does: "Add the note", act: null },
  { area: "Note field", keys: ["/"], does: "At the beginning: a command; // is a slash that is meant", act: null },
  { area: "Note field", keys: ["@"], does: "Name a person", act: null },
  { area: "Note field", keys: ["Tab"], does: "Complete what is marked in the list", act: null },
  { area: "Note field", keys: ["Enter"], does: "Run the command; in a note, a new line", act: null },
  { area: "Note field", keys: ["Esc"], does: "Close the list; then leave the field, for single keys", act: null },
  { area: "Incidents in triage", keys: ["j"], does: "Next one", act: null },
  { area: "Incidents in triage", keys: ["k"], does: "One before", act: null },
  { area: "Incidents in triage", keys: ["a"], does: "Accept the one with focus", act: null },
  { area: "Incidents in triage", keys: ["m"], does: "Merge it", act: null },
  { area: "Incidents in triage", keys: ["d"], does: "Decline it", act: null },
  { area: "Lists and menus", keys: ["/"], does: "Search the list of incidents or alerts", act: null },
  { area: "Lists and menus", keys: ["j"], does: "Next alert of the list", act: null },
  { area: "Lists and menus", keys: ["k"], does: "Alert before", act: null },
  { area: "Lists and menus", keys: ["↑", "↓"], does: "Move through a menu or a list of suggestions", act: null },
];

/** True when a key is a letter or sign by itself: such keys can be switched off. */
export function isSingle(row: KeyRow): boolean {
  return row.act !== null && !row.keys.some((key) => key.startsWith(MOD));
}

/** The keys of a command, for the palette. */
export function keysOf(commandId: string): readonly string[] | null {
  const row = keyTable.find(
    ({ act }) =>
      (act?.kind === "command" && act.id === commandId) ||
      (act?.kind === "go" && commandId === `go-${act.href.slice(1)}`) ||
      (act?.kind === "keys" && commandId === "keys"),
  );
  return row?.keys ?? null;
}

export type Pressed = { act: KeyAct } | { waitsFor: string } | null;

/** What a single key means, after another one or by itself. Only rows of these areas count. Pure. */
export function meaningOf(key: string, before: string | null, areas: readonly KeyArea[]): Pressed {
  const rows = keyTable.filter((row) => isSingle(row) && areas.includes(row.area));
  const wanted = before === null ? [key] : [before, key];
  const row = rows.find(
    (each) => each.keys.length === wanted.length && each.keys.every((one, at) => one === wanted[at]),
  );
  if (row?.act) return { act: row.act };
  if (before === null && rows.some((each) => each.keys.length > 1 && each.keys[0] === key)) return { waitsFor: key };
  return null;
}
