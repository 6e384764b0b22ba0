import * as Y from "yjs";
import { type Actor, userIdOf } from "#/server/access/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { ChangeLog, Source } from "./changes.ts";
import { Committer } from "./committer.ts";
import { examineUpdate } from "./gate.ts";
import { CLIENTS_PER_DOCUMENT_MAX, DOCUMENT_BYTES_MAX } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { withinPlacingBudget } from "./placing-budget.ts";
import type { DocumentChange } from "./projections.ts";
import type { Batch, Entry, RoomOptions } from "./room-types.ts";
import { documentFrom } from "./roots.ts";
import type { Seat } from "./seat.ts";
import { closeCodes, FRAME_BYTES_MAX, UPDATE_BYTES_MAX } from "./shared/lists.ts";
import type { ClientClaim } from "./store.ts";
import { UpdateRefused } from "./update-refused.ts";

/** An accepted update; `seq` once it is committed. */
type Kept = { bytes: Uint8Array; seq: number | null };

/** The origin of what was stored already. */
const STORED = Symbol("stored");

/**
 * One document in memory: what people see, ahead of the log by what is being committed.
 *
 * An update enters through the gate, is applied, waits for its group commit, and is passed on without waiting for it;
 * but structs of a client id that the database has not seen, and the server's own, are passed on after the commit, so
 * that nobody else can hold what would have no owner after a crash.
 */
export class Room {
  readonly options: Omit<RoomOptions, "log">;
  /** The last row in the snapshot that it was loaded from. */
  readonly loadedFrom: number | null;
  readonly seats = new Set<Seat>();
  readonly committer: Committer<Entry>;
  /** The last row of the log that is applied here. */
  headSeq: number;
  /** The ticket of the last update that others get only after its commit; whole states with it wait too. */
  lastHeldTicket = 0;
  /** Rows and bytes since the last snapshot. */
  sinceSnapshot = { rows: 0, bytes: 0 };
  #doc: Y.Doc;
  #base: Uint8Array | null;
  #kept: Kept[];
  /** Those of them that are not committed, in order. */
  readonly #open: Kept[] = [];
  #bytes: number;
  #full: Uint8Array | null = null;
  readonly #outbox: Outbox;
  readonly #changes: ChangeLog;
  readonly #owners: Map<number, string | null>;
  readonly #unsaved = new Set<number>();
  /** Accepted and not passed on yet, in order. */
  #held: Entry[] = [];

  constructor({ log, ...options }: RoomOptions) {
    this.options = options;
    this.loadedFrom = log.snapshot?.seq ?? null;
    // Copies: what the database's driver hands out can lie in a buffer that is much larger.
    this.#base = log.snapshot ? new Uint8Array(log.snapshot.bytes) : null;
    this.#kept = log.rows.map(({ bytes, seq }) => ({ bytes: new Uint8Array(bytes), seq }));
    this.headSeq = log.rows.at(-1)?.seq ?? log.snapshot?.seq ?? 0;
    this.#owners = options.owners;
    this.#changes = new ChangeLog(options.kind, (client) => this.#owners.get(client));
    this.#outbox = new Outbox(this.seats);
    this.#doc = this.#rebuilt();
    this.#bytes = (this.#base?.length ?? 0) + this.#kept.reduce((sum, kept) => sum + kept.bytes.length, 0);
    this.sinceSnapshot = { rows: this.#kept.length, bytes: this.#bytes - (this.#base?.length ?? 0) };
    this.committer = new Committer<Entry>(
      (entries) => this.#seal(entries),
      (error, attempt) => this.options.onCommitFailed(this, error, attempt),
      options.window,
    );
    if (options.isLagging) this.#changes.noteAll(this.#doc);
  }

  /** The live document. To be read only; never kept beyond the moment. */
  get doc(): Y.Doc {
    return this.#doc;
  }

  /** Whose client id this is: a user, the server (null), or nobody's yet. */
  ownerOf(clientId: number): string | null | undefined {
    return this.#owners.get(clientId);
  }

  #rebuilt(): Y.Doc {
    const updates = this.#kept.map((kept) => kept.bytes);
    const doc = documentFrom(this.options.kind, this.#base ? [this.#base, ...updates] : updates, STORED);
    this.#changes.watch(doc);
    return doc;
  }

  /** All that a newcomer needs, or what somebody with this state vector lacks. */
  stateFor(stateVector?: Uint8Array): Uint8Array {
    const isEmpty = !stateVector || stateVector.length <= 1;
    if (!isEmpty) return Y.encodeStateAsUpdate(this.#doc, stateVector);
    this.#full ??= Y.encodeStateAsUpdate(this.#doc);
    return this.#full;
  }

  stateVector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  /** Whether an update has anything that is not here, whoever brings it. @throws UpdateRefused when it is broken */
  hasNews(bytes: Uint8Array): boolean {
    return this.#examine(bytes, FRAME_BYTES_MAX, () => true).isNew;
  }

  #examine(bytes: Uint8Array, bytesMax: number, mayBring: (client: number) => boolean) {
    return examineUpdate({ doc: this.#doc, kind: this.options.kind, bytes, bytesMax, mayBring });
  }

  /**
   * Takes an update from a connection; returns the ticket of its commit, or null when there was nothing new in it.
   * @throws UpdateRefused with the close code
   */
  submit(seat: Seat, bytes: Uint8Array, isFirstSync: boolean): number | null {
    if (this.committer.isFull) {
      throw new UpdateRefused(closeCodes.comeBackLater, "The database is away; edits are kept by those who make them.");
    }
    const bytesMax = isFirstSync ? FRAME_BYTES_MAX : UPDATE_BYTES_MAX;
    const { isNew, clients, deletes } = this.#examine(bytes, bytesMax, (id) => this.#mayBring(seat, id, isFirstSync));
    if (!isNew) return null;
    if (this.#bytes + bytes.length > DOCUMENT_BYTES_MAX) {
      throw new UpdateRefused(closeCodes.tooLarge, "The document is full.");
    }
    const source = new Source(seat.actor);
    const claims = clients
      .filter((id) => !this.#owners.has(id))
      .map((clientId) => ({ clientId, userId: seat.actor.userId }));
    this.#claim(claims);
    this.#apply(bytes, source, claims);
    for (const id of clients) if (this.#owners.get(id) === seat.actor.userId) seat.clients.add(id);
    const touches = [...clients, ...deletes];
    const isHeld = touches.some((id) => this.#unsaved.has(id)) || this.#holdsSomethingOf(seat.actor.userId);
    // A copy: the bytes lie in the buffer that the socket was read into.
    return this.#accept({ bytes: new Uint8Array(bytes), actor: seat.actor, claims, seat, touches, isHeld });
  }

  /** What somebody wrote later may build on it, and must not overtake it. */
  #holdsSomethingOf(userId: string): boolean {
    return this.#held.some((entry) => userIdOf(entry.actor) === userId);
  }

  #mayBring(seat: Seat, clientId: number, isFirstSync: boolean): boolean {
    const owner = this.#owners.get(clientId);
    if (owner === undefined) return this.#owners.size < CLIENTS_PER_DOCUMENT_MAX;
    if (owner === seat.actor.userId) return true;
    if (!isFirstSync || owner === null || seat.isSuspect || !this.options.isRecovering()) return false;
    // After a crash others may hold what the owner wrote and the log has not; once the owner is back it is all here.
    return ![...this.seats].some((other) => other.hasSynced && other.clients.has(clientId));
  }

  #claim(claims: readonly ClientClaim[]): void {
    for (const { clientId, userId } of claims) {
      this.#owners.set(clientId, userId);
      this.#unsaved.add(clientId);
    }
  }

  #apply(bytes: Uint8Array, source: Source, claims: readonly ClientClaim[]): void {
    try {
      withinPlacingBudget(() => Y.applyUpdate(this.#doc, bytes, source));
      if (this.#doc.store.pendingStructs || this.#doc.store.pendingDs) throw new Error("it left a gap");
    } catch (error) {
      for (const { clientId } of claims) {
        this.#owners.delete(clientId);
        this.#unsaved.delete(clientId);
      }
      this.#full = null;
      this.#doc = this.#rebuilt();
      this.options.onThrown(this, bytes, messageOf(error), userIdOf(source.actor));
      throw new UpdateRefused(closeCodes.invalid, "The update broke while it was applied.");
    }
  }

  #accept(entry: Entry): number {
    this.#full = null;
    const kept: Kept = { bytes: entry.bytes, seq: null };
    this.#kept.push(kept);
    this.#open.push(kept);
    this.#bytes += entry.bytes.length;
    if (!entry.isHeld) this.#outbox.add(entry.bytes, entry.seat);
    const ticket = this.committer.add(entry);
    if (entry.isHeld) {
      this.#held.push(entry);
      this.lastHeldTicket = ticket;
    }
    return ticket;
  }

  /**
   * Edits as the server; returns the ticket of its commit, or null when nothing changed.
   * When `change` throws, nothing of it stays.
   */
  edit(actor: Actor, meta: unknown, change: (doc: Y.Doc) => void): number | null {
    const made: Uint8Array[] = [];
    const collect = (update: Uint8Array) => made.push(update);
    this.#doc.on("update", collect);
    try {
      this.#doc.transact(() => change(this.#doc), new Source(actor, meta));
    } catch (error) {
      if (made.length > 0) this.#doc = this.#rebuilt();
      this.#full = null;
      throw error;
    } finally {
      this.#doc.off("update", collect);
    }
    if (made.length === 0) return null;
    const clientId = this.#doc.clientID;
    const claims = this.#owners.has(clientId) ? [] : [{ clientId, userId: null }];
    this.#claim(claims);
    return this.#accept({ bytes: Y.mergeUpdates(made), actor, claims, seat: null, touches: [clientId], isHeld: true });
  }

  /** Takes rows that another process has written. */
  applyRows(rows: readonly { seq: number; bytes: Uint8Array }[]): void {
    for (const { seq, bytes } of rows) {
      if (seq <= this.headSeq) continue;
      Y.applyUpdate(this.#doc, bytes, STORED);
      this.#kept.push({ bytes, seq });
      this.headSeq = seq;
      this.#outbox.add(bytes, null);
    }
    this.#full = null;
  }

  /** What the tables made from this document do not have yet; the caller brings it there, or back by `carry`. */
  takeChanges(): DocumentChange[] {
    return this.#changes.take(this.#doc);
  }

  #seal(entries: readonly Entry[]): (attempt: number) => Promise<void> {
    const batch: Batch = { entries, rows: rowsOf(entries), changes: this.takeChanges() };
    return (attempt) => this.options.commit(this, batch, attempt);
  }

  /** Called after the commit of a batch: numbers its updates and passes on what was held. */
  committed(batch: Batch, firstSeq: number): void {
    const seqs = batch.rows.flatMap((row, index) => row.entries.map(() => firstSeq + index));
    for (const [index, kept] of this.#open.splice(0, seqs.length).entries()) kept.seq = seqs[index] ?? null;
    this.headSeq = Math.max(this.headSeq, firstSeq + batch.rows.length - 1);
    this.sinceSnapshot.rows += batch.rows.length;
    this.sinceSnapshot.bytes += batch.rows.reduce((sum, row) => sum + row.bytes.length, 0);
    for (const entry of batch.entries) {
      for (const { clientId } of entry.claims) this.#unsaved.delete(clientId);
    }
    this.#release(new Set(batch.entries));
  }

  /** Passes on, in order, what was held and is free now: committed itself, or the client ids that it waited for are. */
  #release(committed: ReadonlySet<Entry>): void {
    const waiting = new Set<string | null>();
    this.#held = this.#held.filter((entry) => {
      const userId = userIdOf(entry.actor);
      const isOwned = entry.seat !== null && !entry.touches.some((id) => this.#unsaved.has(id));
      const isFree = committed.has(entry) || (isOwned && !waiting.has(userId));
      if (isFree) this.#outbox.add(entry.bytes, entry.seat);
      else waiting.add(userId);
      return !isFree;
    });
  }

  /** Puts back the changes that a commit went without projecting. */
  carry(batch: Batch): void {
    this.#changes.carry(batch.changes);
  }

  /** Accepted updates that a log up to `seq` does not have. */
  keptAfter(seq: number): Uint8Array[] {
    return this.#kept.filter((kept) => kept.seq === null || kept.seq > seq).map((kept) => kept.bytes);
  }

  /** Rebuilds from a newer snapshot from now on. */
  rebase(snapshot: { seq: number; bytes: Uint8Array }): void {
    this.#base = snapshot.bytes;
    this.#kept = this.#kept.filter((kept) => kept.seq === null || kept.seq > snapshot.seq);
    const bytes = this.#kept.reduce((sum, kept) => sum + kept.bytes.length, 0);
    this.#bytes = snapshot.bytes.length + bytes;
    this.sinceSnapshot = { rows: this.#kept.length, bytes };
  }

  /** Ends the document for everyone in it. */
  end(closeCode: number): void {
    this.committer.end();
    for (const seat of [...this.seats]) seat.end(closeCode);
    this.seats.clear();
    this.#doc.destroy();
  }
}

/** One row per run of updates by one author: what is typed in one window is one row. */
function rowsOf(entries: readonly Entry[]): Batch["rows"] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (run?.[0] && userIdOf(run[0].actor) === userIdOf(entry.actor)) run.push(entry);
    else runs.push([entry]);
  }
  return runs.map((run) => ({
    entries: run,
    bytes: run.length === 1 && run[0] ? run[0].bytes : Y.mergeUpdates(run.map((entry) => entry.bytes)),
    authorId: run[0] ? userIdOf(run[0].actor) : null,
  }));
}
