/** Somebody who stops for this long has written a version. */
export const VERSION_PAUSE_MS = 30_000;

/** A row of the log that changed the note, and how long the note was after it. */
export type Touch = { seq: number; at: Date; authorId: string | null; length: number };
/** A row that may end a version: `isEnd` for sure, else only when it brought back an earlier text. */
export type Point = Touch & { isEnd: boolean };
export type Version = Omit<Touch, "length"> & { body: string; before: string; sameAs: number | null };

function isBreak(touch: Touch, next: Touch | undefined): boolean {
  if (!next || next.authorId !== touch.authorId) return true;
  return next.at.getTime() - touch.at.getTime() > VERSION_PAUSE_MS;
}

/**
 * The rows at which a note's text has to be looked at: where another author or a pause follows, and where the note is
 * as long as at the end of an earlier version, together with the row before. Pure.
 */
export function pointsOf(touches: readonly Touch[]): Point[] {
  const lengths = new Set<number>();
  const points: Point[] = [];
  for (const [at, touch] of touches.entries()) {
    const [before, next] = [touches[at - 1], touches[at + 1]];
    const isEnd = isBreak(touch, next);
    const mayBringBack = lengths.has(touch.length);
    if (mayBringBack && before && points.at(-1)?.seq !== before.seq) points.push({ ...before, isEnd: false });
    if (isEnd || mayBringBack) points.push({ ...touch, isEnd });
    if (isEnd) lengths.add(touch.length);
  }
  return points;
}

/** The versions of a note from the texts at its points, oldest first. What changed nothing is none. Pure. */
export function versionsOf(points: readonly (Point & { body: string })[]): Version[] {
  const seqs = new Map<string, number>();
  const versions: Version[] = [];
  const add = ({ seq, at, authorId, body }: Point & { body: string }, sameAs: number | null) => {
    const last = versions.at(-1);
    if (last?.body === body) return;
    versions.push({ seq, at, authorId, body, before: last?.body ?? "", sameAs });
    seqs.set(body, seq);
  };
  for (const [at, point] of points.entries()) {
    const known = seqs.get(point.body);
    const previous = points[at - 1];
    const bringsBack = known !== undefined && previous !== undefined && previous.body !== point.body;
    if (bringsBack && previous.seq !== versions.at(-1)?.seq) add(previous, null);
    if (bringsBack) add(point, known);
    else if (point.isEnd) add(point, null);
  }
  return versions;
}
