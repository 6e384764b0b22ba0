import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import type { UserActor } from "#/server/access/index.ts";
import { MESSAGE_BARRIER, MESSAGE_NOTICE } from "#/server/documents/contract.ts";
import { contentHash } from "#/server/documents/index.ts";
import { barrierFrame, step1Frame, step2Frame, updateFrame } from "#/server/realtime/sync/frames.ts";
import { SimulatedLink } from "./simulated-link.ts";
import type { Fate } from "./token-ledger.ts";

type Open = { fate: Fate; isDeletion: boolean };

/** A browser in a simulation: y-websocket's protocol with barriers, over links that the simulation moves. */
export class SimulatedClient {
  readonly actor: UserActor;
  readonly canWrite: boolean;
  doc: Y.Doc;
  link: SimulatedLink | null = null;
  isSynced = false;
  /** Close codes that nothing on the way explains. */
  readonly unexplained = new Set<string>();
  #lastNotice = "";
  #open: Open[] = [];
  readonly #barriers = new Map<number, readonly Open[]>();
  #lastBarrier = 0;

  constructor(actor: UserActor, canWrite: boolean, clientId: number) {
    this.actor = actor;
    this.canWrite = canWrite;
    this.doc = this.#newDoc(clientId);
  }

  #newDoc(clientId: number): Y.Doc {
    const doc = new Y.Doc();
    doc.clientID = clientId;
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.link?.sendUp(updateFrame(update));
    });
    return doc;
  }

  get isSaved(): boolean {
    return this.isSynced && this.#open.length === 0;
  }

  /** Where it stands, for whoever looks into a run that did not end. */
  get told(): string {
    const link = this.link ? this.link.told : "no link";
    return `${link}, ${this.isSynced ? "synced" : "not synced"}, ${this.#open.length} open, ${this.#barriers.size} asked`;
  }

  edited(fate: Fate, isDeletion: boolean): void {
    this.#open.push({ fate, isDeletion });
  }

  /** The client's end of a new connection; what it sends first waits in it. */
  connect(): SimulatedLink {
    const link: SimulatedLink = new SimulatedLink(
      (from, frame) => this.#onFrame(from, frame),
      (from, code) => this.#onClosed(from, code),
    );
    this.link = link;
    this.isSynced = false;
    link.sendUp(step1Frame(Y.encodeStateVector(this.doc)));
    return link;
  }

  /** As a reload of the page: another client id, and what was not saved is given up. */
  reload(clientId: number): Fate[] {
    this.link = null;
    this.isSynced = false;
    this.#barriers.clear();
    this.doc.destroy();
    this.doc = this.#newDoc(clientId);
    return this.#open.splice(0).map(({ fate }) => fate);
  }

  ask(): void {
    if (!this.link || !this.isSynced) return;
    this.#lastBarrier += 1;
    this.#barriers.set(this.#lastBarrier, [...this.#open]);
    this.link.sendUp(barrierFrame(this.#lastBarrier));
  }

  #onClosed(link: SimulatedLink, code: number | null): void {
    if (code !== null && code >= 4400 && code < 4500 && !link.isTampered) {
      this.unexplained.add(`${code} ${this.#lastNotice}`);
    }
    if (this.link !== link) return;
    this.link = null;
    this.isSynced = false;
    this.#barriers.clear();
  }

  #onFrame(link: SimulatedLink, frame: Uint8Array): void {
    if (this.link !== link) return;
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === MESSAGE_BARRIER) this.#answered(decoding.readVarUint(decoder));
    else if (type === MESSAGE_NOTICE) this.#lastNotice = decoding.readVarString(decoder);
    else if (type === 0) this.#onSync(link, decoding.readVarUint(decoder), decoding.readVarUint8Array(decoder));
  }

  #onSync(link: SimulatedLink, step: number, bytes: Uint8Array): void {
    if (step === 0) {
      link.sendUp(step2Frame(Y.encodeStateAsUpdate(this.doc, bytes)));
      return;
    }
    Y.applyUpdate(this.doc, bytes, this);
    if (step === 1) this.isSynced = true;
  }

  #answered(number: number): void {
    const covered = new Set(this.#barriers.get(number) ?? []);
    this.#barriers.delete(number);
    for (const { fate, isDeletion } of covered) {
      if (isDeletion) fate.isDeleted = "acknowledged";
      else fate.isWritten = "acknowledged";
    }
    this.#open = this.#open.filter((open) => !covered.has(open));
  }
}

/** Whether a frame is an update with structs of this client: one whose absence leaves a gap. */
export function bringsStructs(frame: Uint8Array | undefined, clientId: number): boolean {
  if (frame?.[0] !== 0 || frame[1] !== 2) return false;
  const decoder = decoding.createDecoder(frame.subarray(2));
  return Y.parseUpdateMeta(decoding.readVarUint8Array(decoder)).to.has(clientId);
}

/** The numbers of an array as a state vector's bytes: for comparing two. */
function sortedStateVector(doc: Y.Doc): string {
  const encoder = encoding.createEncoder();
  const entries = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([one], [two]) => one - two);
  encoding.writeAny(encoder, entries);
  return Buffer.from(encoding.toUint8Array(encoder)).toString("base64");
}

/** In what two copies of a document differ that should be one. Pure. */
export function differences(one: Y.Doc, other: Y.Doc, kind: "notes" | "summary"): string[] {
  const found: string[] = [];
  if (contentHash(one, kind) !== contentHash(other, kind)) found.push("another text");
  if (sortedStateVector(one) !== sortedStateVector(other)) found.push("another state vector");
  const [deleted, otherDeleted] = [one, other].map((doc) => Y.createDeleteSetFromStructStore(doc.store));
  if (!deleted || !otherDeleted || !Y.equalDeleteSets(deleted, otherDeleted)) found.push("other deletions");
  return found;
}
