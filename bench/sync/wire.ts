import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { MESSAGE_BARRIER } from "#/server/documents/contract.ts";

/** How a contender's frames look: y-websocket's, or Hocuspocus's, which puts the name of the document in front. */
export type Wire = "y-websocket" | "hocuspocus";

const SYNC = 0;
const AUTH = 2;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
const AWARENESS = 1;
/** The state vector, and the update, of a document in which nothing is. */
const NO_STATE = new Uint8Array([0]);
const NO_UPDATE = new Uint8Array([0, 0]);

function frame(wire: Wire, name: string, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  if (wire === "hocuspocus") encoding.writeVarString(encoder, name);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

const syncFrame = (wire: Wire, name: string, step: number, bytes: Uint8Array) =>
  frame(wire, name, (encoder) => {
    encoding.writeVarUint(encoder, SYNC);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });

/** What a client says first: who it is where that is asked, its question, and its answer to the server's. */
export function openingFrames(wire: Wire, name: string): Uint8Array[] {
  const sync = [syncFrame(wire, name, STEP_1, NO_STATE), syncFrame(wire, name, STEP_2, NO_UPDATE)];
  if (wire === "y-websocket") return sync;
  const auth = frame(wire, name, (encoder) => {
    encoding.writeVarUint(encoder, AUTH);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, "anybody");
  });
  return [auth, ...sync];
}

export const updateFrame = (wire: Wire, name: string, update: Uint8Array) => syncFrame(wire, name, UPDATE, update);

export function awarenessFrame(wire: Wire, name: string, clientId: number, clock: number, state: unknown): Uint8Array {
  const inner = encoding.createEncoder();
  encoding.writeVarUint(inner, 1);
  encoding.writeVarUint(inner, clientId);
  encoding.writeVarUint(inner, clock);
  encoding.writeVarString(inner, JSON.stringify(state));
  return frame(wire, name, (encoder) => {
    encoding.writeVarUint(encoder, AWARENESS);
    encoding.writeVarUint8Array(encoder, encoding.toUint8Array(inner));
  });
}

export function barrierFrame(number: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE_BARRIER);
  encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}

export type ServerFrame = { kind: "step2" | "barrier" | "awareness" | "other"; value: number };

/** What kind of frame a server sent; the number of an answered barrier, the length of a full state. */
export function readServerFrame(wire: Wire, bytes: Uint8Array): ServerFrame {
  const decoder = decoding.createDecoder(bytes);
  if (wire === "hocuspocus") decoding.readVarString(decoder);
  const type = decoding.readVarUint(decoder);
  if (wire === "y-websocket" && type === MESSAGE_BARRIER) {
    return { kind: "barrier", value: decoding.readVarUint(decoder) };
  }
  if (type === AWARENESS) return { kind: "awareness", value: bytes.length };
  if (type === SYNC && decoding.readVarUint(decoder) === STEP_2) return { kind: "step2", value: bytes.length };
  return { kind: "other", value: 0 };
}
