import { asc, eq } from "drizzle-orm";
import type * as Y from "yjs";
import type { Database } from "#/db/client.ts";
import { documentSnapshots, documents as documentTable, documentUpdates, incidents } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { createDocuments, type Documents, type OpenRoom, type Room } from "#/server/documents/index.ts";
import { takeSnapshot } from "#/server/documents/snapshot.ts";
import { statementsOf } from "#/server/documents/store.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { Connection } from "#/server/realtime/sync/connection.ts";
import { Presence } from "#/server/realtime/sync/presence.ts";
import type { SyncSocket } from "#/server/realtime/sync/sync-socket.ts";
import type { SimulatedClient } from "./simulated-client.ts";
import type { SimulatedLink } from "./simulated-link.ts";

export type SimulatedKind = "notes" | "summary";
/** A process in a simulation: its documents over a database that answers only while it lives. */
type Site = { documents: Documents; core: Core; isDead: boolean; survives: boolean };

/** The server's side of one room: a process that may die and start again, and the database that outlives it. */
export class SimulatedServer {
  isDatabaseAway = false;
  readonly #base: Core;
  readonly kind: SimulatedKind;
  readonly #presences = new WeakMap<Room, Presence>();
  readonly #seenRooms = new WeakSet<Room>();
  #site: Site;
  #incidentId = "";
  #lastClientId = 1_000;

  constructor(base: Core, kind: SimulatedKind) {
    this.#base = base;
    this.kind = kind;
    this.#site = this.#newSite();
  }

  get documents(): Documents {
    return this.#site.documents;
  }

  get target() {
    return { incidentId: this.#incidentId, kind: this.kind };
  }

  #newSite(): Site {
    const site: Omit<Site, "documents" | "core"> = { isDead: false, survives: false };
    const real = this.#base.db;
    const isAway = () => this.isDatabaseAway;
    const db: Database = {
      ...real,
      get read() {
        return real.read;
      },
      async transaction(work) {
        if (site.isDead) return new Promise<never>(() => {});
        if (isAway()) throw new Error("the database is away");
        return real.transaction(async (tx) => {
          const result = await work(tx);
          if (site.isDead && !site.survives) throw new Error("the process is gone");
          return result;
        });
      },
    };
    db.statement = (text, parameters) =>
      db.transaction(async (tx) => (await statementsOf(tx)(text, parameters)) as never);
    const core = { ...this.#base, db };
    return Object.assign(site, { core, documents: createDocuments(core) });
  }

  async prepare(reference: string): Promise<void> {
    const [row] = await this.#base.db.read
      .insert(incidents)
      .values({ reference, title: "Simulated", status: "investigating", visibility: "public" })
      .returning({ id: incidents.id });
    if (!row) throw new Error("an inserted incident was not returned");
    this.#incidentId = row.id;
  }

  /** Yjs draws these by chance; here they are counted, so that a run repeats. */
  nextClientId(): number {
    this.#lastClientId += 1;
    return this.#lastClientId;
  }

  /** Lets a client in over its link, unless the process dies meanwhile. */
  admit(client: SimulatedClient, link: SimulatedLink): void {
    const site = this.#site;
    this.#open(site).then(
      (open) => {
        if (site.isDead) return;
        const { actor, canWrite } = client;
        const name = { incident: this.#incidentId, kind: this.kind };
        link.connection = new Connection({
          socket: link as unknown as SyncSocket,
          open,
          presence: this.#presenceIn(open.room),
          applicant: { headers: {}, url: "", name, epoch: null, wantsHello: false },
          rights: { actor, incidentId: this.#incidentId, canWrite },
          onEnd: () => {},
        });
      },
      () => link.close(4503),
    );
  }

  /** The server's own client id is chosen too, so that a run repeats. */
  async #open(site: Site): Promise<OpenRoom> {
    const open = await site.documents.open(this.target);
    if (!this.#seenRooms.has(open.room)) {
      this.#seenRooms.add(open.room);
      open.room.doc.clientID = this.nextClientId();
    }
    return open;
  }

  #presenceIn(room: Room): Presence {
    const presence = this.#presences.get(room) ?? new Presence(() => true);
    this.#presences.set(room, presence);
    return presence;
  }

  /** An edit of the server's own; it may be stored although this fails. */
  async edit(change: (doc: Y.Doc) => void): Promise<void> {
    const { documents, core } = this.#site;
    const { release } = await this.#open(this.#site);
    await documents.edit(ctxFor(core, systemActor), this.target, change).finally(release);
  }

  async compact(): Promise<string> {
    const { core } = this.#site;
    const { room, release } = await this.#open(this.#site);
    const result = await takeSnapshot(core, room).catch(() => "failed");
    release();
    return result;
  }

  /** The process is gone; a transaction that it began is committed when it `survives`. */
  end(survives: boolean): void {
    this.#site.survives = survives;
    this.#site.isDead = true;
  }

  /** The next process. */
  start(): void {
    this.#site = this.#newSite();
  }

  /** What the database holds of the document, the last transaction of a process that is gone included. */
  async stored() {
    const { read } = this.#base.db;
    // A transaction of the process that is gone ends before the next one begins.
    await this.#base.db.transaction(async () => {});
    const rows = await read.select().from(documentTable).where(eq(documentTable.incidentId, this.#incidentId));
    const row = rows.find((each) => each.kind === this.kind);
    if (!row) return { headSeq: 0, epoch: 1, updates: [], snapshots: [] };
    const updates = await read
      .select()
      .from(documentUpdates)
      .where(eq(documentUpdates.documentId, row.id))
      .orderBy(asc(documentUpdates.seq));
    const snapshots = await read.select().from(documentSnapshots).where(eq(documentSnapshots.documentId, row.id));
    return { headSeq: row.headSeq, epoch: row.epoch, updates, snapshots };
  }
}
