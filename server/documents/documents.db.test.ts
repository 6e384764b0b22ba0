import { randomUUID } from "node:crypto";
import { asc, desc, eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import {
  documentClients,
  documentQuarantine,
  documentSnapshots,
  documents as documentTable,
  documentUpdates,
  incidents,
} from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { eventually } from "#/server/testing/eventually.ts";
import { append, note, TestClient, type TestDocuments, testDocuments } from "#/server/testing/test-documents.ts";
import { createDocument } from "./create-document.ts";
import { PROJECTION_BURST_MS, SNAPSHOT_ROWS, UNLOAD_AFTER_MS } from "./limits.ts";
import type { ProjectionEvent } from "./projections.ts";
import { documentFrom, textOf } from "./roots.ts";
import { closeCodes } from "./shared/lists.ts";
import { takeSnapshot } from "./snapshot.ts";
import { UpdateRefused } from "./update-refused.ts";

let t: TestDocuments;
let ada: UserActor;
let lin: UserActor;
beforeAll(async () => {
  t = await testDocuments();
  ada = await t.person("Ada");
  lin = await t.person("Lin");
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => t.close());

const logOf = (documentId: string) =>
  t.core.db.read
    .select()
    .from(documentUpdates)
    .where(eq(documentUpdates.documentId, documentId))
    .orderBy(asc(documentUpdates.seq));

/** The database is away for whoever commits, until `return()`. */
function takeDatabaseAway() {
  const isAway = new Error("the database is away");
  const spies = [
    vi.spyOn(t.core.db, "transaction").mockRejectedValue(isAway),
    vi.spyOn(t.core.db, "statement").mockRejectedValue(isAway),
  ];
  return { return: () => spies.map((spy) => spy.mockRestore()) };
}

describe("the log", () => {
  test("[SY32] what was acknowledged is there for another process, without the first having stopped", async () => {
    const open = await t.openNew("summary");
    const client = new TestClient(open, ada);
    for (let count = 0; count < 20; count += 1) await client.save(append(`token-${count} `));
    client.edit(append("never acknowledged"));
    const other = t.restart();
    const text = textOf(await other.read(open.room.options.incidentId, "summary"), "summary");
    for (let count = 0; count < 20; count += 1) expect(text.split(`token-${count} `)).toHaveLength(2);
  });

  test("[SY22] numbers have no holes, and each row has its author", async () => {
    const open = await t.openNew("summary");
    const one = new TestClient(open, ada);
    const two = new TestClient(open, lin);
    await Promise.all(Array.from({ length: 30 }, (_, index) => (index % 3 ? one : two).save(append(`${index} `))));
    await one.save(append("end"));
    const rows = await logOf(open.room.options.documentId);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
    expect(new Set(rows.map((row) => row.authorId))).toEqual(new Set([ada.userId, lin.userId]));
    const [row] = await t.core.db.read
      .select()
      .from(documentTable)
      .where(eq(documentTable.id, open.room.options.documentId));
    expect(row?.headSeq).toBe(rows.length);
    expect(open.room.headSeq).toBe(rows.length);
  });

  test("[SY20] others get together what came together, and the sender does not; all end with the same text", async () => {
    const open = await t.openNew("summary");
    const [one, two, three] = [new TestClient(open, ada), new TestClient(open, lin), new TestClient(open, lin)];
    await one.save(append("a"));
    await two.save(append("b"));
    await eventually(() => expect(three.received).toHaveLength(2));
    one.edit(append("c"));
    two.edit(append("d"));
    one.edit(append("e"));
    await eventually(() => expect(three.received).toHaveLength(3));
    expect(three.received[2]).toHaveLength(3);
    expect(one.received.map((told) => told.length)).toEqual([1, 1]);
    const texts = [one, two, three].map((client) => client.doc.getText("text").toString());
    expect(new Set([...texts, textOf(open.room.doc, "summary")]).size).toBe(1);
  });

  test("[SY20] [SY21] a known client is passed on before the commit, a new one after it", async () => {
    const open = await t.openNew("summary");
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    const database = takeDatabaseAway();
    one.edit(append("new client"));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(two.received).toHaveLength(0);
    database.return();
    await open.room.committer.flush();
    await eventually(() => expect(two.doc.getText("text").toString()).toBe("new client"));
    const again = takeDatabaseAway();
    one.edit(append(", known now"));
    await eventually(() => expect(two.doc.getText("text").toString()).toBe("new client, known now"));
    expect(open.room.committer.isIdle).toBe(false);
    again.return();
    await open.room.committer.flush();
  });

  test("[SY21] what a new client writes later does not overtake what waits", async () => {
    const open = await t.openNew("summary");
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    one.edit(append("a"));
    const flushing = open.room.committer.flush();
    one.edit(append("b"));
    await eventually(() => expect(two.received).not.toHaveLength(0));
    one.edit(append("c"));
    await flushing;
    await eventually(() => expect(two.doc.getText("text").toString()).toBe("abc"));
    const order = two.received.flat().map((update) => [...Y.parseUpdateMeta(update).from.values()]);
    expect(order).toEqual([[0], [1], [2]]);
  });

  test("[SY21] a deletion of what waits for its commit waits with it", async () => {
    const open = await t.openNew("summary");
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    const database = takeDatabaseAway();
    one.edit(append("new client"));
    one.edit((doc) => doc.getText("text").delete(0, 4));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(two.received).toHaveLength(0);
    database.return();
    await open.room.committer.flush();
    await eventually(() => expect(two.doc.getText("text").toString()).toBe("client"));
    expect(two.doc.store.pendingDs).toBeNull();
  });

  test("[SY23] while the database is away edits are kept; when it is back they are stored", async () => {
    const open = await t.openNew("summary");
    const client = new TestClient(open, ada);
    await client.save(append("before "));
    const database = takeDatabaseAway();
    const ticket = client.edit(append("meanwhile "));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(open.room.committer.isCommitted(ticket)).toBe(false);
    client.edit(append("later"));
    database.return();
    await open.room.committer.flush();
    expect(textOf(await t.restart().read(open.room.options.incidentId, "summary"), "summary")).toBe(
      "before meanwhile later",
    );
  });

  test("rows of another process are taken in, and numbers stay without holes", async () => {
    const open = await t.openNew("summary");
    const here = new TestClient(open, ada);
    await here.save(append("a"));
    const elsewhere = await t.restart().open({ incidentId: open.room.options.incidentId, kind: "summary" });
    const there = new TestClient(elsewhere, lin);
    await there.save(append("b"));
    await here.save(append("c"));
    expect([...textOf(open.room.doc, "summary")].sort().join("")).toBe("abc");
    await t.documents.catchUp(open.room.options);
    const rows = await logOf(open.room.options.documentId);
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3]);
  });

  test("a document of a removed incident ends for everyone", async () => {
    const open = await t.openNew("summary");
    const client = new TestClient(open, ada);
    await client.save(append("a"));
    await t.core.db.read.delete(incidents).where(eq(incidents.id, open.room.options.incidentId));
    client.edit(append("b"));
    await eventually(() => expect(client.endedWith).toBe(closeCodes.notFound));
    await expect(t.documents.open(open.room.options)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("who may bring what", () => {
  test("[SY14] the first to bring a client id owns it, also for the next process", async () => {
    const open = await t.openNew("summary");
    const client = new TestClient(open, ada);
    await client.save(append("mine"));
    const clients = await t.core.db.read
      .select()
      .from(documentClients)
      .where(eq(documentClients.documentId, open.room.options.documentId));
    expect(clients).toMatchObject([{ clientId: client.doc.clientID, userId: ada.userId }]);
    const before = open.room.stateFor();
    const thief = new TestClient(open, lin);
    thief.doc.clientID = client.doc.clientID;
    expect(() => thief.edit(append("forged"))).toThrow(UpdateRefused);
    const later = await t.restart().open(open.room.options);
    const again = new TestClient(later, lin);
    again.doc.clientID = client.doc.clientID;
    expect(() => again.edit(append("forged"))).toThrow(UpdateRefused);
    expect(open.room.stateFor()).toEqual(before);
  });

  test("[SY14] one connection may bring several ids of its user", async () => {
    const open = await t.openNew("summary");
    const first = new TestClient(open, ada);
    await first.save(append("one"));
    const tab = documentFrom("summary", [open.room.stateFor()]);
    tab.getText("text").insert(0, "earlier tab ");
    const second = new TestClient(open, ada, tab);
    append(" now")(tab);
    expect(second.submit(Y.encodeStateAsUpdate(tab, open.room.stateVector()), true)).not.toBeNull();
    expect(textOf(open.room.doc, "summary")).toBe("earlier tab one now");
  });

  test("[SY15] after a crash others bring what the log lost, until its owner is back", async () => {
    const open = await t.openNew("summary");
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    await one.save(append("stored "));
    await eventually(() => expect(two.received).toHaveLength(1));
    await two.save(append("also "));
    await eventually(() => expect(one.received).toHaveLength(1));
    const database = takeDatabaseAway();
    one.edit(append("passed on, never stored"));
    await eventually(() => expect(two.doc.getText("text").toString()).toContain("passed on"));
    const elsewhere = await t.restart().open(open.room.options);
    expect(textOf(elsewhere.room.doc, "summary")).toBe("stored also ");
    const back = new TestClient(elsewhere, lin, two.doc);
    const step2 = Y.encodeStateAsUpdate(two.doc, elsewhere.room.stateVector());
    expect(() => back.submit(step2, false)).toThrow(UpdateRefused);
    expect(back.submit(step2, true)).not.toBeNull();
    expect(textOf(elsewhere.room.doc, "summary")).toBe("stored also passed on, never stored");
    const owner = new TestClient(elsewhere, ada, one.doc);
    expect(owner.submit(Y.encodeStateAsUpdate(one.doc, elsewhere.room.stateVector()), true)).toBeNull();
    await expect(owner.submit(owner.make(append("!")), false)).not.toBeNull();
    back.submit(back.make(append("?")), false);
    database.return();
    await elsewhere.room.committer.flush();
  });

  test("[SY15] nobody brings for an owner who is there", async () => {
    const open = await t.openNew("summary");
    const one = new TestClient(open, ada);
    await one.save(append("a"));
    const thief = new TestClient(open, lin);
    thief.doc.clientID = one.doc.clientID;
    const forged = thief.make(append("forged"));
    expect(() => thief.submit(forged, true)).toThrow(UpdateRefused);
  });

  test("[SY17] what throws although it passed is put aside, and the room stays as it was", async () => {
    const open = await t.openNew("summary");
    const client = new TestClient(open, ada);
    await client.save(append("kept"));
    const update = client.make(append(" broken"));
    open.room.doc.on("beforeTransaction", () => {
      throw new Error("a bug in the library");
    });
    expect(() => client.submit(update)).toThrow(UpdateRefused);
    expect(textOf(open.room.doc, "summary")).toBe("kept");
    const other = new TestClient(open, lin);
    await other.save(append(" and on"));
    expect(textOf(open.room.doc, "summary")).toBe("kept and on");
    await eventually(async () => {
      const aside = await t.core.db.read
        .select()
        .from(documentQuarantine)
        .where(eq(documentQuarantine.documentId, open.room.options.documentId));
      expect(aside).toMatchObject([{ reason: "a bug in the library", authorId: ada.userId }]);
      expect(aside[0]?.bytes).toEqual(update);
    });
  });
});

describe("the server's own edits", () => {
  test("[SY25] resolve when they are on disk, under a client id that nobody can take", async () => {
    const incidentId = await t.incident();
    await t.documents.edit(t.ctx(ada), { incidentId, kind: "summary" }, append("by the API"));
    expect(textOf(await t.restart().read(incidentId, "summary"), "summary")).toBe("by the API");
    const [row] = await t.core.db.read.select().from(documentTable).where(eq(documentTable.incidentId, incidentId));
    const clients = await t.core.db.read
      .select()
      .from(documentClients)
      .where(eq(documentClients.documentId, row?.id ?? ""));
    expect(clients).toMatchObject([{ userId: null }]);
  });

  test("[SY25] one that throws leaves nothing", async () => {
    const open = await t.openNew("summary");
    await new TestClient(open, ada).save(append("kept"));
    const edit = t.documents.edit(t.ctx(ada), open.room.options, (doc) => {
      append(" half")(doc);
      throw new Error("no");
    });
    await expect(edit).rejects.toThrow("no");
    expect(textOf(open.room.doc, "summary")).toBe("kept");
    await t.documents.edit(t.ctx(ada), open.room.options, append(" whole"));
    expect(textOf(await t.restart().read(open.room.options.incidentId, "summary"), "summary")).toBe("kept whole");
  });

  test("the first content is written once, with the row, or not at all", async () => {
    const incidentId = await t.incident();
    const target = { incidentId, kind: "summary" as const };
    const failed = t.core.db.transaction(async (tx) => {
      await createDocument(tx, t.ctx(ada), { ...target, initial: append("rolled back") });
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    for (const text of ["first", "second"]) {
      await t.core.db.transaction((tx) => createDocument(tx, t.ctx(ada), { ...target, initial: append(text) }));
    }
    const open = await t.documents.open(target);
    expect(textOf(open.room.doc, "summary")).toBe("first");
    await new TestClient(open, ada).save(append(" and more"));
    expect((await logOf(open.room.options.documentId)).map((row) => row.seq)).toEqual([1, 2]);
  });
});

/** Whatever is projected takes the share of a core that projections have for a while. */
function makeProjectionsCostly(): void {
  vi.spyOn(process, "threadCpuUsage").mockReturnValue({ user: (PROJECTION_BURST_MS + 20) * 1_000, system: 0 });
}

describe("projections", () => {
  test("[SY26] run in the commit, with the text as of it, and its new keys once", async () => {
    const events: ProjectionEvent[] = [];
    const here = t.restart();
    here.projections.on("notes", async (_tx, _ctx, event) => void events.push(event));
    const open = await here.open({ incidentId: await t.incident(), kind: "notes" });
    const client = new TestClient(open, ada);
    const id = "3f0c6e0a-5a39-4c52-9a3e-0d6b7f6a2c11";
    await client.save(note("hel", id));
    await client.save((doc) => (doc.getMap("notes").get(id) as Y.Text).insert(3, "lo"));
    expect(events.map((event) => event.changes)).toMatchObject([
      [{ key: id, text: "hel", isNew: true, authorId: ada.userId }],
      [{ key: id, text: "hello", isNew: false, authorId: ada.userId }],
    ]);
    await here.edit(t.ctx(lin), open.room.options, (doc) => doc.getMap("notes").delete(id), { meta: { why: "api" } });
    expect(events[2]?.changes).toMatchObject([{ key: id, text: null, authorId: lin.userId, meta: { why: "api" } }]);
  });

  test("[SY26] under load they follow within about a second, up to the last key", async () => {
    const here = t.restart();
    const seen: (string | null)[] = [];
    here.projections.on("summary", async (_tx, _ctx, event) => void seen.push(event.text));
    makeProjectionsCostly();
    const open = await here.open({ incidentId: await t.incident(), kind: "summary" });
    const client = new TestClient(open, ada);
    for (const letter of "abcdefgh") await client.save(append(letter));
    expect(seen).toEqual(["a"]);
    await eventually(() => expect(seen.at(-1)).toBe("abcdefgh"));
  });

  test("[SY26] what lagged names everybody who wrote, and who was last", async () => {
    const here = t.restart();
    const seen: ProjectionEvent[] = [];
    here.projections.on("notes", async (_tx, _ctx, event) => void seen.push(event));
    makeProjectionsCostly();
    const open = await here.open({ incidentId: await t.incident(), kind: "notes" });
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    const id = "3f0c6e0a-5a39-4c52-9a3e-0d6b7f6a2c12";
    const type = (client: TestClient, text: string) =>
      client.save((doc) => void (doc.getMap("notes").get(id) as Y.Text).insert(0, text));
    await one.save(note("x", id));
    await eventually(() => expect(two.doc.getMap("notes").has(id)).toBe(true));
    await type(two, "l");
    await type(one, "a");
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen[1]?.changes).toMatchObject([{ key: id, authorId: ada.userId, isNew: false }]);
    expect(new Set(seen[1]?.changes[0]?.writerIds)).toEqual(new Set([ada.userId, lin.userId]));
  });

  test("[SY26] handlers of a whole group get every document that lags, with its last text", async () => {
    const here = t.restart();
    const seen = new Map<string, string | null>();
    const groups: number[] = [];
    here.projections.onGroup("summary", async (_tx, events) => {
      groups.push(events.length);
      for (const event of events) seen.set(event.documentId, event.text);
    });
    makeProjectionsCostly();
    const rooms = await Promise.all(
      ["one", "two", "three"].map(async (word) => {
        const open = await here.open({ incidentId: await t.incident(), kind: "summary" });
        return { open, word, client: new TestClient(open, ada) };
      }),
    );
    for (const { client, word } of rooms) {
      await client.save(append(word));
      await client.save(append("!"));
    }
    const expected = new Map(rooms.map(({ open, word }) => [open.room.options.documentId, `${word}!`]));
    await eventually(() => expect(seen).toEqual(expected));
    expect(Math.max(...groups)).toBeGreaterThan(1);
  });

  test("[SY26] what a crash left behind is made good at the next start", async () => {
    const here = t.restart();
    here.projections.on("notes", async () => {});
    makeProjectionsCostly();
    const open = await here.open({ incidentId: await t.incident(), kind: "notes" });
    const client = new TestClient(open, ada);
    const id = randomUUID();
    await client.save(note("a", id));
    await client.save((doc) => (doc.getMap("notes").get(id) as Y.Text).insert(1, "b"));
    const after = t.restart();
    const events: ProjectionEvent[] = [];
    after.projections.on("notes", async (_tx, _ctx, event) => void events.push(event));
    await after.recover();
    expect(events.flatMap((event) => event.changes)).toMatchObject([{ key: id, text: "ab", authorId: ada.userId }]);
    const again = t.restart();
    again.projections.on("notes", async () => {
      throw new Error("there is nothing left to make good");
    });
    await again.recover();
  });

  test("[SY27] a document whose history is lost takes no other with it", async () => {
    const [lost, well] = [await t.openNew("summary"), await t.openNew("summary")];
    const [one, two] = [new TestClient(lost, ada), new TestClient(well, lin)];
    await Promise.all([one.save(append("a")), two.save(append("a"))]);
    await t.core.db.read
      .update(documentTable)
      .set({ epoch: 7 })
      .where(eq(documentTable.id, lost.room.options.documentId));
    const [failing, saved] = [one.edit(append("b")), two.edit(append("b"))];
    await expect(lost.room.committer.whenCommitted(failing)).rejects.toThrow("closed");
    await well.room.committer.whenCommitted(saved);
    expect(one.endedWith).toBe(4409);
    expect(two.endedWith).toBeNull();
  });

  test("[SY27] nor does one whose projection fails", async () => {
    const here = t.restart();
    here.projections.on("summary", async () => {
      throw new Error("a bug");
    });
    const [failing, well] = await Promise.all(
      (["summary", "update"] as const).map(async (kind) => here.open({ incidentId: await t.incident(), kind })),
    );
    if (!failing || !well) throw new Error("two documents were opened");
    const [one, two] = [new TestClient(failing, ada), new TestClient(well, lin)];
    const order: string[] = [];
    await Promise.all([
      one.save(append("a")).then(() => order.push("failing")),
      two.save(append("a")).then(() => order.push("well")),
    ]);
    expect(order).toEqual(["well", "failing"]);
  });

  test("[SY24] one that keeps failing does not hold up the log, and gets its changes with the next commit", async () => {
    const here = t.restart();
    const seen: (string | null)[] = [];
    let isBroken = true;
    here.projections.on("summary", async (_tx, _ctx, event) => {
      if (isBroken) throw new Error("a bug");
      seen.push(event.text);
    });
    const open = await here.open({ incidentId: await t.incident(), kind: "summary" });
    const client = new TestClient(open, ada);
    await client.save(append("a"));
    isBroken = false;
    await client.save(append("b"));
    expect(seen).toEqual(["ab"]);
  });
});

describe("snapshots and unloading", () => {
  test("[SY40] come after enough rows, keep all rows, and shorten loading", async () => {
    const open = await t.openNew("summary");
    const [one, two] = [new TestClient(open, ada), new TestClient(open, lin)];
    for (let count = 0; count < SNAPSHOT_ROWS / 2; count += 1) {
      one.edit(append("x"));
      two.edit(append("y"));
      one.edit(append("z"));
      if (count % 20 === 0) await open.room.committer.flush();
    }
    await open.room.committer.flush();
    const { documentId, incidentId } = open.room.options;
    await eventually(async () => {
      const snapshots = await t.core.db.read
        .select()
        .from(documentSnapshots)
        .where(eq(documentSnapshots.documentId, documentId));
      expect(snapshots.length).toBeGreaterThan(0);
    });
    const rows = await logOf(documentId);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
    const later = await t.restart().open({ incidentId, kind: "summary" });
    expect(later.room.loadedFrom).not.toBeNull();
    expect(textOf(later.room.doc, "summary")).toBe(textOf(open.room.doc, "summary"));
    expect(
      textOf(
        documentFrom(
          "summary",
          rows.map((row) => row.bytes),
        ),
        "summary",
      ),
    ).toBe(textOf(open.room.doc, "summary"));
  });

  test("[SY40] the last two are kept", async () => {
    const open = await t.openNew("summary");
    const client = new TestClient(open, ada);
    for (const text of ["a", "b", "c", "d"]) {
      await client.save(append(text));
      expect(await takeSnapshot(t.core, open.room)).toBe("taken");
    }
    const kept = await t.core.db.read
      .select({ seq: documentSnapshots.seq })
      .from(documentSnapshots)
      .where(eq(documentSnapshots.documentId, open.room.options.documentId))
      .orderBy(desc(documentSnapshots.seq));
    expect(kept).toEqual([{ seq: 4 }, { seq: 3 }]);
    expect(await takeSnapshot(t.core, open.room)).toBe("nothing new");
  });

  test("[SY40] what another process wrote meanwhile is no difference", async () => {
    const open = await t.openNew("summary");
    await new TestClient(open, ada).save(append("here "));
    const elsewhere = await t.restart().open(open.room.options);
    await new TestClient(elsewhere, lin).save(append("there "));
    expect(await takeSnapshot(t.core, elsewhere.room)).toBe("taken");
    await new TestClient(elsewhere, lin).save(append("again"));
    expect(await takeSnapshot(t.core, open.room)).toBe("taken");
    expect(textOf(open.room.doc, "summary")).toBe("here there again");
  });

  test("[SY41] a live document that differs from its log ends, under a new epoch", async () => {
    const open = await t.openNew("summary");
    const client = new TestClient(open, ada);
    await client.save(append("stored"));
    append(" by a bug, never stored")(open.room.doc);
    expect(await takeSnapshot(t.core, open.room)).toBe("differs");
    const [row] = await t.core.db.read
      .select()
      .from(documentTable)
      .where(eq(documentTable.id, open.room.options.documentId));
    expect(row?.epoch).toBe(2);
    client.edit((doc) => doc.getText("text").delete(0, 1));
    await eventually(() => expect(client.endedWith).toBe(closeCodes.epochChanged));
    const again = await t.documents.open(open.room.options);
    expect(textOf(again.room.doc, "summary")).toBe("stored");
    expect(again.room.options.epoch).toBe(2);
  });

  test("[SY80] a room is unloaded a while after the last one left, and loads again", async () => {
    const here = t.restart();
    const target = { incidentId: await t.incident(), kind: "summary" as const };
    const open = await here.open(target);
    const client = new TestClient(open, ada);
    await client.save(append("kept"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    client.leave();
    vi.advanceTimersByTime(UNLOAD_AFTER_MS - 1);
    const back = await here.open(target);
    expect(back.room).toBe(open.room);
    back.release();
    vi.advanceTimersByTime(UNLOAD_AFTER_MS);
    vi.useRealTimers();
    const fresh = await here.open(target);
    expect(fresh.room).not.toBe(open.room);
    expect(textOf(fresh.room.doc, "summary")).toBe("kept");
    expect(fresh.room.loadedFrom).toBe(1);
  });

  test("[SY3] whoever comes at once gets one room", async () => {
    const target = { incidentId: await t.incident(), kind: "summary" as const };
    const rooms = await Promise.all(Array.from({ length: 10 }, () => t.documents.open(target)));
    expect(new Set(rooms.map((open) => open.room)).size).toBe(1);
    const [count] = await t.core.db.read
      .select({ count: sql<number>`count(*)::int` })
      .from(documentTable)
      .where(eq(documentTable.incidentId, target.incidentId));
    expect(count?.count).toBe(1);
  });

  test("[SY81] stopping stores what was accepted", async () => {
    const here = t.restart();
    const target = { incidentId: await t.incident(), kind: "summary" as const };
    const client = new TestClient(await here.open(target), ada);
    client.edit(append("at the last moment"));
    await here.stop();
    expect(client.endedWith).toBe(closeCodes.comeBackLater);
    expect(textOf(await t.restart().read(target.incidentId, "summary"), "summary")).toBe("at the last moment");
  });
});
