import type * as Y from "yjs";
import type { Sql } from "#/db/client.ts";
import type { Actor } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import type { DocumentKind } from "./shared/lists.ts";

/** One change of a document since the last commit: of one note, or of the whole text. */
export type DocumentChange = {
  /** The note's id; null in documents that are one text. */
  key: string | null;
  /** The text as of this commit; null when the note is deleted. */
  text: string | null;
  /** The commit is the first to contain it. */
  isNew: boolean;
  /** Who brought the note, when it is new; else who wrote last. Null is the server. */
  authorId: string | null;
  actor: Actor;
  /** Everybody who wrote in it since the last commit; null is the server. */
  writerIds: readonly (string | null)[];
  /** What the server's own edit said beside it. */
  meta: unknown;
};

export type ProjectionEvent = {
  incidentId: string;
  documentId: string;
  kind: DocumentKind;
  /** The live document: it may be ahead of this commit. `changes` are exactly as of it. */
  doc: Y.Doc;
  changes: readonly DocumentChange[];
  changedKeys: readonly string[];
  /** Who wrote last; null is the server. */
  authorId: string | null;
  /** The whole text as of this commit, for documents that are one text; else null. */
  text: string | null;
};

/** Brings rows up to a commit of a document, in the same transaction. Must be safe to repeat. */
export type ProjectionHandler = (tx: Sql, ctx: Ctx, event: ProjectionEvent) => Promise<void>;
/** The same for all documents of a commit at once, in order; one of them may come twice. */
export type GroupProjectionHandler = (tx: Sql, events: readonly ProjectionEvent[]) => Promise<void>;

export type Projections = {
  on(kind: DocumentKind, handler: ProjectionHandler): void;
  onGroup(kind: DocumentKind, handler: GroupProjectionHandler): void;
  has(kind: DocumentKind): boolean;
  run(tx: Sql, projected: readonly { ctx: Ctx; event: ProjectionEvent }[]): Promise<void>;
};

/** What has to happen in the same transaction as a commit, in rooms above. */
export function createProjections(): Projections {
  const single = new Map<DocumentKind, ProjectionHandler[]>();
  const group = new Map<DocumentKind, GroupProjectionHandler[]>();
  return {
    on(kind, handler) {
      single.set(kind, [...(single.get(kind) ?? []), handler]);
    },
    onGroup(kind, handler) {
      group.set(kind, [...(group.get(kind) ?? []), handler]);
    },
    has: (kind) => single.has(kind) || group.has(kind),
    async run(tx, projected) {
      for (const [kind, handlers] of group) {
        const events = projected.flatMap(({ event }) => (event.kind === kind ? [event] : []));
        if (events.length > 0) for (const handler of handlers) await handler(tx, events);
      }
      for (const { ctx, event } of projected) {
        for (const handler of single.get(event.kind) ?? []) await handler(tx, ctx, event);
      }
    },
  };
}
