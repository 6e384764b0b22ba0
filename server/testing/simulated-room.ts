import { setImmediate as nextTurn } from "node:timers/promises";
import * as Y from "yjs";
import { documentFrom } from "#/server/documents/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { oneOf, seededUuid } from "./seeded.ts";
import type { Cast } from "./simulate.ts";
import { differences, SimulatedClient } from "./simulated-client.ts";
import { SimulatedNetwork, tamper } from "./simulated-network.ts";
import { choicesOf, type Op } from "./simulated-ops.ts";
import type { SimulatedKind, SimulatedServer } from "./simulated-server.ts";
import { deleteToken, TokenLedger, textsOf, writeToken } from "./token-ledger.ts";
import type { VirtualClock } from "./virtual-clock.ts";

const NOTES_WANTED = 2;
const NEW_NOTE_SHARE = 0.05;
/** A commit window, a retry, and a long silence. */
const WAITS_MS = [5, 25, 25, 60, 250, 3_000];
const UNLOAD_MS = 31_000;
const SETTLE_TURNS_MAX = 400;
const WRITERS = ["a", "b", "c"] as const;
const VIEWER = "viewer";

/** One room with its people, its processes and its network, moved step by step. */
export class SimulatedRoom {
  readonly faults: string[] = [];
  readonly #kind: SimulatedKind;
  readonly #clock: VirtualClock;
  readonly #ledger = new TokenLedger();
  readonly #clients: SimulatedClient[];
  readonly #forgivenNotes = new Set<string>();
  readonly #network = new SimulatedNetwork();
  readonly #server: SimulatedServer;
  #serial = 0;

  constructor(server: SimulatedServer, cast: Cast, clock: VirtualClock) {
    this.#server = server;
    this.#kind = server.kind;
    this.#clock = clock;
    const actors = [cast.ada, cast.lin, cast.ada, cast.vic];
    this.#clients = actors.map((actor, index) => new SimulatedClient(actor, actor !== cast.vic, index + 1));
  }

  async #turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn += 1) await nextTurn();
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
        return this.#network.deliver(step);
      case "connect":
        return client.link ? undefined : this.#connect(client);
      case "cut":
        return this.#cut(client, step);
      case "duplicate":
      case "skip":
      case "swap":
        return tamper(client, step);
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
        this.#server.isDatabaseAway = !this.#server.isDatabaseAway;
        return;
      case "lookAtRights":
        return this.#lookAtRights(client, step);
      case "stop":
        return this.#stop(step);
      case "kill":
        return this.#endProcess(step, step.b < 0.5);
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

  #connect(client: SimulatedClient): void {
    const link = client.connect();
    this.#network.add(link);
    this.#server.admit(client, link);
  }

  #cut(client: SimulatedClient, step: Op): void {
    client.link?.cut(Math.floor(step.a * 4), Math.floor(step.b * 4));
  }

  #reload(client: SimulatedClient, step: Op): void {
    this.#cut(client, step);
    for (const fate of client.reload(this.#server.nextClientId())) fate.isForgiven = true;
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
    this.#server.edit(change).then(
      () => {
        if (!fate) return;
        fate.isForgiven = false;
        fate.isWritten = "acknowledged";
      },
      () => {},
    );
  }

  #compact(): void {
    this.#server.compact().then(
      (result) => {
        if (result === "differs") this.faults.push("the live document differed from its log");
      },
      () => {},
    );
  }

  async #everybodyLeaves(): Promise<void> {
    for (const client of this.#clients) client.link?.cut(1_000, 1_000);
    for (let round = 0; round < 200 && !this.#network.isEmpty; round += 1) this.#network.deliverAll();
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
    const { documents } = this.#server;
    this.#server.isDatabaseAway = false;
    const stopping = documents.stop();
    for (let turn = 0; turn < 40; turn += 1) {
      this.#clock.tick(100);
      await nextTurn();
    }
    await stopping;
    await this.#endProcess(step, true);
  }

  async #endProcess(step: Op, survives: boolean): Promise<void> {
    this.#server.end(survives);
    this.#network.loseServer(Math.floor(step.a * 4));
    this.#server.start();
    await this.#lookAtLog();
  }

  /** What is stored at this moment must have all that was acknowledged, whoever comes back later. */
  async #lookAtLog(): Promise<void> {
    const { updates } = await this.#server.stored();
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

  /** The network heals and everybody comes back, until all of it is saved. */
  async #settle(): Promise<void> {
    this.#server.isDatabaseAway = false;
    const writers = this.#clients.filter((client) => client.canWrite);
    let quiet = 0;
    for (let turn = 0; turn < SETTLE_TURNS_MAX && quiet < 5; turn += 1) {
      for (const client of this.#clients) if (!client.link) this.#connect(client);
      this.#network.deliverAll();
      // Not each time: a connection that asks without end is read more slowly.
      if (turn % 10 === 9) for (const client of writers) if (!client.isSaved) client.ask();
      this.#clock.tick(250);
      await this.#turns(4);
      quiet =
        this.#network.isStill &&
        this.#clients.every((client) => client.isSynced) &&
        writers.every((each) => each.isSaved)
          ? quiet + 1
          : 0;
    }
    if (quiet < 5) this.faults.push(`it did not settle: ${this.#clients.map((each) => each.told).join("; ")}`);
    await this.#server.documents
      .flushAll()
      .catch((error) => this.faults.push(`a last commit failed: ${messageOf(error)}`));
  }

  async #check(): Promise<void> {
    const { room, release } = await this.#server.documents.open(this.#server.target);
    const live = documentFrom(this.#kind, [room.stateFor()]);
    this.#noteFaults(live, true, "at the end");
    for (const [index, client] of this.#clients.entries()) {
      for (const why of client.unexplained) this.faults.push(`person ${index} was closed: ${why}`);
      if (client.doc.store.pendingStructs || client.doc.store.pendingDs)
        this.faults.push(`person ${index} lacks something`);
      if (client.canWrite) this.#compare(client.doc, live, `person ${index}`);
    }
    const { headSeq, epoch, updates, snapshots } = await this.#server.stored();
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
    for (const what of differences(one, live, this.#kind)) this.faults.push(`${whose} has ${what}`);
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.doc.destroy();
    const stopping = this.#server.documents.stop();
    await this.#turns(2);
    this.#clock.tick(UNLOAD_MS);
    await stopping;
  }
}
