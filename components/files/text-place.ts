import * as Y from "yjs";
import { onOwnLines } from "./pasted.ts";

/** Where something will be written, however the text around it changes until then. */
export type Place = {
  /** Puts a block on lines of its own here. */
  put(block: string): void;
  /** Puts text here instead of what `put` wrote, when that still stands; else just here. */
  replace(text: string): void;
  /** Nothing will be written here any more. */
  end(): void;
};

/** Where a position is after a change of the text around it. Pure. */
export function movedPosition(position: number, before: string, after: string): number {
  let start = 0;
  const most = Math.min(before.length, after.length);
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  if (position <= start) return position;
  if (position >= before.length - end) return position + after.length - before.length;
  return after.length - end;
}

/** Places in shared text: Yjs keeps them, also when the editor is closed meanwhile. */
export function placeInShared(text: Y.Text, at: number): Place {
  let written = "";
  const position = Y.createRelativePositionFromTypeIndex(text, Math.min(at, text.length));
  const indexOf = () => {
    const doc = text.doc;
    const found = doc && Y.createAbsolutePositionFromRelativePosition(position, doc);
    return found?.index ?? text.length;
  };
  return {
    put(block) {
      const index = indexOf();
      const whole = text.toString();
      written = onOwnLines(whole.slice(0, index), block, whole.slice(index));
      text.insert(index, written);
    },
    replace(other) {
      const whole = text.toString();
      const index = written === "" ? -1 : whole.indexOf(written);
      text.doc?.transact(() => {
        if (index !== -1) text.delete(index, written.length);
        text.insert(index === -1 ? indexOf() : index, other);
      });
    },
    end() {},
  };
}

/** A block that came in, and where: other places at the same position go behind it, so that files keep their order. */
type Put = { at: number; length: number };
export type Follower = (next: string, put?: Put) => void;
type Field = { read(): string; write(next: string, put?: Put): void; follow(listener: Follower): () => void };

/** Places in a field of this page alone. */
export function placeInField({ read, write, follow }: Field, at: number): Place {
  let known = read();
  let position = Math.min(at, known.length);
  let written = "";
  const unfollow = follow((next, put) => {
    position = put?.at === position ? position + put.length : movedPosition(position, known, next);
    known = next;
  });
  return {
    put(block) {
      const [before, after] = [known.slice(0, position), known.slice(position)];
      written = onOwnLines(before, block, after);
      write(before + written + after, { at: position, length: written.length });
    },
    replace(text) {
      const index = written === "" ? -1 : known.indexOf(written);
      if (index === -1) write(known.slice(0, position) + text + known.slice(position));
      else write(known.slice(0, index) + text + known.slice(index + written.length));
    },
    end: unfollow,
  };
}
