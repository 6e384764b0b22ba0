import { eq } from "drizzle-orm";
import { postmortems } from "#/db/schema/index.ts";
import { can, requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { filesOf } from "#/server/files/index.ts";
import { accessTo, findIncidentOrTarget } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { actionItemsOf } from "./action-item-queries.ts";
import type { PostmortemView } from "./contract.ts";
import { contentOf, type PostmortemDocuments } from "./documents.ts";
import { dueDay } from "./due-day.ts";
import { exportMarkdown } from "./export-markdown.ts";
import { collectFacts, type IncidentFacts } from "./facts.ts";
import { POSTMORTEM_SCHEMA_VERSION } from "./shared/schema.ts";

/** The answer while there is no postmortem, with the way to one. */
export function notOpenYet(reference: string): AppError {
  return new AppError(
    "not_found",
    `${reference} has no postmortem yet. It opens when the incident is resolved; POST to this address opens it now.`,
  );
}

function incidentPart({ incident, times, held }: IncidentFacts): PostmortemView["incident"] {
  return {
    id: incident.id,
    reference: incident.reference,
    title: incident.title,
    status: incident.status,
    severity: incident.severity,
    visibility: incident.visibility,
    declaredAt: incident.declaredAt.toISOString(),
    resolvedAt: incident.resolvedAt?.toISOString() ?? null,
    impactStartedAt: incident.impactStartedAt?.toISOString() ?? null,
    firstAlertAt: times.firstAlertAt?.toISOString() ?? null,
    responders: [...new Set(held.map((span) => span.name))],
  };
}

/**
 * The postmortem as it stands, with edits that are not committed yet, and its Markdown.
 * @throws AppError "not_found" for an incident that the actor may not see, and before it is open
 */
export async function readPostmortem(
  ctx: Ctx,
  documents: PostmortemDocuments,
  input: { incident: string },
): Promise<PostmortemView> {
  const q = ctx.db.read;
  const { row: incident } = await findIncidentOrTarget(q, ctx, input.incident);
  const access = await accessTo(q, ctx, incident);
  requireAbility(ctx.actor, "incidents.read", access);
  const [postmortem] = await q.select().from(postmortems).where(eq(postmortems.incidentId, incident.id));
  if (!postmortem) throw notOpenYet(incident.reference);
  const facts = await collectFacts(q, incident);
  const actionItems = await actionItemsOf(q, incident.id);
  const files = await filesOf(q, incident.id);
  const { publicUrl } = ctx.config;
  const content = contentOf(await documents.read(incident.id, "postmortem"));
  return {
    incident: incidentPart(facts),
    state: postmortem.state,
    openedAt: postmortem.createdAt.toISOString(),
    dueOn: dueDay(incident.resolvedAt, incident.severity),
    durations: facts.durations,
    markdown: exportMarkdown({ facts, state: postmortem.state, content, actionItems, files, publicUrl }),
    content,
    files,
    schemaVersion: POSTMORTEM_SCHEMA_VERSION,
    actionItems,
    followUps: facts.followUps,
    record: facts.record.map(({ id, at, kind, author, text, mark }) => ({
      ...{ id, at: at.toISOString(), kind, author, text },
      mark: mark ?? null,
    })),
    canWrite: can(ctx.actor, "postmortem.write", access),
  };
}
