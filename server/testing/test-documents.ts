import { randomUUID } from "node:crypto";
import * as Y from "yjs";
import { incidents } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import type { DocumentKind } from "#/server/documents/contract.ts";
import { createDocuments, type Documents, type OpenRoom, type Seat, takeSeat } from "#/server/documents/index.ts";
import { type TestCore, testCore } from "./test-core.ts";

/** A core with documents, for tests of the engine and of what is above it. */
export type TestDocuments = TestCore & {
  documents: Documents;
  /** Another process on the same database, as after a kill. */
  restart(): Documents;
  incident(visibility?: "public" | "private"): Promise<string>;
  /** A document of an incident of its own, open. */
  openNew(kind: DocumentKind): Promise<OpenRoom>;
};

export async function testDocuments(): Promise<TestDocuments> {
  const core = await testCore();
  const all: Documents[] = [];
  const start = () => {
    const documents = createDocuments(core.core);
    all.push(documents);
    return documents;
  };
  const documents = start();
  let count = 0;
  const incident = async (visibility: "public" | "private" = "public") => {
    count += 1;
    const [row] = await core.core.db.read
      .insert(incidents)
      .values({ reference: `INC-${count}`, title: "Checkout is slow", status: "investigating", visibility })
      .returning({ id: incidents.id });
    if (!row) throw new Error("an inserted incident was not returned");
    return row.id;
  };
  return {
    ...core,
    documents,
    restart: start,
    incident,
    openNew: async (kind) => documents.open({ incidentId: await incident(), kind }),
    close: async () => {
      await Promise.all(all.map((each) => each.stop()));
      await core.close();
    },
  };
}

/** A client without a socket: its own copy, and what the room told it. */
export class TestClient implements Seat {
  readonly actor: UserActor;
  readonly doc: Y.Doc;
  readonly clients = new Set<number>();
  /** What it was told, each time. */
  readonly received: (readonly Uint8Array[])[] = [];
  hasSynced = true;
  isSuspect = false;
  endedWith: number | null = null;
  readonly #open: OpenRoom;

  constructor(open: OpenRoom, actor: UserActor, doc = new Y.Doc()) {
    this.#open = open;
    this.actor = actor;
    this.doc = doc;
    Y.applyUpdate(doc, open.room.stateFor());
    takeSeat(open, this);
  }

  receive(updates: readonly Uint8Array[]): void {
    this.received.push(updates);
    for (const update of updates) Y.applyUpdate(this.doc, update);
  }

  end(closeCode: number): void {
    this.endedWith = closeCode;
  }

  /** Edits its copy and returns the update. */
  make(change: (doc: Y.Doc) => void): Uint8Array {
    const made: Uint8Array[] = [];
    const collect = (update: Uint8Array) => made.push(update);
    this.doc.on("update", collect);
    this.doc.transact(() => change(this.doc));
    this.doc.off("update", collect);
    return Y.mergeUpdates(made);
  }

  /** Edits, and hands it in; the ticket of its commit. */
  edit(change: (doc: Y.Doc) => void): number {
    return this.submit(this.make(change)) ?? 0;
  }

  submit(update: Uint8Array, isFirstSync = false): number | null {
    return this.#open.room.submit(this, update, isFirstSync);
  }

  /** Edits, and waits until it is on disk. */
  async save(change: (doc: Y.Doc) => void): Promise<void> {
    await this.#open.room.committer.whenCommitted(this.edit(change));
  }

  leave(): void {
    this.#open.room.seats.delete(this);
    this.#open.release();
  }
}

/** Writes at the end of the one text of a `summary`. */
export function append(text: string): (doc: Y.Doc) => void {
  return (doc) => doc.getText("text").insert(doc.getText("text").length, text);
}

/** Adds a note. */
export function note(text: string, id: string = randomUUID()): (doc: Y.Doc) => void {
  return (doc) => {
    doc.getMap("notes").set(id, new Y.Text(text));
  };
}
