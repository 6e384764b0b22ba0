import type { IncidentRow } from "#/server/incidents/index.ts";
import { fitSlack, TOPIC_LENGTH_MAX } from "#/server/notify/index.ts";

/** Slack takes 80; a shorter one is read in a list of channels. */
const NAME_LENGTH_MAX = 50;
/** Names that are tried when the first ones are taken. */
export const NAMES_TRIED_MAX = 20;
/** Tries while Slack is away: with the pauses of the outbox about an hour. */
export const CHANNEL_ATTEMPTS_MAX = 20;
/** Statuses in which nobody talks about it any more. */
const over: readonly IncidentRow["status"][] = ["closed", "declined", "merged"];

/** A text as a part of a channel's name: small letters, digits and hyphens. Pure. */
function slug(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
}

/**
 * The n-th name to try for an incident's channel, from 0: `inc-42-checkout-is-slow`, then with a number behind it.
 * Cut between words where there is a place. Pure.
 */
export function channelName({ reference, title }: Pick<IncidentRow, "reference" | "title">, n: number): string {
  const suffix = n === 0 ? "" : `-${n + 1}`;
  const whole = [slug(reference), slug(title)].filter(Boolean).join("-");
  const room = NAME_LENGTH_MAX - suffix.length;
  if (whole.length <= room) return `${whole}${suffix}`;
  const cut = whole.slice(0, room);
  const lastWord = cut.lastIndexOf("-");
  const isBetween = whole[room] === "-";
  return `${isBetween || lastWord <= slug(reference).length ? cut : cut.slice(0, lastWord)}${suffix}`.replace(
    /-+/g,
    "-",
  );
}

type TopicOf = Pick<IncidentRow, "severity" | "status" | "nextUpdateDueAt" | "reference"> & {
  commander: string | null;
  url: string;
};

/** How an incident stands, in one line above its channel. Pure. */
export function channelTopic({ severity, status, commander, nextUpdateDueAt, url }: TopicOf): string {
  const parts = [
    severity ?? "No severity",
    `${status.charAt(0).toUpperCase()}${status.slice(1)}`,
    commander ? `Commander ${commander}` : "Nobody commands",
    ...(nextUpdateDueAt ? [`Next update ${nextUpdateDueAt.toISOString().slice(11, 16)} UTC`] : []),
  ];
  const tail = ` · ${url}`;
  return `${fitSlack(parts.join(" · "), TOPIC_LENGTH_MAX - tail.length)}${tail}`;
}

/** True for an incident whose channel goes to the archive. Pure. */
export function isOver({ status, visibility }: Pick<IncidentRow, "status" | "visibility">): boolean {
  return over.includes(status) || visibility === "private";
}
