import { prosemirrorJSONToYXmlFragment } from "@tiptap/y-tiptap";
import * as Y from "yjs";
import type { Sql } from "#/db/client.ts";
import { actionItems, postmortems } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { createDocument } from "#/server/documents/index.ts";
import { type Core, type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { collectFacts, type OpenTask } from "./facts.ts";
import type { ContentNode } from "./shared/content.ts";
import { POSTMORTEM_ROOT, postmortemSchema } from "./shared/schema.ts";
import { postmortemTemplate } from "./template.ts";

/** The one update that a new postmortem's document starts with: clients never seed. */
export function initialUpdate(content: ContentNode): Uint8Array {
  const doc = new Y.Doc();
  // Checked here, for an editor would delete what the schema does not know.
  postmortemSchema.nodeFromJSON(content).check();
  prosemirrorJSONToYXmlFragment(postmortemSchema, content, doc.getXmlFragment(POSTMORTEM_ROOT));
  return Y.encodeStateAsUpdate(doc);
}

async function keepOpenTasks(tx: Sql, ctx: Ctx, incidentId: string, open: readonly OpenTask[]): Promise<void> {
  if (open.length === 0) return;
  await tx
    .insert(actionItems)
    .values(open.map((task) => ({ incidentId, title: task.title, ownerId: task.ownerId, createdAt: ctx.now() })));
}

/**
 * Opens the postmortem of an incident, filled from its record; tasks that were left open become action items.
 *
 * Part of the caller's transaction: row, document with its first text, action items and event appear together or not
 * at all. Safe to repeat: one that is open stays as it is. Takes the incident's row lock.
 */
export async function openPostmortem(tx: Sql, ctx: Ctx, incidentId: string): Promise<void> {
  const incident = await lockIncident(tx, ctx, incidentId);
  const opened = await tx
    .insert(postmortems)
    .values({ incidentId: incident.id, createdAt: ctx.now() })
    .onConflictDoNothing()
    .returning({ incidentId: postmortems.incidentId });
  if (opened.length === 0) return;
  const facts = await collectFacts(tx, incident);
  const initial = initialUpdate(postmortemTemplate(facts));
  await createDocument(tx, ctx, { incidentId: incident.id, kind: "postmortem", initial });
  await keepOpenTasks(tx, ctx, incident.id, facts.openTasks);
  await recordEvent(tx, ctx, { incidentId: incident.id, type: "postmortem.opened", parts: ["postmortem"] });
}

/**
 * Opens the postmortem of any incident that was accepted, also before it is resolved.
 * One transaction, safe to repeat. @throws AppError "not_found" | "forbidden" | "conflict" in triage, declined or merged
 */
export async function requestPostmortem(ctx: Ctx, input: { incident: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "postmortem.write", await accessTo(tx, ctx, incident));
    if (["triage", "declined", "merged"].includes(incident.status)) {
      throw new AppError("conflict", "Only an accepted incident has a postmortem. Accept it first.");
    }
    await openPostmortem(tx, ctx, incident.id);
  });
}

/** Lets every resolved incident open its postmortem, in the transaction that resolves it. Called once at the start. */
export function registerPostmortem(core: Core): void {
  core.handlers.on("incident.resolved", (tx, ctx, event) => openPostmortem(tx, ctx, event.incidentId));
}
