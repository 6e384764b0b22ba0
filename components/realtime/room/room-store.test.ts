import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RoomAnswer, RoomFact, RoomView } from "#/server/realtime/contract.ts";
import { applyFact, compareEntries, keepingEarlier, withEarlier, withEntry } from "./room-state.ts";
import { type RoomLink, RoomStore } from "./room-store.ts";

function room(seq: number, more: Partial<RoomView> = {}): RoomView {
  return {
    seq,
    serverTime: "2026-03-01T10:00:00.000Z",
    incident: { id: "i1", title: `title ${seq}` } as RoomView["incident"],
    entries: [],
    pinned: [],
    earlier: null,
    tasks: [],
    alerts: [],
    held: [],
    updates: [],
    draft: null,
    planned: [],
    updateRules: { approval: { public: "none", internal: "none" }, pace: "usual", everyMinutes: 0, longMinutes: 0 },
    told: { wave: null, nextAt: null, endable: 0, deliveries: [] },
    files: [],
    invitations: [],
    changes: { items: [], nextCursor: null, from: "", to: "" },
    hasPostmortem: false,
    nobodyHears: false,
    chat: { channel: null, canOpen: false, messages: 0, seq: 0 },
    outlets: { pageName: "Status", slackChannel: null, isSlackReady: false, isMailReady: false },
    publicStatus: null,
    ...more,
  };
}
function fact(seq: number, more: Partial<RoomFact> = {}): RoomFact {
  return { incidentId: "i1", seq, ...more };
}
const titled = (title: string) => ({ id: "i1", title }) as RoomView["incident"];

describe("applying facts", () => {
  test("the next fact changes what it names and nothing else", () => {
    const result = applyFact(room(4, { publicStatus: "identified" }), fact(5, { hasPostmortem: true }));
    expect(result).toMatchObject({
      kind: "applied",
      room: { seq: 5, hasPostmortem: true, publicStatus: "identified" },
    });
  });
  test("a repeat is known, a fact of another incident is nobody's, a later one is a gap", () => {
    expect(applyFact(room(4), fact(4)).kind).toBe("repeat");
    expect(applyFact(room(4), { ...fact(5), incidentId: "i2" }).kind).toBe("repeat");
    expect(applyFact(room(4), fact(6)).kind).toBe("gap");
  });
  test("a null is a value, an absent part is not", () => {
    const result = applyFact(room(1, { publicStatus: "resolved" }), fact(2, { publicStatus: null }));
    expect(result).toMatchObject({ room: { publicStatus: null } });
  });
  test("by which reference the tab asked survives a new state of the incident", () => {
    const start = room(1, { incident: { ...titled("a"), mergedFrom: "INC-9" } });
    expect(applyFact(start, fact(2, { incident: titled("b") }))).toMatchObject({
      room: { incident: { title: "b", mergedFrom: "INC-9" } },
    });
  });
});

describe("the order of entries", () => {
  const entry = (id: string, at: string, seq: number) => ({ id, at: `2026-03-01T10:${at}.000Z`, seq });
  test("when it happened, then the order of commit", () => {
    const list = [entry("c", "05:00", 1), entry("b", "01:00", 3), entry("a", "01:00", 2)].sort(compareEntries);
    expect(list.map((each) => each.id)).toEqual(["a", "b", "c"]);
  });
  test("a late entry about an early hour takes its place, a known one is replaced", () => {
    const first = withEntry([entry("a", "01:00", 1), entry("b", "05:00", 2)], entry("c", "03:00", 3));
    expect(first.map((each) => each.id)).toEqual(["a", "c", "b"]);
    expect(withEntry(first, entry("a", "01:00", 1))).toHaveLength(3);
  });
});

describe("earlier entries", () => {
  const entry = (seq: number, more = {}) =>
    ({ id: `e${seq}`, seq, at: `2026-03-01T10:${seq}:00.000Z`, pinned: false, ...more }) as RoomView["entries"][number];
  const counts = { all: 1 } as NonNullable<RoomView["earlier"]>["counts"];
  const seqs = (view: RoomView) => view.entries.map((each) => each.seq);

  test("are put before those that are shown, and what is left out follows", () => {
    const shown = room(40, { entries: [entry(30), entry(40)], earlier: { beforeSeq: 30, counts } });
    const more = withEarlier(shown, [entry(10), entry(20)], { beforeSeq: 10, counts });
    expect([seqs(more), more.earlier?.beforeSeq]).toEqual([[10, 20, 30, 40], 10]);
    expect(withEarlier(more, [entry(20, { body: "new" })], null)).toMatchObject({
      earlier: null,
      entries: [{ seq: 10 }, { seq: 20, body: "new" }, {}, {}],
    });
  });
  test("stay when the room is read anew, unless something between is missing", () => {
    const shown = room(40, {
      entries: [entry(10), entry(20), entry(30), entry(40)],
      earlier: { beforeSeq: 10, counts },
    });
    const read = (beforeSeq: number) =>
      room(50, { entries: [entry(beforeSeq), entry(50)], earlier: { beforeSeq, counts } });
    expect([seqs(keepingEarlier(shown, read(40))), keepingEarlier(shown, read(40)).earlier?.beforeSeq]).toEqual([
      [10, 20, 30, 40, 50],
      10,
    ]);
    expect(seqs(keepingEarlier(shown, read(41)))).toEqual([10, 20, 30, 40, 41, 50]);
    expect(seqs(keepingEarlier(shown, read(42)))).toEqual([42, 50]);
    expect(
      seqs(keepingEarlier(room(40, { entries: [entry(40)], earlier: { beforeSeq: 40, counts } }), read(40))),
    ).toEqual([40, 50]);
  });
  test("a pin comes and goes with the fact of its entry, however old that is", () => {
    const start = room(40, { entries: [entry(40)], earlier: { beforeSeq: 40, counts } });
    const pin = applyFact(start, fact(41, { entry: entry(5, { pinned: true }) }));
    if (pin.kind !== "applied") throw new Error("not applied");
    expect(pin.room.pinned.map((each) => each.id)).toEqual(["e5"]);
    expect(applyFact(pin.room, fact(42, { entry: entry(5) }))).toMatchObject({ room: { pinned: [] } });
  });
});

/** A connection whose other end the test holds. */
function fakeLink() {
  const hear = { connect: () => {}, disconnect: () => {}, fact: (_: RoomFact) => {} };
  const answers: ((answer: RoomAnswer) => void)[] = [];
  const link: RoomLink & { connected: boolean } = {
    connected: true,
    onConnect: (listener) => {
      hear.connect = listener;
      return () => {};
    },
    onDisconnect: (listener) => {
      hear.disconnect = listener;
      return () => {};
    },
    onFact: (listener) => {
      hear.fact = listener;
      return () => {};
    },
    onPeople: () => () => {},
    onClosed: () => () => {},
    join: () => new Promise((resolve) => answers.push(resolve)),
    leave: vi.fn(),
  };
  async function answer(state: RoomView | null): Promise<void> {
    const resolve = answers.shift();
    if (!resolve) throw new Error("nobody asked to join");
    resolve({ ok: true, room: state });
    await vi.advanceTimersByTimeAsync(0);
  }
  return { link, hear, answer, answers, asked: () => answers.length };
}

describe("the room's store", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function live(seq: number) {
    const fake = fakeLink();
    const store = new RoomStore(room(seq), () => fake.link);
    const stop = store.subscribe(() => {});
    await fake.answer(room(seq));
    return { ...fake, store, stop, seqNow: () => store.getSnapshot().room.seq };
  }

  test("joins, and is live with the answer", async () => {
    const { store } = await live(3);
    expect(store.getSnapshot().connection).toBe("live");
  });
  test("facts that overtake each other are put in order without asking again", async () => {
    const { hear, seqNow, asked } = await live(3);
    hear.fact(fact(5));
    expect(seqNow()).toBe(3);
    hear.fact(fact(4));
    expect(seqNow()).toBe(5);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked()).toBe(0);
  });
  test("a gap that stays is filled by reading the room again, and early facts follow", async () => {
    const { hear, seqNow, asked, answer, store } = await live(3);
    hear.fact(fact(6, { hasPostmortem: true }));
    await vi.advanceTimersByTimeAsync(300);
    expect(asked()).toBe(1);
    await answer(room(5, { incident: titled("five") }));
    expect(seqNow()).toBe(6);
    expect(store.getSnapshot().room).toMatchObject({ hasPostmortem: true, incident: { title: "five" } });
  });
  test("an answer that is older than what was heard meanwhile does not turn the clock back", async () => {
    const { hear, seqNow, asked, answer } = await live(3);
    hear.connect();
    expect(asked()).toBe(1);
    hear.fact(fact(4));
    await answer(room(3));
    expect(seqNow()).toBe(4);
  });
  test("after a lost connection the next connect reads the room again", async () => {
    const { link, hear, store, answer, seqNow } = await live(3);
    link.connected = false;
    hear.disconnect();
    expect(store.getSnapshot().connection).toBe("reconnecting");
    link.connected = true;
    hear.connect();
    await answer(room(9));
    expect(store.getSnapshot().connection).toBe("live");
    expect(seqNow()).toBe(9);
  });
  test("an answer that nothing happened leaves the room as it is drawn", async () => {
    const { hear, answer, store } = await live(3);
    const drawn = store.getSnapshot().room;
    hear.disconnect();
    hear.connect();
    await answer(null);
    expect(store.getSnapshot()).toMatchObject({ connection: "live" });
    expect(store.getSnapshot().room).toBe(drawn);
  });
  test("an answer of a server that was set back counts, and later facts follow it", async () => {
    const { link, hear, answer, seqNow } = await live(9);
    link.connected = false;
    hear.disconnect();
    link.connected = true;
    hear.connect();
    await answer(room(4));
    expect(seqNow()).toBe(4);
    hear.fact(fact(5));
    expect(seqNow()).toBe(5);
  });
  test("facts of every order while the answer is on its way lead to the newest state once", async () => {
    const orders = [
      [4, 5, 6],
      [6, 5, 4],
      [5, 4, 6, 5],
      [6, 4],
    ];
    for (const order of orders) {
      const { hear, answer, seqNow, asked } = await live(3);
      hear.connect();
      for (const seq of order) hear.fact(fact(seq));
      await answer(room(5));
      await vi.advanceTimersByTimeAsync(1_000);
      expect([order, seqNow(), asked()]).toEqual([order, 6, 0]);
    }
  });
  test("a join that nobody answers, or that finds the database away, is tried again", async () => {
    const { hear, answers, asked, answer, store } = await live(3);
    hear.connect();
    answers.shift()?.({ ok: false, code: "unavailable", message: "later" });
    await vi.advanceTimersByTimeAsync(2_900);
    expect(asked()).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked()).toBe(1);
    await answer(room(8));
    expect(store.getSnapshot().room.seq).toBe(8);
  });
  test("the last listener leaves the room", async () => {
    const { link, stop } = await live(3);
    stop();
    expect(link.leave).toHaveBeenCalledWith("i1");
  });
});
