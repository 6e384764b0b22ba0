import { and, eq, isNull } from "drizzle-orm";
import { afterCommit } from "#/db/client.ts";
import { timelineEntries, users } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { mentionedIn } from "./mentions.ts";
import { incidentOf, notify } from "./store.ts";

const MENTIONS_JOB = "notify.mentions";
/** A name is typed to its end in this time: `@Ada` may become `@Ada Lovelace`. */
const SETTLE_MS = 5_000;
/** Enough of a note to know what it is about. */
const EXCERPT_LENGTH_MAX = 200;

function excerptOf(body: string): string {
  const line = body.replaceAll(/\s+/g, " ").trim();
  const letters = Array.from(line);
  return letters.length > EXCERPT_LENGTH_MAX ? `${letters.slice(0, EXCERPT_LENGTH_MAX - 1).join("")}…` : line;
}

/**
 * Tells everybody whom a note calls by name, as it stands now.
 * One transaction. Safe to repeat: a note calls the same person once, however often it is changed.
 */
export async function tellMentioned(core: Core, noteId: string): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const [note] = await tx
      .select()
      .from(timelineEntries)
      .where(and(eq(timelineEntries.id, noteId), eq(timelineEntries.kind, "note"), isNull(timelineEntries.deletedAt)));
    if (!note?.body?.includes("@")) return;
    const people = await tx.select({ id: users.id, name: users.name }).from(users).where(isNull(users.disabledAt));
    const called = mentionedIn(note.body, people).filter((person) => person.id !== note.actorId);
    const incident = await incidentOf(tx, note.incidentId);
    if (called.length === 0 || !incident) return;
    await notify(
      tx,
      ctx,
      incident,
      called.map((person) => person.id),
      {
        kind: "mention",
        subject: `note:${note.id}`,
        cause: `mention:${note.id}`,
        title: `${note.actorName} mentioned you in ${incident.reference}`,
        body: excerptOf(note.body),
        entryId: note.id,
      },
    );
  });
}

/** Has the mentions of every note told a moment after it was written or changed; before the queue starts. */
export function registerMentions(core: Core, documents: Documents): void {
  // Notes whose job is on its way: somebody types ten keys a second. A restart forgets it and makes one job more.
  const waiting = new Set<string>();
  core.queue.work(MENTIONS_JOB, {}, async (data) => {
    const noteId = String(data.noteId);
    waiting.delete(noteId);
    await tellMentioned(core, noteId);
  });
  documents.projections.on("notes", async (tx, ctx, event) => {
    for (const { key, text } of event.changes) {
      if (key === null || waiting.has(key) || !text?.includes("@")) continue;
      const startAt = new Date(ctx.now().getTime() + SETTLE_MS);
      await ctx.queue.enqueue(tx, MENTIONS_JOB, { noteId: key }, { startAt });
      afterCommit(() => waiting.add(key));
    }
  });
}
