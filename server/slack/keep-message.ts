import { randomUUID } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import { slackMessages } from "#/db/schema/index.ts";
import { requireAbility, systemActor } from "#/server/access/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import { type Ctx, ctxFor, touchRoom } from "#/server/events/index.ts";
import { accessTo, findIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { addNote } from "#/server/timeline/index.ts";
import { incidentInSlack } from "./which-incident.ts";

/** What people said, as a note says who said it. Pure. */
export function noteOfMessage(author: string, text: string): string {
  const name = author.replace(/[\\`*_[\]<>]/g, "");
  const quoted = text
    .split("\n")
    .map((line) => `> ${line.replace(/[\\`*_[\]<>~#|]/g, (sign) => `\\${sign}`)}`)
    .join("\n");
  return `${name} in Slack:\n${quoted}`;
}

/**
 * Keeps a message of Slack as a note of whoever asks for it, at the time at which it was said.
 *
 * Safe to repeat: a message becomes one note, whose id is given before it is written.
 * @throws AppError "not_found" | "forbidden" | "conflict" for a deleted message
 */
export async function keepMessage(
  ctx: Ctx,
  documents: Documents,
  place: { channelId: string; ts: string },
): Promise<{ noteId: string; reference: string; isNew: boolean }> {
  const isThis = and(eq(slackMessages.channelId, place.channelId), eq(slackMessages.ts, place.ts));
  const [message] = await ctx.db.read.select().from(slackMessages).where(isThis);
  if (!message) {
    throw new AppError("not_found", "Muster does not know this message: it knows those of incidents' own channels.");
  }
  if (message.deletedAt) throw new AppError("conflict", "The message was deleted; there is nothing left to keep.");
  const incident = await incidentInSlack(ctx.db.read, ctx, message.incidentId);
  requireAbility(ctx.actor, "timeline.write", await accessTo(ctx.db.read, ctx, incident));
  const { reference } = incident;
  await ctx.db.read
    .update(slackMessages)
    .set({ noteId: randomUUID() })
    .where(and(isThis, isNull(slackMessages.noteId)));
  const [kept] = await ctx.db.read.select().from(slackMessages).where(isThis);
  const noteId = kept?.noteId ?? "";
  const isNew = noteId !== "" && message.noteId === null;
  await addNote(ctx, documents, {
    id: noteId,
    incident: message.incidentId,
    body: noteOfMessage(message.authorName, message.text),
    at: message.at.toISOString(),
  });
  const system = ctxFor(ctx, systemActor);
  await ctx.db.transaction(async (tx) => {
    const row = await findIncident(tx, system, message.incidentId);
    const seq = await touchRoom(tx, system, row.id, ["chat"]);
    await tx.update(slackMessages).set({ seq }).where(isThis);
  });
  return { noteId, reference, isNew };
}
