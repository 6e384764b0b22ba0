import type * as Y from "yjs";
import { isInTransaction } from "#/db/client.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import { AppError, messageOf } from "#/server/platform/errors.ts";
import { CommitGroup, logFailedCommit } from "./commit-group.ts";
import { CommitWindow } from "./committer.ts";
import { EDIT_WAIT_MS, RECOVERY_MS, SNAPSHOT_PAUSE_MS, UNLOAD_AFTER_MS } from "./limits.ts";
import { createProjections, type Projections } from "./projections.ts";
import { Room } from "./room.ts";
import { documentFrom } from "./roots.ts";
import type { Seat } from "./seat.ts";
import { closeCodes, type DocumentKind } from "./shared/lists.ts";
import { isSnapshotDue, takeSnapshot } from "./snapshot.ts";
import {
  ensureDocument,
  findDocument,
  HistoryLost,
  quarantine,
  readClients,
  readLagging,
  readLog,
  readRows,
} from "./store.ts";

export type DocumentTarget = { incidentId: string; kind: DocumentKind };
export type EditOptions = {
  /** Handed to the projections beside the change. */
  meta?: unknown;
};

/** A room that stays loaded until it is released. */
export type OpenRoom = { readonly room: Room; release(): void };

/** Takes a place in an open room. */
export function takeSeat({ room }: OpenRoom, seat: Seat): void {
  room.seats.add(seat);
}

/** The shared documents of one process. */
export type Documents = {
  readonly projections: Projections;
  /** Loads a document, or finds it loaded. @throws AppError "not_found" */
  open(target: DocumentTarget): Promise<OpenRoom>;
  /**
   * Edits as the server, on behalf of the actor; resolves once it is on disk.
   * @throws AppError "unavailable" when that takes too long: the edit may still be stored later
   */
  edit(ctx: Ctx, target: DocumentTarget, change: (doc: Y.Doc) => void, options?: EditOptions): Promise<void>;
  /** A copy of a document, with what is not committed yet if it is open here. */
  read(incidentId: string, kind: DocumentKind): Promise<Y.Doc>;
  /** Takes what other processes have written to a document that is open here. */
  catchUp(target: DocumentTarget): Promise<void>;
  /** After a start, and after the projections are registered: brings tables that a crash left behind up to the logs. */
  recover(): Promise<void>;
  /** Commits all that was accepted up to now. */
  flushAll(): Promise<void>;
  /** Flushes what it can, and ends every document. */
  stop(): Promise<void>;
};

type Loaded = {
  room: Room;
  holds: number;
  idle: NodeJS.Timeout | null;
  snapshotAt: number;
  snapshot: Promise<void> | null;
};
type Slot =
  | { state: "loading"; promise: Promise<Loaded> }
  | { state: "live"; loaded: Loaded }
  | { state: "closing"; end: Promise<void> };

const keyOf = ({ incidentId, kind }: DocumentTarget) => `${incidentId}/${kind}`;

class DocumentRegistry implements Documents {
  readonly projections = createProjections();
  readonly #core: Core;
  readonly #slots = new Map<string, Slot>();
  readonly #startedAt = performance.now();
  readonly #window = new CommitWindow();
  readonly #group: CommitGroup;
  #isStopped = false;

  constructor(core: Core) {
    this.#core = core;
    this.#group = new CommitGroup(core, this.projections);
  }

  async recover(): Promise<void> {
    for (const target of await readLagging(this.#core.db.read)) (await this.open(target)).release();
    await this.#group.catchUp();
  }

  async open(target: DocumentTarget): Promise<OpenRoom> {
    const key = keyOf(target);
    for (;;) {
      if (this.#isStopped) throw new AppError("unavailable", "The server is stopping.");
      const slot = this.#slots.get(key) ?? this.#startLoading(key, target);
      if (slot.state === "closing") await slot.end;
      else if (slot.state === "loading") await slot.promise;
      else return this.#hold(key, slot.loaded);
    }
  }

  #startLoading(key: string, target: DocumentTarget): Slot {
    const promise = this.#load(target).then(
      (loaded) => {
        this.#slots.set(key, { state: "live", loaded });
        return loaded;
      },
      (error) => {
        this.#slots.delete(key);
        throw error;
      },
    );
    const slot: Slot = { state: "loading", promise };
    this.#slots.set(key, slot);
    return slot;
  }

  async #load({ incidentId, kind }: DocumentTarget): Promise<Loaded> {
    const { db } = this.#core;
    const row = await ensureDocument(db.read, incidentId, kind);
    const isLagging = row.projectedSeq < row.headSeq;
    const room = new Room({
      documentId: row.id,
      incidentId,
      kind,
      epoch: row.epoch,
      log: await readLog(db.read, row.id),
      owners: await readClients(db.read, row.id),
      isLagging,
      window: this.#window,
      isRecovering: () => performance.now() - this.#startedAt < RECOVERY_MS,
      commit: (committing, batch, attempt) => this.#commit(committing, batch, attempt),
      onCommitFailed: (failed, error, attempt) => this.#onCommitFailed(failed, error, attempt),
      onThrown: (thrown, bytes, reason, authorId) => this.#onThrown(thrown, bytes, reason, authorId),
    });
    if (isLagging) this.#group.noteLag(room);
    return { room, holds: 0, idle: null, snapshotAt: 0, snapshot: null };
  }

  #hold(key: string, loaded: Loaded): OpenRoom {
    loaded.holds += 1;
    if (loaded.idle) clearTimeout(loaded.idle);
    loaded.idle = null;
    let isHeld = true;
    return {
      room: loaded.room,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        loaded.holds -= 1;
        this.#unloadLater(key, loaded);
      },
    };
  }

  #unloadLater(key: string, loaded: Loaded): void {
    const slot = this.#slots.get(key);
    if (loaded.holds > 0 || slot?.state !== "live" || slot.loaded !== loaded || loaded.idle) return;
    loaded.idle = setTimeout(() => this.#unload(key, loaded), UNLOAD_AFTER_MS);
    loaded.idle.unref();
  }

  /** Closes an idle room; whoever opens it meanwhile waits for the end and loads it again. */
  #unload(key: string, loaded: Loaded): void {
    loaded.idle = null;
    if (loaded.holds > 0 || this.#slots.get(key)?.state !== "live") return;
    if (!loaded.room.committer.isIdle) {
      this.#unloadLater(key, loaded);
      return;
    }
    const end = this.#snapshot(loaded).then(() => {
      this.#group.forget(loaded.room);
      loaded.room.end(closeCodes.comeBackLater);
      this.#slots.delete(key);
    });
    this.#slots.set(key, { state: "closing", end });
  }

  #loadedOf(room: Room): Loaded | null {
    const slot = this.#slots.get(keyOf(room.options));
    return slot?.state === "live" && slot.loaded.room === room ? slot.loaded : null;
  }

  async #commit(...[room, batch, attempt]: Parameters<Room["options"]["commit"]>): Promise<void> {
    await this.#group.write(room, batch, attempt);
    const loaded = this.#loadedOf(room);
    if (!loaded || loaded.snapshot || !isSnapshotDue(room.sinceSnapshot)) return;
    if (performance.now() - loaded.snapshotAt < SNAPSHOT_PAUSE_MS && loaded.snapshotAt > 0) return;
    this.#snapshot(loaded);
  }

  /** Takes a snapshot; a failure is logged, for the rows are all there. */
  #snapshot(loaded: Loaded): Promise<void> {
    loaded.snapshotAt = performance.now();
    loaded.snapshot ??= takeSnapshot(this.#core, loaded.room)
      .then(
        (result) => {
          if (result === "differs") this.#drop(loaded.room, closeCodes.epochChanged);
        },
        (error) => this.#core.log.error({ error: messageOf(error) }, "a snapshot failed"),
      )
      .finally(() => {
        loaded.snapshot = null;
      });
    return loaded.snapshot;
  }

  #drop(room: Room, closeCode: number): void {
    if (this.#loadedOf(room)) this.#slots.delete(keyOf(room.options));
    this.#group.forget(room);
    room.end(closeCode);
  }

  #onCommitFailed(room: Room, error: unknown, attempt: number): void {
    logFailedCommit(this.#core, room, error, attempt);
    if (error instanceof HistoryLost) this.#drop(room, error.isGone ? closeCodes.notFound : closeCodes.epochChanged);
  }

  #onThrown(room: Room, bytes: Uint8Array, reason: string, authorId: string | null): void {
    const { log, db, now } = this.#core;
    const { documentId } = room.options;
    log.error({ documentId, reason, bytes: bytes.length }, "an update was refused after it threw");
    quarantine(db.read, { documentId, bytes, reason, authorId, createdAt: now() }).catch((error) =>
      log.error({ documentId, error: messageOf(error) }, "an update could not be put aside"),
    );
  }

  async edit(ctx: Ctx, target: DocumentTarget, change: (doc: Y.Doc) => void, options: EditOptions = {}): Promise<void> {
    if (isInTransaction()) throw new Error("documents.edit commits by itself: not inside a transaction");
    const { room, release } = await this.open(target);
    try {
      if (room.committer.isFull) throw new AppError("unavailable", "The database is away. Try again in a moment.");
      const ticket = room.edit(ctx.actor, options.meta, change);
      if (ticket !== null) await inTime(room.committer.whenCommitted(ticket).catch(closedMeanwhile));
    } finally {
      release();
    }
  }

  async read(incidentId: string, kind: DocumentKind): Promise<Y.Doc> {
    const slot = this.#slots.get(keyOf({ incidentId, kind }));
    if (slot?.state === "live") return documentFrom(kind, [slot.loaded.room.stateFor()]);
    const { db } = this.#core;
    const row = await findDocument(db.read, incidentId, kind);
    if (!row) return documentFrom(kind, []);
    const { snapshot, rows } = await readLog(db.read, row.id);
    return documentFrom(kind, [...(snapshot ? [snapshot.bytes] : []), ...rows.map((each) => each.bytes)]);
  }

  async catchUp(target: DocumentTarget): Promise<void> {
    const slot = this.#slots.get(keyOf(target));
    if (slot?.state !== "live") return;
    const { room } = slot.loaded;
    if (!room.committer.isIdle) return;
    const rows = await readRows(this.#core.db.read, room.options.documentId, room.headSeq);
    if (this.#loadedOf(room) && room.committer.isIdle) room.applyRows(rows);
  }

  #live(): Loaded[] {
    return [...this.#slots.values()].flatMap((slot) => (slot.state === "live" ? [slot.loaded] : []));
  }

  async flushAll(): Promise<void> {
    await Promise.all(this.#live().map(({ room }) => room.committer.flush()));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    const slots = [...this.#slots.values()];
    await Promise.allSettled(slots.map((slot) => (slot.state === "loading" ? slot.promise : undefined)));
    await inTime(this.flushAll().then(() => this.#group.catchUp())).catch((error) =>
      this.#core.log.error({ error: messageOf(error) }, "edits that nobody was told are saved were not stored"),
    );
    await Promise.allSettled(slots.map((slot) => (slot.state === "closing" ? slot.end : undefined)));
    for (const loaded of this.#live()) {
      if (loaded.idle) clearTimeout(loaded.idle);
      await loaded.snapshot;
      loaded.room.end(closeCodes.comeBackLater);
    }
    this.#slots.clear();
  }
}

function closedMeanwhile(): never {
  throw new AppError("unavailable", "The document was closed meanwhile. Try again.");
}

async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError("unavailable", "The database did not answer in time. Try again.")),
      EDIT_WAIT_MS,
    );
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The shared documents of one process, over its database. */
export function createDocuments(core: Core): Documents {
  return new DocumentRegistry(core);
}
