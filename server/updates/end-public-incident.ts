import { and, desc, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { updates } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, type IncidentRow } from "#/server/incidents/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import type { PublishUpdateInput } from "./contract.ts";
import { requireStillPublic } from "./correct-update.ts";
import { addDeliveries, STATUS_PAGE } from "./delivery-store.ts";
import { requireNoApproval } from "./planned/require-approval.ts";
import { componentChanges, findPublicIncident, type PublicIncidentRow, savePublicIncident } from "./public-incident.ts";
import { publishInTransaction } from "./publish-update.ts";
import { PUBLIC_ID_LENGTH } from "./rules.ts";
import type { Channel } from "./shared/lists.ts";

/** What is said at the end: the components that it names are as it says, others of the incident become operational. */
type End = Pick<PublishUpdateInput, "body" | "components">;

/** Where the public heard of an incident last: there it hears of its end. */
async function lastChannels(tx: Sql, incidentId: string): Promise<Channel[]> {
  const [row] = await tx
    .select({ channels: updates.channels })
    .from(updates)
    .where(and(eq(updates.incidentId, incidentId), eq(updates.audience, "public")))
    .orderBy(desc(updates.publishedAt))
    .limit(1);
  return row?.channels ?? ["status_page"];
}

/** Its end on the page alone; the incident's own status stays. */
async function endOnPage(tx: Sql, ctx: Ctx, incidentId: string, known: PublicIncidentRow, end: End): Promise<void> {
  const status = "resolved" as const;
  const channels = ["status_page" as const];
  const changes = await componentChanges(tx, { ...end, status }, known, true);
  const said = { incidentId, status, body: end.body, channels, title: known.title };
  const [row] = await tx
    .insert(updates)
    .values({
      ...said,
      publicId: randomBase36(PUBLIC_ID_LENGTH),
      audience: "public",
      components: changes,
      publishedById: userIdOf(ctx.actor),
      publishedByName: ctx.actor.name,
      publishedAt: ctx.now(),
    })
    .returning({ id: updates.id });
  if (!row) throw new Error("an inserted update was not returned");
  await savePublicIncident(tx, ctx, known, { ...said, impact: known.impact, changes });
  const delivery = { incidentId, updateId: row.id, kind: "update" as const };
  await addDeliveries(tx, ctx, [{ ...delivery, channel: "status_page", destination: STATUS_PAGE }]);
  await recordEvent(tx, ctx, {
    incidentId,
    type: "update.published",
    data: { updateId: row.id, status, audience: "public", channels, title: known.title, body: end.body },
    parts: ["updates"],
  });
}

/** What to do where somebody else has to agree. Pure. */
function howElse({ status, reference }: IncidentRow): string {
  const before = status === "declined" ? "Reopen it first, then say" : "Unmerge it first, then say";
  const isOver = status === "declined" || status === "merged";
  return `${isOver ? before : "Say"} in ${reference} how it ended, and ask for approval there.`;
}

/**
 * Tells the public that an incident is over which people ended while the page went on telling of it: where it was told
 * of last, or on the page alone when it was declined or merged.
 *
 * In the transaction that holds the incident's lock. Safe to repeat: what is over on the page stays as it is.
 * @throws AppError "forbidden" | "invalid" | "conflict" for a private one, and when somebody has to approve it first
 */
export async function endPublicIncident(tx: Sql, ctx: Ctx, incident: IncidentRow, end: End): Promise<void> {
  requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
  requireStillPublic(incident);
  const known = await findPublicIncident(tx, incident.id);
  if (!known || known.resolvedAt) return;
  await requireNoApproval(tx, ctx, incident, "public", howElse(incident));
  if (incident.status === "declined" || incident.status === "merged") {
    return endOnPage(tx, ctx, incident.id, known, end);
  }
  const channels = await lastChannels(tx, incident.id);
  await publishInTransaction(tx, ctx, incident, { ...end, status: "resolved", channels });
}
