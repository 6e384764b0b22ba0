import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import type { Awareness } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { closeCodes, MESSAGE_BARRIER, MESSAGE_NOTICE } from "#/server/documents/shared/lists.ts";
import { fullJitter } from "./full-jitter.ts";
import { forgetSaveState, reportSaveState } from "./save-registry.ts";
import { type SaveState, SaveTracker } from "./save-tracker.ts";

/** A document as the page sees it now; a new object whenever something in it changed. */
export type SharedDocumentView = {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** The server's text is here. */
  readonly isSynced: boolean;
  readonly isConnected: boolean;
  /** False for viewers; null until the server has said. */
  readonly canWrite: boolean | null;
  readonly saveState: SaveState;
  /** Why the server ended it for good, or null. */
  readonly closeCode: number | null;
};

export type SharedDocument = {
  readonly name: string;
  view(): SharedDocumentView;
  subscribe(listener: () => void): () => void;
  destroy(): void;
};

export type SharedDocumentOptions = {
  /** As the contract names it: `incidents/{id or reference}/{kind}`. */
  name: string;
  /** Where `/sync` is; the page's own origin unless said. */
  serverUrl?: string;
  /** Beside the cookie; for programs and tests. */
  params?: Record<string, string>;
};

/** Keys of one burst share a barrier. */
const BARRIER_PAUSE_MS = 30;
const STATE_CHECK_MS = 500;

function pageServerUrl(): string {
  return `${window.location.protocol === "https:" ? "wss:" : "ws:"}//${window.location.host}/sync`;
}

class ConnectedDocument implements SharedDocument {
  readonly name: string;
  readonly #options: SharedDocumentOptions;
  readonly #listeners = new Set<() => void>();
  readonly #stateCheck: ReturnType<typeof setInterval>;
  #provider: WebsocketProvider;
  #tracker = new SaveTracker(Date.now());
  #view: SharedDocumentView;
  #canWrite: boolean | null = null;
  #closeCode: number | null = null;
  #attempt = 0;
  #reconnect: ReturnType<typeof setTimeout> | undefined;
  #barrier: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SharedDocumentOptions) {
    this.name = options.name;
    this.#options = options;
    this.#provider = this.#connect();
    this.#view = this.#read();
    this.#stateCheck = setInterval(() => this.#changed(), STATE_CHECK_MS);
    globalThis.window?.addEventListener("online", this.#onOnline);
    globalThis.window?.addEventListener("offline", this.#onOffline);
  }

  view(): SharedDocumentView {
    return this.#view;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  destroy(): void {
    clearInterval(this.#stateCheck);
    globalThis.window?.removeEventListener("online", this.#onOnline);
    globalThis.window?.removeEventListener("offline", this.#onOffline);
    this.#disconnect();
    forgetSaveState(this);
  }

  #connect(): WebsocketProvider {
    const { name, serverUrl, params = {} } = this.#options;
    const doc = new Y.Doc();
    const provider = new WebsocketProvider(serverUrl ?? pageServerUrl(), name, doc, {
      // Tabs of one browser may have different rights: each asks the server.
      disableBc: true,
      params: { ...params, hello: "1" },
      // Coming back is decided in `#onClosed`, with a random wait.
      shouldReconnect: () => false,
      connect: false,
    });
    doc.on("update", (_update: Uint8Array, origin: unknown) => {
      if (origin !== provider) this.#onEdited();
    });
    provider.on("status", ({ status }) => this.#onStatus(provider, status));
    provider.on("sync", (isSynced) => this.#onSync(isSynced));
    provider.on("closed", ({ code }) => this.#onClosed(code));
    provider.messageHandlers[MESSAGE_BARRIER] = (_encoder, decoder) => {
      this.#tracker.answered(decoding.readVarUint(decoder));
      this.#changed();
    };
    provider.messageHandlers[MESSAGE_NOTICE] = (_encoder, decoder) =>
      this.#onNotice(provider, decoding.readVarString(decoder));
    provider.connect();
    return provider;
  }

  #disconnect(): void {
    clearTimeout(this.#reconnect);
    clearTimeout(this.#barrier);
    const { doc } = this.#provider;
    this.#provider.destroy();
    this.#provider.awareness.destroy();
    doc.destroy();
  }

  #onStatus(provider: WebsocketProvider, status: string): void {
    if (status === "connected") {
      this.#tracker.connected(Date.now());
      // A new clock: whoever saw this client leave sees it again.
      provider.awareness.setLocalState(provider.awareness.getLocalState());
    } else if (status === "disconnected") {
      this.#tracker.disconnected();
    }
    this.#changed();
  }

  #onSync(isSynced: boolean): void {
    if (!isSynced) return;
    this.#attempt = 0;
    // The answer to the server's first question, with all that it lacks, has been sent before this.
    this.#sendBarrier();
  }

  #onEdited(): void {
    this.#tracker.edited(Date.now());
    clearTimeout(this.#barrier);
    this.#barrier = setTimeout(() => this.#sendBarrier(), BARRIER_PAUSE_MS);
    this.#changed();
  }

  #sendBarrier(): void {
    const { ws, synced } = this.#provider;
    if (ws?.readyState !== ws?.OPEN || !ws || !synced) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_BARRIER);
    encoding.writeVarUint(encoder, this.#tracker.nextBarrier(Date.now()));
    ws.send(encoding.toUint8Array(encoder));
    this.#changed();
  }

  #onNotice(provider: WebsocketProvider, text: string): void {
    const notice = JSON.parse(text) as { kind: string; epoch?: number; canWrite?: boolean };
    if (notice.kind === "joined") {
      this.#canWrite = notice.canWrite ?? null;
      provider.params = { ...provider.params, epoch: String(notice.epoch) };
    } else if (notice.kind === "refused") {
      this.#tracker.refused();
    }
    this.#changed();
  }

  #onClosed(code: number): void {
    if (code === closeCodes.epochChanged || code === closeCodes.roleChanged) {
      this.#startOver();
    } else if (code >= 4400 && code < 4500) {
      this.#closeCode = code;
      this.#tracker.closed();
    } else {
      this.#reconnect = setTimeout(() => this.#provider.connect(), fullJitter(this.#attempt, Math.random()));
      this.#attempt += 1;
    }
    this.#changed();
  }

  /** Another history, or other rights: this copy must not be merged into what the server has. */
  #startOver(): void {
    this.#disconnect();
    this.#tracker = new SaveTracker(Date.now());
    this.#canWrite = null;
    this.#provider = this.#connect();
  }

  readonly #onOnline = () => {
    if (this.#closeCode !== null) return;
    clearTimeout(this.#reconnect);
    this.#attempt = 0;
    this.#provider.connect();
  };

  readonly #onOffline = () => {
    clearTimeout(this.#reconnect);
    this.#provider.disconnect();
    this.#changed();
  };

  #read(): SharedDocumentView {
    const { doc, awareness, synced, wsconnected } = this.#provider;
    return {
      doc,
      awareness,
      // Once here, the text stays on the page through an interruption.
      isSynced: synced || (this.#view?.doc === doc && this.#view.isSynced),
      isConnected: wsconnected,
      canWrite: this.#canWrite,
      saveState: this.#tracker.state(Date.now()),
      closeCode: this.#closeCode,
    };
  }

  #changed(): void {
    if (!this.#view) return;
    const next = this.#read();
    reportSaveState(this, next.saveState);
    const keys = Object.keys(next) as (keyof SharedDocumentView)[];
    if (keys.every((key) => next[key] === this.#view[key])) return;
    this.#view = next;
    for (const listener of this.#listeners) listener();
  }
}

/** Connects to a shared document; it keeps edits through interruptions, for as long as the tab lives. */
export function openSharedDocument(options: SharedDocumentOptions): SharedDocument {
  return new ConnectedDocument(options);
}
