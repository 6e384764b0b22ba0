import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { closeCodes } from "#/server/documents/shared/lists.ts";
import { deviceStore } from "./device.ts";
import { DocumentCopy, type Notice } from "./document-copy.ts";
import type { EditStore, KeptEdits } from "./edit-store.ts";
import { textOfEdits } from "./edit-text.ts";
import { forgetEdits, reportEdits } from "./save-registry.ts";
import type { SaveState } from "./save-tracker.ts";

/** What was written and cannot be saved, as text to take elsewhere. */
export type LostEdits = {
  /** The close code that says why. */
  readonly code: number;
  readonly text: string;
};

/** A document as the page sees it now; a new object whenever something in it changed. */
export type SharedDocumentView = {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** The server's text is here. */
  readonly isSynced: boolean;
  readonly isConnected: boolean;
  /** False for viewers; null until the server has said. */
  readonly canWrite: boolean | null;
  /** Null while it opens for the first time. */
  readonly saveState: SaveState | null;
  /** Why the server ended it for good, or null. */
  readonly closeCode: number | null;
  /** Shown until it is dismissed. */
  readonly lost: LostEdits | null;
};

export type SharedDocument = {
  readonly name: string;
  view(): SharedDocumentView;
  subscribe(listener: () => void): () => void;
  /** A fresh copy and a new connection, after the server ended the document. */
  reload(): void;
  /** What was lost has been taken elsewhere, or is not wanted. */
  dismissLost(): void;
  /** Resolves when nothing is being written to this device, or taken away from it. */
  settled(): Promise<void>;
  destroy(): void;
};

export type SharedDocumentOptions = {
  /** As the contract names it: `incidents/{id or reference}/{kind}`. */
  name: string;
  /** Where `/sync` is; the page's own origin unless said. */
  serverUrl?: string;
  /** Beside the cookie; for programs and tests. */
  params?: Record<string, string>;
  /** Where edits wait that the server has not got; this device's unless said. */
  store?: EditStore | null;
};

const STATE_CHECK_MS = 500;
/** Whoever may not see the incident any more keeps nothing of it. */
const accessEnded: readonly number[] = [closeCodes.signedOut, closeCodes.forbidden, closeCodes.notFound];
const startsOver: readonly number[] = [closeCodes.epochChanged, closeCodes.roleChanged];

function pageServerUrl(): string {
  return `${window.location.protocol === "https:" ? "wss:" : "ws:"}//${window.location.host}/sync`;
}

class ConnectedDocument implements SharedDocument {
  readonly name: string;
  readonly #options: SharedDocumentOptions;
  readonly #store: EditStore | null;
  readonly #listeners = new Set<() => void>();
  readonly #stateCheck: ReturnType<typeof setInterval>;
  #copy: DocumentCopy;
  #view: SharedDocumentView;
  #canWrite: boolean | null = null;
  #closeCode: number | null = null;
  #lost: LostEdits | null = null;
  #lostRecords: KeptEdits[] = [];
  #clearing: Promise<void> = Promise.resolve();

  constructor(options: SharedDocumentOptions) {
    this.name = options.name;
    this.#options = options;
    this.#store = options.store === undefined ? deviceStore() : options.store;
    this.#copy = this.#open();
    this.#view = this.#read();
    this.#stateCheck = setInterval(() => this.#changed(), STATE_CHECK_MS);
    globalThis.window?.addEventListener("offline", this.#onOffline);
    globalThis.window?.addEventListener("pagehide", this.#onLeaving);
  }

  view(): SharedDocumentView {
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reload(): void {
    this.#closeCode = null;
    this.#canWrite = null;
    this.#copy.end();
    this.#copy = this.#open(this.#copy.edits.settled());
    this.#changed();
  }

  dismissLost(): void {
    for (const kept of this.#lostRecords) void this.#store?.remove(kept).catch(() => undefined);
    this.#lostRecords = [];
    this.#lost = null;
    this.#changed();
  }

  async settled(): Promise<void> {
    await this.#copy.edits.settled();
    await this.#clearing;
  }

  destroy(): void {
    clearInterval(this.#stateCheck);
    globalThis.window?.removeEventListener("offline", this.#onOffline);
    globalThis.window?.removeEventListener("pagehide", this.#onLeaving);
    this.#copy.end();
    forgetEdits(this);
  }

  #open(isReady = Promise.resolve()): DocumentCopy {
    const { name, serverUrl, params = {} } = this.#options;
    const copy: DocumentCopy = new DocumentCopy({
      name,
      serverUrl: serverUrl ?? pageServerUrl(),
      params,
      store: this.#store,
      isReady,
      onChange: () => this.#changed(),
      onNotice: (notice) => this.#copy === copy && this.#onNotice(notice),
      onClosed: (code) => this.#copy === copy && this.#onClosed(code),
      isLost: ({ writer, epoch }) => this.#lostRecords.some((one) => one.writer === writer && one.epoch === epoch),
      onLost: (kept) => this.#addLost(kept),
    });
    return copy;
  }

  #onNotice(notice: Notice): void {
    if (notice.kind === "joined") {
      this.#canWrite = notice.canWrite;
    } else {
      this.#copy.tracker.refused();
      // A viewer's edits: the connection stays, and a final close that says more may follow.
      if (this.#canWrite === false) {
        this.#loseEdits(closeCodes.roleChanged);
        this.reload();
      }
    }
    this.#changed();
  }

  #onClosed(code: number): void {
    this.#loseEdits(code);
    if (accessEnded.includes(code)) this.#clearing = this.#clear(code).catch(() => undefined);
    // Another history, or other rights: this copy must not be merged into what the server has.
    if (startsOver.includes(code)) this.reload();
    else this.#closeCode = code;
  }

  /** What cannot be saved any more becomes text to take elsewhere; nothing of it is sent again. */
  #loseEdits(code: number): void {
    const { edits } = this.#copy;
    if (edits.isEmpty) return;
    this.#addText(code, textOfEdits(edits.updates));
    if (!accessEnded.includes(code)) this.#lostRecords.push(...edits.refuse(code));
  }

  async #clear(code: number): Promise<void> {
    await this.#copy.edits.abandon();
    await (code === closeCodes.signedOut ? this.#store?.clear() : this.#store?.drop(this.name));
  }

  #addLost(kept: readonly KeptEdits[]): void {
    for (const one of kept) {
      this.#lostRecords.push(one);
      this.#addText(one.refusedWith ?? closeCodes.epochChanged, textOfEdits([one.update]));
    }
    this.#changed();
  }

  /** Edits that only take text away leave nothing to copy. */
  #addText(code: number, text: string): void {
    if (text.trim() === "") return;
    this.#lost = { code, text: this.#lost ? `${this.#lost.text}\n${text}` : text };
  }

  readonly #onOffline = () => this.#copy.goOffline();
  readonly #onLeaving = () => this.#copy.edits.isKept || this.#copy.edits.write();

  #read(): SharedDocumentView {
    const { doc, provider, tracker } = this.#copy;
    return {
      doc,
      awareness: provider.awareness,
      // Once here, the text stays on the page through an interruption.
      isSynced: provider.synced || (this.#view?.doc === doc && this.#view.isSynced),
      isConnected: provider.wsconnected,
      canWrite: this.#canWrite,
      saveState: this.#lost ? "not_saved" : tracker.state(Date.now()),
      closeCode: this.#closeCode,
      lost: this.#lost,
    };
  }

  #changed(): void {
    if (!this.#view) return;
    const next = this.#read();
    reportEdits(this, {
      state: next.saveState,
      isKept: this.#copy.edits.isKept && (next.lost === null || (this.#store !== null && this.#lostRecords.length > 0)),
      isTroubled: next.closeCode !== null || next.lost !== null,
    });
    const keys = Object.keys(next) as (keyof SharedDocumentView)[];
    if (keys.every((key) => next[key] === this.#view[key])) return;
    this.#view = next;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Connects to a shared document; edits are kept through interruptions, on this device also through the end of the page. */
export function openSharedDocument(options: SharedDocumentOptions): SharedDocument {
  return new ConnectedDocument(options);
}
