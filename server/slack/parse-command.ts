import { type Severity, severities } from "#/server/incidents/shared/lists.ts";
import { unescapeSlack } from "./plain-text.ts";

/** What can be asked for, with what people also call it. */
const verbs = {
  declare: ["new", "open"],
  update: ["publish"],
  status: ["st"],
  severity: ["sev"],
  role: ["claim"],
  who: ["roster", "people"],
  page: ["invite", "bring"],
  resolve: ["fixed"],
  channel: ["room"],
  help: ["?"],
} as const;
export type Verb = keyof typeof verbs;

export type Command = {
  verb: Verb;
  /** An incident that is named first: `INC-42`. */
  reference: string | null;
  /** What is left, still in Slack's form. */
  rest: string;
};

const REFERENCE = /^(INC-\d{1,9}|PRV-[A-Z]{6})\b[:,]?\s*/i;

/** A command's text taken apart; null for a word that nobody knows. Pure. */
export function parseCommand(text: string): Command | null {
  const [, word = "", after = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  const asked = word.toLowerCase();
  const verb =
    asked === "" ? "help" : (Object.keys(verbs) as Verb[]).find((one) => one === asked || isOther(one, asked));
  if (!verb) return null;
  const reference = REFERENCE.exec(after);
  return {
    verb,
    reference: reference?.[1]?.toUpperCase() ?? null,
    rest: (reference ? after.slice(reference[0].length) : after).trim(),
  };
}

function isOther(verb: Verb, asked: string): boolean {
  return (verbs[verb] as readonly string[]).includes(asked);
}

/** A severity that a text begins with, `sev1` or `SEV1:`, and what comes after it. Pure. */
export function takeSeverity(text: string): { severity: Severity | null; rest: string } {
  const found = /^(sev[1-5])\b[:,]?\s*/i.exec(text);
  const severity = severities.find((one) => one === found?.[1]?.toUpperCase()) ?? null;
  return { severity, rest: found ? text.slice(found[0].length) : text };
}

/** The first word of a text, and what comes after it. Pure. */
export function takeWord(text: string): { word: string; rest: string } {
  const [, word = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(text) ?? [];
  return { word: word.toLowerCase(), rest };
}

/** Somebody that a text begins with: by mention, by address, or by name before a colon; and what comes after. Pure. */
export type Named =
  | { by: "mention"; userId: string; rest: string }
  | { by: "email"; email: string; rest: string }
  | { by: "name"; name: string; rest: string };

export function takeNamed(text: string): Named | null {
  const mention = /^<@([A-Z0-9]+)(?:\|[^>]*)?>[:,]?\s*([\s\S]*)$/.exec(text);
  if (mention) return { by: "mention", userId: mention[1] ?? "", rest: mention[2] ?? "" };
  const email = /^(?:<mailto:)?([^\s<>|:]+@[^\s<>|:]+)(?:\|[^>]*>)?[:,]?\s*([\s\S]*)$/.exec(text);
  if (email) return { by: "email", email: email[1] ?? "", rest: email[2] ?? "" };
  const [before = "", ...after] = unescapeSlack(text).split(":");
  const name = before.trim().replace(/^@/, "");
  return name ? { by: "name", name, rest: after.join(":").trim() } : null;
}
