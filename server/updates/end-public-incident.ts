import { updates } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import { requireStillPublic } from "./correct-update.ts";
import { addDeliveries, STATUS_PAGE } from "./delivery-store.ts";
import { componentChanges, findPublicIncident, savePublicIncident } from "./public-incident.ts";
import { PUBLIC_ID_LENGTH } from "./rules.ts";

/**
 * Says on the page that an incident is over which was declined or merged while the page told of it. Its own status
 * stays, and nothing else is sent.
 *
 * One transaction: the update, what the page says, the states of components, the delivery and the timeline's entry.
 * Safe to repeat: what is over on the page stays as it is.
 * @throws AppError "not_found" | "forbidden" | "conflict" for a private one
 */
export async function endPublicIncident(ctx: Ctx, incidentId: string, body: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, incidentId);
    requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
    requireStillPublic(incident);
    const known = await findPublicIncident(tx, incident.id);
    if (!known || known.resolvedAt) return;
    const status = "resolved" as const;
    const channels = ["status_page" as const];
    const changes = await componentChanges(tx, { status }, known, true);
    const said = { incidentId: incident.id, status, body, channels, title: known.title };
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
    const delivery = { incidentId: incident.id, updateId: row.id, kind: "update" as const };
    await addDeliveries(tx, ctx, [{ ...delivery, channel: "status_page", destination: STATUS_PAGE }]);
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "update.published",
      data: { updateId: row.id, status, audience: "public", channels, title: known.title, body },
      parts: ["updates"],
    });
  });
}
