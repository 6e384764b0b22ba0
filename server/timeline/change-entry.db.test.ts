import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditEntries, incidents, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type EventType, type Fact, recordEvent } from "#/server/events/index.ts";
import { type TestDocuments, testDocuments } from "#/server/testing/test-documents.ts";
import { addNote, changeEntry, deleteNote, findEntry, listTimeline, projectNotes, readRoomTimeline } from "./index.ts";
import { timelineFilters } from "./shared/filters.ts";
import { MISSED_ENTRIES_MAX, PINNED_ENTRIES_MAX } from "./shared/lists.ts";

let t: TestDocuments;
let ada: UserActor;
let vic: UserActor;
const facts: Fact[] = [];
beforeAll(async () => {
  t = await testDocuments();
  projectNotes(t.core, t.documents);
  t.core.facts.on("fact", (fact) => facts.push(fact));
  ada = await t.person("Ada");
  vic = await t.person("Vic", "viewer");
});
afterAll(() => t.close());

const event = (incidentId: string, type: EventType = "incident.declared", data = {}) =>
  t.core.db.transaction((tx) => recordEvent(tx, t.ctx(ada), { incidentId, type, data }));
const write = (incident: string, body: string, more = {}) =>
  addNote(t.ctx(ada), t.documents, { incident, body, ...more });
const change = (incident: string, entryId: string, changes: Parameters<typeof changeEntry>[1]["change"], by = ada) =>
  changeEntry(t.ctx(by), { incident, entryId, change: changes });

describe("a mark", () => {
  test("is set with the note, or later, and says who did it and when", async () => {
    const incident = await t.incident();
    const decided = await write(incident, "Roll back", { mark: "decision" });
    expect(decided).toMatchObject({ mark: "decision", markedBy: { id: ada.userId, name: "Ada" } });
    const later = await write(incident, "Add an alert on queue length");
    expect(later).toMatchObject({ mark: null, markedAt: null, markedBy: null });
    facts.length = 0;
    const view = await change(incident, later.id, { mark: "follow_up" });
    expect(view).toMatchObject({
      mark: "follow_up",
      markedAt: t.clock.at.toISOString(),
      markedBy: { id: ada.userId, name: "Ada" },
    });
    expect(facts).toMatchObject([{ incidentId: incident, parts: ["timeline"], entryId: later.id }]);
    expect(await change(incident, later.id, { mark: "follow_up" })).toEqual(view);
    expect(facts).toHaveLength(1);
    expect(await change(incident, later.id, { mark: null })).toMatchObject({ mark: null, markedBy: null });
  });

  test("is a note's, and goes with it", async () => {
    const incident = await t.incident();
    const { id } = await event(incident);
    await expect(change(incident, id, { mark: "decision" })).rejects.toMatchObject({ code: "conflict" });
    const note = await write(incident, "x", { mark: "decision" });
    await change(incident, note.id, { pinned: true });
    await deleteNote(t.ctx(ada), t.documents, { incident, noteId: note.id });
    expect(await findEntry(t.ctx(vic), { incident, entry: note.id })).toMatchObject({
      mark: null,
      pinned: false,
      body: "",
    });
    await expect(change(incident, note.id, { mark: "decision" })).rejects.toMatchObject({ code: "conflict" });
  });

  test("is for those who may write, in incidents that they see", async () => {
    const incident = await t.incident();
    const note = await write(incident, "x");
    await expect(change(incident, note.id, { pinned: true }, vic)).rejects.toMatchObject({ code: "forbidden" });
    await expect(change(incident, randomUUID(), { pinned: true })).rejects.toMatchObject({ code: "not_found" });
    const other = await t.incident();
    await expect(change(other, note.id, { pinned: true })).rejects.toMatchObject({ code: "not_found" });
    const secret = await t.incident("private");
    await expect(change(secret, note.id, { pinned: true })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a pin", () => {
  test("is for any entry, and the room shows it however old it is", async () => {
    const incident = await t.incident();
    const first = await event(incident);
    await change(incident, first.id, { pinned: true });
    const [row] = await t.core.db.read
      .update(incidents)
      .set({ lastSeq: MISSED_ENTRIES_MAX + 10 })
      .where(eq(incidents.id, incident))
      .returning();
    await t.core.db.read.insert(timelineEntries).values(
      Array.from({ length: MISSED_ENTRIES_MAX }, (_, index) => ({
        incidentId: incident,
        seq: (row?.lastSeq ?? 0) - index,
        kind: "event" as const,
        type: "alert.attached",
        at: t.clock.at,
        actorName: "Muster",
      })),
    );
    const room = await readRoomTimeline(t.ctx(vic), incident);
    expect(room.entries.some((entry) => entry.id === first.id)).toBe(false);
    expect(room.pinned).toMatchObject([{ id: first.id, pinned: true, pinnedBy: { name: "Ada" } }]);
    expect(room.earlier?.counts).toMatchObject({ all: 1, changes: 1, pinned: 1, alerts: 0 });
    expect(await change(incident, first.id, { pinned: false })).toMatchObject({ pinned: false, pinnedBy: null });
  });

  test(`has room for ${PINNED_ENTRIES_MAX}, and says so at the next one`, async () => {
    const incident = await t.incident();
    const ids: string[] = [];
    for (let count = 0; count <= PINNED_ENTRIES_MAX; count += 1) ids.push((await event(incident)).id);
    for (const id of ids.slice(0, PINNED_ENTRIES_MAX)) await change(incident, id, { pinned: true });
    const last = ids.at(-1) ?? "";
    await expect(change(incident, last, { pinned: true })).rejects.toMatchObject({ code: "conflict" });
    await change(incident, ids[0] ?? "", { pinned: true });
    await change(incident, ids[0] ?? "", { pinned: false });
    await expect(change(incident, last, { pinned: true })).resolves.toMatchObject({ pinned: true });
  });
});

describe("when it happened", () => {
  test("is corrected for a note, with a trace; an event's stays", async () => {
    const incident = await t.incident();
    const note = await write(incident, "x");
    const at = "2026-11-21T08:00:00.000Z";
    expect(await change(incident, note.id, { at })).toMatchObject({ at, recordedAt: note.recordedAt });
    const traces = await t.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, incident));
    expect(traces).toMatchObject([
      { action: "timeline.at", actorName: "Ada", detail: { entryId: note.id, from: note.at, to: at } },
    ]);
    const { id } = await event(incident);
    await expect(change(incident, id, { at })).rejects.toMatchObject({ code: "conflict" });
  });

  test("does not lie ahead by more than a clock may", async () => {
    const incident = await t.incident();
    const note = await write(incident, "x");
    const inMs = (ms: number) => new Date(t.clock.at.getTime() + ms).toISOString();
    await expect(change(incident, note.id, { at: inMs(60_001) })).rejects.toMatchObject({ code: "invalid" });
    await expect(change(incident, note.id, { at: inMs(60_000) })).resolves.toBeDefined();
  });
});

describe("narrowing the timeline", () => {
  test("each kind holds what the room's filter holds, forward and backward, and its count agrees", async () => {
    const incident = await t.incident();
    await event(incident, "incident.declared");
    await event(incident, "alert.attached", { alertTitle: "HighErrorRate" });
    await event(incident, "role.claimed", { role: "commander" });
    await event(incident, "task.created", { title: "Call the bank" });
    await event(incident, "update.published");
    await event(incident, "postmortem.opened");
    const plain = await write(incident, "only a note");
    await write(incident, "we roll back", { mark: "decision" });
    await write(incident, "add a test", { mark: "follow_up" });
    await change(incident, plain.id, { pinned: true });
    const gone = await write(incident, "gone");
    await deleteNote(t.ctx(ada), t.documents, { incident, noteId: gone.id });
    const expected = { all: 10, notes: 3, decisions: 1, follow_ups: 1, alerts: 1, changes: 3, updates: 1, pinned: 1 };
    for (const kind of timelineFilters) {
      const list = await listTimeline(t.ctx(vic), { incident, limit: 50, kind });
      expect([kind, list.items.length]).toEqual([kind, expected[kind]]);
      const back = await listTimeline(t.ctx(vic), { incident, limit: 50, kind, beforeSeq: 1_000 });
      expect(back.items).toEqual(list.items);
    }
    const found = async (q: string) =>
      (await listTimeline(t.ctx(vic), { incident, limit: 50, q })).items.map((entry) => entry.body ?? entry.type);
    expect(await found("roll BACK")).toEqual(["we roll back"]);
    expect(await found("bank")).toEqual(["task.created"]);
    await write(incident, "release **42**: pool `max_size`");
    expect(await found("42: max_SIZE")).toEqual(["release **42**: pool `max_size`"]);
    expect(await found("100%\\")).toEqual([]);
  });

  test("goes back page by page, the newest page first", async () => {
    const incident = await t.incident();
    for (let count = 0; count < 5; count += 1) await event(incident);
    const seqs = (page: Awaited<ReturnType<typeof listTimeline>>) => page.items.map((entry) => entry.seq);
    const first = await listTimeline(t.ctx(vic), { incident, limit: 2, beforeSeq: 5 });
    expect(seqs(first)).toEqual([3, 4]);
    const second = await listTimeline(t.ctx(vic), { incident, limit: 2, beforeSeq: 5, cursor: first.nextCursor ?? "" });
    expect([seqs(second), second.nextCursor]).toEqual([[1, 2], null]);
    const none = await listTimeline(t.ctx(vic), { incident, limit: 2, beforeSeq: 1 });
    expect(none).toEqual({ items: [], nextCursor: null });
  });
});

describe("one entry", () => {
  test("is found by its id, and as the nearest to an instant", async () => {
    const incident = await t.incident();
    const early = await write(incident, "early", { at: "2026-11-21T08:00:00Z" });
    const late = await write(incident, "late", { at: "2026-11-21T09:00:00Z" });
    const at = async (entry: string) => (await findEntry(t.ctx(vic), { incident, entry })).id;
    expect(await at(early.id)).toBe(early.id);
    expect(await at(late.id.toUpperCase())).toBe(late.id);
    expect(await at("2026-11-21T08:29Z")).toBe(early.id);
    expect(await at("2026-11-21T10:31:00+01:00")).toBe(late.id);
    for (const entry of [randomUUID(), "yesterday", "2026", "2026-13-41T99:99Z"]) {
      await expect(findEntry(t.ctx(vic), { incident, entry })).rejects.toMatchObject({ code: "not_found" });
    }
    const secret = await t.incident("private");
    await expect(findEntry(t.ctx(vic), { incident: secret, entry: early.id })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
