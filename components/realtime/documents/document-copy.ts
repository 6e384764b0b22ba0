import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { writeSyncStep1 } from "y-protocols/sync";
import { messageSync, WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { MESSAGE_BARRIER, MESSAGE_NOTICE } from "#/server/documents/shared/lists.ts";
import { Reconnect } from "../reconnect.ts";
import { onWake } from "../wake.ts";
import type { EditStore, KeptEdits } from "./edit-store.ts";
import { SaveTracker } from "./save-tracker.ts";
import { UnsavedEdits } from "./unsaved-edits.ts";

/** Keys of one burst share a barrier. */
const BARRIER_PAUSE_MS = 30;
/** Keys without a pause get one all the same. */
const BARRIER_WAIT_MAX_MS = 250;
/** A handshake that takes longer goes nowhere; browsers would wait for minutes. */
const CONNECT_MS = 10_000;
/** A server that is there answers within this. */
const PROBE_MS = 5_000;

export type Notice = { kind: "joined"; epoch: number; canWrite: boolean } | { kind: "refused"; message: string };

export type CopyOptions = {
  name: string;
  serverUrl: string;
  params: Record<string, string>;
  store: EditStore | null;
  /** The copy before this one has written what it leaves. */
  isReady: Promise<void>;
  onChange: () => void;
  onNotice: (notice: Notice) => void;
  /** Final: the provider does not come back. */
  onClosed: (code: number) => void;
  /** Whether edits on the device are known to be lost: nothing sends them again. */
  isLost: (kept: KeptEdits) => boolean;
  /** Edits of this document on the device that can only be shown. */
  onLost: (kept: readonly KeptEdits[]) => void;
};

/** One copy of a document on this page: its connection, and which of its edits are where. */
export class DocumentCopy {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly tracker = new SaveTracker(Date.now());
  readonly edits: UnsavedEdits;
  readonly #options: CopyOptions;
  readonly #reconnect: Reconnect;
  readonly #stopHearing: () => void;
  #barrier: ReturnType<typeof setTimeout> | undefined;
  #barrierDueAt = 0;
  #handshake: ReturnType<typeof setTimeout> | undefined;
  #probe: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: CopyOptions) {
    const { name, store, onChange } = options;
    this.#options = options;
    this.edits = new UnsavedEdits({ document: name, writer: this.doc.clientID, store, onChange });
    this.#reconnect = new Reconnect(() => this.connect());
    this.#stopHearing = onWake(() => this.#look());
    this.provider = this.#provide();
    this.connect();
  }

  #provide(): WebsocketProvider {
    const { name, serverUrl, params, onNotice, onChange } = this.#options;
    const { doc } = this;
    const provider = new WebsocketProvider(serverUrl, name, doc, {
      // Tabs of one browser may have different rights: each asks the server.
      disableBc: true,
      params: { ...params, hello: "1" },
      // Coming back is decided in `#onClosed`, with a random wait.
      shouldReconnect: () => false,
      connect: false,
    });
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== provider && origin !== this) this.#onEdited(update);
    });
    // Yjs takes a new client id when somebody else writes under this one; the provider then looks for its clock, and throws.
    doc.on("afterTransactionCleanup", () => {
      const { meta } = provider.awareness;
      if (!meta.has(doc.clientID)) meta.set(doc.clientID, { clock: 0, lastUpdated: Date.now() });
    });
    provider.on("status", ({ status }) => this.#onStatus(status));
    provider.on("sync", (isSynced) => isSynced && this.#onSynced());
    provider.on("closed", ({ code }) => this.#onClosed(code));
    provider.messageHandlers[MESSAGE_BARRIER] = (_encoder, decoder) => {
      const number = decoding.readVarUint(decoder);
      this.tracker.answered(number);
      this.edits.answered(number);
      onChange();
    };
    provider.messageHandlers[MESSAGE_NOTICE] = (_encoder, decoder) => {
      const notice = JSON.parse(decoding.readVarString(decoder)) as Notice;
      if (notice.kind === "joined") this.#joined(notice.epoch);
      onNotice(notice);
    };
    return provider;
  }

  /** Connects, with what other copies left on the device: it goes to the server with the first answer. */
  connect(): void {
    const { name, store, isReady } = this.#options;
    if (this.#isOver || this.provider.ws) return;
    if (!store) {
      this.#dial();
      return;
    }
    isReady
      .then(() => store.read(name))
      .then((kept) => this.#adopt(kept))
      .catch(() => undefined)
      .then(() => this.#dial());
  }

  #dial(): void {
    if (this.#isOver || this.provider.ws) return;
    clearTimeout(this.#handshake);
    this.#handshake = setTimeout(() => this.#drop(), CONNECT_MS);
    this.provider.connect();
  }

  #adopt(all: readonly KeptEdits[]): void {
    if (this.#isOver) return;
    const kept = all.filter((each) => !this.#options.isLost(each));
    const known = Number(this.provider.params.epoch ?? 0);
    const epoch = known || Math.max(0, ...kept.filter((each) => each.refusedWith === null).map((each) => each.epoch));
    const isOf = (each: KeptEdits) => each.refusedWith === null && (each.epoch === epoch || each.epoch === 0);
    const lost = kept.filter((each) => !isOf(each));
    if (lost.length > 0) this.#options.onLost(lost);
    const updates = this.edits.adopt(kept.filter(isOf));
    if (updates.length === 0) return;
    if (epoch > 0) this.provider.params = { ...this.provider.params, epoch: String(epoch) };
    for (const update of updates) Y.applyUpdate(this.doc, update, this);
    this.tracker.edited(Date.now());
    this.#options.onChange();
  }

  #joined(epoch: number): void {
    this.provider.params = { ...this.provider.params, epoch: String(epoch) };
    this.edits.epoch = epoch;
  }

  #onStatus(status: string): void {
    if (status === "connected") {
      clearTimeout(this.#handshake);
      this.tracker.connected(Date.now());
      this.edits.connected();
      const { awareness } = this.provider;
      // A new clock: whoever saw this client leave sees it again.
      awareness.setLocalState(awareness.getLocalState());
    } else if (status === "disconnected") {
      clearTimeout(this.#probe);
      this.tracker.disconnected();
      this.edits.disconnected();
    }
    this.#options.onChange();
  }

  #onSynced(): void {
    this.tracker.opened();
    this.#reconnect.done();
    // The answer to the server's first question, with all that it lacks, has been sent before this.
    this.#sendBarrier();
  }

  #onEdited(update: Uint8Array): void {
    const now = Date.now();
    this.tracker.edited(now);
    this.edits.edited(update);
    if (this.#barrier === undefined) this.#barrierDueAt = now + BARRIER_WAIT_MAX_MS;
    clearTimeout(this.#barrier);
    const pause = Math.max(0, Math.min(BARRIER_PAUSE_MS, this.#barrierDueAt - now));
    this.#barrier = setTimeout(() => this.#sendBarrier(), pause);
    this.#options.onChange();
  }

  #sendBarrier(): void {
    this.#barrier = undefined;
    const { ws, synced } = this.provider;
    if (!ws || ws.readyState !== ws.OPEN || !synced) return;
    const number = this.tracker.nextBarrier(Date.now());
    this.edits.barrier(number);
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, MESSAGE_BARRIER);
    encoding.writeVarUint(encoder, number);
    ws.send(encoding.toUint8Array(encoder));
    this.#options.onChange();
  }

  #onClosed(code: number): void {
    clearTimeout(this.#handshake);
    if (code >= 4400 && code < 4500) {
      this.tracker.closed();
      this.#options.onClosed(code);
    } else {
      this.#reconnect.later();
    }
    this.#options.onChange();
  }

  /** Gives a connection up that does not answer. */
  #drop(): void {
    this.provider.disconnect();
    this.#reconnect.later();
    this.#options.onChange();
  }

  /** Asks whether the other end is still there, after the device slept or changed its network. */
  #look(): void {
    const { ws, wsconnected, wsLastMessageReceived } = this.provider;
    if (!wsconnected || !ws) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messageSync);
    writeSyncStep1(encoder, this.doc);
    ws.send(encoding.toUint8Array(encoder));
    clearTimeout(this.#probe);
    this.#probe = setTimeout(() => {
      const isSilent = this.provider.wsLastMessageReceived === wsLastMessageReceived;
      if (this.provider.ws === ws && isSilent) this.#drop();
    }, PROBE_MS);
  }

  /** The device says that it has no network. */
  goOffline(): void {
    if (this.#isOver || !this.provider.ws) return;
    this.#drop();
  }

  /** Ends it; what it has on the device stays there. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const timer of [this.#barrier, this.#handshake, this.#probe]) clearTimeout(timer);
    this.#reconnect.stop();
    this.#stopHearing();
    this.edits.stop();
    this.provider.destroy();
    this.provider.awareness.destroy();
    this.doc.destroy();
  }
}
