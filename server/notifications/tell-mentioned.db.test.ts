import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { incidentMembers } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { notesOf } from "#/server/documents/index.ts";
import { type TestDocuments, testDocuments } from "#/server/testing/test-documents.ts";
import { addNote, deleteNote, projectNotes } from "#/server/timeline/index.ts";
import { listNotifications, registerMentions } from "./index.ts";
import { tellMentioned } from "./tell-mentioned.ts";

let t: TestDocuments;
let ada: UserActor;
let grace: UserActor;
let hopper: UserActor;
beforeAll(async () => {
  t = await testDocuments();
  projectNotes(t.core, t.documents);
  registerMentions(t.core, t.documents);
  ada = await t.person("Ada");
  grace = await t.person("Grace");
  hopper = await t.person("Grace Hopper");
});
afterAll(() => t.close());
beforeEach(() => {
  t.jobs.length = 0;
});

const jobs = () => t.jobs.filter((job) => job.name === "notify.mentions");
async function runJobs(): Promise<void> {
  for (const job of jobs()) await tellMentioned(t.core, String(job.data.noteId));
}
const bell = async (who: UserActor, incident: string) =>
  (await listNotifications(t.ctx(who), { limit: 50 })).items.filter((row) => row.incident.id === incident);

test("a note calls people by their full name, a moment after it was written, once", async () => {
  const incident = await t.incident();
  const note = await addNote(t.ctx(ada), t.documents, { incident, body: "@Grace" });
  expect(jobs()).toMatchObject([{ data: { noteId: note.id }, options: { startAt: expect.any(Date) } }]);
  await t.documents.edit(t.ctx(ada), { incidentId: incident, kind: "notes" }, (doc) =>
    notesOf(doc).get(note.id)?.insert(6, " hopper, is it the pool? @Ada thinks so"),
  );
  await t.documents.stop();
  expect(jobs()).toHaveLength(1);
  await runJobs();
  await runJobs();
  expect(await bell(hopper, incident)).toMatchObject([
    { kind: "mention", body: "@Grace hopper, is it the pool? @Ada thinks so", link: expect.stringContaining(note.id) },
  ]);
  expect(await bell(grace, incident)).toEqual([]);
  expect(await bell(ada, incident)).toEqual([]);
});

test("a note without a call makes no job; a deleted one calls nobody; a private one only its members", async () => {
  const documents = t.restart();
  projectNotes(t.core, documents);
  registerMentions(t.core, documents);
  const incident = await t.incident("private");
  await t.core.db.read
    .insert(incidentMembers)
    .values([ada, hopper].map((who) => ({ incidentId: incident, userId: who.userId })));
  await addNote(t.ctx(ada), documents, { incident, body: "Nobody is called" });
  expect(jobs()).toEqual([]);
  await addNote(t.ctx(ada), documents, { incident, body: "@Grace and @Grace Hopper" });
  const gone = await addNote(t.ctx(ada), documents, { incident, body: "@Grace Hopper, forget it" });
  await deleteNote(t.ctx(ada), documents, { incident, noteId: gone.id });
  await runJobs();
  expect(await bell(grace, incident)).toEqual([]);
  expect(await bell(hopper, incident)).toMatchObject([{ body: "@Grace and @Grace Hopper" }]);
  await t.core.db.read.delete(incidentMembers).where(eq(incidentMembers.userId, hopper.userId));
  expect(await bell(hopper, incident)).toEqual([]);
});
