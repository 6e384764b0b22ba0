import { EMAIL_LENGTH_MAX, EMAIL_PATTERN } from "#/server/access/shared/email.ts";

/** Who hears of a triage incident, as one line of a tell list. */
export const tellKinds = ["email", "slack", "webhook", "pagerduty", "opsgenie"] as const;
export type TellKind = (typeof tellKinds)[number];
export type TellTarget = { kind: TellKind; to: string; region: "us" | "eu" };

/** A longer list is a mailing list's job. */
export const TELL_TARGETS_MAX = 50;
/** Addresses of webhooks may carry long keys. */
export const TELL_TARGET_LENGTH_MAX = 1_000;
/** What stands for the hidden part of a key. */
const HIDDEN = "…";
const SHOWN_OF_KEY = 4;

const shapes: Record<TellKind, { pattern: RegExp; wanted: string }> = {
  email: { pattern: EMAIL_PATTERN, wanted: "email:somebody@example.com" },
  slack: { pattern: /^(#[^\s#<>&]{1,80}|[CG][A-Z0-9]{6,20})$/, wanted: "slack:#channel, or the channel's id" },
  webhook: { pattern: /^https?:\/\/[^\s]+$/, wanted: "webhook:https://example.com/hook" },
  pagerduty: { pattern: /^[A-Za-z0-9]{20,64}$/, wanted: "pagerduty:<routing key>, with @eu for the EU region" },
  opsgenie: { pattern: /^[A-Za-z0-9-]{20,64}$/, wanted: "opsgenie:<API key>, with @eu for the EU region" },
};

function isKind(word: string): word is TellKind {
  return (tellKinds as readonly string[]).includes(word);
}

function split(text: string): { kind: string; to: string } {
  const line = text.trim();
  const colon = line.indexOf(":");
  const word = line.slice(0, Math.max(colon, 0)).toLowerCase();
  if (isKind(word)) return { kind: word, to: line.slice(colon + 1).trim() };
  if (line.startsWith("#")) return { kind: "slack", to: line };
  if (/^https?:\/\//.test(line)) return { kind: "webhook", to: line };
  return { kind: line.includes("@") && colon < 0 ? "email" : word, to: line };
}

/** A line as its target, or what is wrong with it. A bare address, #channel or URL says its kind itself. Pure. */
export function parseTellTarget(text: string): TellTarget | { problem: string } {
  const { kind, to } = split(text);
  if (!isKind(kind)) return { problem: `This begins with none of ${tellKinds.map((word) => `${word}:`).join(", ")}.` };
  const isKey = kind === "pagerduty" || kind === "opsgenie";
  const isEu = isKey && to.toLowerCase().endsWith("@eu");
  const target: TellTarget = { kind, to: isEu ? to.slice(0, -3) : to, region: isEu ? "eu" : "us" };
  const isFit = shapes[kind].pattern.test(target.to) && (kind !== "email" || target.to.length <= EMAIL_LENGTH_MAX);
  if (!isFit || (kind === "webhook" && !URL.canParse(target.to))) {
    return { problem: `This is not what it begins as; it looks like ${shapes[kind].wanted}.` };
  }
  return target;
}

/** A target as its line, with everything in it. Pure. */
export function tellLine({ kind, to, region }: TellTarget): string {
  return `${kind}:${to}${region === "eu" ? "@eu" : ""}`;
}

/** A target as people may see it: of keys and of webhooks' addresses only the end. Pure. */
export function maskedTellLine(target: TellTarget): string {
  const { kind, to, region } = target;
  if (kind === "email" || kind === "slack") return tellLine(target);
  const end = `${HIDDEN}${to.slice(-SHOWN_OF_KEY)}${region === "eu" ? "@eu" : ""}`;
  return kind === "webhook" ? `webhook:${new URL(to).origin}/${end}` : `${kind}:${end}`;
}

/** True for a line that was shown with its key hidden: it stands for the target that is kept. Pure. */
export function isMaskedTellLine(line: string): boolean {
  return line.includes(HIDDEN);
}
