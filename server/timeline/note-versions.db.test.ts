import { randomUUID } from "node:crypto";
import { and, eq, lte, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { documentSnapshots, documents, documentUpdates } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { createDocuments, HISTORY_ROWS_MAX, notesOf } from "#/server/documents/index.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { note, TestClient, type TestDocuments, testDocuments } from "#/server/testing/test-documents.ts";
import { addNote, deleteNote, listNoteVersions, projectNotes, readNoteVersion, restoreNoteVersion } from "./index.ts";
import { VERSION_PAUSE_MS } from "./version-rules.ts";

let t: TestDocuments;
let ada: UserActor;
let lin: UserActor;
let vic: UserActor;
beforeAll(async () => {
  t = await testDocuments();
  projectNotes(t.core, t.documents);
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  vic = await t.person("Vic", "viewer");
});
afterAll(() => t.close());

const later = (ms: number) => {
  t.clock.at = new Date(t.clock.at.getTime() + ms);
};

/** A note of three versions: Ada wrote, Lin corrected at once, Ada went on after a pause. */
async function written() {
  const open = await t.openNew("notes");
  const { incidentId: incident, documentId } = open.room.options;
  const noteId = randomUUID();
  const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
  const insert = (at: number, text: string) => (doc: Y.Doc) => notesOf(doc).get(noteId)?.insert(at, text);
  await one.save(note("Rolling", noteId));
  await one.save(insert(7, " back"));
  await eventually(() => expect(notesOf(two.doc).get(noteId)?.toString()).toBe("Rolling back"));
  await two.save(insert(12, " release 42"));
  await eventually(() => expect(notesOf(one.doc).get(noteId)?.toString()).toBe("Rolling back release 42"));
  later(VERSION_PAUSE_MS + 1);
  await one.save(insert(0, "Now: "));
  later(VERSION_PAUSE_MS);
  await one.save(insert(0, "10:04 "));
  return { open, incident, documentId, noteId, one, two, insert };
}
const list = (incident: string, noteId: string) =>
  listNoteVersions(t.ctx(vic), { incident, noteId, limit: 50 }).then((page) => page.items);
const textAt = (incident: string, noteId: string, seq: number) =>
  readNoteVersion(t.ctx(vic), { incident, noteId, seq }).then((version) => version.body);

describe("the versions of a note", () => {
  test("end where somebody else goes on or a pause lies, newest first, with what changed", async () => {
    const { incident, noteId } = await written();
    const versions = await list(incident, noteId);
    expect(versions.map(({ author, wordsAdded, wordsRemoved }) => [author.name, wordsAdded, wordsRemoved])).toEqual([
      ["Ada", 3, 0],
      ["Lin", 2, 0],
      ["Ada", 2, 0],
    ]);
    const texts = await Promise.all(versions.map((version) => textAt(incident, noteId, version.seq)));
    expect(texts).toEqual(["10:04 Now: Rolling back release 42", "Rolling back release 42", "Rolling back"]);
  });

  test("are paged, and a foreign cursor is refused", async () => {
    const { incident, noteId } = await written();
    const first = await listNoteVersions(t.ctx(ada), { incident, noteId, limit: 2 });
    const rest = await listNoteVersions(t.ctx(ada), { incident, noteId, limit: 2, cursor: first.nextCursor ?? "" });
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([2, 1, null]);
    await expect(listNoteVersions(t.ctx(ada), { incident, noteId, limit: 2, cursor: "x" })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  test("are the same after a snapshot, after a restart, and when the log before a snapshot is gone", async () => {
    const { open, incident, documentId, noteId } = await written();
    const before = await list(incident, noteId);
    const other = t.restart();
    expect(await list(incident, noteId)).toEqual(before);
    await other.stop();

    const rows = await t.core.db.read.select().from(documentUpdates).where(eq(documentUpdates.documentId, documentId));
    const doc = new Y.Doc();
    const second = before[1]?.seq ?? 0;
    for (const row of rows.sort((a, b) => a.seq - b.seq)) if (row.seq <= second) Y.applyUpdate(doc, row.bytes);
    await t.core.db.read
      .insert(documentSnapshots)
      .values({ documentId, seq: second, bytes: Y.encodeStateAsUpdate(doc), contentHash: "x" });
    expect(await list(incident, noteId)).toEqual(before);
    await t.core.db.read
      .delete(documentUpdates)
      .where(and(eq(documentUpdates.documentId, documentId), lte(documentUpdates.seq, second)));
    const left = await list(incident, noteId);
    expect(left.map(({ seq, author }) => [seq, author.name])).toEqual([
      [before[0]?.seq, "Ada"],
      [second, "Muster"],
    ]);
    expect(await textAt(incident, noteId, second)).toBe("Rolling back release 42");
    expect(await textAt(incident, noteId, left[0]?.seq ?? 0)).toBe("10:04 Now: Rolling back release 42");
    await expect(textAt(incident, noteId, 1)).rejects.toMatchObject({ code: "not_found" });
    open.release();
  });

  test("of another note in the same document are not this one's", async () => {
    const { incident, noteId, one } = await written();
    const before = await list(incident, noteId);
    await one.save(note("something else"));
    expect(await list(incident, noteId)).toEqual(before);
  });

  test("are for those who see the incident, of a note that is there", async () => {
    const { incident, noteId } = await written();
    const secret = await t.incident("private");
    await expect(list(secret, noteId)).rejects.toMatchObject({ code: "not_found" });
    await expect(list(incident, randomUUID())).rejects.toMatchObject({ code: "not_found" });
    for (const seq of [0, 10_000, 999_999_999]) {
      await expect(textAt(incident, noteId, seq)).rejects.toMatchObject({ code: "not_found" });
    }
    await deleteNote(t.ctx(ada), t.documents, { incident, noteId });
    await expect(list(incident, noteId)).rejects.toMatchObject({ code: "conflict" });
    await expect(textAt(incident, noteId, 1)).rejects.toMatchObject({ code: "conflict" });
    await expect(restoreNoteVersion(t.ctx(ada), t.documents, { incident, noteId, seq: 1 })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("restoring a version", () => {
  test("is one more edit, a version of its own, and is undone by restoring the one before", async () => {
    const { incident, noteId, one } = await written();
    const [now, second] = await list(incident, noteId);
    const restore = (seq: number) => restoreNoteVersion(t.ctx(ada), t.documents, { incident, noteId, seq });
    const view = await restore(second?.seq ?? 0);
    expect(view).toMatchObject({ id: noteId, body: "Rolling back release 42" });
    await eventually(() => expect(notesOf(one.doc).get(noteId)?.toString()).toBe("Rolling back release 42"));
    const after = await list(incident, noteId);
    // At once after Ada's own words, and still not part of them.
    expect(after.map((version) => version.sameAs)).toEqual([second?.seq, null, null, null]);
    expect(after[1]).toEqual(now);
    expect((await restore(now?.seq ?? 0)).body).toBe("10:04 Now: Rolling back release 42");
    expect((await list(incident, noteId))[0]).toMatchObject({ sameAs: now?.seq, author: { name: "Ada" } });
    const count = (await list(incident, noteId)).length;
    await restore(now?.seq ?? 0);
    expect(await list(incident, noteId)).toHaveLength(count);
  });

  test("leaves what others type meanwhile beside what it touches", async () => {
    const { incident, noteId, two, insert } = await written();
    const [, second] = await list(incident, noteId);
    await eventually(() => expect(notesOf(two.doc).get(noteId)?.toString()).toContain("10:04"));
    // Lin's copy does not know of the restore yet.
    const held = two.make(insert(notesOf(two.doc).get(noteId)?.length ?? 0, ", done in eu-west"));
    await restoreNoteVersion(t.ctx(ada), t.documents, { incident, noteId, seq: second?.seq ?? 0 });
    two.submit(held);
    await t.documents.flushAll();
    const text = notesOf(await t.documents.read(incident, "notes"))
      .get(noteId)
      ?.toString();
    expect(text).toBe("Rolling back release 42, done in eu-west");
    await eventually(() => expect(notesOf(two.doc).get(noteId)?.toString()).toBe(text));
  });

  test("works when nobody has the room open, and is refused to a viewer", async () => {
    const incident = await t.incident();
    const { id: noteId } = await addNote(t.ctx(ada), t.documents, { incident, body: "first" });
    const [first] = await list(incident, noteId);
    later(VERSION_PAUSE_MS + 1);
    await t.documents.edit(t.ctx(lin), { incidentId: incident, kind: "notes" }, (doc) =>
      notesOf(doc).get(noteId)?.insert(5, " and second"),
    );
    const alone = createDocuments(t.core);
    projectNotes(t.core, alone);
    const key = { incident, noteId, seq: first?.seq ?? 0 };
    await expect(restoreNoteVersion(t.ctx(vic), alone, key)).rejects.toMatchObject({ code: "forbidden" });
    expect(await restoreNoteVersion(t.ctx(ada), alone, key)).toMatchObject({ body: "first" });
    await alone.stop();
  });
});

test("a log of 10,000 updates is read while others have their turn", async () => {
  const incident = await t.incident();
  const { id: noteId } = await addNote(t.ctx(ada), t.documents, { incident, body: "start " });
  await t.documents.flushAll();
  const [row] = await t.core.db.read.select().from(documents).where(eq(documents.incidentId, incident));
  const documentId = row?.id ?? "";
  const doc = await t.documents.read(incident, "notes");
  const made: Uint8Array[] = [];
  doc.on("update", (update) => made.push(update));
  for (let count = 0; count < 10_000; count += 1)
    notesOf(doc)
      .get(noteId)
      ?.insert(6 + count, "x");
  for (let at = 0; at < made.length; at += 1_000) {
    await t.core.db.read.insert(documentUpdates).values(
      made.slice(at, at + 1_000).map((bytes, index) => ({
        documentId,
        seq: at + index + 2,
        bytes,
        authorId: (at + index) % 500 < 250 ? ada.userId : lin.userId,
        createdAt: t.clock.at,
      })),
    );
  }
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  const startedAt = performance.now();
  const versions = await list(incident, noteId);
  const listMs = performance.now() - startedAt;
  clearInterval(counting);
  const readAt = performance.now();
  expect(await textAt(incident, noteId, 10_001)).toBe(`start ${"x".repeat(10_000)}`);
  process.stdout.write(
    `  10,000 updates: versions in ${Math.round(listMs)} ms, one text in ${Math.round(performance.now() - readAt)} ms\n`,
  );
  // Forty runs of one author; the first goes on from the note's own words.
  expect(versions).toHaveLength(40);
  expect(turns).toBeGreaterThan(3);
});

test(`of the last ${HISTORY_ROWS_MAX} updates each is looked at, what is older is one version`, async () => {
  const incident = await t.incident();
  const { id: noteId } = await addNote(t.ctx(ada), t.documents, { incident, body: "first" });
  const [row] = await t.core.db.read.select().from(documents).where(eq(documents.incidentId, incident));
  const documentId = row?.id ?? "";
  const doc = await t.documents.read(incident, "notes");
  const add = async (seq: number, text: string) => {
    const made: Uint8Array[] = [];
    doc.once("update", (update: Uint8Array) => made.push(update));
    notesOf(doc).get(noteId)?.insert(0, text);
    const bytes = made[0] ?? new Uint8Array();
    await t.core.db.read
      .insert(documentUpdates)
      .values({ documentId, seq, bytes, authorId: lin.userId, createdAt: t.clock.at });
  };
  await add(2, "second, ");
  // Rows that bring what is there already.
  await t.core.db.read.execute(sql`
    insert into document_updates (document_id, seq, bytes, author_id, created_at)
    select document_id, number, bytes, author_id, created_at from document_updates, generate_series(3, ${HISTORY_ROWS_MAX - 1}) number
    where document_id = ${documentId} and seq = 2`);
  await add(HISTORY_ROWS_MAX, "third, ");
  const authors = async () => (await list(incident, noteId)).map(({ seq, author }) => [seq, author.name]);
  expect(await authors()).toEqual([
    [HISTORY_ROWS_MAX, "Lin"],
    [1, "Ada"],
  ]);
  await add(HISTORY_ROWS_MAX + 1, "fourth, ");
  await add(HISTORY_ROWS_MAX + 2, "fifth, ");
  expect(await authors()).toEqual([
    [HISTORY_ROWS_MAX + 2, "Lin"],
    [2, "Muster"],
  ]);
  expect(await textAt(incident, noteId, 2)).toBe("second, first");
});
