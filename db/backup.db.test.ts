import { afterAll, beforeAll, expect, test } from "vitest";
import type { UserActor } from "#/server/access/index.ts";
import { createIntegration, integrationOfKey, processDelivery, receiveDelivery } from "#/server/alerts/index.ts";
import { changeComponent, createComponent } from "#/server/audience/index.ts";
import { addFile, filesOf, readChunks } from "#/server/files/index.ts";
import { FILE_CHUNK_BYTES } from "#/server/files/shared/lists.ts";
import { acceptIncident, addMember, createIncident, listIncidents, mergeIncident } from "#/server/incidents/index.ts";
import { scheduleMaintenance } from "#/server/maintenance/index.ts";
import { claimRole } from "#/server/roster/index.ts";
import { createTask } from "#/server/tasks/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { type BackupLine, isEmptyDatabase, readBackup, writeBackup } from "./backup.ts";
import { type Database, openEmbedded } from "./client.ts";
import { migrate } from "./migrate.ts";
import { documentSnapshots, documents, documentUpdates, files } from "./schema/index.ts";
import { testDatabase, testEngine } from "./test-database.ts";

let t: TestCore;
beforeAll(async () => {
  t = await testCore();
  await fill(await t.person("Olga", "owner"));
});
afterAll(() => t.close());

/** A state with something in the tables that are hard: bytes, references to itself, arrays, JSON, times. */
async function fill(owner: UserActor): Promise<void> {
  const ctx = t.ctx(owner);
  const { key } = await createIntegration(ctx, { name: "am", source: "generic-json", service: "checkout" });
  const integration = await integrationOfKey(t.core, key ?? "");
  const body = Buffer.from('{"title":"quote \' \\" \\\\ ü \\u0000","severity":"critical"}');
  const { delivery } = await receiveDelivery(t.core, { integration, body, query: "", headers: new Headers() });
  await processDelivery(t.core, delivery);
  const [first] = (await listIncidents(t.core.db.read, ctx, { limit: 10 })).items;
  const second = await createIncident(ctx, { title: "Second", services: ["search"], visibility: "private" });
  await addMember(ctx, { incident: second.id, userId: owner.userId });
  await acceptIncident(ctx, { incident: first?.id ?? "" });
  await claimRole(ctx, { incident: second.id, role: "commander" });
  await createTask(ctx, { incident: second.id, task: { title: "Look", minutes: 5 } });
  const third = await createIncident(ctx, { title: "Third" });
  await mergeIncident(ctx, { incident: third.id, into: second.id });
  await addFile(ctx, { incident: second.id, name: "dump 🔥.bin", bytes: fileBytes });
  // Components name their group, whichever of them comes first.
  const members = await Promise.all(["A", "B", "C"].map((name) => createComponent(ctx, { name })));
  const group = await createComponent(ctx, { name: "Group", group: true });
  for (const member of members) await changeComponent(ctx, member.id, { groupId: group.id });
  await scheduleMaintenance(ctx, {
    title: "Upgrade",
    body: "Short.",
    components: members.map((member) => member.id),
    from: "2026-11-22T10:00:00Z",
    until: "2026-11-22T11:00:00Z",
    muteServices: ["search"],
  });
  const [document] = await t.core.db.read
    .insert(documents)
    .values({ incidentId: second.id, kind: "notes", headSeq: 1 })
    .returning();
  const documentId = document?.id ?? "";
  const bytes = Uint8Array.from({ length: 256 }, (_, n) => n);
  await t.core.db.read.insert(documentUpdates).values({ documentId, seq: 1, bytes, authorId: owner.userId });
  await t.core.db.read.insert(documentSnapshots).values({ documentId, seq: 1, bytes, contentHash: "x" });
}

/** Every byte in every place, over more chunks than one batch holds. */
const fileBytes = Uint8Array.from({ length: 8 * FILE_CHUNK_BYTES + 17 }, (_, n) => (n * 31 + (n >> 8)) & 0xff);

async function onlyFile(db: Database) {
  const [incident] = await db.read.select({ id: files.incidentId }).from(files);
  const [file] = await filesOf(db.read, incident?.id ?? "");
  if (!file) throw new Error("no file");
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunks(db.read, file)) chunks.push(chunk);
  return { ...file, bytes: Buffer.concat(chunks) };
}

async function linesOf(db: Database): Promise<BackupLine[]> {
  const lines: BackupLine[] = [];
  await writeBackup(db, { createdAt: new Date(0), authSecret: "kept" }, async (line) => {
    lines.push(structuredClone(line));
  });
  return lines;
}

async function* stream(lines: readonly BackupLine[]): AsyncGenerator<BackupLine> {
  for (const line of lines) yield line;
}

async function otherEngine(): Promise<{ db: Database; close(): Promise<void> }> {
  const db = await openEmbedded();
  await migrate(db);
  return { db, close: () => db.close() };
}

const targets: [string, () => Promise<{ db: Database; close(): Promise<void> }>][] = [
  ["embedded", otherEngine],
  ...(testEngine === "postgres" ? ([["postgres", testDatabase]] as [string, typeof testDatabase][]) : []),
];

test.each(targets)(
  `a backup from ${testEngine} restored into %s is the same state, byte by byte`,
  async (_name, open) => {
    const lines = await linesOf(t.core.db);
    const target = await open();
    expect(await isEmptyDatabase(target.db)).toBe(true);
    const restored = await readBackup(target.db, stream(lines));
    expect(restored).toEqual({ rows: lines.length - 2, authSecret: "kept" });
    expect(await linesOf(target.db)).toEqual(lines);
    const file = await onlyFile(target.db);
    expect(file.name).toBe("dump 🔥.bin");
    expect(file.bytes.equals(fileBytes)).toBe(true);
    // And back again: whoever tried one engine can move to the other and return.
    const back = await testDatabase();
    await readBackup(back.db, stream(await linesOf(target.db)));
    expect(await linesOf(back.db)).toEqual(lines);
    expect((await onlyFile(back.db)).bytes.equals(fileBytes)).toBe(true);
    await back.close();
    await target.close();
  },
  // Three databases are filled, each with a file.
  60_000,
);

test("a file that breaks off, or is of another version, changes nothing", async () => {
  const lines = await linesOf(t.core.db);
  const target = await otherEngine();
  await expect(readBackup(target.db, stream(lines.slice(0, -1)))).rejects.toThrow("not complete");
  const other = lines.map((line) => (line.kind === "muster-backup" ? { ...line, migration: "other" } : line));
  await expect(readBackup(target.db, stream(other))).rejects.toThrow("another version");
  expect(await isEmptyDatabase(target.db)).toBe(true);
  await target.close();
});
