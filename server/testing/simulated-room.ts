import { setImmediate as nextTurn } from "node:timers/promises";
import { asc, eq } from "drizzle-orm";
import * as Y from "yjs";
import type { Database } from "#/db/client.ts";
import { documentSnapshots, documents as documentTable, documentUpdates, incidents } from "#/db/schema/index.ts";
import { systemActor, type UserActor } from "#/server/access/index.ts";
import {
  contentHash,
  createDocuments,
  type Documents,
  documentFrom,
  type OpenRoom,
  type Room,
} from "#/server/documents/index.ts";
import { takeSnapshot } from "#/server/documents/snapshot.ts";
import { statementsOf } from "#/server/documents/store.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { Connection } from "#/server/realtime/sync/connection.ts";
import { Presence } from "#/server/realtime/sync/presence.ts";
import type { SyncSocket } from "#/server/realtime/sync/sync-socket.ts";
import { oneOf, seededUuid, wholeBelow } from "./seeded.ts";
import { bringsStructs, SimulatedClient, sortedStateVector } from "./simulated-client.ts";
import type { SimulatedLink } from "./simulated-link.ts";
import { choicesOf, type Op } from "./simulated-ops.ts";
import type { TestCore } from "./test-core.ts";
import { deleteToken, TokenLedger, textsOf, writeToken } from "./token-ledger.ts";
import { VirtualClock } from "./virtual-clock.ts";

type Kind = "notes" | "summary";
/** A process in a simulation: its documents over a database that answers only while it lives. */
type Site = { documents: Documents; core: Core; isDead: boolean; survives: boolean };

const NOTES_WANTED = 2;
const NEW_NOTE_SHARE = 0.05;
/** A commit window, a retry, and a long silence. */
const WAITS_MS = [5, 25, 25, 60, 250, 3_000];
const UNLOAD_MS = 31_000;
const SETTLE_TURNS_MAX = 400;
const WRITERS = ["a", "b", "c"] as const;
/** Two people, one of them in two tabs, and somebody who may only read. */
export const PEOPLE = 4;
const VIEWER = "viewer";

/** The people of a simulation, once for a database. */
export type Cast = { ada: UserActor; lin: UserActor; vic: UserActor };

export async function castOf(test: TestCore): Promise<Cast> {
  return { ada: await test.person("Ada"), lin: await test.person("Lin"), vic: await test.person("Vic", "viewer") };
}

/** One room with its people, its processes and its network, moved step by step. */
export class SimulatedRoom {
  readonly faults: string[] = [];
  readonly #base: Core;
  readonly #kind: Kind;
  readonly #clock: VirtualClock;
  readonly #ledger = new TokenLedger();
  readonly #clients: SimulatedClient[];
  readonly #forgivenNotes = new Set<string>();
  #links: SimulatedLink[] = [];
  #site: Site;
  #incidentId = "";
  readonly #presences = new WeakMap<Room, Presence>();
  readonly #seenRooms = new WeakSet<Room>();
  #serial = 0;
  #nextClientId = 1_000;
  #isDatabaseAway = false;
  #running: Promise<unknown>[] = [];

  constructor(test: TestCore, cast: Cast, kind: Kind, clock: VirtualClock) {
    this.#clock = clock;
    this.#base = test.core;
    this.#kind = kind;
    const actors = [cast.ada, cast.lin, cast.ada, cast.vic];
    this.#clients = actors.map((actor, index) => new SimulatedClient(actor, actor !== cast.vic, index + 1));
    this.#site = this.#startSite();
  }

  get #target() {
    return { incidentId: this.#incidentId, kind: this.#kind };
  }

  #startSite(): Site {
    const site: Omit<Site, "documents" | "core"> = { isDead: false, survives: false };
    const real = this.#base.db;
    const isAway = () => this.#isDatabaseAway;
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

  async #turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) await nextTurn();
  }

  async prepare(reference: string): Promise<void> {
    const [row] = await this.#base.db.read
      .insert(incidents)
      .values({ reference, title: "Simulated", status: "investigating", visibility: "public" })
      .returning({ id: incidents.id });
    if (!row) throw new Error("an inserted incident was not returned");
    this.#incidentId = row.id;
  }

  async run(ops: readonly Op[]): Promise<void> {
    for (const op of ops) {
      await this.#step(op);
      await this.#turns(2);
    }
    await this.#settle();
    await this.#check();
  }

  async #step(step: Op): Promise<void> {
    const client = this.#clients[step.who];
    if (!client) return;
    switch (step.op) {
      case "write":
        return this.#write(client, step);
      case "delete":
        return this.#delete(client, step);
      case "ask":
        return client.ask();
      case "deliver":
        return this.#deliver(step);
      case "connect":
        return client.link ? undefined : this.#connect(client);
      case "cut":
        return this.#cut(client, step);
      case "duplicate":
      case "skip":
      case "swap":
        return this.#tamper(client, step);
      case "wait":
        return void this.#clock.tick(oneOf(choicesOf(step), WAITS_MS) ?? 0);
      case "reload":
        return this.#reload(client, step);
      case "serverWrites":
        return this.#serverWrites(step);
      case "serverDeletes":
        return this.#serverDeletes(step);
      case "compact":
        return this.#compact();
      case "everybodyLeaves":
        return this.#everybodyLeaves();
      case "databaseAway":
        this.#isDatabaseAway = !this.#isDatabaseAway;
        return;
      case "lookAtRights":
        return this.#lookAtRights(client, step);
      case "stop":
        return this.#stop(step);
      case "kill":
        return this.#kill(step);
    }
  }

  #write(client: SimulatedClient, step: Op): void {
    const random = choicesOf(step);
    this.#serial += 1;
    const name = client.canWrite ? (WRITERS[step.who] ?? "x") : VIEWER;
    const token = `<${name}.${this.#serial}>`;
    const notes = client.doc.getMap<Y.Text>("notes");
    const keys = [...notes.keys()];
    const needsNote = keys.length < NOTES_WANTED || random() < NEW_NOTE_SHARE;
    const key = this.#kind === "notes" ? (needsNote ? seededUuid(random) : oneOf(random, keys)) : undefined;
    if (client.canWrite) {
      const fate = this.#ledger.written(this.#kind, token);
      if (key) fate.note = key;
      client.edited(fate, false);
    }
    if (!key) writeToken(client.doc.getText("text"), token, random);
    else if (notes.has(key)) writeToken(notes.get(key) as Y.Text, token, random);
    else notes.set(key, new Y.Text(token));
  }

  #delete(client: SimulatedClient, step: Op): void {
    const random = choicesOf(step);
    const text = oneOf(random, textsOf(client.doc, this.#kind));
    const token = text && deleteToken(text, random);
    if (!token || !client.canWrite) return;
    const fate = this.#ledger.deleting(token);
    if (fate) client.edited(fate, true);
  }

  #deliver(step: Op): void {
    const link = this.#links[wholeBelow(choicesOf(step), this.#links.length)];
    const count = 1 + Math.floor(step.b * 4);
    for (let frame = 0; link && frame < count; frame += 1) {
      if (step.a < 0.5) link.deliverUp();
      else link.deliverDown();
    }
    this.#links = this.#links.filter((each) => !each.isOver);
  }

  #connect(client: SimulatedClient): void {
    const link = client.connect();
    this.#links.push(link);
    const site = this.#site;
    const opening = this.#open(site).then(
      (open) => {
        if (site.isDead) return;
        const { actor, canWrite } = client;
        const name = { incident: this.#incidentId, kind: this.#kind };
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
    this.#running.push(opening);
  }

  /** The server's own client id is chosen too, so that a run repeats. */
  async #open(site: Site): Promise<OpenRoom> {
    const open = await site.documents.open(this.#target);
    if (!this.#seenRooms.has(open.room)) {
      this.#seenRooms.add(open.room);
      this.#nextClientId += 1;
      open.room.doc.clientID = this.#nextClientId;
    }
    return open;
  }

  #presenceIn(room: Room): Presence {
    const presence = this.#presences.get(room) ?? new Presence(() => true);
    this.#presences.set(room, presence);
    return presence;
  }

  #cut(client: SimulatedClient, step: Op): void {
    client.link?.cut(Math.floor(step.a * 4), Math.floor(step.b * 4));
  }

  /** Repeats, leaves out or swaps updates on their way; only where the gate can see it, as TCP never does it unseen. */
  #tamper({ link, doc }: SimulatedClient, step: Op): void {
    if (!link) return;
    const { toServer } = link;
    const at = Math.floor(step.a * toServer.length);
    const [frame, next] = [toServer[at], toServer[at + 1]];
    if (!frame || !bringsStructs(frame, doc.clientID)) return;
    if (step.op === "duplicate") {
      toServer.splice(at + 1 + Math.floor(step.b * 3), 0, frame);
      return;
    }
    if (!next || !bringsStructs(next, doc.clientID)) return;
    link.isTampered = true;
    if (step.op === "skip") toServer.splice(at, 1);
    else toServer.splice(at, 2, next, frame);
  }

  #reload(client: SimulatedClient, step: Op): void {
    this.#cut(client, step);
    this.#nextClientId += 1;
    for (const fate of client.reload(this.#nextClientId)) fate.isForgiven = true;
  }

  #serverWrites(step: Op): void {
    const random = choicesOf(step);
    this.#serial += 1;
    const token = `<s.${this.#serial}>`;
    const fate = this.#ledger.written(this.#kind, token);
    const change = (doc: Y.Doc) => {
      if (this.#kind === "summary") return writeToken(doc.getText("text"), token, random);
      fate.note = seededUuid(random);
      doc.getMap("notes").set(fate.note, new Y.Text(token));
    };
    this.#serverEdits(change, fate);
  }

  #serverDeletes(step: Op): void {
    this.#serverEdits((doc) => {
      const notes = doc.getMap("notes");
      const key = oneOf(choicesOf(step), [...notes.keys()]);
      if (this.#kind !== "notes" || !key) return;
      this.#forgivenNotes.add(key);
      notes.delete(key);
    });
  }

  /** An edit of the server's that is not known to be stored may be there or not. */
  #serverEdits(change: (doc: Y.Doc) => void, fate?: { isWritten: string; isForgiven?: boolean }): void {
    if (fate) fate.isForgiven = true;
    const { documents, core } = this.#site;
    const edit = async () => {
      const { release } = await this.#open(this.#site);
      await documents.edit(ctxFor(core, systemActor), this.#target, change).finally(release);
    };
    const done = edit().then(
      () => {
        if (!fate) return;
        fate.isForgiven = false;
        fate.isWritten = "acknowledged";
      },
      () => {},
    );
    this.#running.push(done);
  }

  #compact(): void {
    const { core } = this.#site;
    const work = this.#open(this.#site).then(async ({ room, release }) => {
      const result = await takeSnapshot(core, room).catch(() => "failed");
      if (result === "differs") this.faults.push("the live document differed from its log");
      release();
    });
    this.#running.push(work.catch(() => {}));
  }

  async #everybodyLeaves(): Promise<void> {
    for (const client of this.#clients) client.link?.cut(1_000, 1_000);
    for (let round = 0; round < 200 && this.#links.length > 0; round += 1) this.#deliverAll();
    await this.#turns(4);
    this.#clock.tick(UNLOAD_MS);
    await this.#turns(6);
  }

  /** The server stops reading somebody while their rights are looked at, and goes on after a while. */
  #lookAtRights(client: SimulatedClient, step: Op): void {
    const connection = client.link?.connection;
    if (!connection) return;
    connection.suspend();
    setTimeout(() => connection.resume(), step.a * 100);
  }

  async #stop(step: Op): Promise<void> {
    const { documents } = this.#site;
    this.#isDatabaseAway = false;
    const stopping = documents.stop();
    for (let turn = 0; turn < 40; turn += 1) {
      this.#clock.tick(100);
      await nextTurn();
    }
    await stopping;
    this.#endSite(step, true);
    await this.#lookAtLog();
  }

  async #kill(step: Op): Promise<void> {
    this.#endSite(step, step.b < 0.5);
    await this.#lookAtLog();
  }

  #endSite(step: Op, survives: boolean): void {
    this.#site.survives = survives;
    this.#site.isDead = true;
    for (const link of this.#links) link.loseServer(Math.floor(step.a * 4));
    this.#site = this.#startSite();
  }

  async #stored() {
    const { read } = this.#base.db;
    // A transaction of the process that is gone ends before the next one begins.
    await this.#base.db.transaction(async () => {});
    const rows = await read.select().from(documentTable).where(eq(documentTable.incidentId, this.#incidentId));
    const row = rows.find((each) => each.kind === this.#kind);
    if (!row) return { headSeq: 0, epoch: 1, updates: [], snapshots: [] };
    const updates = await read
      .select()
      .from(documentUpdates)
      .where(eq(documentUpdates.documentId, row.id))
      .orderBy(asc(documentUpdates.seq));
    const snapshots = await read.select().from(documentSnapshots).where(eq(documentSnapshots.documentId, row.id));
    return { headSeq: row.headSeq, epoch: row.epoch, updates, snapshots };
  }

  /** What is stored at this moment must have all that was acknowledged, whoever comes back later. */
  async #lookAtLog(): Promise<void> {
    const { updates } = await this.#stored();
    const doc = documentFrom(
      this.#kind,
      updates.map((row) => row.bytes),
    );
    this.#noteFaults(doc, false, "in the log after a restart");
  }

  #noteFaults(doc: Y.Doc, isWhole: boolean, where: string): void {
    const texts = textsOf(doc, this.#kind).map(String);
    const faults = this.#ledger.faultsIn(this.#kind, texts, isWhole, this.#forgivenNotes);
    for (const [what, tokens] of Object.entries(faults)) {
      if (tokens.length > 0) this.faults.push(`${what} ${where}: ${tokens.join(" ")}`);
    }
    if (texts.some((text) => text.includes(`<${VIEWER}.`))) this.faults.push(`a viewer's words ${where}`);
  }

  #deliverAll(): void {
    for (const link of this.#links) {
      for (let frame = 0; frame < 50; frame += 1) {
        link.deliverUp();
        link.deliverDown();
      }
    }
    this.#links = this.#links.filter((each) => !each.isOver);
  }

  /** The network heals and everybody comes back, until all of it is saved. */
  async #settle(): Promise<void> {
    this.#isDatabaseAway = false;
    const writers = this.#clients.filter((client) => client.canWrite);
    let quiet = 0;
    for (let turn = 0; turn < SETTLE_TURNS_MAX && quiet < 5; turn += 1) {
      for (const client of this.#clients) if (!client.link) this.#connect(client);
      this.#deliverAll();
      // Not each time: a connection that asks without end is read more slowly.
      if (turn % 10 === 9) for (const client of writers) if (!client.isSaved) client.ask();
      this.#clock.tick(250);
      await this.#turns(4);
      const isStill = this.#links.every((link) => link.toClient.length === 0 && link.toServer.length === 0);
      quiet =
        isStill && this.#clients.every((client) => client.isSynced) && writers.every((each) => each.isSaved)
          ? quiet + 1
          : 0;
    }
    if (quiet < 5) this.faults.push(`it did not settle: ${this.#clients.map((each) => each.told).join("; ")}`);
    await this.#site.documents
      .flushAll()
      .catch((error) => this.faults.push(`a last commit failed: ${messageOf(error)}`));
  }

  async #check(): Promise<void> {
    const { room, release } = await this.#site.documents.open(this.#target);
    const live = documentFrom(this.#kind, [room.stateFor()]);
    this.#noteFaults(live, true, "at the end");
    for (const [index, client] of this.#clients.entries()) {
      for (const why of client.unexplained) this.faults.push(`person ${index} was closed: ${why}`);
      if (client.doc.store.pendingStructs || client.doc.store.pendingDs)
        this.faults.push(`person ${index} lacks something`);
      if (client.canWrite) this.#compare(client.doc, live, `person ${index}`);
    }
    const { headSeq, epoch, updates, snapshots } = await this.#stored();
    const all = updates.map((row) => row.bytes);
    this.#compare(documentFrom(this.#kind, all), live, "the log");
    for (const { seq, bytes } of snapshots) {
      this.#compare(documentFrom(this.#kind, [bytes, ...all.slice(seq)]), live, `the snapshot at ${seq}`);
    }
    const isGapless = updates.length === headSeq && updates.every(({ seq }, index) => seq === index + 1);
    if (!isGapless) this.faults.push("the log has holes");
    if (epoch !== 1) this.faults.push("the history was replaced");
    release();
  }

  #compare(one: Y.Doc, live: Y.Doc, whose: string): void {
    if (contentHash(one, this.#kind) !== contentHash(live, this.#kind)) this.faults.push(`${whose} has another text`);
    if (sortedStateVector(one) !== sortedStateVector(live)) this.faults.push(`${whose} has another state vector`);
    const [deleted, liveDeleted] = [one, live].map((doc) => Y.createDeleteSetFromStructStore(doc.store));
    if (!deleted || !liveDeleted || !Y.equalDeleteSets(deleted, liveDeleted)) {
      this.faults.push(`${whose} has other deletions`);
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.doc.destroy();
    const stopping = this.#site.documents.stop();
    await this.#turns(2);
    this.#clock.tick(UNLOAD_MS);
    await stopping;
  }
}

/** Runs one list of steps in a room of its own; what is wrong afterwards, in words. */
export async function simulate(test: TestCore, cast: Cast, seed: number, ops: readonly Op[]): Promise<string[]> {
  const reference = `SIM-${seed}-${performance.now()}`;
  const clock = new VirtualClock();
  clock.install();
  const room = new SimulatedRoom(test, cast, seed % 2 ? "notes" : "summary", clock);
  try {
    await room.prepare(reference);
    await room.run(ops);
    await room.close();
    return room.faults;
  } finally {
    clock.uninstall();
  }
}
