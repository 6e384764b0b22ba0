/** What stands in the note field: a note, or a command with what follows its name. */
export type Line = { kind: "note"; body: string } | { kind: "command"; name: string; argument: string };

/** A name and nothing else, or a name and white space: `/var/log` is a path, not a command. */
const COMMAND = /^\/([a-z]+(?:-[a-z]+)*)(?:\s+([\s\S]*))?$/i;

/** Reads the note field. Two slashes at the beginning are one that is meant; anything else that is no command is a note as it stands. Pure. */
export function parseLine(text: string): Line {
  if (text.startsWith("//")) return { kind: "note", body: text.slice(1) };
  const [, name, argument = ""] = COMMAND.exec(text) ?? [];
  if (name === undefined) return { kind: "note", body: text };
  return { kind: "command", name: name.toLowerCase(), argument: argument.trim() };
}

/** A note's text as it is typed so that it stays a note. Pure. */
export function asNote(body: string): string {
  return body.startsWith("//") || parseLine(body).kind === "command" ? `/${body}` : body;
}
