import { type NoteMark, noteMarkNames } from "#/server/timeline/shared/lists.ts";
import type { SentenceTone } from "./event-sentence.ts";

/** How a mark looks: a letter in the entry's sign, a word beside its author, and a tone that only underlines them. */
export const markLooks: Record<NoteMark, { letter: string; word: string; tone: SentenceTone }> = {
  decision: { letter: "D", word: noteMarkNames.decision, tone: "ok" },
  follow_up: { letter: "F", word: noteMarkNames.follow_up, tone: "warn" },
};
