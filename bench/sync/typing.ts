import * as Y from "yjs";

/** What an edit carries, so that whoever receives it can tell which one it was: `#1a;`. */
const TOKEN = /#([0-9a-z]+);/g;

export const tokenOf = (edit: number) => `#${edit.toString(36)};`;

/** The edits that lie in a frame, whichever way they were merged. */
export function editsIn(bytes: Uint8Array): number[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return [...text.matchAll(TOKEN)].map((match) => Number.parseInt(match[1] ?? "", 36));
}

/** Somebody who types at the end of what they wrote themselves; makes the updates that a real editor sends. */
export class Typist {
  readonly #doc = new Y.Doc();
  readonly #text = this.#doc.getText("text");
  #made: Uint8Array | null = null;

  constructor() {
    this.#doc.on("update", (update: Uint8Array) => {
      this.#made = update;
    });
  }

  get clientId(): number {
    return this.#doc.clientID;
  }

  type(text: string): Uint8Array {
    this.#text.insert(this.#text.length, text);
    if (!this.#made) throw new Error("no update was made");
    return this.#made;
  }
}
