import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { MESSAGE_BARRIER, MESSAGE_NOTICE } from "#/server/documents/contract.ts";

/** What y-websocket's messages begin with. */
const MESSAGE_SYNC = 0;
const MESSAGE_AWARENESS = 1;
const MESSAGE_QUERY_AWARENESS = 3;
const SYNC_STEP_1 = 0;
const SYNC_STEP_2 = 1;
const SYNC_UPDATE = 2;

/** A frame of a client, taken apart. */
export type Frame =
  | { type: "step1"; stateVector: Uint8Array }
  | { type: "step2"; update: Uint8Array }
  | { type: "update"; update: Uint8Array }
  | { type: "awareness"; bytes: Uint8Array }
  | { type: "queryAwareness" }
  | { type: "barrier"; number: number }
  | { type: "unknown" };

/** What a connection may be told outside the document. */
export type Notice = { kind: "joined"; epoch: number; canWrite: boolean } | { kind: "refused"; message: string };

function readSync(decoder: decoding.Decoder): Frame {
  const step = decoding.readVarUint(decoder);
  if (step === SYNC_STEP_1) return { type: "step1", stateVector: decoding.readVarUint8Array(decoder) };
  if (step === SYNC_STEP_2) return { type: "step2", update: decoding.readVarUint8Array(decoder) };
  if (step === SYNC_UPDATE) return { type: "update", update: decoding.readVarUint8Array(decoder) };
  return { type: "unknown" };
}

/** Reads one frame; a type that is not known is that, for newer clients. @throws Error when it is cut short */
export function readFrame(bytes: Uint8Array): Frame {
  const decoder = decoding.createDecoder(bytes);
  switch (decoding.readVarUint(decoder)) {
    case MESSAGE_SYNC:
      return readSync(decoder);
    case MESSAGE_AWARENESS:
      return { type: "awareness", bytes: decoding.readVarUint8Array(decoder) };
    case MESSAGE_QUERY_AWARENESS:
      return { type: "queryAwareness" };
    case MESSAGE_BARRIER:
      return { type: "barrier", number: decoding.readVarUint(decoder) };
    default:
      return { type: "unknown" };
  }
}

function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function syncFrame(step: number, bytes: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE_SYNC);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

export const step1Frame = (stateVector: Uint8Array) => syncFrame(SYNC_STEP_1, stateVector);
export const step2Frame = (update: Uint8Array) => syncFrame(SYNC_STEP_2, update);

export const updateFrame = (update: Uint8Array) => syncFrame(SYNC_UPDATE, update);

/** Everything of the connection before barrier `number` is on disk. */
export function barrierFrame(number: number): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE_BARRIER);
    encoding.writeVarUint(encoder, number);
  });
}

/** A notice, as JSON. */
export function noticeFrame(notice: Notice): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE_NOTICE);
    encoding.writeVarString(encoder, JSON.stringify(notice));
  });
}

export type PresenceEntry = { clientId: number; clock: number; state: string };

/** Presence as y-protocols has it: client id, clock and JSON of each. */
export function awarenessFrame(entries: readonly PresenceEntry[]): Uint8Array {
  const inner = frame((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(encoder, clientId);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
  return frame((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE_AWARENESS);
    encoding.writeVarUint8Array(encoder, inner);
  });
}

/** Nobody's presence: a message that keeps providers from thinking the connection dead. */
export const heartbeatFrame = awarenessFrame([]);
