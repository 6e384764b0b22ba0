import { utcMinute } from "./next-update.ts";

/** What a template can take from the board. The room's own title is no field: it never leaves the building. */
export const templateFields = [
  "components",
  "services",
  "impact",
  "summary",
  "severity",
  "started",
  "duration",
] as const;
export type TemplateField = (typeof templateFields)[number];

export const templateFieldHints: Record<TemplateField, string> = {
  components: "the components chosen in the composer, as Checkout and Search",
  services: "the services of the incident, by your own names",
  impact: "the board's impact",
  summary: "the board's summary",
  severity: "SEV1 to SEV5",
  started: "when the impact began, else when it was declared, as 10:02 UTC",
  duration: "how long it has lasted, as 45 min",
};

export type Board = {
  components: readonly string[];
  services: readonly string[];
  impactText: string;
  summary: string;
  severity: string | null;
  startedAt: Date;
  endedAt: Date | null;
};

/** `{{impact}}`, or `{{impact|words for when the board says nothing}}`. */
const FIELD = /\{\{\s*([a-z]+)\s*(?:\|([^{}\n]*))?\}\}/g;
/** Fields that hold whole sentences. */
const SENTENCES: readonly string[] = ["impact", "summary"];
const MINUTE_MS = 60_000;

/** `A`, `A and B`, `A, B and C`. Pure. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

function lasted(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

function valuesOf(board: Board, now: Date): Record<TemplateField, string> {
  return {
    components: listed(board.components),
    services: listed(board.services),
    impact: board.impactText.trim(),
    // Marks of Markdown would stand in a mail as they are typed.
    summary: board.summary.replace(/[*_`]/g, "").trim(),
    severity: board.severity ?? "",
    started: utcMinute(board.startedAt, now),
    duration: lasted((board.endedAt ?? now).getTime() - board.startedAt.getTime()),
  };
}

/** The names in a template that are no field, in their order. Pure. */
export function unknownFields(body: string): string[] {
  const known: readonly string[] = templateFields;
  return [...body.matchAll(FIELD)].flatMap(([, name = ""]) => (known.includes(name) ? [] : [name]));
}

/**
 * A template's text with what the board says. What the board does not say is the field's own words after `|`, else a
 * gap in brackets, `[impact]`, which the lint points at. Pure.
 */
export function fillTemplate(body: string, board: Board, now: Date): string {
  const values: Record<string, string> = valuesOf(board, now);
  return body
    .replace(FIELD, (_, name: string, fallback: string | undefined, at: number, whole: string) => {
      const value = values[name] || (fallback ?? `[${name}]`).trim();
      const rest = whole.slice(whole.indexOf("}}", at) + 2);
      const isSentence = SENTENCES.includes(name) && /^(\s+[\p{Lu}[{]|\s*$)/u.test(rest);
      return isSentence && /[\p{L}\p{N})]$/u.test(value) ? `${value}.` : value;
    })
    .trim();
}
