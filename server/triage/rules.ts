import type { TellTarget } from "#/server/notify/shared/tell-target.ts";
import type { Telling } from "#/server/settings/contract.ts";
import { REPEAT_PAUSE_MINUTES_MAX, TELL_WAVES_MAX } from "./shared/lists.ts";

/** One telling of everybody: how long after the opening, and whether the fallback list hears too. */
export type Wave = { atMinutes: number; withFallback: boolean };

/**
 * When people are told of an incident that nobody accepts: at once, then at the organisation's interval; the fallback
 * list joins when its time has come; from then on the pauses double, up to an hour. Pure.
 */
export function wavesOf({ repeatMinutes, fallbackAfterMinutes }: Telling): Wave[] {
  const waves: Wave[] = [{ atMinutes: 0, withFallback: false }];
  let at = 0;
  let pause = repeatMinutes;
  while (waves.length < TELL_WAVES_MAX) {
    if (at < fallbackAfterMinutes) at = pause === 0 ? fallbackAfterMinutes : Math.min(at + pause, fallbackAfterMinutes);
    else if (pause === 0) break;
    else {
      pause = Math.min(pause * 2, REPEAT_PAUSE_MINUTES_MAX);
      at += pause;
    }
    waves.push({ atMinutes: at, withFallback: at >= fallbackAfterMinutes });
  }
  return waves;
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

function counted(count: number, one: string, many: string): string[] {
  if (count === 0) return [];
  return [count === 1 ? one : `${count} ${many}`];
}

export type ToldWave = { targets: readonly TellTarget[]; wave: number; minutes: number; withFallback: boolean };

/** Who is told in one wave, for the timeline. Pure. */
export function toldText({ targets, wave, minutes, withFallback }: ToldWave): string {
  const count = (kind: TellTarget["kind"]) => targets.filter((target) => target.kind === kind).length;
  const emails = count("email");
  const ways = [
    ...counted(count("slack"), "Slack", "Slack channels"),
    ...(emails > 0 ? [`${emails} ${emails === 1 ? "address" : "addresses"} by e-mail`] : []),
    ...counted(count("webhook"), "a webhook", "webhooks"),
    ...counted(count("pagerduty"), "PagerDuty", "services of PagerDuty"),
    ...counted(count("opsgenie"), "Opsgenie", "integrations of Opsgenie"),
  ];
  const waited = wave === 0 ? "" : `Nobody has accepted for ${minutes} min: `;
  const fallback = withFallback ? ", the fallback list among them" : "";
  if (ways.length === 0) {
    return wave === 0
      ? "Nobody was told: neither Slack nor mail is set up for it"
      : `${waited}nobody is left who could be told`;
  }
  const isOne = ways.length === 1 && targets.length === 1;
  return `${waited}${listed(ways)} ${isOne ? "is" : "are"} being told${wave === 0 ? "" : " again"}${fallback}`;
}
