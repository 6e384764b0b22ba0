import { and, desc, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, slackChannels } from "#/db/schema/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import { findIncidentOrTarget, type IncidentRow } from "#/server/incidents/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { mayLeave } from "#/server/updates/index.ts";

/** Open incidents that a list in Slack shows; with more of them people look at the page. */
export const LISTED_MAX = 20;

/**
 * An incident that may be spoken of in Slack. Private ones and drills never leave the building: to Slack there is none,
 * whoever asks. @throws AppError "not_found"
 */
export async function incidentInSlack(q: Sql, ctx: Pick<Ctx, "actor">, key: string): Promise<IncidentRow> {
  const { row } = await findIncidentOrTarget(q, ctx, key);
  if (!mayLeave(row)) throw new AppError("not_found", "There is no such incident.");
  return row;
}

/** The open incidents that may be spoken of, newest first. */
export async function openInSlack(q: Sql): Promise<IncidentRow[]> {
  return q
    .select()
    .from(incidents)
    .where(
      and(inArray(incidents.status, [...openStatuses]), eq(incidents.visibility, "public"), eq(incidents.mode, "live")),
    )
    .orderBy(desc(incidents.declaredAt), desc(incidents.id))
    .limit(LISTED_MAX);
}

/** The incident that a channel belongs to. */
export async function incidentIdOfChannel(q: Sql, channelId: string): Promise<string | undefined> {
  const [row] = await q
    .select({ incidentId: slackChannels.incidentId })
    .from(slackChannels)
    .where(eq(slackChannels.channelId, channelId));
  return row?.incidentId;
}

/**
 * Which incident a command means: the one it names, else the channel's own, else the only one that is open.
 * @throws AppError "not_found" | "invalid" when it could be several, naming them
 */
export async function whichIncident(ctx: Ctx, reference: string | null, channelId: string): Promise<IncidentRow> {
  const q = ctx.db.read;
  if (reference) return incidentInSlack(q, ctx, reference);
  const ofChannel = await incidentIdOfChannel(q, channelId);
  if (ofChannel) return incidentInSlack(q, ctx, ofChannel);
  const open = await openInSlack(q);
  const [only] = open;
  if (!only) throw new AppError("not_found", "No incident is open. /muster declare opens one.");
  if (open.length === 1) return only;
  const names = open.slice(0, 5).map((row) => row.reference);
  const more = open.length > names.length ? " …" : "";
  throw new AppError(
    "invalid",
    `Several incidents are open: say which, as ${names.join(", ")}${more}, after the command.`,
  );
}

/** Where an incident is read on. Pure. */
export function linkTo({ reference }: Pick<IncidentRow, "reference">, core: Pick<Core, "config">) {
  return { text: `Open ${reference}`, url: `${core.config.publicUrl}/incidents/${reference}` };
}
