import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { type Random, seededUuid, wholeBelow } from "./seeded.ts";

type Kind = "notes" | "summary" | "postmortem";

/** One honest edit of a document, in the manner of its kind. */
export const honestEdits: Record<Kind, (doc: Y.Doc, random: Random) => void> = {
  summary(doc, random) {
    const text = doc.getText("text");
    const at = wholeBelow(random, text.length + 1);
    if (random() < 0.3 && text.length > 4) text.delete(Math.min(at, text.length - 2), 2);
    else text.insert(at, "word ".slice(0, 1 + wholeBelow(random, 5)));
  },
  notes(doc, random) {
    const notes = doc.getMap<Y.Text>("notes");
    const key = [...notes.keys()][wholeBelow(random, notes.size)];
    const note = key === undefined ? undefined : notes.get(key);
    if (!note || random() < 0.1) notes.set(seededUuid(random), new Y.Text("note"));
    else if (random() < 0.2 && note.length > 3) note.delete(0, 2);
    else note.insert(wholeBelow(random, note.length + 1), "text");
  },
  postmortem(doc, random) {
    const root = doc.getXmlFragment("content");
    const first = root.length > 0 ? root.get(0) : null;
    if (first instanceof Y.XmlElement && random() < 0.6) first.insert(0, [new Y.XmlText("some words")]);
    else root.insert(0, [new Y.XmlElement("paragraph")]);
  },
};

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Where a run of bytes with the high bit ends: one number as Yjs writes it. */
function numberAt(bytes: Uint8Array, from: number): { start: number; end: number } {
  let start = from;
  while (start > 0 && ((bytes[start - 1] ?? 0) & 128) !== 0) start -= 1;
  let end = from;
  while (end < bytes.length - 1 && ((bytes[end] ?? 0) & 128) !== 0) end += 1;
  return { start, end: end + 1 };
}

function spliced(bytes: Uint8Array, start: number, end: number, middle: Uint8Array): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, start), ...middle, ...bytes.subarray(end)]);
}

function varUint(value: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, value);
  return encoding.toUint8Array(encoder);
}

const HUGE = [2 ** 31, 2 ** 32 - 1, 2 ** 40, Number.MAX_SAFE_INTEGER];
/** The GC structs of one update take two bytes each. */
const STRUCT_GC = 0;
const STRUCT_STRING = 4;
const HAS_RIGHT_ORIGIN = 0x40;

/** An update of many client ids, each with one collected struct: small to send, long to keep. */
export function manyClients(count: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, count);
  for (let client = 1; client <= count; client += 1) {
    for (const value of [1, client, 0]) encoding.writeVarUint(encoder, value);
    encoding.writeUint8(encoder, STRUCT_GC);
    encoding.writeVarUint(encoder, 1);
  }
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** One client's collected structs, two bytes each, up to `bytes`: the most work that a frame can carry. */
export function manyStructs(bytes: number): Uint8Array {
  const count = Math.floor((bytes - 16) / 2);
  const encoder = encoding.createEncoder();
  for (const value of [1, count, 9, 0]) encoding.writeVarUint(encoder, value);
  for (let struct = 0; struct < count; struct += 1) {
    encoding.writeUint8(encoder, STRUCT_GC);
    encoding.writeVarUint(encoder, 1);
  }
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** Pieces of one summary, each put between others that are far apart: to place one, Yjs walks over all before it. */
export function piecesFarApart(pieces: number): Uint8Array {
  const client = 9;
  const encoder = encoding.createEncoder();
  for (const value of [1, 1 + 2 * pieces, client, 0]) encoding.writeVarUint(encoder, value);
  encoding.writeUint8(encoder, STRUCT_STRING);
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarString(encoder, "text");
  encoding.writeVarString(encoder, "x".repeat(pieces));
  const before = (clock: number) => {
    encoding.writeUint8(encoder, STRUCT_STRING | HAS_RIGHT_ORIGIN);
    for (const value of [client, clock]) encoding.writeVarUint(encoder, value);
    encoding.writeVarString(encoder, "a");
  };
  for (let piece = pieces - 1; piece >= 0; piece -= 1) before(piece);
  for (let piece = 0; piece < pieces; piece += 1) before(pieces - 1);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** A deletion of a range that one client never wrote, or a list of them. */
export function deletionsOf(client: number, ranges: readonly [clock: number, length: number][]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of [0, 1, client, ranges.length]) encoding.writeVarUint(encoder, value);
  for (const [clock, length] of ranges) {
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarUint(encoder, length);
  }
  return encoding.toUint8Array(encoder);
}

/** One struct under another's client id, at any clock: a range that makes a client's later words invisible. */
export function claimFor(client: number, clock: number, length: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const value of [1, 1, client, clock]) encoding.writeVarUint(encoder, value);
  encoding.writeUint8(encoder, STRUCT_GC);
  encoding.writeVarUint(encoder, length);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** Maps within maps. */
export function nestedMaps(depth: number, root: string): Uint8Array {
  const doc = new Y.Doc();
  let map: Y.Map<unknown> = doc.getMap(root);
  doc.transact(() => {
    for (let level = 0; level < depth; level += 1) {
      const inner = new Y.Map<unknown>();
      map.set("a", inner);
      map = inner;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

/** An item's value nested in itself. */
export function nestedValue(depth: number): Uint8Array {
  const doc = new Y.Doc();
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  doc.getArray("content").push([value]);
  return Y.encodeStateAsUpdate(doc);
}

/** The later of two long edits, without the one before it. */
export function textWithoutItsBeginning(length: number): Uint8Array {
  const doc = new Y.Doc();
  const made: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => made.push(update));
  for (const letter of ["a", "b"]) doc.getText("text").insert(doc.getText("text").length, letter.repeat(length / 2));
  return made[1] ?? new Uint8Array();
}

/** A note under a key that is no UUID, or that another has already. */
export function forgedNote(key: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getMap("notes").set(key, new Y.Text("forged"));
  return Y.encodeStateAsUpdate(doc);
}

const FORGED_KEYS = [
  "agenda",
  "__proto__",
  "constructor",
  "",
  "3F0C6E0A-5A39-4C52-9A3E-0D6B7F6A2C11",
  "a".repeat(1_000),
];

const mutations: Record<string, Mutation> = {
  bits(bytes, random) {
    const copy = Uint8Array.from(bytes);
    for (let times = 1 + wholeBelow(random, 4); times > 0; times -= 1) {
      const at = wholeBelow(random, copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << wholeBelow(random, 8));
    }
    return copy;
  },
  bytes(bytes, random) {
    const copy = Uint8Array.from(bytes);
    for (let times = 1 + wholeBelow(random, 3); times > 0; times -= 1) {
      copy[wholeBelow(random, copy.length)] = wholeBelow(random, 256);
    }
    return copy;
  },
  cut: (bytes, random) => bytes.slice(0, wholeBelow(random, bytes.length)),
  spliced(bytes, random, other) {
    const [from, to] = [wholeBelow(random, other.length), wholeBelow(random, other.length)];
    const at = wholeBelow(random, bytes.length);
    return spliced(bytes, at, at + wholeBelow(random, 4), other.subarray(Math.min(from, to), Math.max(from, to)));
  },
  joined: (bytes, _random, other) => Uint8Array.from([...bytes, ...other]),
  number(bytes, random) {
    const { start, end } = numberAt(bytes, wholeBelow(random, bytes.length));
    const value = random() < 0.3 ? (HUGE[wholeBelow(random, HUGE.length)] ?? 0) : wholeBelow(random, 300);
    return spliced(bytes, start, end, varUint(value));
  },
  /** The head of an update is: one client, its number of structs, its id, its clock. */
  client(bytes, random) {
    const id = numberAt(bytes, 2);
    return spliced(bytes, id.start, id.end, varUint(wholeBelow(random, 6)));
  },
  clock(bytes, random) {
    const id = numberAt(bytes, 2);
    const clock = numberAt(bytes, Math.min(id.end, bytes.length - 1));
    return spliced(bytes, clock.start, clock.end, varUint(wholeBelow(random, 60)));
  },
  version2: (bytes) => {
    try {
      return Y.convertUpdateFormatV1ToV2(bytes);
    } catch {
      return bytes.slice(1);
    }
  },
  deletions(_bytes, random) {
    const ranges = Array.from({ length: 1 + wholeBelow(random, 3) }, (): [number, number] => [
      wholeBelow(random, 100),
      random() < 0.2 ? 2 ** 31 : wholeBelow(random, 50),
    ]);
    return deletionsOf(wholeBelow(random, 6), ranges);
  },
  claim: (_bytes, random) => claimFor(wholeBelow(random, 6), wholeBelow(random, 60), random() < 0.5 ? 2 ** 31 - 1 : 3),
  manyClients: (_bytes, random) => manyClients(1 + wholeBelow(random, 400)),
  nested: (_bytes, random) => nestedMaps(1 + wholeBelow(random, 100), random() < 0.5 ? "notes" : "content"),
  nestedValue: (_bytes, random) => nestedValue(wholeBelow(random, 500)),
  forgedNote: (_bytes, random) => forgedNote(FORGED_KEYS[wholeBelow(random, FORGED_KEYS.length)] ?? ""),
};

const names = Object.keys(mutations);
/** Most are of the plain kinds; the built ones take long to build and are few. */
const BUILT_SHARE = 0.02;
const built = ["manyClients", "nested", "nestedValue", "forgedNote"];
const plain = names.filter((name) => !built.includes(name));

/** A broken or hostile update made of a real one; `how` says in which way. */
export function mutated(bytes: Uint8Array, other: Uint8Array, random: Random): { how: string; bytes: Uint8Array } {
  const from = random() < BUILT_SHARE ? built : plain;
  const how = from[wholeBelow(random, from.length)] ?? "bits";
  return { how, bytes: mutations[how]?.(bytes, random, other) ?? bytes };
}
