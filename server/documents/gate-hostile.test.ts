import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { giveOne, hostileKinds, RawYjs, runHostile } from "#/server/testing/hostile.ts";
import {
  claimFor,
  deletionsOf,
  forgedNote,
  manyClients,
  manyStructs,
  nestedMaps,
  nestedValue,
  piecesFarApart,
  textWithoutItsBeginning,
} from "#/server/testing/mutations.ts";
import { closeCodes, FRAME_BYTES_MAX } from "./shared/lists.ts";

const UPDATES = 10_000;
const EACH = Math.ceil(UPDATES / hostileKinds.length);
/** Compared with what Yjs does alone, now and then. */
const RAW_EVERY = 20;
const TIME_LIMIT_MS = 120_000;
const seed = Number(process.env.SEED ?? 20_261_121);

test.each(hostileKinds)(
  `[SY10] [SY11] [SY14] [SY17] ${EACH} mutated updates of %s: nothing partial, nothing that cannot be loaded, byte-identical after each refusal`,
  { timeout: TIME_LIMIT_MS },
  (kind) => {
    const raw = new RawYjs();
    let given = 0;
    const found = runHostile(kind, seed, EACH, (bytes, base) => {
      given += 1;
      if (given % RAW_EVERY === 0) raw.give(kind, bytes, base);
    });
    process.stdout.write(
      `  ${kind}: ${found.refused} refused, ${found.threw} rebuilt after; ${found.microsecondsEach.toFixed(0)} µs each ` +
        `(Yjs alone ${raw.found.microsecondsEach.toFixed(0)} µs), longest ${found.longestMs.toFixed(1)} ms of 50\n`,
    );
    expect(found.faults, `SEED=${seed}`).toEqual([]);
    expect(found.given).toBe(EACH);
    expect(found.refused).toBeGreaterThan(EACH / 2);
    expect(found.threw).toBeLessThan(EACH / 100);
    // Without a gate the same updates do harm: the mutations are worth something.
    expect(raw.found.partial + raw.found.pending).toBeGreaterThan(raw.found.given / 10);
  },
);

test.each([20_261_123, 20_261_137])(
  "[SY10] [SY17] what passes leaves a log that can be read again, whatever was collected meanwhile (seed %i)",
  { timeout: TIME_LIMIT_MS },
  (found) => {
    expect(runHostile("postmortem", found, 20_000).faults).toEqual([]);
  },
);

describe("one update that no honest client sends", () => {
  const claimed2To31Structs = new Uint8Array([1, 0x80, 0x80, 0x80, 0x80, 0x08, 7, 0]);
  const all: [string, Uint8Array, number][] = [
    ["nothing at all", new Uint8Array(0), closeCodes.invalid],
    ["garbage", new Uint8Array([255, 254, 253, 252, 251]), closeCodes.invalid],
    ["2^31 claimed structs", claimed2To31Structs, closeCodes.invalid],
    ["a V2 update", Y.encodeStateAsUpdateV2(new Y.Doc()), closeCodes.invalid],
    ["a collected range of 2^31 for another's client id", claimFor(1, 0, 2 ** 31 - 1), closeCodes.invalid],
    ["a collected range beyond another's last clock", claimFor(1, 10_000, 3), closeCodes.invalid],
    ["more collected structs than one turn can take", manyStructs(FRAME_BYTES_MAX), closeCodes.tooLarge],
    ["200 KB whose beginning is missing", textWithoutItsBeginning(200 * 1024), closeCodes.invalid],
    ["8,000 nested maps", nestedMaps(8_000, "content"), closeCodes.invalid],
    ["20,000 nested maps", nestedMaps(20_000, "content"), closeCodes.tooLarge],
    ["a value nested 5,000 times", nestedValue(5_000), closeCodes.invalid],
    ["200,000 client ids, more than a frame", manyClients(200_000), closeCodes.tooLarge],
    ["as many client ids as fit into a frame", manyClients(FRAME_BYTES_MAX / 11), closeCodes.tooLarge],
    ["a deletion of what nobody wrote", deletionsOf(99, [[0, 5]]), closeCodes.invalid],
    ["a deletion of 2^31 after what was written", deletionsOf(1, [[0, 2 ** 31]]), closeCodes.invalid],
    ["a note under a name", forgedNote("agenda"), closeCodes.invalid],
    ["a note under __proto__", forgedNote("__proto__"), closeCodes.invalid],
  ];
  test.each(all)("[SY10] [SY11] [SY12] [SY13] [SY14] [SY16] %s is refused without a trace", (what, bytes, code) => {
    const kind = what.startsWith("a note") ? "notes" : "postmortem";
    const { closeCode, isUnchanged } = giveOne(kind, bytes);
    expect({ closeCode, isUnchanged }).toEqual({ closeCode: code, isUnchanged: true });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test("[SY17] pieces that take seconds to place are refused without a trace, those of people who type are not", () => {
    expect(giveOne("summary", piecesFarApart(3_000))).toMatchObject({
      closeCode: closeCodes.invalid,
      isUnchanged: true,
    });
    expect(giveOne("summary", piecesFarApart(100))).toMatchObject({ closeCode: null, isUnchanged: false });
  });
});
