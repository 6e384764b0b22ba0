import { sha256 } from "#/server/platform/crypto.ts";
import { isFields, leavesOf, unpacked } from "./guess/leaves.ts";
import { descriptionOf, keyOf, labelsOf, linkOf, serviceOf, severityOf, statusOf, titleOf } from "./guess/pick.ts";
import { withoutStatus } from "./guess/status-words.ts";
import type { AlertReport } from "./report.ts";
import { ALERTS_PER_DELIVERY_MAX } from "./shared/lists.ts";

/** A list of objects under one of these is a batch of alerts. */
const BATCHES = ["alerts", "incidents"];
/** And under one of these, when nothing outside it tells what it is about. */
const LISTS = ["events", "messages", "notifications", "records", "items", "data", "results"];
/** What is wrapped around an alert by whoever carries it. */
const WRAPPINGS = ["Message", "message", "payload", "data", "event", "body"];
const UNWRAPPED_MAX = 3;
const NAME_KEY_LENGTH_MAX = 300;

function isBatch(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFields);
}

/** Whether the fields of one entry would tell a problem by themselves. */
function tellsMore(entry: Record<string, unknown>): boolean {
  const leaves = leavesOf(entry);
  return titleOf(leaves) !== null && (statusOf(leaves, null) !== null || keyOf(leaves) !== null);
}

function entriesIn(body: unknown, depth = 0): unknown[] {
  if (Array.isArray(body))
    return body.flatMap((entry) => (isFields(entry) ? [entry] : [])).slice(0, ALERTS_PER_DELIVERY_MAX);
  if (!isFields(body)) return [body];
  const isBare = titleOf(leavesOf({ ...body, ...Object.fromEntries(LISTS.map((name) => [name, null])) })) === null;
  for (const name of isBare ? [...BATCHES, ...LISTS] : BATCHES) {
    const list = unpacked(body[name]);
    if (isBatch(list) && list.some(tellsMore)) return list.slice(0, ALERTS_PER_DELIVERY_MAX);
  }
  if (depth < UNWRAPPED_MAX) {
    for (const name of WRAPPINGS) {
      const inner = unpacked(body[name]);
      if (isBatch(inner) || (isFields(inner) && LISTS.concat(BATCHES).some((list) => isBatch(unpacked(inner[list]))))) {
        return entriesIn(inner, depth + 1);
      }
    }
  }
  return [body];
}

/** Without an id a problem is what it is called, and where. */
function keyByName(named: string | null, service: string | null): string {
  const name = [named, service].filter(Boolean).join(" @ ");
  return name && name.length <= NAME_KEY_LENGTH_MAX ? name : sha256(name).slice(0, 32);
}

export type Guess = {
  report: AlertReport;
  /** Whether the fields say a title, and how it stands or how bad it is: surely an alert. */
  isClear: boolean;
};

function guessOne(entry: unknown): Guess {
  const leaves = leavesOf(entry);
  const title = titleOf(leaves);
  const status = statusOf(leaves, title);
  const { severity, word } = severityOf(leaves);
  const service = serviceOf(leaves);
  const link = linkOf(leaves);
  const named = title === null ? null : withoutStatus(title);
  return {
    report: {
      kind: "alert",
      status: status ?? "firing",
      dedupKey: keyOf(leaves) ?? keyByName(named, service),
      title,
      description: descriptionOf(leaves, title),
      severity,
      severityWord: word,
      service,
      labels: labelsOf(leaves),
      links: link ? [{ kind: "source", title: "Source", url: link }] : [],
      startsAt: null,
      endsAt: null,
      at: null,
    },
    isClear: title !== null && (status !== null || severity !== null),
  };
}

/**
 * What a parsed body most likely says, by what its fields are called and what their values look like, with nothing
 * known of its sender. One guess for each entry of a batch, at least one. Pure; bounded by the size of the body.
 */
export function guess(body: unknown): Guess[] {
  const entries = entriesIn(body);
  return (entries.length > 0 ? entries : [body]).map(guessOne);
}
