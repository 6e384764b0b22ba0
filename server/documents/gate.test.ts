import { randomUUID } from "node:crypto";
import { createEncoder, toUint8Array, writeUint8Array, writeVarUint } from "lib0/encoding";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { examineUpdate, type GateQuestion } from "./gate.ts";
import { STRUCTS_PER_UPDATE_MAX } from "./limits.ts";
import { documentFrom } from "./roots.ts";
import { closeCodes, type DocumentKind, UPDATE_BYTES_MAX } from "./shared/lists.ts";
import { UpdateRefused } from "./update-refused.ts";

const NOTE = "3f0c6e0a-5a39-4c52-9a3e-0d6b7f6a2c11";

/** A room's document and a client's copy of it, which then goes on by itself. */
function pair(kind: DocumentKind, before: (doc: Y.Doc) => void = () => {}) {
  const room = documentFrom(kind, []);
  before(room);
  const client = documentFrom(kind, [Y.encodeStateAsUpdate(room)]);
  const since = Y.encodeStateVector(client);
  const update = (change: (doc: Y.Doc) => void) => {
    const made: Uint8Array[] = [];
    client.on("update", (bytes: Uint8Array) => made.push(bytes));
    client.transact(() => change(client));
    return made.at(-1) ?? Y.encodeStateAsUpdate(client, since);
  };
  return { room, client, update };
}

function examine(room: Y.Doc, kind: DocumentKind, bytes: Uint8Array, more: Partial<GateQuestion> = {}) {
  return examineUpdate({ doc: room, kind, bytes, bytesMax: UPDATE_BYTES_MAX, mayBring: () => true, ...more });
}

function refusal(act: () => unknown): UpdateRefused {
  try {
    act();
  } catch (error) {
    if (error instanceof UpdateRefused) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("what passes", () => {
  test("[SY10] typing passes and leaves the document as it is", () => {
    const { room, client, update } = pair("summary", (doc) => doc.getText("text").insert(0, "abc"));
    const before = Y.encodeStateAsUpdate(room);
    const answer = examine(
      room,
      "summary",
      update((doc) => doc.getText("text").insert(1, "X")),
    );
    expect(answer).toEqual({ isNew: true, clients: [client.clientID], deletes: [] });
    expect(Y.encodeStateAsUpdate(room)).toEqual(before);
  });

  test("[SY71] an answer with all that is deleted, and nothing new, is nothing new", () => {
    const { room, client } = pair("summary", (doc) => {
      doc.getText("text").insert(0, "abcdef");
      doc.getText("text").delete(1, 2);
    });
    const step2 = Y.encodeStateAsUpdate(client, Y.encodeStateVector(room));
    expect(examine(room, "summary", step2)).toEqual({ isNew: false, clients: [], deletes: [] });
  });

  test("[SY71] a deletion alone is new", () => {
    const { room, update } = pair("summary", (doc) => doc.getText("text").insert(0, "abcdef"));
    const bytes = update((doc) => doc.getText("text").delete(0, 1));
    expect(examine(room, "summary", bytes)).toEqual({ isNew: true, clients: [], deletes: [room.clientID] });
  });

  test("[SY13] a note is added, written in, and written in again", () => {
    const { room, update } = pair("notes");
    for (const change of [
      (doc: Y.Doc) => void doc.getMap("notes").set(NOTE, new Y.Text("hello")),
      (doc: Y.Doc) => (doc.getMap("notes").get(NOTE) as Y.Text).insert(5, " world"),
      (doc: Y.Doc) => (doc.getMap("notes").get(NOTE) as Y.Text).delete(0, 3),
    ]) {
      const bytes = update(change);
      expect(examine(room, "notes", bytes).isNew).toBe(true);
      Y.applyUpdate(room, bytes);
    }
    expect((room.getMap("notes").get(NOTE) as Y.Text).toString()).toBe("lo world");
  });

  test("[SY12] a postmortem's paragraphs, marks and attributes pass", () => {
    const { room, update } = pair("postmortem");
    const bytes = update((doc) => {
      const heading = new Y.XmlElement("heading");
      heading.setAttribute("level", 2 as unknown as string);
      const text = new Y.XmlText();
      heading.insert(0, [text]);
      doc.getXmlFragment("content").insert(0, [heading]);
      text.insert(0, "What happened", { bold: true });
    });
    expect(examine(room, "postmortem", bytes).isNew).toBe(true);
  });

  test("[SY11] text typed into a note that was deleted meanwhile passes and vanishes", () => {
    const { room, update } = pair("notes", (doc) => doc.getMap("notes").set(NOTE, new Y.Text("hello")));
    room.getMap("notes").delete(NOTE);
    const bytes = update((doc) => (doc.getMap("notes").get(NOTE) as Y.Text).insert(5, "!"));
    expect(examine(room, "notes", bytes).isNew).toBe(true);
    Y.applyUpdate(room, bytes);
    expect(room.getMap("notes").size).toBe(0);
    expect(room.store.pendingStructs).toBeNull();
  });
});

describe("what is refused", () => {
  const ofNotes: [string, (doc: Y.Doc) => void][] = [
    ["replaces a note", (doc) => doc.getMap("notes").set(NOTE, new Y.Text("other"))],
    ["deletes a note", (doc) => doc.getMap("notes").delete(NOTE)],
    ["replaces a note by a word", (doc) => doc.getMap("notes").set(NOTE, "word")],
    ["adds a note under a name", (doc) => doc.getMap("notes").set("agenda", new Y.Text("x"))],
    ["adds a note in upper case", (doc) => doc.getMap("notes").set(randomUUID().toUpperCase(), new Y.Text("x"))],
    ["adds a word as a note", (doc) => doc.getMap("notes").set(randomUUID(), "x")],
    ["adds a map as a note", (doc) => doc.getMap("notes").set(randomUUID(), new Y.Map())],
    ["adds a styled XML text as a note", (doc) => doc.getMap("notes").set(randomUUID(), new Y.XmlText("x"))],
    ["gives a note an attribute", (doc) => (doc.getMap("notes").get(NOTE) as Y.Text).setAttribute("author", "me")],
    ["embeds something in a note", (doc) => (doc.getMap("notes").get(NOTE) as Y.Text).insertEmbed(0, { image: "x" })],
    ["writes beside the notes", (doc) => doc.getText("text").insert(0, "x")],
    ["writes into another map", (doc) => doc.getMap("other").set(NOTE, new Y.Text("x"))],
    ["writes a list into the notes", (doc) => doc.getArray("list").push(["x"])],
  ];
  test.each(ofNotes)("[SY13] [SY12] an update that %s", (_what, change) => {
    const { room, update } = pair("notes", (doc) => doc.getMap("notes").set(NOTE, new Y.Text("hello")));
    const before = Y.encodeStateAsUpdate(room);
    expect(refusal(() => examine(room, "notes", update(change))).closeCode).toBe(closeCodes.invalid);
    expect(Y.encodeStateAsUpdate(room)).toEqual(before);
  });

  test("[SY13] a note that was deleted does not come back under its id", () => {
    const { room, update } = pair("notes", (doc) => {
      doc.getMap("notes").set(NOTE, new Y.Text("hello"));
      doc.getMap("notes").delete(NOTE);
    });
    const bytes = update((doc) => doc.getMap("notes").set(NOTE, new Y.Text("again")));
    expect(refusal(() => examine(room, "notes", bytes)).closeCode).toBe(closeCodes.invalid);
  });

  test("[SY13] a note added and deleted in one update", () => {
    const { room, update } = pair("notes");
    const bytes = update((doc) => {
      doc.getMap("notes").set(NOTE, new Y.Text("hello"));
      doc.getMap("notes").delete(NOTE);
    });
    expect(refusal(() => examine(room, "notes", bytes)).closeCode).toBe(closeCodes.invalid);
  });

  test("[SY12] elements in a text, texts in a fragment's place, hooks and deep trees", () => {
    const stranger = new Y.Doc();
    stranger.getXmlFragment("text").insert(0, [new Y.XmlElement("p")]);
    const nested = Y.encodeStateAsUpdate(stranger);
    expect(refusal(() => examine(documentFrom("summary", []), "summary", nested)).closeCode).toBe(closeCodes.invalid);

    const tree = pair("postmortem");
    const deep = tree.update((doc) => {
      let parent: Y.XmlFragment = doc.getXmlFragment("content");
      for (let depth = 0; depth < 70; depth += 1) {
        const child = new Y.XmlElement("blockquote");
        parent.insert(0, [child]);
        parent = child;
      }
    });
    expect(refusal(() => examine(tree.room, "postmortem", deep)).message).toBe("The tree is too deep.");
  });

  test("[SY12] a value nested too deeply in an attribute", () => {
    const { room, update } = pair("postmortem");
    let value: unknown = "leaf";
    for (let depth = 0; depth < 20; depth += 1) value = { inner: value };
    const bytes = update((doc) => {
      const element = new Y.XmlElement("p");
      element.setAttribute("data", value as string);
      doc.getXmlFragment("content").insert(0, [element]);
    });
    expect(refusal(() => examine(room, "postmortem", bytes)).closeCode).toBe(closeCodes.invalid);
  });

  test("[SY11] an update with something missing before it is a gap", () => {
    const { room, update } = pair("summary");
    update((doc) => doc.getText("text").insert(0, "a"));
    const second = update((doc) => doc.getText("text").insert(1, "b"));
    expect(refusal(() => examine(room, "summary", second)).isGap).toBe(true);
  });

  test("[SY11] a deletion of what nobody has is a gap", () => {
    const { room, update } = pair("summary");
    update((doc) => doc.getText("text").insert(0, "abc"));
    const deletion = update((doc) => doc.getText("text").delete(0, 1));
    expect(refusal(() => examine(room, "summary", deletion)).isGap).toBe(true);
  });

  test("[SY14] a client id of somebody else", () => {
    const { room, client, update } = pair("summary");
    const bytes = update((doc) => doc.getText("text").insert(0, "abc"));
    const mayBring = (id: number) => id !== client.clientID;
    expect(refusal(() => examine(room, "summary", bytes, { mayBring })).closeCode).toBe(closeCodes.invalid);
  });

  test("[SY16] an update over the limit; at the limit it passes", () => {
    const { room, update } = pair("summary");
    const bytes = update((doc) => doc.getText("text").insert(0, "abc"));
    expect(examine(room, "summary", bytes, { bytesMax: bytes.length }).isNew).toBe(true);
    const error = refusal(() => examine(room, "summary", bytes, { bytesMax: bytes.length - 1 }));
    expect(error.closeCode).toBe(closeCodes.tooLarge);
  });

  test("[SY16] more structs than one turn of the event loop can take; at the limit they pass", () => {
    const { room } = pair("summary");
    const pieces = (count: number) => {
      const stranger = documentFrom("summary", []);
      stranger.transact(() => {
        for (let piece = 0; piece < count; piece += 1) stranger.getText("text").insert(0, "x");
      });
      return Y.encodeStateAsUpdate(stranger);
    };
    expect(examine(room, "summary", pieces(STRUCTS_PER_UPDATE_MAX)).isNew).toBe(true);
    const error = refusal(() => examine(room, "summary", pieces(STRUCTS_PER_UPDATE_MAX + 1)));
    expect(error.closeCode).toBe(closeCodes.tooLarge);
  });

  test("[SY10] bytes that are no update, V2, cut short, or with a client twice", () => {
    const { room, client, update } = pair("summary");
    const bytes = update((doc) => doc.getText("text").insert(0, "abc"));
    const twice = createEncoder();
    writeVarUint(twice, 2);
    writeUint8Array(twice, bytes.subarray(1, -1));
    writeUint8Array(twice, bytes.subarray(1, -1));
    writeVarUint(twice, 0);
    for (const broken of [
      new Uint8Array([255, 255, 255]),
      new Uint8Array(0),
      Y.encodeStateAsUpdateV2(client),
      bytes.subarray(0, bytes.length - 3),
      toUint8Array(twice),
    ]) {
      expect(refusal(() => examine(room, "summary", broken)).closeCode).toBe(closeCodes.invalid);
    }
  });

  test("[SY11] two clients that wait for each other", () => {
    const struct = (client: number, other: number) => {
      const encoder = createEncoder();
      writeVarUint(encoder, 1);
      writeVarUint(encoder, client);
      writeVarUint(encoder, 0);
      writeUint8Array(encoder, new Uint8Array([0x84]));
      writeVarUint(encoder, other);
      writeVarUint(encoder, 0);
      writeUint8Array(encoder, new Uint8Array([1, 120]));
      return toUint8Array(encoder);
    };
    const both = createEncoder();
    writeVarUint(both, 2);
    writeUint8Array(both, struct(9, 7));
    writeUint8Array(both, struct(7, 9));
    writeVarUint(both, 0);
    const { room } = pair("summary");
    expect(refusal(() => examine(room, "summary", toUint8Array(both))).isGap).toBe(true);
  });
});
