import { and, eq } from "drizzle-orm";
import { afterCommit, type Sql } from "#/db/client.ts";
import { timelineEntries, users } from "#/db/schema/index.ts";
import { userIdOf } from "#/server/access/index.ts";
import type { DocumentChange, Documents } from "#/server/documents/index.ts";
import { type Core, type Ctx, nextSeq } from "#/server/events/index.ts";
import { enqueueDecision } from "./decision-job.ts";
import { createNoteTeller } from "./note-teller.ts";
import { buried, editedAfter, marked, noteBody } from "./rules.ts";
import { noteMarks } from "./shared/lists.ts";

async function nameOf(tx: Sql, change: DocumentChange): Promise<string> {
  if (change.authorId === null || change.authorId === userIdOf(change.actor)) return change.actor.name;
  const [user] = await tx.select({ name: users.name }).from(users).where(eq(users.id, change.authorId));
  return user?.name ?? change.actor.name;
}

function instantIn(meta: unknown): Date | undefined {
  const at = meta !== null && typeof meta === "object" && "at" in meta ? meta.at : undefined;
  return typeof at === "string" ? new Date(at) : undefined;
}

function markIn(meta: unknown) {
  const mark = meta !== null && typeof meta === "object" && "mark" in meta ? meta.mark : undefined;
  return noteMarks.find((known) => known === mark);
}

async function addRow(tx: Sql, ctx: Ctx, incidentId: string, id: string, change: DocumentChange): Promise<void> {
  const now = ctx.now();
  const mark = markIn(change.meta);
  const seq = await nextSeq(tx, incidentId);
  await tx
    .insert(timelineEntries)
    .values({
      id,
      incidentId,
      seq,
      kind: "note",
      type: "note",
      at: instantIn(change.meta) ?? now,
      recordedAt: now,
      actorId: change.authorId,
      actorName: await nameOf(tx, change),
      body: noteBody(change.text ?? ""),
      ...(mark && marked(mark, change.actor, now)),
    })
    .onConflictDoNothing();
  if (mark === "decision") await enqueueDecision(tx, ctx, id);
  afterCommit(() => ctx.facts.emit("fact", { incidentId, seq, parts: ["timeline"], entryId: id }));
}

/**
 * Keeps the rows of notes as the shared document has them, in the transaction of each of its commits.
 *
 * A new note is told to the room at once, a changed one at most once a second. Safe to repeat.
 */
export function projectNotes(core: Core, documents: Documents): void {
  const noteChanged = createNoteTeller(core);

  async function project(tx: Sql, ctx: Ctx, incidentId: string, id: string, change: DocumentChange): Promise<void> {
    const isThisNote = and(
      eq(timelineEntries.id, id),
      eq(timelineEntries.incidentId, incidentId),
      eq(timelineEntries.kind, "note"),
    );
    const [row] = await tx.select().from(timelineEntries).where(isThisNote);
    if (!row) {
      if (change.text !== null && change.isNew) await addRow(tx, ctx, incidentId, id, change);
      return;
    }
    if (row.deletedAt) return;
    const now = ctx.now();
    const body = noteBody(change.text ?? "");
    if (change.text !== null && body === row.body) return;
    const changed =
      change.text === null ? buried(change.actor, now) : { body, editedAt: editedAfter(row, change.writerIds, now) };
    await tx.update(timelineEntries).set(changed).where(isThisNote);
    await noteChanged(tx, ctx, incidentId, id);
  }

  documents.projections.on("notes", async (tx, ctx, event) => {
    for (const change of event.changes) {
      if (change.key !== null) await project(tx, ctx, event.incidentId, change.key, change);
    }
  });
}
