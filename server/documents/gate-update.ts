import { createDecoder, type Decoder, hasContent, readVarUint } from "lib0/decoding";
import * as Y from "yjs";
import { CLIENTS_PER_UPDATE_MAX, DOCUMENT_BYTES_MAX, STRUCTS_PER_UPDATE_MAX } from "./limits.ts";
import { closeCodes } from "./shared/lists.ts";
import { UpdateRefused } from "./update-refused.ts";

/** The largest clock a client can reach; far beyond any text. */
const CLOCK_MAX = 2 ** 40;

export type Struct = Y.Item | Y.GC;
export type DeletedRange = { client: number; clock: number; end: number };
/** An update taken apart: per client its structs in order of clock, and the deleted ranges. */
export type TakenApart = { structs: Map<number, Struct[]>; deleted: DeletedRange[] };

/** Ends the examination of an update. @throws UpdateRefused always */
export function refuse(reason: string, closeCode: number = closeCodes.invalid): never {
  throw new UpdateRefused(closeCode, reason);
}

/** The same for what could be right once something else has come. @throws UpdateRefused always */
export function refuseGap(reason: string): never {
  throw new UpdateRefused(closeCodes.invalid, reason, true);
}

/** What it reads from is at hand afterwards, to see whether all bytes were read. */
class CountingDecoder extends Y.UpdateDecoderV1 {
  /** Yjs makes the decoder itself; decoding is one synchronous call. */
  static last: CountingDecoder | null = null;
  #structs = 0;

  constructor(source: Decoder) {
    super(source);
    CountingDecoder.last = this;
  }

  /** Read once for each struct. */
  override readInfo(): number {
    this.#structs += 1;
    if (this.#structs > STRUCTS_PER_UPDATE_MAX) refuse("Too many pieces in one update.", closeCodes.tooLarge);
    return super.readInfo();
  }
}

function decodeWhole(bytes: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  const update = Y.decodeUpdateV2(bytes, CountingDecoder as unknown as typeof Y.UpdateDecoderV2);
  const decoder = CountingDecoder.last;
  if (!decoder || hasContent(decoder.restDecoder)) throw new Error("bytes are left over");
  return update;
}

function decoded(bytes: Uint8Array): { update: ReturnType<typeof Y.decodeUpdate>; blocks: number } {
  try {
    return { update: decodeWhole(bytes), blocks: readVarUint(createDecoder(bytes)) };
  } catch (error) {
    if (error instanceof UpdateRefused) throw error;
    return refuse("The update cannot be decoded.");
  }
}

/**
 * Decodes a V1 update whole, before anything of it can touch a document. Pure.
 *
 * Yjs lets a later block of one client replace an earlier one, so each client may come once.
 * @throws UpdateRefused
 */
export function takeApart(bytes: Uint8Array): TakenApart {
  const { update, blocks } = decoded(bytes);
  const structs = new Map<number, Struct[]>();
  for (const struct of update.structs) {
    if (struct.length < 1 || struct.length > DOCUMENT_BYTES_MAX || struct.id.clock + struct.length > CLOCK_MAX) {
      refuse("A struct has an impossible length.");
    }
    const list = structs.get(struct.id.client) ?? [];
    structs.set(struct.id.client, list);
    if (!(struct instanceof Y.Skip)) list.push(struct);
  }
  if (structs.size !== blocks) refuse("A client occurs twice.");
  if (structs.size > CLIENTS_PER_UPDATE_MAX) refuse("Too many clients in one update.", closeCodes.tooLarge);
  const deleted = [...update.ds.clients].flatMap(([client, items]) =>
    items.map((item) => {
      if (item.len < 1) refuse("A deleted range is empty.");
      return { client, clock: item.clock, end: item.clock + item.len };
    }),
  );
  return { structs, deleted };
}
