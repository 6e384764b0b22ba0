import { wellFormedText } from "#/server/platform/well-formed.ts";
import { NOTE_BYTES_MAX } from "./shared/lists.ts";

/** The author may finish a sentence without the note being marked as edited. */
export const EDIT_GRACE_MS = 60_000;

/** A note's text as its row holds it: storable, and cut at the limit between two characters. Pure. */
export function noteBody(text: string): string {
  const safe = wellFormedText(text);
  const bytes = Buffer.from(safe);
  if (bytes.length <= NOTE_BYTES_MAX) return safe;
  let end = NOTE_BYTES_MAX;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}

type Written = { actorId: string | null; recordedAt: Date; editedAt: Date | null };

/** When a note counts as edited, after a change at `now`: by others at once, by its author after a moment. Pure. */
export function editedAfter(note: Written, changedBy: string | null, now: Date): Date | null {
  const isFresh = now.getTime() - note.recordedAt.getTime() < EDIT_GRACE_MS;
  return isFresh && changedBy === note.actorId ? note.editedAt : now;
}
