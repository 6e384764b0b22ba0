import { settingsSections } from "#/components/settings/sections.ts";
import type { Command, World } from "./command.ts";

const anywhere = () => true;

function place(id: string, title: string, href: string, isOffered: Command["isOffered"] = anywhere): Command {
  return {
    id,
    title,
    group: "Go to",
    isOffered: (world) => world.path !== href && isOffered(world),
    plan: () => ({ kind: "go", href }),
  };
}

/** The reference in the address of an incident's pages. */
function referenceIn(path: string): string | null {
  return /^\/incidents\/([^/]+)/.exec(path)?.[1] ?? null;
}

function isPostmortem(world: World): boolean {
  return /^\/incidents\/[^/]+\/postmortem$/.test(world.path);
}

const addressOf = (path: string) => `${globalThis.location?.origin ?? ""}${path}`;

const ofThisIncident: readonly Command[] = [
  {
    id: "postmortem",
    title: "Go to postmortem",
    group: "Go to",
    isOffered: (world) => referenceIn(world.path) !== null && !isPostmortem(world),
    plan: (_, world) => ({ kind: "go", href: `/incidents/${referenceIn(world.path)}/postmortem` }),
  },
  {
    id: "room",
    title: "Go to the room",
    group: "Go to",
    isOffered: isPostmortem,
    plan: (_, world) => ({ kind: "go", href: `/incidents/${referenceIn(world.path)}` }),
  },
  {
    id: "copy-link",
    title: "Copy link",
    about: "The address of this page",
    group: "This page",
    isOffered: anywhere,
    plan: (_, { path, room }) => ({
      kind: "copy",
      text: addressOf(path),
      told: room ? `The link to ${room.incident.reference} is copied` : "The link is copied",
    }),
  },
  {
    id: "copy-entry",
    title: "Copy link to an entry",
    about: "The entry of the timeline that has the focus, else the newest",
    words: ["moment", "timeline"],
    group: "This page",
    isOffered: (world) => (world.room?.entries.length ?? 0) > 0,
    plan: (_, { path, room, entryId }) => ({
      kind: "copy",
      text: `${addressOf(path)}#t=${entryId ?? room?.entries.at(-1)?.id ?? ""}`,
      told: `The link to ${entryId ? "this" : "the newest"} entry is copied`,
    }),
  },
];

const ofThisPage: readonly Command[] = [
  {
    id: "note",
    title: "Add a note",
    group: "Timeline",
    isOffered: ({ room, me }) => room !== null && me.canWrite,
    plan: () => ({ kind: "show", what: "note" }),
  },
  {
    id: "undo",
    slash: "undo",
    title: "Undo the last command",
    about: "Takes back what you did last by a command",
    group: "This page",
    isOffered: (world) => world.undoable !== null,
    plan: () => ({ kind: "undo" }),
  },
  {
    id: "zone-utc",
    title: "Show times in UTC",
    words: ["time zone", "clock"],
    group: "This page",
    isOffered: anywhere,
    plan: () => ({ kind: "zone", zone: "utc" }),
  },
  {
    id: "zone-local",
    title: "Show local times",
    words: ["time zone", "clock"],
    group: "This page",
    isOffered: anywhere,
    plan: () => ({ kind: "zone", zone: "local" }),
  },
  ...(["dark", "light", "system"] as const).map(
    (theme): Command => ({
      id: `theme-${theme}`,
      title: theme === "system" ? "Theme of this device" : `${theme === "dark" ? "Dark" : "Light"} theme`,
      words: ["appearance", "colours", "theme"],
      group: "This page",
      isOffered: anywhere,
      plan: () => ({ kind: "theme", theme }),
    }),
  ),
  {
    id: "keys",
    title: "Keyboard shortcuts",
    words: ["keys", "help", "hotkeys"],
    group: "This page",
    isOffered: anywhere,
    plan: () => ({ kind: "keys" }),
  },
  {
    id: "sign-out",
    title: "Sign out",
    words: ["log out", "leave"],
    group: "This page",
    isOffered: anywhere,
    plan: () => ({ kind: "sign-out" }),
  },
];

/** Where one can go, and what concerns this page alone. */
export const placeCommands: readonly Command[] = [
  {
    ...place("declare", "Declare incident", "/incidents?declare=1", (world) => world.me.canWrite),
    words: ["new", "create", "open"],
    group: "This page",
  },
  place("go-incidents", "Incidents", "/incidents"),
  place("go-alerts", "Alerts", "/alerts"),
  {
    ...place("go-mutes", "Mutes", "/alerts/mutes"),
    about: "What keeps alerts quiet",
    words: ["maintenance", "silence"],
  },
  { ...place("go-noise", "Noise", "/alerts/noise"), about: "Which alert routes and sources cry wolf" },
  { ...place("go-maintenance", "Maintenance", "/maintenance"), about: "Planned work that people are told of" },
  {
    ...place("schedule-maintenance", "Schedule maintenance", "/maintenance/new", (world) => world.me.canWrite),
    words: ["maintenance", "plan", "window"],
    group: "This page",
  },
  place("go-settings", "Settings", "/settings"),
  ...settingsSections.map(({ href, label, about }) => ({
    ...place(`go${href.replaceAll("/", "-")}`, label, href, (world) => world.me.isAdmin),
    about,
    words: ["settings"],
  })),
  ...ofThisIncident,
  ...ofThisPage,
];
