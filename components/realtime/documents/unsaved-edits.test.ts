import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { KEPT_BYTES_MAX, KEPT_DOCUMENTS_MAX, type KeptEdits } from "./edit-store.ts";
import { textOfEdits } from "./edit-text.ts";
import { memoryStore } from "./memory-store.ts";
import { UnsavedEdits } from "./unsaved-edits.ts";

const DOCUMENT = "incidents/i1/notes";
type Store = ReturnType<typeof memoryStore>;

/** A document whose edits are followed. */
function typist(store: Store, clientId = 1) {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const edits = new UnsavedEdits({ document: DOCUMENT, writer: clientId, store, onChange: () => {} });
  doc.on("update", (update: Uint8Array, origin: unknown) => origin === null && edits.edited(update));
  const text = doc.getText("text");
  return { doc, edits, text, type: (words: string) => text.insert(text.length, words) };
}
const kept = (store: Store) => textOfEdits([...store.all.values()].map((edits) => edits.update));
const moment = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("edits on this device", () => {
  test("[SY90] without a connection they are written at once, one record a copy", async () => {
    const store = memoryStore();
    const { edits, type } = typist(store);
    type("hello");
    type(" world");
    expect(edits.isKept).toBe(false);
    await moment();
    expect(edits.isKept).toBe(true);
    expect([store.all.size, kept(store)]).toEqual([1, "hello world"]);
  });

  test("[SY90] what is acknowledged soon is never written, what is acknowledged late is taken away", async () => {
    const store = memoryStore();
    const put = vi.spyOn(store, "put");
    const { edits, type } = typist(store);
    edits.connected();
    type("a");
    edits.barrier(1);
    await vi.advanceTimersByTimeAsync(50);
    edits.answered(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(put).not.toHaveBeenCalled();
    type("b");
    edits.barrier(2);
    type("c");
    await vi.advanceTimersByTimeAsync(200);
    expect(kept(store)).toBe("bc");
    edits.answered(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(kept(store)).toBe("c");
    edits.barrier(3);
    edits.answered(3);
    await vi.advanceTimersByTimeAsync(200);
    expect(store.all.size).toBe(0);
    expect(edits.isEmpty).toBe(true);
  });

  test("[SY90] a barrier that died with its connection acknowledges nothing", async () => {
    const store = memoryStore();
    const { edits, type } = typist(store);
    edits.connected();
    type("a");
    edits.barrier(1);
    edits.disconnected();
    edits.answered(1);
    await moment();
    expect(edits.isEmpty).toBe(false);
    expect(kept(store)).toBe("a");
  });

  test("[SY90] hours of typing stay one update that says it all", async () => {
    const store = memoryStore();
    const { edits, type } = typist(store);
    for (let n = 0; n < 450; n += 1) type(String(n % 10));
    await moment();
    expect(edits.updates.length).toBeLessThanOrEqual(200);
    expect(textOfEdits(edits.updates)).toBe("0123456789".repeat(45));
    expect(kept(store)).toBe("0123456789".repeat(45));
  });

  test("[SY91] what does not fit stays in the tab, which is told", async () => {
    const store = memoryStore();
    const { edits, type } = typist(store);
    store.isFull = true;
    type("a");
    await moment();
    expect(edits.isKept).toBe(false);
    store.isFull = false;
    type("b");
    await moment();
    expect(edits.isKept).toBe(true);
    type("x".repeat(KEPT_BYTES_MAX));
    await moment();
    expect(edits.isKept).toBe(false);
  });

  test("[SY91] at most as many documents as the limit", async () => {
    const store = memoryStore();
    const record = (n: number): KeptEdits => ({
      ...{ document: `incidents/i${n}/notes`, epoch: 1, writer: n, revision: 1, at: 0, refusedWith: null },
      update: new Uint8Array(KEPT_BYTES_MAX),
    });
    for (let n = 0; n < KEPT_DOCUMENTS_MAX; n += 1) await store.put(record(n));
    await expect(store.put(record(KEPT_DOCUMENTS_MAX))).rejects.toThrow("too many documents");
    await store.put({ ...record(0), writer: 99 });
    expect(store.all.size).toBe(KEPT_DOCUMENTS_MAX + 1);
  });

  test("[SY92] another copy takes them over, and takes them away once they are acknowledged", async () => {
    const store = memoryStore();
    const gone = typist(store, 1);
    gone.type("from the tab before");
    await moment();
    const next = typist(store, 2);
    for (const update of next.edits.adopt([...store.all.values()])) Y.applyUpdate(next.doc, update, "kept");
    expect(next.text.toString()).toBe("from the tab before");
    expect(next.edits.adopt([...store.all.values()])).toEqual([]);
    next.edits.barrier(1);
    next.edits.answered(1);
    await moment();
    expect(store.all.size).toBe(0);
  });

  test("[SY92] a tab that lives and has written since keeps its own", async () => {
    const store = memoryStore();
    const living = typist(store, 1);
    living.type("a");
    await moment();
    const other = typist(store, 2);
    other.edits.adopt([...store.all.values()]);
    living.type("b");
    await moment();
    other.edits.barrier(1);
    other.edits.answered(1);
    await moment();
    expect(kept(store)).toBe("ab");
  });

  test("[SY93] what was refused stays as text and is not taken over", async () => {
    const store = memoryStore();
    const { edits, type } = typist(store, 1);
    type("refused");
    const refused = edits.refuse(4422);
    await moment();
    expect(refused).toHaveLength(1);
    expect(edits.isEmpty).toBe(true);
    expect([...store.all.values()]).toMatchObject([{ refusedWith: 4422 }]);
    expect(typist(store, 2).edits.adopt([...store.all.values()])).toEqual([]);
  });

  test("a history that is named later moves the record there", async () => {
    const store = memoryStore();
    const { edits, type } = typist(store);
    type("a");
    await moment();
    edits.epoch = 3;
    await moment();
    expect([...store.all.values()].map(({ epoch }) => epoch)).toEqual([3]);
  });
});

describe("[SY93] the text of edits", () => {
  test("what was written, without what was taken back, stretch by stretch", () => {
    const { doc, edits, type, text } = typist(memoryStore());
    type("one two");
    text.delete(0, 4);
    text.insert(0, "three ");
    doc.getMap("notes").set("id", new Y.Text("a note"));
    expect(textOfEdits(edits.updates).split("\n").sort()).toEqual(["a note", "three ", "two"]);
    expect(textOfEdits([])).toBe("");
  });

  test("emoji stay whole", () => {
    const { edits, type } = typist(memoryStore());
    type("fire 🔥 out");
    expect(textOfEdits(edits.updates)).toBe("fire 🔥 out");
  });
});
