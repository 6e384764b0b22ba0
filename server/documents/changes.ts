import type * as Y from "yjs";
import { type Actor, systemActor, userIdOf } from "#/server/access/index.ts";
import type { DocumentChange } from "./projections.ts";
import { notesOf, noteText, rootOf } from "./roots.ts";
import type { DocumentKind } from "./shared/lists.ts";

/** The origin of a transaction that somebody made: who, and what the server's own edit said beside it. */
export class Source {
  readonly actor: Actor;
  readonly meta: unknown;

  constructor(actor: Actor, meta?: unknown) {
    this.actor = actor;
    this.meta = meta;
  }
}

type SomeEvent = Pick<Y.YEvent<never>, "changes" | "path"> & { target: unknown };
type Noted = { isNew: boolean; source: Source; writerIds: ReadonlySet<string | null> };

/** What two spans of time noted of one key. Pure. */
function together(before: Noted | undefined, after: Noted): Noted {
  if (!before) return after;
  return {
    source: after.source,
    isNew: before.isNew || after.isNew,
    writerIds: new Set([...before.writerIds, ...after.writerIds]),
  };
}

/** Notes what changed in a document between two commits. */
export class ChangeLog {
  readonly #kind: DocumentKind;
  readonly #ownerOf: (clientId: number) => string | null | undefined;
  /** By the note's id, or null in documents that are one text. */
  readonly #noted = new Map<string | null, Noted>();
  #carried: readonly DocumentChange[] = [];

  constructor(kind: DocumentKind, ownerOf: (clientId: number) => string | null | undefined) {
    this.#kind = kind;
    this.#ownerOf = ownerOf;
  }

  /** Follows a document; what has no `Source` (loading, other nodes) is not noted. */
  watch(doc: Y.Doc): void {
    const root = rootOf(doc, this.#kind);
    root.observeDeep((events: readonly SomeEvent[], transaction: Y.Transaction) => {
      if (!(transaction.origin instanceof Source)) return;
      for (const event of events) this.#note(event, transaction.origin, root);
    });
  }

  #note(event: SomeEvent, source: Source, root: unknown): void {
    if (this.#kind !== "notes") {
      this.#noteKey(null, source, false);
    } else if (event.target === root) {
      for (const [key, change] of event.changes.keys) this.#noteKey(key, source, change.action === "add");
    } else {
      const [key] = event.path;
      if (typeof key === "string") this.#noteKey(key, source, false);
    }
  }

  #noteKey(key: string | null, source: Source, isNew: boolean): void {
    const noted = { source, isNew, writerIds: new Set([userIdOf(source.actor)]) };
    this.#noted.set(key, together(this.#noted.get(key), noted));
  }

  /** Notes everything, as if it had changed just now: the tables made from it may know nothing of it. */
  noteAll(doc: Y.Doc): void {
    const source = new Source(systemActor);
    if (this.#kind === "notes") for (const key of notesOf(doc).keys()) this.#noteKey(key, source, true);
    else this.#noteKey(null, source, false);
  }

  /** Puts changes back that a commit went without; the next one carries them. */
  carry(changes: readonly DocumentChange[]): void {
    this.#carried = [...this.#carried, ...changes];
  }

  /** What changed since it was asked last, with the text as of now. */
  take(doc: Y.Doc): DocumentChange[] {
    const noted = new Map<string | null, Noted>();
    for (const { key, isNew, actor, meta, writerIds } of this.#carried) {
      const carried = { isNew, source: new Source(actor, meta), writerIds: new Set(writerIds) };
      noted.set(key, together(noted.get(key), carried));
    }
    for (const [key, note] of this.#noted) noted.set(key, together(noted.get(key), note));
    this.#noted.clear();
    this.#carried = [];
    return [...noted].map(([key, note]) => this.#changeOf(doc, key, note));
  }

  #changeOf(doc: Y.Doc, key: string | null, { source, isNew, writerIds }: Noted): DocumentChange {
    const by = { actor: source.actor, meta: source.meta, writerIds: [...writerIds] };
    if (key === null) return { key, text: this.#wholeText(doc), isNew, authorId: userIdOf(source.actor), ...by };
    const notes = notesOf(doc);
    const owner = isNew ? this.#ownerOf(notes._map.get(key)?.id.client ?? -1) : undefined;
    return { key, text: noteText(notes, key), isNew, authorId: owner ?? userIdOf(source.actor), ...by };
  }

  #wholeText(doc: Y.Doc): string | null {
    return this.#kind === "postmortem" ? null : rootOf(doc, this.#kind).toString();
  }
}
