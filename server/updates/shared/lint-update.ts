import type { Audience, DataLoss, UpdateStatus } from "./lists.ts";
import { namedTime, saysNextUpdate, utcMinute } from "./next-update.ts";
import { withDataLoss } from "./words.ts";

/** What the lint looks at; `pageHost` is the one address that the public knows already. */
export type LintedUpdate = {
  status: UpdateStatus;
  audience: Audience;
  body: string;
  nextUpdateAt: Date | null;
  /** The answer that is said at the end of the text when the incident is resolved. */
  dataLost?: DataLoss | null | undefined;
  hasMajorOutage: boolean;
  pageHost?: string | undefined;
};
export type LintRule = "gap" | "impact" | "next" | "promise" | "progress" | "address" | "outage" | "data";
/** One thing that readers look for, or would take wrongly: whether it is well, and what to do. */
export type LintFinding = { rule: LintRule; isGood: boolean; text: string; help: string };

const IMPACT =
  /\b(affect\w*|impact\w*|unable|cannot|can ?not|can't|could not|couldn't|fail\w*|errors?|slow\w*|delay\w*|late|degraded|unavailable|down|interrupt\w*|intermittent\w*|missing|timeouts?|still works?|works? (again|normally|as usual)|not affected|no impact|customers|users|people|everyone|some (of|requests|payments|orders))\b/i;
const DATA =
  /\bdata\b[^.!?\n]*\b(lost|loss|safe|intact|missing)\b|\b(lost|loss of|no|without)\b[^.!?\n]*\bdata\b|\b(nothing|none) (was|is|has been) lost\b/i;
const WORK =
  "fix\\w*|resolv\\w*|repair\\w*|restor\\w*|recover\\w*|solv\\w*|done|complet\\w*|finish\\w*|over|back (?:up|to normal|online)|up and running|back";
const SOON =
  "(?:in|within|by|before) (?:the (?:next|end)|(?:about |around |roughly |approximately )?\\d|an? (?:few|couple|hour|minute)|half an hour|tonight|tomorrow|noon|midnight|today)|shortly|soon|any minute|momentarily|tonight|tomorrow|in no time";
/** Each sentence is looked at by itself: "fixed" and "in 20 minutes" of different sentences are no promise. */
const PROMISE = new RegExp(
  `\\b(?:eta|estimated time)\\b|\\b(?:will|should|expect\\w*|plan\\w*|going to|to be|hope\\w*|aim\\w*|anticipat\\w*)\\b.*\\b(?:${WORK})\\b.*\\b(?:${SOON})|\\b(?:${SOON}).*\\b(?:will|should|expect\\w*)\\b.*\\b(?:${WORK})\\b|\\b(?:fix|solution|resolution|recovery)\\b.*\\b(?:expected|planned|due|ready)\\b.*(?:${SOON})`,
  "i",
);
const PROGRESS = /\b(100|\d{1,2})([.,]\d)? ?(%|per ?cent\b)/i;

const IPV4 = /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b(?:\/\d{1,2}|:\d{2,5})?/;
const IPV6 =
  /(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:)+:(?:[0-9a-f]{1,4})?/i;
const INTERNAL_NAME =
  /\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:internal|local|localdomain|lan|corp|intra|intranet|home|svc|cluster|consul|private|amazonaws\.com|compute\.internal)\b/i;
/** `db-7`, `checkout-7f9c`, `ip-10-0-3-4`: how machines and pods are called. */
const MACHINE = /(?<![\w./@-])[a-z][a-z0-9]*(?:-[a-z0-9]+)*-(?:\d{1,4}|(?=[a-z]*\d)[a-z0-9]{4,10})(?![\w-])/g;
const MACHINE_KIND =
  /\b(?:web|app|db|sql|node|host|srv|server|vm|cache|redis|kafka|pod|worker|lb|proxy|mx|ns|k8s|etcd|mq)_?\d{1,4}\b/i;
const REGION = /^(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov)?-(?:north|south|east|west|central)[a-z]*-?\d?$/i;
const KNOWN_WORDS =
  /^(?:utf-\d+|sha-\d+|covid-\d+|sev-?\d|iso-\d+|top-\d+|level-\d|tier-\d|version-\d+|step-\d+|http-\d+|oauth-\d|tls-\d|ipv-\d)$/i;

/** The first host name or network address in a text, or null. Pure. */
export function addressIn(text: string, pageHost = ""): string | null {
  const said = pageHost ? text.replaceAll(pageHost, "") : text;
  const six = IPV6.exec(said);
  // 10:02:31 is a time of day.
  if (six && /[a-f]|::/i.test(six[0])) return six[0];
  const found = IPV4.exec(said) ?? INTERNAL_NAME.exec(said) ?? MACHINE_KIND.exec(said);
  if (found) return found[0];
  for (const [name] of said.matchAll(MACHINE)) if (!REGION.test(name) && !KNOWN_WORDS.test(name)) return name;
  return null;
}

/** What is still to be filled in: `[who is affected]`, `{{impact}}`; or null. Pure. */
export function gapIn(text: string): string | null {
  // A Markdown link is no gap.
  return /\[[^\][\n]{2,80}\](?!\()|\{\{[^{}\n]{1,80}\}\}/.exec(text)?.[0] ?? null;
}

/** A promise is made in fewer words, and looking for one takes much longer in more. */
const SENTENCE_LENGTH_MAX = 300;

function sentences(text: string): string[] {
  return text.split(/(?<=[.!?])\s+|\n+/).map((sentence) => sentence.slice(0, SENTENCE_LENGTH_MAX));
}

function nextFinding(update: LintedUpdate, now: Date): LintFinding {
  const named = namedTime(update.body);
  const chosen = update.nextUpdateAt?.toISOString().slice(11, 16);
  if (named && chosen && named !== chosen) {
    return {
      rule: "next",
      isGood: false,
      text: `The text says ${named}, the field ${chosen} UTC`,
      help: "Make both say the same, in UTC.",
    };
  }
  const isSaid = update.nextUpdateAt !== null || saysNextUpdate(update.body);
  return {
    rule: "next",
    isGood: isSaid,
    text: isSaid
      ? `Says when the next update comes${update.nextUpdateAt ? `: ${utcMinute(update.nextUpdateAt, now)}` : ""}`
      : "Does not say when the next update comes",
    help: isSaid ? "" : "Choose a time under “Next update at”; the sentence is added for you.",
  };
}

function endFinding({ body, dataLost }: LintedUpdate): LintFinding {
  const isSaid = DATA.test(withDataLoss(body, dataLost));
  return {
    rule: "data",
    isGood: isSaid,
    text: isSaid ? "Says whether data was lost" : "Does not say whether data was lost",
    help: isSaid ? "" : "Say it plainly, also when the answer is no: “No data was lost.”",
  };
}

function impactFinding(body: string): LintFinding {
  const isSaid = IMPACT.test(body);
  return {
    rule: "impact",
    isGood: isSaid,
    text: isSaid ? "Says who or what is affected" : "Does not say who or what is affected",
    help: isSaid ? "" : "Say what does not work for readers, and what still does.",
  };
}

/** What readers would take wrongly, each with a way out. */
function warnings({ body, audience, hasMajorOutage, pageHost }: LintedUpdate): LintFinding[] {
  const found: LintFinding[] = [];
  const warn = (rule: LintRule, text: string, help: string) => found.push({ rule, isGood: false, text, help });
  const gap = gapIn(body);
  if (gap) warn("gap", `“${gap}” is still to be filled in`, "Write what belongs there, or take it out.");
  const said = sentences(body).filter((sentence) => !saysNextUpdate(sentence));
  const promise = said.find((sentence) => PROMISE.test(sentence));
  if (promise) {
    warn(
      "promise",
      "Promises a time to fix",
      "Nobody knows it yet. Say what you are doing, and when people hear again.",
    );
  }
  const progress = PROGRESS.exec(said.join(" "))?.[0];
  if (progress) warn("progress", `“${progress}” reads like a promise of progress`, "Say what works now instead.");
  const address = audience === "public" ? addressIn(body, pageHost) : null;
  if (address) {
    warn(
      "address",
      `“${address}” looks like a host name or address`,
      "Name what readers know: the service, the region.",
    );
  }
  if (audience === "public" && !hasMajorOutage && /\boutages?\b/i.test(body)) {
    warn("outage", "“Outage” sounds as if nothing works", "Say “incident”, or what does not work.");
  }
  return found;
}

/**
 * What a text lacks or should not say, good findings first. It advises and forbids nothing; of an empty text there is
 * nothing to say. Pure.
 */
export function lintUpdate(update: LintedUpdate, now: Date): LintFinding[] {
  if (update.body.trim() === "") return [];
  const isEnd = update.status === "resolved";
  const looked = [impactFinding(update.body), isEnd ? endFinding(update) : nextFinding(update, now)];
  return [...looked.filter((each) => each.isGood), ...looked.filter((each) => !each.isGood), ...warnings(update)];
}
