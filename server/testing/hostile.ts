import * as Y from "yjs";
import type { UserActor } from "#/server/access/index.ts";
import { CommitWindow } from "#/server/documents/committer.ts";
import { contentHash, documentFrom, type Seat, textOf, UpdateRefused } from "#/server/documents/index.ts";
import { Room } from "#/server/documents/room.ts";
import { honestEdits, mutated } from "./mutations.ts";
import { type Random, seeded, wholeBelow } from "./seeded.ts";

export const hostileKinds = ["summary", "notes", "postmortem"] as const;
type Kind = (typeof hostileKinds)[number];

export type HostileFindings = {
  given: number;
  refused: number;
  /** Passed, and did what an honest client could have done. */
  passed: number;
  /** Passed the gate and threw; the room was rebuilt. */
  threw: number;
  /** In words: refused and yet changed, a gap, a document that cannot be loaded again. */
  faults: string[];
  /** Loaded again from its state it reads in another order: Yjs accepts contradictory neighbours. */
  reordered: number;
  /** The longest that one update kept the event loop. */
  longestMs: number;
  microsecondsEach: number;
};

export type RawFindings = {
  given: number;
  partial: number;
  pending: number;
  unloadable: number;
  microsecondsEach: number;
};

const HONEST_STEPS = 30;
/** Updates to mutate are drawn from this many honest ones. */
const HONEST_UPDATES = 200;
/** A document that took this much of what passed starts over, so that it stays a small one. */
const PASSED_MAX = 50;

const areSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;

/** CPU of this thread: what others on the machine do does not count. */
function busyMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const person = (userId: string): UserActor => ({ kind: "user", userId, name: userId, email: "", role: "responder" });

function seatOf(actor: UserActor): Seat {
  return { actor, clients: new Set(), hasSynced: true, isSuspect: false, receive: () => {}, end: () => {} };
}

/** A document that two people wrote, and updates that a third could honestly send. */
function honestStory(kind: Kind, random: Random): { base: Uint8Array; updates: Uint8Array[] } {
  const writers = [1, 2].map((clientId) => Object.assign(documentFrom(kind, []), { clientID: clientId }));
  for (let step = 0; step < HONEST_STEPS; step += 1) {
    const [writer, other] = step % 2 ? writers : [...writers].reverse();
    if (!writer || !other) continue;
    honestEdits[kind](writer, random);
    Y.applyUpdate(other, Y.encodeStateAsUpdate(writer, Y.encodeStateVector(other)));
  }
  const base = Y.encodeStateAsUpdate(writers[0] ?? new Y.Doc());
  const updates: Uint8Array[] = [];
  while (updates.length < HONEST_UPDATES) {
    const third = Object.assign(documentFrom(kind, [base]), { clientID: 3 });
    third.once("update", (update: Uint8Array) => updates.push(update));
    honestEdits[kind](third, random);
    third.destroy();
  }
  return { base, updates };
}

/** A room that nobody else is in, for one update that no honest client sends; what came of it, and whether anything changed. */
export function giveOne(
  kind: Kind,
  bytes: Uint8Array,
): { closeCode: number | null; isUnchanged: boolean; busyMs: number } {
  const { base } = honestStory(kind, seeded(1));
  const room = freshRoom(kind, base);
  const before = Y.encodeStateAsUpdate(room.doc);
  const startedAt = busyMs();
  let closeCode: number | null = null;
  try {
    room.submit(seatOf(person("eve")), bytes, true);
  } catch (error) {
    if (!(error instanceof UpdateRefused)) throw error;
    ({ closeCode } = error);
  }
  const tookMs = busyMs() - startedAt;
  const isUnchanged = areSame(Y.encodeStateAsUpdate(room.doc), before);
  room.end(4503);
  return { closeCode, isUnchanged, busyMs: tookMs };
}

/** A room whose commits succeed at once and go nowhere; the first two client ids are Ada's. */
function freshRoom(kind: Kind, base: Uint8Array): Room {
  return new Room({
    documentId: "hostile",
    incidentId: "hostile",
    kind,
    epoch: 1,
    log: { snapshot: { seq: 1, bytes: base }, rows: [] },
    owners: new Map([
      [1, "ada"],
      [2, "ada"],
    ]),
    isLagging: false,
    window: new CommitWindow(),
    isRecovering: () => false,
    commit: async (room, batch) => room.committed(batch, room.headSeq + 1),
    onCommitFailed: () => {},
    onThrown: () => {},
  });
}

/** The room's document loaded from its own state must be whole, and can be read and edited. */
function loadFault(room: Room, kind: Kind, random: Random): "reordered" | string | null {
  try {
    if (room.doc.store.pendingStructs || room.doc.store.pendingDs) return "a gap stayed in the document";
    const loaded = documentFrom(kind, [Y.encodeStateAsUpdate(room.doc)]);
    if (loaded.store.pendingStructs || loaded.store.pendingDs) return "loaded again it has a gap";
    textOf(loaded, kind);
    const isSame = contentHash(loaded, kind) === contentHash(room.doc, kind);
    honestEdits[kind](loaded, random);
    loaded.destroy();
    return isSame ? null : "reordered";
  } catch (error) {
    return `it cannot be loaded again: ${error instanceof Error ? error.message : error}`;
  }
}

class HostileRun {
  readonly found: HostileFindings = {
    given: 0,
    refused: 0,
    passed: 0,
    threw: 0,
    faults: [],
    reordered: 0,
    longestMs: 0,
    microsecondsEach: 0,
  };
  #spentMs = 0;
  readonly #kind: Kind;
  readonly #random: Random;
  readonly #base: Uint8Array;
  #room: Room;
  #state: Uint8Array;
  #passedHere = 0;

  constructor(kind: Kind, random: Random, base: Uint8Array) {
    this.#kind = kind;
    this.#random = random;
    this.#base = base;
    this.#room = freshRoom(kind, base);
    this.#state = Y.encodeStateAsUpdate(this.#room.doc);
  }

  give(how: string, bytes: Uint8Array): void {
    const isFirstSync = this.#random() < 0.2;
    const startedAt = busyMs();
    let outcome: "refused" | "nothing" | "passed";
    let reason = "";
    try {
      outcome = this.#room.submit(seatOf(person("eve")), bytes, isFirstSync) === null ? "nothing" : "passed";
    } catch (error) {
      if (!(error instanceof UpdateRefused)) this.found.faults.push(`${how}: ${error}`);
      reason = error instanceof Error ? error.message : "";
      outcome = "refused";
    }
    const tookMs = busyMs() - startedAt;
    this.#spentMs += tookMs;
    this.found.longestMs = Math.max(this.found.longestMs, tookMs);
    this.found.given += 1;
    this.found.microsecondsEach = (this.#spentMs / this.found.given) * 1_000;
    if (reason === "The update broke while it was applied.") this.found.threw += 1;
    if (outcome === "passed") this.#lookAtPassed(how);
    else this.#lookAtRefused(how, outcome);
  }

  #lookAtRefused(how: string, outcome: "refused" | "nothing"): void {
    if (outcome === "refused") this.found.refused += 1;
    else this.found.passed += 1;
    if (areSame(Y.encodeStateAsUpdate(this.#room.doc), this.#state)) return;
    this.found.faults.push(`${how}: ${outcome}, and the document changed`);
    this.#startOver();
  }

  #lookAtPassed(how: string): void {
    this.found.passed += 1;
    this.#passedHere += 1;
    const fault = loadFault(this.#room, this.#kind, this.#random);
    if (fault === "reordered") this.found.reordered += 1;
    else if (fault) this.found.faults.push(`${how}: ${fault}`);
    if (fault || this.#passedHere >= PASSED_MAX) this.#startOver();
    else this.#state = Y.encodeStateAsUpdate(this.#room.doc);
  }

  #startOver(): void {
    this.#room.end(4503);
    this.#room = freshRoom(this.#kind, this.#base);
    this.#state = Y.encodeStateAsUpdate(this.#room.doc);
    this.#passedHere = 0;
  }

  end(): void {
    this.#room.end(4503);
  }
}

/**
 * Gives a room mutated updates of somebody who may write; what came of them.
 * @param given called with each of them, for comparing
 */
export function runHostile(
  kind: Kind,
  seed: number,
  count: number,
  given: (bytes: Uint8Array, base: Uint8Array) => void = () => {},
): HostileFindings {
  const random = seeded(seed);
  const { base, updates } = honestStory(kind, random);
  const run = new HostileRun(kind, random, base);
  for (let index = 0; index < count; index += 1) {
    const [one, other] = [0, 0].map(() => updates[wholeBelow(random, updates.length)] ?? base);
    const { how, bytes } = mutated(one ?? base, other ?? base, random);
    run.give(how, bytes);
    given(bytes, base);
  }
  run.end();
  return run.found;
}

/** The same without a gate: what `Y.applyUpdate` does to a document of its own for each. */
export class RawYjs {
  readonly found: RawFindings = { given: 0, partial: 0, pending: 0, unloadable: 0, microsecondsEach: 0 };
  #spentMs = 0;

  give(kind: Kind, bytes: Uint8Array, base: Uint8Array): void {
    const doc = documentFrom(kind, [base]);
    const before = Y.encodeStateAsUpdate(doc);
    const startedAt = busyMs();
    let isThrown = false;
    try {
      Y.applyUpdate(doc, bytes);
    } catch {
      isThrown = true;
    }
    this.#spentMs += busyMs() - startedAt;
    this.found.given += 1;
    this.found.microsecondsEach = (this.#spentMs / this.found.given) * 1_000;
    try {
      if (isThrown && !areSame(Y.encodeStateAsUpdate(doc), before)) this.found.partial += 1;
      if (doc.store.pendingStructs || doc.store.pendingDs) this.found.pending += 1;
      textOf(documentFrom(kind, [Y.encodeStateAsUpdate(doc)]), kind);
    } catch {
      this.found.unloadable += 1;
    }
  }
}
