import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditEntries, fileChunks, files } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import type { Fact } from "#/server/events/index.ts";
import { acceptIncident, createIncident, mergeIncident } from "#/server/incidents/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { addFile, filesOf, listFiles, readChunks, removeFile, requireFile } from "./index.ts";
import {
  FILE_BYTES_MAX,
  FILE_CHUNK_BYTES,
  FILES_BYTES_PER_INCIDENT_MAX,
  FILES_PER_INCIDENT_MAX,
} from "./shared/lists.ts";

let t: TestCore;
let ada: UserActor;
let lin: UserActor;
let vera: UserActor;
let admin: UserActor;
let incident: string;
const log = new Uint8Array(Buffer.from("10:02 ERROR pool exhausted\n"));
const code = (wanted: string) => expect.objectContaining({ code: wanted });

beforeAll(async () => {
  t = await testCore();
  [ada, lin, vera, admin] = [
    await t.person("Ada"),
    await t.person("Lin"),
    await t.person("Vera", "viewer"),
    await t.person("Max", "admin"),
  ];
});
afterAll(() => t.close());
beforeEach(async () => {
  incident = (await createIncident(t.ctx(ada), { title: "Checkout is slow" })).id;
});

const add = (actor: UserActor, bytes: Uint8Array = log, name = "app.log", to = incident) =>
  addFile(t.ctx(actor), { incident: to, name, bytes });
const read = async (file: { id: string; size: number }) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunks(t.core.db.read, file)) chunks.push(chunk);
  return Buffer.concat(chunks);
};

test("a file comes back byte by byte, from one byte to the limit", async () => {
  for (const size of [1, FILE_CHUNK_BYTES - 1, FILE_CHUNK_BYTES, FILE_CHUNK_BYTES + 1, FILE_BYTES_MAX]) {
    const bytes = Uint8Array.from({ length: size }, (_, n) => (n * 7 + (n >> 9)) & 0xff);
    const file = await add(ada, bytes, "dump.bin");
    expect(file).toMatchObject({ name: "dump.bin", size, addedBy: { id: ada.userId, name: "Ada" } });
    expect((await read(file)).equals(bytes)).toBe(true);
  }
  await expect(add(ada, new Uint8Array(FILE_BYTES_MAX + 1))).rejects.toThrow(code("too_large"));
  await expect(add(ada, new Uint8Array(0))).rejects.toThrow(code("invalid"));
});

test("the room is told once all of it is stored, without an entry in the timeline", async () => {
  const facts: Fact[] = [];
  const hear = (fact: Fact) => facts.push(fact);
  t.core.facts.on("fact", hear);
  const file = await add(ada);
  await removeFile(t.ctx(ada), { incident, fileId: file.id });
  t.core.facts.off("fact", hear);
  expect(facts.map(({ parts, entryId }) => ({ parts, entryId }))).toEqual([
    { parts: ["files"], entryId: undefined },
    { parts: ["files"], entryId: undefined },
  ]);
});

test("a file that could not be written whole leaves nothing", async () => {
  const ctx = t.ctx(ada);
  const failing = { ...ctx, db: { ...ctx.db, read: ctx.db.read, transaction: ctx.db.transaction } };
  let transactions = 0;
  failing.db.transaction = async (work) => {
    transactions += 1;
    if (transactions === 2) throw new Error("the disk is full");
    return ctx.db.transaction(work);
  };
  await expect(addFile(failing, { incident, name: "app.log", bytes: log })).rejects.toThrow("the disk is full");
  expect(await t.core.db.read.select().from(files).where(eq(files.incidentId, incident))).toEqual([]);
});

test("half-written files are seen by nobody, and cleared an hour later by the next upload", async () => {
  const half = { incidentId: incident, name: "half.log", type: "text/plain" as const, sizeBytes: 5, sha256: "x" };
  const [row] = await t.core.db.read
    .insert(files)
    .values({ ...half, addedByName: "Ada", createdAt: t.clock.at })
    .returning();
  const fileId = row?.id ?? "";
  expect(await filesOf(t.core.db.read, incident)).toEqual([]);
  await expect(requireFile(t.core.db.read, t.ctx(ada), { incident, fileId })).rejects.toThrow(code("not_found"));
  t.clock.at = new Date(t.clock.at.getTime() + 3_600_000);
  await add(ada);
  expect(await t.core.db.read.select().from(files).where(eq(files.id, fileId))).toHaveLength(1);
  t.clock.at = new Date(t.clock.at.getTime() + 1);
  await add(ada);
  expect(await t.core.db.read.select().from(files).where(eq(files.id, fileId))).toEqual([]);
});

test("an incident holds so many files and so many bytes, removed ones not counted", async () => {
  const row = { incidentId: incident, name: "x", type: "text/plain" as const, sha256: "x", addedByName: "Ada" };
  const many = Array.from({ length: FILES_PER_INCIDENT_MAX - 1 }, () => ({
    ...row,
    sizeBytes: 1,
    storedAt: t.clock.at,
    createdAt: t.clock.at,
  }));
  await t.core.db.read.insert(files).values(many);
  const last = await add(ada);
  await expect(add(ada)).rejects.toThrow("at most 200 files");
  await removeFile(t.ctx(ada), { incident, fileId: last.id });
  await add(ada);

  const other = (await createIncident(t.ctx(ada), { title: "Big" })).id;
  const sizes = Array.from({ length: FILES_BYTES_PER_INCIDENT_MAX / FILE_BYTES_MAX }, (_, n) =>
    n === 0 ? FILE_BYTES_MAX - log.byteLength : FILE_BYTES_MAX,
  );
  const big = sizes.map((sizeBytes) => ({ ...row, incidentId: other, sizeBytes, storedAt: t.clock.at }));
  await t.core.db.read.insert(files).values(big);
  await add(ada, log, "fits.log", other);
  await expect(add(ada, new Uint8Array([65]), "one byte more", other)).rejects.toThrow("at most 200 MiB");
});

test("uploads at the same time do not pass the limit together", async () => {
  const row = { incidentId: incident, name: "x", type: "text/plain" as const, sha256: "x", addedByName: "Ada" };
  const many = Array.from({ length: FILES_PER_INCIDENT_MAX - 2 }, () => ({
    ...row,
    sizeBytes: 1,
    storedAt: t.clock.at,
  }));
  await t.core.db.read.insert(files).values(many);
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => add(ada)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
});

test("a viewer reads and cannot add; who added a file or an administrator removes it, and the audit log says so", async () => {
  await expect(add(vera)).rejects.toThrow(code("forbidden"));
  const file = await add(ada);
  expect((await listFiles(t.ctx(vera), { incident, limit: 50 })).items).toEqual([file]);
  for (const actor of [vera, lin]) {
    await expect(removeFile(t.ctx(actor), { incident, fileId: file.id })).rejects.toThrow(code("forbidden"));
  }
  await removeFile(t.ctx(admin), { incident, fileId: file.id });
  await expect(requireFile(t.core.db.read, t.ctx(ada), { incident, fileId: file.id })).rejects.toThrow(
    "The file app.log was removed.",
  );
  await expect(removeFile(t.ctx(admin), { incident, fileId: file.id })).rejects.toThrow(code("not_found"));
  expect(await t.core.db.read.select().from(fileChunks).where(eq(fileChunks.fileId, file.id))).toEqual([]);
  const [audit] = await t.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, file.id));
  expect(audit).toMatchObject({
    action: "file.removed",
    actorName: "Max",
    detail: { name: "app.log", addedBy: "Ada" },
  });
});

test("files of a private incident exist for its members only, by whatever address", async () => {
  const secret = await createIncident(t.ctx(ada), { title: "Secret", visibility: "private" });
  const file = await add(ada, log, "plan.log", secret.id);
  expect(await requireFile(t.core.db.read, t.ctx(ada), { incident: secret.id, fileId: file.id })).toBeTruthy();
  for (const actor of [lin, vera, admin]) {
    for (const address of [secret.id, secret.reference, incident]) {
      const asked = requireFile(t.core.db.read, t.ctx(actor), { incident: address, fileId: file.id });
      await expect(asked).rejects.toThrow(code("not_found"));
    }
    await expect(listFiles(t.ctx(actor), { incident: secret.id, limit: 50 })).rejects.toThrow(code("not_found"));
    await expect(add(actor, log, "x", secret.id)).rejects.toThrow(code("not_found"));
    await expect(removeFile(t.ctx(actor), { incident: secret.id, fileId: file.id })).rejects.toThrow(code("not_found"));
  }
});

test("by the reference of a merged incident, its own files and those of the one it went into", async () => {
  const before = await add(ada, log, "before.log");
  const target = await createIncident(t.ctx(ada), { title: "The same" });
  await acceptIncident(t.ctx(ada), { incident: target.id }).catch(() => undefined);
  await mergeIncident(t.ctx(ada), { incident, into: target.id });
  const after = await add(ada, log, "after.log");
  expect(after.url).toContain(target.id);
  for (const fileId of [before.id, after.id]) {
    expect(await requireFile(t.core.db.read, t.ctx(vera), { incident, fileId })).toBeTruthy();
  }
  const foreign = requireFile(t.core.db.read, t.ctx(vera), { incident: target.id, fileId: before.id });
  await expect(foreign).rejects.toThrow(code("not_found"));
});

test("the list has pages", async () => {
  for (const name of ["a", "b", "c"]) {
    t.clock.at = new Date(t.clock.at.getTime() + 1_000);
    await add(ada, log, name);
  }
  const first = await listFiles(t.ctx(vera), { incident, limit: 2 });
  expect(first.items.map(({ name }) => name)).toEqual(["a", "b"]);
  const second = await listFiles(t.ctx(vera), { incident, limit: 2, cursor: first.nextCursor ?? "" });
  expect(second.items.map(({ name }) => name)).toEqual(["c"]);
  expect(second.nextCursor).toBeNull();
});
