import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { typesOfFilter } from "#/server/timeline/shared/filters.ts";
import { inWords } from "./event-data.ts";
import { plainSentence, sentenceOf } from "./event-sentence.ts";

const WORDS_MAX = 200;

function said(entry: TimelineEntryView): string {
  if (entry.kind === "event") return plainSentence(sentenceOf(entry));
  return `${entry.actor.name}: ${(entry.body ?? "").slice(0, WORDS_MAX)}`;
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}

/** What is read out about new entries: one as it is, several as numbers. Pure. */
export function announcementOf(news: readonly TimelineEntryView[]): string {
  const [first] = news;
  if (!first) return "";
  if (news.length === 1) return said(first);
  const notes = news.filter((entry) => entry.kind === "note").length;
  const alerts = news.filter((entry) => typesOfFilter.alerts.some((start) => entry.type.startsWith(start))).length;
  const kinds = [
    ...counted(notes, "note", "notes"),
    ...counted(alerts, "alert", "alerts"),
    ...counted(news.length - notes - alerts, "change", "changes"),
  ];
  return `${news.length} new entries in the timeline: ${inWords(kinds)}`;
}
