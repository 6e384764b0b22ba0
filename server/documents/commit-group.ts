import type { Sql } from "#/db/client.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { PROJECTION_LAG_MS, PROJECTION_TRIES } from "./limits.ts";
import { ProjectionBudget } from "./projection-budget.ts";
import type { ProjectionEvent, Projections } from "./projections.ts";
import type { Room } from "./room.ts";
import type { Batch } from "./room-types.ts";
import type { DocumentKind } from "./shared/lists.ts";
import {
  type Append,
  appendUpdates,
  findDocument,
  HistoryLost,
  insertClients,
  readRows,
  statementsOf,
} from "./store.ts";

type Job = { room: Room; batch: Batch; attempt: number; resolve: () => void; reject: (error: unknown) => void };
type Written = { bases: Map<string, number>; projected: ReadonlySet<Job> };

function eventOf(room: Room, batch: Batch): ProjectionEvent {
  const last = batch.changes.at(-1);
  return {
    incidentId: room.options.incidentId,
    documentId: room.options.documentId,
    kind: room.options.kind,
    doc: room.doc,
    changes: batch.changes,
    changedKeys: batch.changes.flatMap((change) => change.key ?? []),
    authorId: last?.authorId ?? null,
    text: room.options.kind === "notes" ? null : (last?.text ?? null),
  };
}

/** New notes and the server's own edits are in the tables with their commit: somebody waits for them there. */
function mustProject({ entries, changes, rows }: Batch): boolean {
  return rows.length === 0 || changes.some((change) => change.isNew) || entries.some((entry) => entry.seat === null);
}

/**
 * Writes the batches of all documents of a process: those of one window in one statement, one group after the other.
 *
 * Rows of the log appear all together; new client ids and projections with them in one transaction. Under load the
 * projections of mere typing wait, `PROJECTION_LAG_MS` at most; `documents.projected_seq` says how far they are, and
 * what a crash left behind is made good at the next start. When a group fails, each of its batches is tried alone,
 * so that no document can hold up another.
 */
export class CommitGroup {
  readonly #core: Core;
  readonly #projections: Projections;
  readonly #budget = new ProjectionBudget();
  /** Rooms whose tables are behind, and those of them that go with their next commit. */
  readonly #lagging = new Map<Room, "noted" | "due">();
  #waiting: Job[] = [];
  #isRunning = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(core: Core, projections: Projections) {
    this.#core = core;
    this.#projections = projections;
  }

  /**
   * Writes one batch of a room; its numbers are told to the room before this resolves.
   * @param attempt how often it has failed; after the first it goes alone, after a few without its projections
   * @throws HistoryLost
   */
  write(room: Room, batch: Batch, attempt: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const job = { room, batch, attempt, resolve, reject };
      if (attempt > 0) {
        void this.#writeAlone(job);
        return;
      }
      this.#waiting.push(job);
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Those whose window closes with this one's come in the same turn.
    await null;
    while (this.#waiting.length > 0) await this.#writeGroup(this.#waiting.splice(0));
    this.#isRunning = false;
  }

  async #writeGroup(jobs: readonly Job[]): Promise<void> {
    try {
      const written = await this.#write(jobs);
      for (const job of jobs) await this.#finish(job, written);
    } catch (error) {
      if (jobs.length === 1) jobs[0]?.reject(error);
      else for (const job of jobs) await this.#writeAlone(job);
    }
  }

  async #writeAlone(job: Job): Promise<void> {
    try {
      await this.#finish(job, await this.#write([job]));
    } catch (error) {
      job.reject(error);
    }
  }

  /** One statement when there is nothing but rows; else one transaction. */
  async #write(jobs: readonly Job[]): Promise<Written> {
    const { db, now } = this.#core;
    const projected = this.#toProject(jobs);
    const appends = this.#appendsOf(jobs, projected);
    const hasClaims = jobs.some(({ batch }) => batch.entries.some((entry) => entry.claims.length > 0));
    if (projected.size === 0 && !hasClaims) {
      return { bases: await appendUpdates(db.statement, appends, now()), projected };
    }
    const before = process.threadCpuUsage();
    const bases = await db.transaction(async (tx) => {
      const heads = await appendUpdates(statementsOf(tx), appends, now());
      const found = jobs.filter(({ room }) => heads.has(room.options.documentId));
      for (const { room, batch } of found) {
        const claims = batch.entries.flatMap((entry) => entry.claims);
        await insertClients(tx, room.options.documentId, claims);
      }
      await this.#project(
        tx,
        found.filter((job) => projected.has(job)),
      );
      return heads;
    });
    const used = process.threadCpuUsage(before);
    if (projected.size > 0) this.#budget.spend((used.user + used.system) / 1_000);
    return { bases, projected };
  }

  async #project(tx: Sql, jobs: readonly Job[]): Promise<void> {
    const projected = jobs.map(({ room, batch }) => {
      const actor = batch.changes.at(-1)?.actor ?? systemActor;
      return { ctx: ctxFor(this.#core, actor), event: eventOf(room, batch) };
    });
    await this.#projections.run(tx, projected);
  }

  #toProject(jobs: readonly Job[]): Set<Job> {
    const isLeft = this.#budget.isLeft();
    return new Set(
      jobs.filter(({ room, batch, attempt }) => {
        if (batch.changes.length === 0 || attempt >= PROJECTION_TRIES) return false;
        return isLeft || mustProject(batch) || this.#lagging.get(room) === "due";
      }),
    );
  }

  #appendsOf(jobs: readonly Job[], projected: ReadonlySet<Job>): Append[] {
    const byDocument = new Map<string, Append>();
    for (const job of jobs) {
      const { documentId, epoch, kind } = job.room.options;
      const before = byDocument.get(documentId);
      byDocument.set(documentId, {
        documentId,
        epoch,
        rows: [...(before?.rows ?? []), ...job.batch.rows],
        isProjected: projected.has(job) || this.#hasNothingToProject(job, kind),
      });
    }
    return [...byDocument.values()];
  }

  #hasNothingToProject({ room, batch }: Job, kind: DocumentKind): boolean {
    return !this.#projections.has(kind) || (batch.changes.length === 0 && !this.#lagging.has(room));
  }

  async #finish(job: Job, { bases, projected }: Written): Promise<void> {
    const { room, batch } = job;
    const { documentId, incidentId, kind } = room.options;
    const base = bases.get(documentId);
    try {
      if (base === undefined)
        throw new HistoryLost((await findDocument(this.#core.db.read, incidentId, kind)) === null);
      if (batch.rows.length > 0) {
        // Rows of other processes lie between.
        if (base > room.headSeq) {
          const rows = await readRows(this.#core.db.read, documentId, room.headSeq);
          room.applyRows(rows.filter((row) => row.seq <= base));
        }
        room.committed(batch, base + 1);
      }
      if (projected.has(job)) this.#lagging.delete(room);
      else if (batch.changes.length > 0) this.#lag(job);
      job.resolve();
    } catch (error) {
      job.reject(error);
    }
  }

  #lag({ room, batch, attempt }: Job): void {
    room.carry(batch);
    if (!this.#lagging.has(room)) this.#lagging.set(room, "noted");
    if (attempt >= PROJECTION_TRIES) {
      const keys = batch.changes.map((change) => change.key);
      this.#core.log.error({ documentId: room.options.documentId, keys }, "committed without projections");
    }
    this.#catchUpLater();
  }

  #catchUpLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.catchUp();
    }, PROJECTION_LAG_MS).unref();
  }

  /** Brings the tables of every room that lags up to its log; of those that are being written, with their next commit. */
  async catchUp(): Promise<void> {
    const rooms = [...this.#lagging.keys()];
    await Promise.all(
      rooms.map(async (room) => {
        this.#lagging.set(room, "due");
        if (!room.committer.isIdle) return;
        const batch: Batch = { entries: [], rows: [], changes: room.takeChanges() };
        await this.write(room, batch, 0).catch((error: unknown) => {
          room.carry(batch);
          logFailedCommit(this.#core, room, error, 0);
          if (this.#lagging.has(room)) this.#catchUpLater();
        });
      }),
    );
  }

  /** A room was loaded whose tables a crash has left behind. */
  noteLag(room: Room): void {
    this.#lagging.set(room, "noted");
  }

  /** The room is gone; what is left to project is made good when it is opened next. */
  forget(room: Room): void {
    this.#lagging.delete(room);
  }
}

/** Says once in a while that a commit fails, and that nothing is lost yet. */
export function logFailedCommit(core: Core, room: Room, error: unknown, attempt: number): void {
  const { documentId, kind } = room.options;
  core.log.error({ documentId, kind, attempt, error: messageOf(error) }, "edits could not be stored; trying again");
}
