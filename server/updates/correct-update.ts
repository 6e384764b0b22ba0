import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, updates } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { selectRecipients } from "#/server/audience/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed, wellFormedText } from "#/server/platform/well-formed.ts";
import { readSettings } from "#/server/settings/index.ts";
import { audienceCorrections } from "./audience-deliveries.ts";
import type { CorrectUpdateInput, UpdateView } from "./contract.ts";
import { addDeliveries, mailDeliveries, type NewDelivery, STATUS_PAGE } from "./delivery-store.ts";
import { requireNoApproval } from "./planned/require-approval.ts";
import { isOnPage } from "./rules.ts";
import type { Wordings } from "./shared/lists.ts";
import { readUpdate } from "./update-queries.ts";

type UpdateRow = typeof updates.$inferSelect;

/** Locks an incident and finds one of its updates. @throws AppError "not_found" | "forbidden" */
export async function lockUpdate(
  tx: Sql,
  ctx: Ctx,
  key: string,
  updateId: string,
): Promise<{ incident: IncidentRow; update: UpdateRow }> {
  const incident = await lockIncident(tx, ctx, key);
  requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
  const [update] = await tx
    .select()
    .from(updates)
    .where(and(eq(updates.id, updateId), eq(updates.incidentId, incident.id)));
  if (!update) throw new AppError("not_found", "There is no such update.");
  return { incident, update };
}

/** @throws AppError "conflict" once nothing about the incident may leave the building. */
export function requireStillPublic(incident: IncidentRow): void {
  if (incident.visibility === "private") throw new AppError("conflict", "A private incident is not published.");
}

/** What has to leave the building again: the page, each message in Slack, and mail if asked. */
async function wantedDeliveries(tx: Sql, ctx: Ctx, row: UpdateRow, withMail: boolean): Promise<NewDelivery[]> {
  const subject = { incidentId: row.incidentId, updateId: row.id, kind: "correction" as const };
  const wanted: NewDelivery[] = [];
  if (isOnPage(row)) wanted.push({ ...subject, channel: "status_page", destination: STATUS_PAGE });
  const posted = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.updateId, row.id), eq(deliveries.channel, "slack"), eq(deliveries.kind, "update")));
  for (const original of posted) {
    if (original.state === "failed" || original.state === "superseded" || original.state === "cancelled") continue;
    // Whether it is in Slack by then is seen when the job runs: one that still waits says the new text by itself.
    const payload = { corrects: original.id };
    wanted.push({ ...subject, channel: "slack", destination: original.destination, payload });
  }
  if (withMail && row.channels.includes("email")) {
    const named = row.components.map((component) => component.id);
    const recipients = await selectRecipients(tx, { audience: row.audience, components: named });
    wanted.push(...mailDeliveries(subject, await readSettings(tx, ctx), recipients));
  }
  wanted.push(...(await audienceCorrections(tx, row, withMail)));
  return wanted;
}

/** What a correction makes of the texts: channels that had words of their own and get none say the body. */
function textsOf({ body, wordings }: CorrectUpdateInput) {
  return { body: wellFormedText(body), wordings: (wellFormed(wordings) ?? {}) as Wordings };
}

function isChanged(before: UpdateRow, input: CorrectUpdateInput): boolean {
  const flat = ({ body, wordings }: { body: string; wordings: Wordings }) =>
    JSON.stringify([body, ...Object.entries(wordings).sort()]);
  return flat(before) !== flat(textsOf(input));
}

function requireOwnChannels(update: UpdateRow, wordings: Wordings): void {
  const foreign = Object.keys(wordings).find((channel) => !(update.channels as string[]).includes(channel));
  if (!foreign) return;
  const detail = "These words are for a channel that the update did not go to.";
  throw new AppError("invalid", detail, { errors: [{ pointer: `/wordings/${foreign}`, detail }] });
}

/**
 * Corrects the text of a published update: the page and feeds mark it *corrected*, Slack is edited in place, mail goes
 * again only if asked. A channel that had words of its own says the corrected text, unless `wordings` has new ones for it.
 *
 * One transaction with its deliveries and the timeline's entry, which keeps the text before. Safe to repeat without
 * `notify`: the same text changes nothing.
 * @throws AppError "not_found" | "forbidden" | "conflict", this also when somebody has to approve it first
 */
export async function correctUpdate(
  ctx: Ctx,
  key: string,
  updateId: string,
  input: CorrectUpdateInput,
): Promise<UpdateView> {
  return ctx.db.transaction(async (tx) => {
    const { incident, update } = await lockUpdate(tx, ctx, key, updateId);
    if (isChanged(update, input) || input.notify) await requireNoApproval(tx, ctx, incident, update.audience);
    return correctInTransaction(tx, ctx, incident, update, input);
  });
}

/** Corrects an update of a locked incident inside the caller's transaction, which has seen to its approval. */
export async function correctInTransaction(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  before: UpdateRow,
  input: CorrectUpdateInput,
): Promise<UpdateView> {
  const texts = textsOf(input);
  const withMail = input.notify ?? false;
  requireStillPublic(incident);
  requireOwnChannels(before, texts.wordings);
  const isOther = isChanged(before, input);
  if (!isOther && !withMail) return readUpdate(tx, ctx, before.id);
  const change = { ...texts, correctedAt: isOther ? ctx.now() : before.correctedAt };
  await tx.update(updates).set(change).where(eq(updates.id, before.id));
  await addDeliveries(tx, ctx, await wantedDeliveries(tx, ctx, before, withMail));
  await recordEvent(tx, ctx, {
    incidentId: before.incidentId,
    type: "update.corrected",
    data: { updateId: before.id, body: texts.body, bodyBefore: before.body, notify: withMail },
    parts: ["updates"],
  });
  return readUpdate(tx, ctx, before.id);
}
