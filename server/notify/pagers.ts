import { type SendOutcome, sent } from "./outcome.ts";
import { askOutside, type Outside, type OutsideRequest, refusalOf } from "./outside.ts";
import type { TellTarget } from "./shared/tell-target.ts";

/** What a pager is told: that something began, that somebody has it, that it is over. */
export type PagerAct = "trigger" | "acknowledge" | "resolve";
export type PagerWord = {
  act: PagerAct;
  /** The same for all that is said about one incident. */
  dedupKey: string;
  summary: string;
  severity: "critical" | "error" | "warning" | "info";
  source: string;
  url: string;
  /** Who decided, for the pager's own log. */
  by?: string;
};

const SUMMARY_LENGTH_MAX = 1_024;
const OPSGENIE_MESSAGE_LENGTH_MAX = 130;
const priorities = { critical: "P1", error: "P2", warning: "P3", info: "P5" } as const;

async function send(
  outside: Outside,
  name: string,
  request: OutsideRequest,
  done: number[] = [],
): Promise<SendOutcome> {
  const answer = await askOutside(outside, request);
  if (!answer.ok) return answer;
  const isTaken = (answer.status >= 200 && answer.status < 300) || done.includes(answer.status);
  return isTaken ? sent(String(answer.status)) : refusalOf(name, answer);
}

/** One event of PagerDuty's Events API v2. One attempt; the dedup key makes a repeat harmless. */
export function sendPagerDutyEvent(
  outside: Outside,
  key: Omit<TellTarget, "kind">,
  word: PagerWord,
): Promise<SendOutcome> {
  const event = {
    routing_key: key.to,
    event_action: word.act,
    dedup_key: word.dedupKey,
    ...(word.act === "trigger" && {
      client: "Muster",
      client_url: word.url,
      links: [{ href: word.url, text: "Open in Muster" }],
      payload: { summary: word.summary.slice(0, SUMMARY_LENGTH_MAX), source: word.source, severity: word.severity },
    }),
  };
  return send(outside, "PagerDuty", {
    method: "POST",
    url: `${outside.endpoints.pagerdutyEvents[key.region]}/v2/enqueue`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
  });
}

/** One call of Opsgenie's Alert API. One attempt; the alias makes a repeat harmless, and an end of what is gone is done. */
export function sendOpsgenieCall(
  outside: Outside,
  key: Omit<TellTarget, "kind">,
  word: PagerWord,
): Promise<SendOutcome> {
  const base = `${outside.endpoints.opsgenie[key.region]}/v2/alerts`;
  const act = word.act === "acknowledge" ? "acknowledge" : "close";
  const isNew = word.act === "trigger";
  const body = isNew
    ? {
        message: word.summary.slice(0, OPSGENIE_MESSAGE_LENGTH_MAX),
        alias: word.dedupKey,
        description: `${word.summary}\n${word.url}`,
        priority: priorities[word.severity],
        source: "Muster",
        entity: word.source,
      }
    : { source: "Muster", ...(word.by && { note: `By ${word.by} in Muster`, user: word.by.slice(0, 100) }) };
  return send(
    outside,
    "Opsgenie",
    {
      method: "POST",
      url: isNew ? base : `${base}/${encodeURIComponent(word.dedupKey)}/${act}?identifierType=alias`,
      headers: { "content-type": "application/json", authorization: `GenieKey ${key.to}` },
      body: JSON.stringify(body),
    },
    isNew ? [] : [404],
  );
}
