import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as Y from "yjs";
import { incidentMembers, incidents, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { notesOf } from "#/server/documents/index.ts";
import { type Fact, recordEvent } from "#/server/events/index.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { note, TestClient, type TestDocuments, testDocuments } from "#/server/testing/test-documents.ts";
import { addNote, deleteNote, getEntry, listTimeline, projectNotes, readRoomTimeline } from "./index.ts";
import { EDIT_GRACE_MS } from "./rules.ts";
import { MISSED_ENTRIES_MAX, NOTE_BYTES_MAX } from "./shared/lists.ts";

let t: TestDocuments;
let ada: UserActor;
let lin: UserActor;
let vic: UserActor;
let admin: UserActor;
const facts: Fact[] = [];
beforeAll(async () => {
  t = await testDocuments();
  projectNotes(t.core, t.documents);
  t.core.facts.on("fact", (fact) => facts.push(fact));
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  vic = await t.person("Vic", "viewer");
  admin = await t.person("Ann", "admin");
});
afterAll(() => t.close());

const rowOf = async (id: string) =>
  (await t.core.db.read.select().from(timelineEntries).where(eq(timelineEntries.id, id)))[0];

describe("adding a note", () => {
  test("writes it into the shared document and the timeline, and tells the room once", async () => {
    const incident = await t.incident();
    facts.length = 0;
    const view = await addNote(t.ctx(ada), t.documents, {
      incident,
      body: "**rolled** back",
      at: "2026-11-21T09:30:00+01:00",
    });
    expect(view).toMatchObject({
      kind: "note",
      type: "note",
      body: "**rolled** back",
      html: "<p><strong>rolled</strong> back</p>",
      at: "2026-11-21T08:30:00.000Z",
      recordedAt: "2026-11-21T10:00:00.000Z",
      actor: { id: ada.userId, name: "Ada" },
      editedAt: null,
      deletedAt: null,
      seq: 1,
    });
    const doc = await t.documents.read(incident, "notes");
    expect(notesOf(doc).get(view.id)?.toString()).toBe("**rolled** back");
    expect(facts).toEqual([{ incidentId: incident, seq: view.seq, parts: ["timeline"], entryId: view.id }]);
  });

  test("is for responders, in incidents that they see", async () => {
    const incident = await t.incident();
    await expect(addNote(t.ctx(vic), t.documents, { incident, body: "x" })).rejects.toMatchObject({
      code: "forbidden",
    });
    const secret = await t.incident("private");
    await expect(addNote(t.ctx(ada), t.documents, { incident: secret, body: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
    await t.core.db.read.insert(incidentMembers).values({ incidentId: secret, userId: ada.userId });
    await expect(addNote(t.ctx(ada), t.documents, { incident: secret, body: "x" })).resolves.toBeDefined();
  });

  test("keeps text that PostgreSQL cannot store as it is", async () => {
    const view = await addNote(t.ctx(ada), t.documents, { incident: await t.incident(), body: "a\u0000b\ud800c" });
    expect(view.body).toBe("a\ufffdb\ufffdc");
  });

  test("many at once get one row and one number each", async () => {
    const incident = await t.incident();
    const views = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        addNote(t.ctx(index % 2 ? ada : lin), t.documents, { incident, body: `${index}` }),
      ),
    );
    expect(new Set(views.map((view) => view.seq)).size).toBe(20);
    expect(views.every((view, index) => view.actor.name === (index % 2 ? "Ada" : "Lin"))).toBe(true);
    const [row] = await t.core.db.read.select().from(incidents).where(eq(incidents.id, incident));
    expect(row?.lastSeq).toBe(20);
  });
});

describe("a note that people write", () => {
  test("[SY22] gets its row, author and time in the commit that first contains it", async () => {
    const open = await t.openNew("notes");
    const id = randomUUID();
    await new TestClient(open, ada).save(note("live", id));
    expect(await rowOf(id)).toMatchObject({
      incidentId: open.room.options.incidentId,
      actorId: ada.userId,
      actorName: "Ada",
      body: "live",
      seq: 1,
    });
  });

  test("follows what is typed; others' changes mark it as edited, its author's only after a moment", async () => {
    const open = await t.openNew("notes");
    const id = randomUUID();
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    await one.save(note("live", id));
    const write = (text: string) => (doc: Y.Doc) => notesOf(doc).get(id)?.insert(0, text);
    // On a busy machine the row of what is merely typed follows within a second.
    const follows = (noteId: string, row: object) =>
      eventually(async () => expect(await rowOf(noteId)).toMatchObject(row));
    await one.save(write("still "));
    await follows(id, { body: "still live", editedAt: null });
    await eventually(() => expect(notesOf(two.doc).get(id)?.toString()).toBe("still live"));
    await two.save(write("was "));
    await follows(id, { body: "was still live", editedAt: t.clock.at, actorName: "Ada" });

    const later = randomUUID();
    await one.save(note("x", later));
    t.clock.at = new Date(t.clock.at.getTime() + EDIT_GRACE_MS);
    await one.save((doc) => notesOf(doc).get(later)?.insert(0, "y"));
    await follows(later, { body: "yx", editedAt: t.clock.at });
  });

  test("is marked as edited by whoever else wrote in it, though its author wrote last", async () => {
    const open = await t.openNew("notes");
    const id = randomUUID();
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    await one.save(note("live", id));
    await eventually(() => expect(notesOf(two.doc).get(id)?.toString()).toBe("live"));
    two.edit((doc) => notesOf(doc).get(id)?.insert(4, "ly"));
    await one.save((doc) => notesOf(doc).get(id)?.insert(0, "a"));
    await eventually(async () => expect((await rowOf(id))?.body).toBe("alively"));
    expect(await rowOf(id)).toMatchObject({ editedAt: t.clock.at, actorName: "Ada" });
  });

  test("is told at once when new, then about once a second however fast it is typed", async () => {
    const open = await t.openNew("notes");
    const id = randomUUID();
    const client = new TestClient(open, ada);
    const told = () => facts.filter((fact) => fact.entryId === id).map((fact) => fact.seq);
    await client.save(note("", id));
    expect(told()).toEqual([1]);
    const until = performance.now() + 1_300;
    let keys = 0;
    for (; performance.now() < until; keys += 1) await client.save((doc) => notesOf(doc).get(id)?.insert(0, "x"));
    expect(keys).toBeGreaterThan(10);
    const lastSeq = async () =>
      (await t.core.db.read.select().from(incidents).where(eq(incidents.id, open.room.options.incidentId)))[0]?.lastSeq;
    await eventually(async () => expect([told().length >= 2, told().at(-1)]).toEqual([true, await lastSeq()]));
    expect(told().length).toBeLessThanOrEqual(5);
    expect(told()).toEqual(told().map((_, index) => index + 1));
    // Under load the row follows within a second.
    await eventually(async () => expect((await getEntry(t.ctx(ada), id))?.body).toBe("x".repeat(keys)));
  });

  test("longer than its limit is cut in the row, between two characters", async () => {
    const open = await t.openNew("notes");
    const id = randomUUID();
    await new TestClient(open, ada).save(note("é".repeat(NOTE_BYTES_MAX / 2 + 10), id));
    const body = (await rowOf(id))?.body ?? "";
    expect(Buffer.byteLength(body)).toBe(NOTE_BYTES_MAX);
    expect(body).toBe("é".repeat(NOTE_BYTES_MAX / 2));
  });

  test("whose key is the id of something else leaves that as it is", async () => {
    const open = await t.openNew("notes");
    const other = await addNote(t.ctx(lin), t.documents, { incident: await t.incident(), body: "theirs" });
    await new TestClient(open, ada).save(note("mine", other.id));
    expect(await rowOf(other.id)).toMatchObject({ body: "theirs", actorName: "Lin" });
  });
});

describe("deleting a note", () => {
  test("leaves a tombstone, is safe to repeat, and takes it from the shared document", async () => {
    const incident = await t.incident();
    const view = await addNote(t.ctx(ada), t.documents, { incident, body: "oops" });
    for (let time = 0; time < 2; time += 1) await deleteNote(t.ctx(ada), t.documents, { incident, noteId: view.id });
    expect(await getEntry(t.ctx(ada), view.id)).toMatchObject({ body: "", html: "", deletedAt: expect.any(String) });
    expect(notesOf(await t.documents.read(incident, "notes")).has(view.id)).toBe(false);
  });

  test("is for its author and administrators", async () => {
    const incident = await t.incident();
    const view = await addNote(t.ctx(ada), t.documents, { incident, body: "x" });
    await expect(deleteNote(t.ctx(lin), t.documents, { incident, noteId: view.id })).rejects.toMatchObject({
      code: "forbidden",
    });
    await deleteNote(t.ctx(admin), t.documents, { incident, noteId: view.id });
    expect((await rowOf(view.id))?.deletedAt).not.toBeNull();
  });

  test("of an event, of another incident, or of nothing is not found", async () => {
    const incident = await t.incident();
    const event = await t.core.db.transaction((tx) =>
      recordEvent(tx, t.ctx(ada), { incidentId: incident, type: "incident.declared" }),
    );
    const elsewhere = await addNote(t.ctx(ada), t.documents, { incident: await t.incident(), body: "x" });
    for (const noteId of [event.id, elsewhere.id, randomUUID(), "x"]) {
      await expect(deleteNote(t.ctx(admin), t.documents, { incident, noteId })).rejects.toMatchObject({
        code: "not_found",
      });
    }
  });
});

describe("reading the timeline", () => {
  test("goes by sequence number, page by page, and on from where one was", async () => {
    const incident = await t.incident();
    for (const body of ["a", "b", "c", "d", "e"]) await addNote(t.ctx(ada), t.documents, { incident, body });
    const first = await listTimeline(t.ctx(vic), { incident, limit: 2 });
    expect(first.items.map((item) => item.body)).toEqual(["a", "b"]);
    const second = await listTimeline(t.ctx(vic), { incident, limit: 3, cursor: first.nextCursor ?? "" });
    expect(second.items.map((item) => item.body)).toEqual(["c", "d", "e"]);
    expect(second.nextCursor).toBeNull();
    const missed = await listTimeline(t.ctx(vic), { incident, limit: 1, afterSeq: 3 });
    expect(missed.items.map((item) => item.seq)).toEqual([4, 5]);
    const shown = await readRoomTimeline(t.ctx(vic), incident);
    expect(shown.entries.map((item) => item.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(shown).toMatchObject({ pinned: [], earlier: null });
  });

  test("catches up at most as far as the limit says", async () => {
    const incident = await t.incident();
    await t.core.db.read.insert(timelineEntries).values(
      Array.from({ length: MISSED_ENTRIES_MAX + 1 }, (_, index) => ({
        incidentId: incident,
        seq: index + 1,
        kind: "event" as const,
        type: "incident.changed",
        at: t.clock.at,
        actorName: "Muster",
      })),
    );
    const missed = await listTimeline(t.ctx(vic), { incident, limit: 50, afterSeq: 0 });
    expect(missed.items).toHaveLength(MISSED_ENTRIES_MAX);
    const rest = await listTimeline(t.ctx(vic), { incident, limit: 50, cursor: missed.nextCursor ?? "" });
    expect(rest.items.map((item) => item.seq)).toEqual([MISSED_ENTRIES_MAX + 1]);
    const { entries, earlier } = await readRoomTimeline(t.ctx(vic), incident);
    expect([entries[0]?.seq, entries.length]).toEqual([2, MISSED_ENTRIES_MAX]);
    expect(earlier).toMatchObject({ beforeSeq: 2, counts: { all: 1, changes: 1, notes: 0 } });
    expect((await listTimeline(t.ctx(vic), { incident, limit: 1_000 })).items).toHaveLength(200);
  });

  test("is for those who see the incident", async () => {
    const incident = await t.incident("private");
    await expect(listTimeline(t.ctx(ada), { incident, limit: 5 })).rejects.toMatchObject({ code: "not_found" });
  });
});
