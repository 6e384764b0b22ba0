import type { AlertReport } from "../report.ts";

type Status = AlertReport["status"];

const ENDED = new Set(
  "resolved resolve resolves ok okay closed close recovered recovery recovers up success successful succeeded passed passing fixed inactive normal cleared clear green available operational healthy deactivated ended end reporting dismissed online untracked".split(
    " ",
  ),
);
const ACKNOWLEDGED = new Set(
  "acknowledged acknowledge acknowledgement acknowledgment acknowledges ack acked".split(" "),
);
const BURNING = new Set(
  "firing fired fire alerting alert triggered trigger triggers open opened active activated down failed failure fails fail failing error errored critical crit problem alarm missing missed occurred ongoing degraded offline unhealthy breached violated violation started start warn warning reopened reopen unresolved unacknowledged investigating identified detected confirmed exceeded broken timeout unavailable unreachable not_ok new created reactivated danger disaster timed_out exception outage".split(
    " ",
  ),
);
const NEGATIONS = new Set(["not", "no", "never", "isn"]);

function wordsIn(text: string): string[] {
  return text
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
}

/** What a short text says of the state of a problem; null when it says nothing of it. */
export function statusIn(text: string): Status | null {
  const words = wordsIn(text);
  if (words.length === 0 || words.length > 6) return null;
  if (words.some((word) => ACKNOWLEDGED.has(word))) return "acknowledged";
  // The last word that tells counts: "DOWN -> UP", "alert resolved", "Reporting Error"; not where it came from.
  for (let at = words.length - 1; at >= 0; at--) {
    const word = words[at] ?? "";
    if (words[at - 1] === "from") continue;
    if (ENDED.has(word)) return NEGATIONS.has(words[at - 1] ?? "") ? "firing" : "resolved";
    if (BURNING.has(word)) return "firing";
  }
  return null;
}

const SIGN = /^\s*(?:\p{Extended_Pictographic}\uFE0F?\s*)+/u;
const GOOD_SIGNS = /[✅🟢👍🎉💚]/u;
const BAD_SIGNS = /[🔴🔥❌🚨⛔🆘🛑]/u;
/** `[Resolved] …`, `RECOVERED: …`, `OK - …`, `Up: …`, `[FIRING:1] …`. */
const PREFIX = /^\W*([A-Za-z][A-Za-z -]{1,24}?)(?:\s+on\s[^\]]*|:\d+[^\]]*)?\s*(?:\]|:|\s[-–|]\s)/;
const SAYS_ENDED =
  /\b(?:has|have|is|was|are|been|now)\s+(?:now\s+|been\s+|back\s+)*(?:recovered|resolved|cleared|closed|fixed|back up|back to normal|up again|up|online|ok|okay|operational|healthy|reporting)\b|\b(?:back up|back online|back to normal|returned to normal|all clear|no longer)\b|\bassertions are passing\b/i;
const SAYS_BURNING =
  /\b(?:is|are|went|has gone|was)\s+(?:down|offline|unreachable|failing|unhealthy)\b|\bhas failed\b/i;

/** What the beginning of a title says of the state: a bracketed word, a word with a colon, a sign. */
export function statusOfPrefix(text: string): Status | null {
  const sign = SIGN.exec(text)?.[0];
  if (sign && GOOD_SIGNS.test(sign)) return "resolved";
  if (sign && BAD_SIGNS.test(sign)) return "firing";
  const word = PREFIX.exec(text.replace(SIGN, ""))?.[1];
  const told = word ? statusIn(word) : null;
  if (told) return told;
  // `[checkout] [✅ Up] 200 - OK`
  const brackets = /^(?:\s*\[[^\]]{1,100}\]){2,4}/.exec(text)?.[0].match(/[^[\]]+/g) ?? [];
  return brackets.map((part) => (part.trim() ? statusIn(part) : null)).find((status) => status !== null) ?? null;
}

/** What a sentence says of the state. */
export function statusOfSentence(text: string): Status | null {
  if (SAYS_ENDED.test(text)) return "resolved";
  return SAYS_BURNING.test(text) ? "firing" : null;
}

/** A title without the word of its state, so that it names the same problem when that is over. */
export function withoutStatus(title: string): string {
  const plain = title.replace(SIGN, "");
  const match = PREFIX.exec(plain);
  if (!match?.[1] || statusIn(match[1]) === null) return plain.trim();
  // A bracket that also says where keeps that part.
  const rest = plain.slice(match[0].length).trim();
  const where = /\son\s([^\]]*)\]?$/.exec(match[0])?.[1];
  return where ? `${where} ${rest}` : rest || plain.trim();
}
