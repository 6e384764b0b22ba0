import { type Actor, userIdOf } from "#/server/access/index.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { NOTE_BYTES_MAX, type NoteMark } from "./shared/lists.ts";

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
export function editedAfter(note: Written, changedBy: readonly (string | null)[], now: Date): Date | null {
  const isFresh = now.getTime() - note.recordedAt.getTime() < EDIT_GRACE_MS;
  return isFresh && changedBy.every((id) => id === note.actorId) ? note.editedAt : now;
}

/** The columns of a mark that somebody sets, or takes away. Pure. */
export function marked(mark: NoteMark | null, actor: Actor, now: Date) {
  if (mark === null) return { mark, markedAt: null, markedById: null, markedByName: null };
  return { mark, markedAt: now, markedById: userIdOf(actor), markedByName: actor.name };
}

/** The columns of an entry that somebody pins, or takes down. Pure. */
export function pinned(isPinned: boolean, actor: Actor, now: Date) {
  if (!isPinned) return { pinnedAt: null, pinnedById: null, pinnedByName: null };
  return { pinnedAt: now, pinnedById: userIdOf(actor), pinnedByName: actor.name };
}

/** The columns of a note that is deleted: its place stays, its text, its mark and its pin go. Pure. */
export function buried(actor: Actor, now: Date) {
  return { body: "", deletedAt: now, ...marked(null, actor, now), ...pinned(false, actor, now) };
}
