import { describe, expect, test, vi } from "vitest";
import * as ws from "ws";
import { Awareness, applyAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import type { UserActor } from "#/server/access/index.ts";
import { FRAMES_PER_SECOND, PRESENCE_BYTES_MAX } from "#/server/documents/shared/lists.ts";
import { unframed } from "#/server/testing/unframed.ts";
import { PERSON_COLOURS } from "../shared/person-colours.ts";
import { awarenessFrame, readFrame } from "./frames.ts";
import { Pace, waitAfter } from "./pace.ts";
import { Presence, type PresenceMember, stampedState } from "./presence.ts";
import { SlowReader } from "./slow-reader.ts";
import { framed } from "./sync-socket.ts";

type Sender = { frame(data: Buffer, options: object): Buffer[] };

const actor = (userId: string): UserActor => ({ kind: "user", userId, name: userId, email: "", role: "responder" });

function member(userId: string): PresenceMember & { frames: Uint8Array[] } {
  const frames: Uint8Array[] = [];
  const send = (frame: Uint8Array) => void frames.push(frame);
  const sendFramed = (framed: Buffer) => void frames.push(...unframed(framed));
  return { actor: actor(userId), clientId: null, buffered: 0, frames, send, sendFramed };
}

function message(...entries: [number, number, unknown][]): Uint8Array {
  const frame = readFrame(
    awarenessFrame(entries.map(([clientId, clock, state]) => ({ clientId, clock, state: JSON.stringify(state) }))),
  );
  return frame.type === "awareness" ? frame.bytes : new Uint8Array();
}

describe("framing", () => {
  test("[SY20] a message is framed as `ws` frames it, at each size of the head", () => {
    for (const length of [0, 1, 125, 126, 65_535, 65_536, 70_000]) {
      const message = new Uint8Array(length).fill(7);
      const options = { fin: true, opcode: 2, mask: false, readOnly: true, rsv1: false };
      const theirs = (ws as unknown as { Sender: Sender }).Sender.frame(Buffer.from(message), options);
      expect(framed(message).equals(Buffer.concat(theirs))).toBe(true);
    }
  });
});

describe("pace", () => {
  test("[SY60] the first frames pass at full speed, then as many a second as the limit", () => {
    const pace = new Pace(FRAMES_PER_SECOND, 10, 0);
    for (let count = 0; count < 10; count += 1) expect(pace.take(0)).toBe(0);
    expect(pace.take(0)).toBe(1_000 / FRAMES_PER_SECOND);
    expect(pace.take(1_000)).toBe(0);
  });

  test("[SY60] frames that take long are followed by a pause, so that one connection gets a tenth of the time at most", () => {
    expect(waitAfter(0.4)).toBe(0);
    expect(waitAfter(5)).toBe(0);
    expect(waitAfter(40)).toBe(360);
  });
});

describe("presence", () => {
  test("[SY51] name, id and colour are the server's, the rest is the client's", () => {
    const stamped = JSON.parse(stampedState('{"user":{"name":"Boss","color":"red"},"cursor":1}', actor("ada")) ?? "{}");
    expect(stamped).toMatchObject({
      user: { name: "ada", userId: "ada", color: expect.stringMatching(/^#[0-9a-f]{6}$/) },
      cursor: 1,
    });
  });

  test("[SY51] those present have different colours, and tabs of one person the same", () => {
    const presence = new Presence(() => true);
    const people = Array.from({ length: PERSON_COLOURS }, (_, n) => member(`person-${n}`));
    const again = member("person-0");
    for (const each of [...people, again]) presence.join(each);
    [...people, again].forEach((each, n) => {
      presence.receive(each, message([n + 1, 1, {}]));
    });
    const watcher = member("watcher");
    presence.join(watcher);
    const colours = new Map<string, Set<string>>();
    const frame = readFrame(watcher.frames[0] ?? new Uint8Array());
    const awareness = new Awareness(new Y.Doc());
    applyAwarenessUpdate(awareness, frame.type === "awareness" ? frame.bytes : new Uint8Array(), null);
    for (const state of awareness.getStates().values()) {
      const { user } = state as { user?: { userId: string; color: string } };
      if (user) colours.set(user.color, (colours.get(user.color) ?? new Set()).add(user.userId));
    }
    awareness.destroy();
    expect(colours.size).toBe(PERSON_COLOURS);
    for (const users of colours.values()) expect(users.size).toBe(1);
    presence.stop();
  });

  test("[SY51] what is too large, or no record, is not shown", () => {
    const filler = (length: number) => JSON.stringify({ a: "x".repeat(length - '{"a":""}'.length) });
    expect(stampedState(filler(PRESENCE_BYTES_MAX), actor("ada"))).not.toBeNull();
    expect(stampedState(filler(PRESENCE_BYTES_MAX + 1), actor("ada"))).toBeNull();
    for (const state of ["[]", "1", '"x"', "{", ""]) expect(stampedState(state, actor("ada"))).toBeNull();
  });

  test("[SY52] many changes within a moment are one message", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const presence = new Presence(() => true);
    const [ada, lin] = [member("ada"), member("lin")];
    presence.join(ada);
    presence.join(lin);
    vi.advanceTimersByTime(1_000);
    for (let clock = 1; clock <= 50; clock += 1) {
      presence.receive(ada, message([7, clock, { cursor: clock }]));
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(100);
    expect(lin.frames.length).toBeLessThanOrEqual(7);
    vi.useRealTimers();
    presence.stop();
  });

  test("[SY50] an entry repeated by others is passed over, also after its owner left", () => {
    const presence = new Presence(() => true);
    const [ada, lin, vic] = [member("ada"), member("lin"), member("vic")];
    for (const each of [ada, lin, vic]) presence.join(each);
    presence.receive(ada, message([7, 1, {}]));
    presence.receive(vic, message([7, 2, { forged: true }]));
    expect(vic.clientId).toBeNull();
    presence.receive(lin, message([7, 2, { forged: true }], [8, 1, {}]));
    expect(lin.clientId).toBe(8);
    presence.leave(ada);
    presence.receive(vic, message([7, 3, {}]));
    expect(vic.clientId).toBeNull();
    presence.stop();
  });

  test("[SY52] a newer connection of the same client keeps the entry when the older one ends", () => {
    const presence = new Presence(() => true);
    const [old, fresh, watcher] = [member("ada"), member("ada"), member("lin")];
    presence.join(old);
    presence.receive(old, message([7, 1, {}]));
    presence.join(fresh);
    presence.receive(fresh, message([7, 2, {}]));
    presence.leave(old);
    presence.join(watcher);
    expect(watcher.frames).toHaveLength(1);
    presence.stop();
  });

  test("a message that is cut short throws, and one that claims too much ends", () => {
    const presence = new Presence(() => true);
    expect(() => presence.receive(member("ada"), new Uint8Array([5, 1]))).toThrow();
  });
});

describe("a slow reader", () => {
  const MIB = 1024 * 1024;

  test("[SY61] beyond the limit nothing more is sent, then one difference with all of it", () => {
    const room = new Y.Doc();
    const reader = new Y.Doc();
    const slow = new SlowReader();
    let sent = 0;
    room.on("update", (update: Uint8Array) => {
      sent += 1;
      if (!slow.holdsBack([update], sent > 2 ? MIB + 1 : 0, room)) Y.applyUpdate(reader, update);
    });
    for (const text of ["a", "b", "c", "d"]) room.getText("text").insert(room.getText("text").length, text);
    room.getText("text").delete(0, 1);
    expect(reader.getText("text").toString()).toBe("ab");
    expect(slow.catchUp(MIB, room)).toBeNull();
    const missed = slow.catchUp(0, room);
    Y.applyUpdate(reader, missed ?? new Uint8Array());
    expect(reader.getText("text").toString()).toBe("bcd");
    expect(reader.store.pendingStructs).toBeNull();
    expect(slow.isLagging).toBe(false);
  });

  test("[SY61] four megabytes or ten seconds are too much; a large first answer is not", () => {
    const doc = new Y.Doc();
    const slow = new SlowReader();
    expect(slow.isHopeless(4 * MIB)).toBe(false);
    expect(slow.isHopeless(4 * MIB + 1)).toBe(true);
    slow.allow(8 * MIB);
    expect(slow.isHopeless(9 * MIB)).toBe(false);
    doc.getText("text").insert(0, "x");
    slow.holdsBack([Y.encodeStateAsUpdate(doc)], 10 * MIB, doc, 1_000);
    expect(slow.isHopeless(10 * MIB, 11_000)).toBe(false);
    expect(slow.isHopeless(10 * MIB, 11_001)).toBe(true);
  });
});
