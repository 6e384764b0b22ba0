import type { Sql } from "#/db/client.ts";
import { postmortems } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Core, type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { type PostmortemDocuments, seedDocument } from "./documents.ts";
import { collectFacts } from "./facts.ts";
import { keepFollowUps } from "./keep-follow-ups.ts";
import { followTasks, keepOpenTasks } from "./keep-tasks.ts";
import { postmortemTemplate } from "./template.ts";

/**
 * Opens the postmortem of an incident, filled from its record; tasks that were left open and
 * notes marked to be followed up become action items.
 *
 * Part of the caller's transaction: row, document with its first text, action items and event appear together or not
 * at all. Safe to repeat: one that is open stays as it is. Takes the incident's row lock.
 */
export async function openPostmortem(
  tx: Sql,
  ctx: Ctx,
  documents: PostmortemDocuments,
  incidentId: string,
): Promise<void> {
  const incident = await lockIncident(tx, ctx, incidentId);
  const opened = await tx
    .insert(postmortems)
    .values({ incidentId: incident.id, createdAt: ctx.now() })
    .onConflictDoNothing()
    .returning({ incidentId: postmortems.incidentId });
  if (opened.length === 0) return;
  const facts = await collectFacts(tx, incident);
  await seedDocument(tx, ctx, documents, { incidentId: incident.id, content: postmortemTemplate(facts) });
  await keepOpenTasks(tx, ctx, incident.id);
  await keepFollowUps(tx, ctx, incident.id);
  await recordEvent(tx, ctx, { incidentId: incident.id, type: "postmortem.opened", parts: ["postmortem"] });
}

/**
 * Opens the postmortem of any incident that was accepted, also before it is resolved.
 * One transaction, safe to repeat. @throws AppError "not_found" | "forbidden" | "conflict" in triage, declined or merged
 */
export async function requestPostmortem(
  ctx: Ctx,
  documents: PostmortemDocuments,
  input: { incident: string },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "postmortem.write", await accessTo(tx, ctx, incident));
    if (["triage", "declined", "merged"].includes(incident.status)) {
      throw new AppError("conflict", "Only an accepted incident has a postmortem. Accept it first.");
    }
    await openPostmortem(tx, ctx, documents, incident.id);
  });
}

/**
 * Lets every resolved incident open its postmortem, in the transaction that resolves it; one that was open takes the
 * tasks that were added since and are left. Called once at the start.
 */
export function registerPostmortem(core: Core, documents: PostmortemDocuments): void {
  core.handlers.on("incident.resolved", async (tx, ctx, event) => {
    await openPostmortem(tx, ctx, documents, event.incidentId);
    await keepOpenTasks(tx, ctx, event.incidentId);
  });
  followTasks(core);
}
