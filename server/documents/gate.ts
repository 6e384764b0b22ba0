import * as Y from "yjs";
import { checkContent, type Place } from "./gate-content.ts";
import { type DeletedRange, refuse, refuseGap, type Struct, type TakenApart, takeApart } from "./gate-update.ts";
import { rootNames, rootOf } from "./roots.ts";
import { closeCodes, type DocumentKind } from "./shared/lists.ts";

export type GateQuestion = {
  doc: Y.Doc;
  kind: DocumentKind;
  bytes: Uint8Array;
  bytesMax: number;
  /** Whether the writer may bring new structs of this client id. */
  mayBring(clientId: number): boolean;
};

/** What an update would do: whether anything, whose structs it brings, and whose it deletes. */
export type GateAnswer = { isNew: boolean; clients: readonly number[]; deletes: readonly number[] };

const NOWHERE: Place = { parent: null, key: null, depth: 0 };

/** All children of what is deleted are collected at once, so that honest neighbours are in one place, or both in none. */
const areSame = (one: Place, other: Place) => one.parent === other.parent && one.key === other.key;

/** One examination: follows an update through a document without changing either. */
class Examination {
  readonly #doc: Y.Doc;
  readonly #kind: DocumentKind;
  readonly #root: Y.AbstractType<unknown>;
  /** How far each client of the update would be, as its structs are placed. */
  readonly #reached = new Map<number, number>();
  readonly #placed = new Map<number, Struct[]>();
  readonly #places = new Map<Struct, Place>();
  readonly #depths = new Map<Y.AbstractType<unknown>, number>();
  readonly #newKeys = new Set<string>();

  constructor(doc: Y.Doc, kind: DocumentKind) {
    this.#doc = doc;
    this.#kind = kind;
    this.#root = rootOf(doc, kind) as Y.AbstractType<unknown>;
  }

  #known(client: number): number {
    return Y.getState(this.#doc.store, client);
  }

  #reach(client: number): number {
    return this.#reached.get(client) ?? this.#known(client);
  }

  /** The structs that the document does not have, per client. @throws UpdateRefused on a gap */
  fresh(structs: TakenApart["structs"]): Map<number, Struct[]> {
    const fresh = new Map<number, Struct[]>();
    for (const [client, list] of structs) {
      const known = this.#known(client);
      let next = known;
      for (const struct of list) {
        if (struct.id.clock > next) refuseGap("Something is missing before this update.");
        next = Math.max(next, struct.id.clock + struct.length);
      }
      const unknown = list.filter((struct) => struct.id.clock + struct.length > known);
      if (unknown.length > 0) fresh.set(client, unknown);
    }
    return fresh;
  }

  /** Places each struct once all that it refers to has its place. @throws UpdateRefused when something never gets one */
  placeAll(fresh: ReadonlyMap<number, Struct[]>): void {
    const queues = [...fresh.values()].map((list) => ({ list, at: 0 }));
    let left = queues.reduce((sum, queue) => sum + queue.list.length, 0);
    while (left > 0) {
      const before = left;
      for (const queue of queues) {
        for (let head = queue.list[queue.at]; head && this.#isReady(head); head = queue.list[queue.at]) {
          this.#place(head);
          queue.at += 1;
          left -= 1;
        }
      }
      if (left === before) refuseGap("It refers to something that nobody has.");
    }
  }

  #isReady(struct: Struct): boolean {
    if (!(struct instanceof Y.Item)) return true;
    const { origin, rightOrigin, parent } = struct;
    return [origin, rightOrigin, parent instanceof Y.ID ? parent : null].every(
      (id) => id === null || id.clock < this.#reach(id.client),
    );
  }

  #place(struct: Struct): void {
    const { client } = struct.id;
    if (struct instanceof Y.Item) {
      const place = this.#placeOf(struct);
      const reach = this.#reach(client);
      // Of one that is known in part Yjs takes the rest, behind the part that it has.
      if (struct.id.clock < reach && !areSame(place, this.#placeAt(Y.createID(client, reach - 1)))) {
        refuse("It goes on with something that hangs elsewhere.");
      }
      checkContent(this.#kind, this.#root, struct, place);
      if (this.#kind === "notes" && place.parent === this.#root && place.key !== null) this.#claimKey(place.key);
      if (struct.content instanceof Y.ContentType) this.#depths.set(struct.content.type, place.depth + 1);
      this.#places.set(struct, place);
    }
    const placed = this.#placed.get(client) ?? [];
    placed.push(struct);
    this.#placed.set(client, placed);
    this.#reached.set(client, Math.max(this.#reach(client), struct.id.clock + struct.length));
  }

  #claimKey(key: string): void {
    if (this.#root._map.has(key) || this.#newKeys.has(key)) refuse("A note is added once; it is not replaced.");
    this.#newKeys.add(key);
  }

  #placeOf(item: Y.Item): Place {
    if (item.origin || item.rightOrigin) {
      const left = item.origin && this.#placeAt(item.origin);
      const right = item.rightOrigin && this.#placeAt(item.rightOrigin);
      if (left && right && !areSame(left, right)) refuse("Its neighbours have different parents.");
      return left ?? right ?? NOWHERE;
    }
    const parent = this.#parentOf(item.parent);
    return { parent, key: item.parentSub, depth: parent ? this.#depthOf(parent) : 0 };
  }

  #parentOf(parent: Y.Item["parent"]): Y.AbstractType<unknown> | null {
    if (typeof parent === "string") {
      if (parent !== rootNames[this.#kind]) refuse("This document has no such root.");
      return this.#root;
    }
    if (!(parent instanceof Y.ID)) return refuse("An item has no parent.");
    const owner = this.#find(parent);
    if (!(owner instanceof Y.Item) || owner.content instanceof Y.ContentDeleted) return null;
    if (!(owner.content instanceof Y.ContentType)) return refuse("The parent is not a type.");
    return owner.content.type;
  }

  #placeAt(id: Y.ID): Place {
    const struct = this.#find(id);
    if (!(struct instanceof Y.Item)) return NOWHERE;
    const place = this.#places.get(struct);
    if (place) return place;
    if (!(struct.parent instanceof Y.AbstractType)) return NOWHERE;
    return { parent: struct.parent, key: struct.parentSub, depth: this.#depthOf(struct.parent) };
  }

  #find(id: Y.ID): Struct | undefined {
    if (id.clock < this.#known(id.client)) return Y.getItem(this.#doc.store, id) as Struct;
    const list = this.#placed.get(id.client) ?? [];
    let [low, high] = [0, list.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const struct = list[middle];
      if (!struct) return undefined;
      if (struct.id.clock > id.clock) high = middle - 1;
      else if (struct.id.clock + struct.length <= id.clock) low = middle + 1;
      else return struct;
    }
    return undefined;
  }

  #depthOf(type: Y.AbstractType<unknown>): number {
    const known = this.#depths.get(type);
    if (known !== undefined) return known;
    let depth = 0;
    for (let item = type._item; item; item = (item.parent as Y.AbstractType<unknown>)._item) depth += 1;
    this.#depths.set(type, depth);
    return depth;
  }

  #isNote(place: { parent: unknown; key: string | null } | undefined): boolean {
    return this.#kind === "notes" && place?.parent === this.#root && place.key !== null;
  }

  /** Whether a deleted range deletes anything. @throws UpdateRefused for unknown ids and for notes */
  deletesSomething(range: DeletedRange): boolean {
    if (range.end > this.#reach(range.client)) refuseGap("It deletes something that nobody has.");
    for (const struct of this.#placed.get(range.client) ?? []) {
      const isInside = struct.id.clock < range.end && struct.id.clock + struct.length > range.clock;
      if (isInside && this.#isNote(this.#places.get(struct))) refuse("A note is deleted by the API.");
    }
    const known = this.#doc.store.clients.get(range.client);
    if (!known || range.clock >= this.#known(range.client)) return false;
    let deletes = false;
    for (let index = Y.findIndexSS(known, range.clock); index < known.length; index += 1) {
      const struct = known[index];
      if (!struct || struct.id.clock >= range.end) break;
      if (!(struct instanceof Y.Item) || struct.deleted) continue;
      if (this.#isNote({ parent: struct.parent, key: struct.parentSub })) refuse("A note is deleted by the API.");
      deletes = true;
    }
    return deletes;
  }
}

/**
 * Decides whether an update may enter a document, without changing either. Pure.
 *
 * It is decoded whole; nothing may be missing before it; what it refers to must be known; its structs must hang
 * where this kind of document has them, and belong to clients that the writer may bring.
 * @throws UpdateRefused
 */
export function examineUpdate({ doc, kind, bytes, bytesMax, mayBring }: GateQuestion): GateAnswer {
  if (bytes.length > bytesMax) refuse("The update is too large.", closeCodes.tooLarge);
  const { structs, deleted } = takeApart(bytes);
  const examination = new Examination(doc, kind);
  const fresh = examination.fresh(structs);
  for (const client of fresh.keys()) {
    if (!mayBring(client)) refuse("A client id of the update belongs to somebody else.");
  }
  examination.placeAll(fresh);
  const deletes = new Set<number>();
  for (const range of deleted) if (examination.deletesSomething(range)) deletes.add(range.client);
  return { isNew: fresh.size > 0 || deletes.size > 0, clients: [...fresh.keys()], deletes: [...deletes] };
}
