import * as Y from "yjs";
import type { EditStore, KeptEdits } from "./edit-store.ts";

/** Those that are acknowledged within this are never written to the device. */
const KEEP_AFTER_MS = 100;
/** More than this are merged into one, so that hours without a server stay cheap. */
const EDITS_MAX = 200;

/** The barrier after it, once one was sent. */
type Sent = { barrier: number | null };
type Edit = Sent & { update: Uint8Array };
type Adopted = Sent & { kept: KeptEdits };

type Options = { document: string; writer: number; store: EditStore | null; onChange: () => void };

/**
 * The edits of one copy of a document that the server has not acknowledged, and what became of them on this device:
 * what is not acknowledged soon is written there, what is acknowledged is taken away. Also holds the edits of other
 * copies (tabs that are gone, pages before a reload) that this one brings to the server.
 */
export class UnsavedEdits {
  readonly #options: Options;
  #epoch = 0;
  #own: Edit[] = [];
  #adopted: Adopted[] = [];
  /** Counts changes of `#own`. */
  #revision = 0;
  #keptRevision = 0;
  /** What this copy has on the device. */
  #record: KeptEdits | null = null;
  #isConnected = false;
  #isOver = false;
  #writing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#own.length === 0 && this.#adopted.length === 0;
  }

  /** Each of them is on this device too, so that the page may be left. */
  get isKept(): boolean {
    return this.#own.length === 0 || this.#keptRevision === this.#revision;
  }

  get updates(): Uint8Array[] {
    return [...this.#adopted.map(({ kept }) => kept.update), ...this.#own.map(({ update }) => update)];
  }

  edited(update: Uint8Array): void {
    this.#own.push({ update, barrier: null });
    this.#revision += 1;
    if (this.#own.length > EDITS_MAX) this.#merge();
    this.#writeSoon();
  }

  /** Takes over what other copies left, except what is refused or here already; answers the updates to apply. */
  adopt(all: readonly KeptEdits[]): Uint8Array[] {
    const fresh = all.filter(
      (kept) =>
        kept.writer !== this.#options.writer &&
        kept.refusedWith === null &&
        !this.#adopted.some(
          (each) =>
            each.kept.writer === kept.writer && each.kept.revision === kept.revision && each.kept.epoch === kept.epoch,
        ),
    );
    this.#adopted.push(...fresh.map((kept) => ({ kept, barrier: null })));
    return fresh.map(({ update }) => update);
  }

  barrier(number: number): void {
    for (const edit of [...this.#own, ...this.#adopted]) edit.barrier ??= number;
  }

  answered(number: number): void {
    const isSaved = ({ barrier }: Sent) => barrier !== null && barrier <= number;
    const own = this.#own.filter((edit) => !isSaved(edit));
    if (own.length !== this.#own.length) {
      this.#own = own;
      this.#revision += 1;
      if (own.length > 0 || this.#record) this.#writeSoon();
      else clearTimeout(this.#timer);
    }
    for (const { kept } of this.#adopted.filter(isSaved)) this.#enqueue((store) => store.remove(kept));
    this.#adopted = this.#adopted.filter((edit) => !isSaved(edit));
  }

  connected(): void {
    this.#isConnected = true;
  }

  /** Barriers die with their connection. */
  disconnected(): void {
    this.#isConnected = false;
    for (const edit of [...this.#own, ...this.#adopted]) edit.barrier = null;
    if (!this.isKept) this.write();
  }

  /** The history that the copy belongs to, as the server names it. */
  set epoch(epoch: number) {
    if (epoch === this.#epoch) return;
    this.#epoch = epoch;
    if (this.#own.length > 0) this.#writeSoon();
  }

  /** Writes now what the device does not have yet: the page may be left at any moment. */
  write(): void {
    clearTimeout(this.#timer);
    if (!this.#isOver) this.#enqueue((store) => this.#writeNow(store));
  }

  /** The server refused them: nothing of this copy is sent again. They stay on the device, marked, and are answered. */
  refuse(code: number): KeptEdits[] {
    const own = this.#own.length > 0 ? [this.#asRecord()] : [];
    const refused = [...this.#adopted.map(({ kept }) => kept), ...own].map((kept) => ({ ...kept, refusedWith: code }));
    for (const kept of refused) this.#enqueue((store) => store.put(kept));
    void this.abandon();
    return refused;
  }

  /** Forgets them here; resolves when nothing is being written any more. */
  abandon(): Promise<void> {
    this.#end();
    this.#own = [];
    this.#adopted = [];
    return this.#writing;
  }

  /** Nothing more is written; what is on the device stays there for the next visit. */
  stop(): void {
    if (!this.isKept) this.write();
    this.#end();
  }

  /** Resolves when nothing is being written any more. */
  settled(): Promise<void> {
    return this.#writing;
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
  }

  #merge(): void {
    const update = Y.mergeUpdates(this.#own.map((edit) => edit.update));
    this.#own = [{ update, barrier: null }];
  }

  #asRecord(): KeptEdits {
    const { document, writer } = this.#options;
    const update = Y.mergeUpdates(this.#own.map((edit) => edit.update));
    return {
      document,
      writer,
      epoch: this.#epoch,
      update,
      revision: this.#revision,
      at: Date.now(),
      refusedWith: null,
    };
  }

  #writeSoon(): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    if (this.#isConnected) this.#timer = setTimeout(() => this.write(), KEEP_AFTER_MS);
    else this.write();
  }

  async #writeNow(store: EditStore): Promise<void> {
    const before = this.#record;
    // Several were asked for while one was written.
    if (this.#keptRevision === this.#revision && before?.epoch === this.#epoch) return;
    if (this.#own.length === 0) {
      this.#record = null;
      if (before) await store.remove(before);
      return;
    }
    const record = this.#asRecord();
    await store.put(record);
    this.#record = record;
    this.#keptRevision = record.revision;
    if (before && before.epoch !== record.epoch) await store.remove(before);
  }

  #enqueue(work: (store: EditStore) => Promise<void>): void {
    const { store, onChange } = this.#options;
    if (!store) return;
    // What cannot be written stays in this tab, which `isKept` tells.
    this.#writing = this.#writing.then(() => work(store)).then(onChange, onChange);
  }
}
