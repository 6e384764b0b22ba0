import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import * as Y from "yjs";
import { oneOf, type Random, seededUuid, wholeBelow } from "./seeded.ts";
import { Client } from "./test-sync.ts";
import { deleteToken, type Fate, type TokenLedger, textsOf, writeToken } from "./token-ledger.ts";

/** A shared document that people type in, by its name on the wire. */
export type TypedDocument = { name: string; incidentId: string; kind: "notes" | "summary" };

/** An edit that its writer holds until it is acknowledged. */
type Open = { fate: Fate; isDeletion: boolean };
type Barrier = { isAnswered: () => boolean; covers: readonly Open[] };

const PAUSE_MS_MIN = 20;
const PAUSE_MS_MAX = 100;
/** Offline one types on, but a restart is long. */
const OFFLINE_PAUSE_MS = 400;
const NOTES_WANTED = 3;
const NEW_NOTE_SHARE = 0.02;
const DELETION_SHARE = 0.2;
const BARRIER_SHARE = 0.7;

/** Each provider listens for the end of the process. */
setMaxListeners(0, process);

/** One person's copy of one document, over a plain provider, and what of it was acknowledged. */
export class Manuscript {
  readonly document: TypedDocument;
  readonly client: Client;
  #open: Open[] = [];
  #barriers: Barrier[] = [];

  constructor(url: string, document: TypedDocument, token: string) {
    this.document = document;
    this.client = new Client(url, document.name, token);
  }

  get isConnected(): boolean {
    return this.client.provider.wsconnected && this.client.provider.synced;
  }

  /** The last thing asked for is answered, and nothing was edited since. */
  get isSaved(): boolean {
    this.settle();
    return this.isConnected && this.#open.length === 0;
  }

  add(fate: Fate, isDeletion: boolean): void {
    this.#open.push({ fate, isDeletion });
  }

  ask(): void {
    if (!this.isConnected) return;
    this.#barriers.push({ isAnswered: this.client.barrier(), covers: [...this.#open] });
  }

  /** Writes down what was acknowledged until now. */
  settle(): void {
    for (const { isAnswered, covers } of this.#barriers) {
      if (!isAnswered()) continue;
      for (const { fate, isDeletion } of covers) {
        if (isDeletion) fate.isDeleted = "acknowledged";
        else fate.isWritten = "acknowledged";
      }
      const settled = new Set(covers);
      this.#open = this.#open.filter((open) => !settled.has(open));
    }
    this.#barriers = this.#barriers.filter((barrier) => !barrier.isAnswered());
  }

  /** The connection is gone, and its barriers will not be answered any more; how many edits are held. */
  cut(): number {
    this.client.provider.disconnect();
    this.settle();
    this.#barriers = [];
    return this.#open.length;
  }
}

/** Somebody who types into several documents until told to stop, connected or not. */
export class Typist {
  readonly manuscripts: readonly Manuscript[];
  readonly #name: string;
  readonly #random: Random;
  readonly #ledger: TokenLedger;
  #serial = 0;
  #isOver = false;

  constructor(name: string, manuscripts: readonly Manuscript[], ledger: TokenLedger, random: Random) {
    this.#name = name;
    this.manuscripts = manuscripts;
    this.#ledger = ledger;
    this.#random = random;
  }

  async typeOn(): Promise<void> {
    while (!this.#isOver) {
      const manuscript = oneOf(this.#random, this.manuscripts);
      if (manuscript) this.edit(manuscript);
      const wait = PAUSE_MS_MIN + this.#random() * (PAUSE_MS_MAX - PAUSE_MS_MIN);
      await pause(manuscript?.isConnected ? wait : OFFLINE_PAUSE_MS);
    }
  }

  stop(): void {
    this.#isOver = true;
  }

  /** One edit, and most times the question whether it is saved. */
  edit(manuscript: Manuscript): void {
    manuscript.settle();
    const { client, document } = manuscript;
    const texts = textsOf(client.doc, document.kind);
    const text = oneOf(this.#random, texts);
    if (text && this.#random() < DELETION_SHARE) this.#delete(manuscript, text);
    else this.#write(manuscript, texts, text);
    if (this.#random() < BARRIER_SHARE) manuscript.ask();
  }

  #write(manuscript: Manuscript, texts: readonly Y.Text[], text: Y.Text | undefined): void {
    this.#serial += 1;
    const token = `<${this.#name}.${this.#serial}>`;
    const { client, document } = manuscript;
    const wantsNote = texts.length < NOTES_WANTED || this.#random() < NEW_NOTE_SHARE;
    manuscript.add(this.#ledger.written(document.name, token), false);
    if (document.kind === "notes" && wantsNote) {
      client.doc.getMap<Y.Text>("notes").set(seededUuid(this.#random), new Y.Text(token));
    } else if (text) {
      writeToken(text, token, this.#random);
    }
  }

  #delete(manuscript: Manuscript, text: Y.Text): void {
    const token = deleteToken(text, this.#random);
    const fate = token ? this.#ledger.deleting(token) : undefined;
    if (fate) manuscript.add(fate, true);
  }

  /** Comes back to each document after a moment, as after an interruption. */
  async comeBack(withinMs: number): Promise<void> {
    for (const { client } of this.manuscripts) {
      await pause(wholeBelow(this.#random, withinMs));
      client.provider.connect();
    }
  }
}
