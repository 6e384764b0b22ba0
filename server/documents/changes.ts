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
type Noted = { isNew: boolean; source: Source };

/** Notes what changed in a document between two commits. */
export class ChangeLog {
  readonly #kind: DocumentKind;
  readonly #ownerOf: (clientId: number) => string | null | undefined;
  #noted = new Map<string, Noted>();
  #carried: readonly DocumentChange[] = [];
  #whole: Source | null = null;

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
      this.#whole = source;
    } else if (event.target === root) {
      for (const [key, change] of event.changes.keys) this.#noteKey(key, source, change.action === "add");
    } else {
      const [key] = event.path;
      if (typeof key === "string") this.#noteKey(key, source, false);
    }
  }

  #noteKey(key: string, source: Source, isNew: boolean): void {
    const before = this.#noted.get(key);
    this.#noted.set(key, { source, isNew: isNew || before?.isNew === true });
  }

  /** Notes everything, as if it had changed just now: the tables made from it may know nothing of it. */
  noteAll(doc: Y.Doc): void {
    const source = new Source(systemActor);
    if (this.#kind === "notes") for (const key of notesOf(doc).keys()) this.#noteKey(key, source, true);
    else this.#whole = source;
  }

  /** Puts changes back that a commit went without; the next one carries them. */
  carry(changes: readonly DocumentChange[]): void {
    this.#carried = [...this.#carried, ...changes];
  }

  /** What changed since it was asked last, with the text as of now. */
  take(doc: Y.Doc): DocumentChange[] {
    if (this.#kind !== "notes") {
      const source = this.#whole ?? (this.#carried.length > 0 ? new Source(systemActor) : null);
      this.#whole = null;
      this.#carried = [];
      if (!source) return [];
      const authorId = userIdOf(source.actor);
      const text = this.#kind === "postmortem" ? null : rootOf(doc, this.#kind).toString();
      return [{ key: null, text, isNew: false, authorId, actor: source.actor, meta: source.meta }];
    }
    const noted = this.#noted;
    for (const { key, isNew, actor, meta } of this.#carried) {
      if (key === null) continue;
      const later = noted.get(key);
      noted.set(key, { source: later?.source ?? new Source(actor, meta), isNew: isNew || later?.isNew === true });
    }
    this.#noted = new Map();
    this.#carried = [];
    return [...noted].map(([key, note]) => this.#changeOf(doc, key, note));
  }

  #changeOf(doc: Y.Doc, key: string, { source, isNew }: Noted): DocumentChange {
    const notes = notesOf(doc);
    const text = noteText(notes, key);
    const owner = isNew ? this.#ownerOf(notes._map.get(key)?.id.client ?? -1) : undefined;
    return { key, text, isNew, authorId: owner ?? userIdOf(source.actor), actor: source.actor, meta: source.meta };
  }
}
