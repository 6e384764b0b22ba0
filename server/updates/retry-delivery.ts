import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, type updates } from "#/db/schema/index.ts";
import {
  findSuppression,
  publicReaderOf,
  selectAudiences,
  selectRecipients,
  suppressedWords,
} from "#/server/audience/index.ts";
import { type Ctx, recordEvent, touchRoom } from "#/server/events/index.ts";
import { isMailAddress } from "#/server/notify/index.ts";
import { AppError, refuseField } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { readSettings } from "#/server/settings/index.ts";
import type { RetryDeliveryInput, UpdateView } from "./contract.ts";
import { lockUpdate, requireStillPublic } from "./correct-update.ts";
import {
  addDeliveries,
  type DeliveryRow,
  enqueueDelivery,
  mailDeliveries,
  readInPublic,
  SUBSCRIBERS,
  saveDelivery,
  slackDelivery,
} from "./delivery-store.ts";
import { requireNoApproval } from "./planned/require-approval.ts";
import type { WordedChannel } from "./shared/lists.ts";
import { readUpdate } from "./update-queries.ts";

type UpdateRow = typeof updates.$inferSelect;

/** What a person may send again. */
const dead: readonly DeliveryRow["state"][] = ["failed", "unknown", "suppressed"];

/** What a delivery says, without what became of its attempts. Pure. */
export function untried({ payload }: Pick<DeliveryRow, "payload">): DeliveryRow["payload"] {
  const { since: _, reconcile: __, resent: ___, asked: ____, isSlight: _____, ...said } = payload;
  return said;
}

/** A delivery as it starts anew: tried from now on, as if for the first time. Pure. */
export function startedAnew(row: DeliveryRow, now: Date): Partial<DeliveryRow> {
  const payload = { ...untried(row), since: now.toISOString() };
  return { state: "queued", attempts: 0, nextAttemptAt: null, lastError: null, payload };
}

/** Whether a person may send it again: what is still looked for may yet turn out to have arrived. Pure. */
export function mayBeSentAgain({ state, payload }: Pick<DeliveryRow, "state" | "payload">): boolean {
  return dead.includes(state) && !(state === "unknown" && payload.reconcile);
}

/** Replaces the row that stood for every recipient by one for each, now that mail is set up. */
async function expand(tx: Sql, ctx: Ctx, update: UpdateRow, row: DeliveryRow): Promise<void> {
  const settings = await readSettings(tx, ctx);
  if (!settings.smtp) throw new AppError("conflict", row.lastError ?? "Mail is not set up.");
  const named = update.components.map((component) => component.id);
  const recipients = await selectRecipients(tx, { audience: update.audience, components: named });
  const kind = row.kind === "correction" ? "correction" : "update";
  const subject = { incidentId: update.incidentId, updateId: update.id, kind } as const;
  await addDeliveries(tx, ctx, mailDeliveries(subject, settings, recipients));
  await saveDelivery(tx, row.id, { state: "superseded", lastError: null });
}

/** Where a Slack message goes now; the row may be from before Slack was connected. @throws AppError "conflict" */
async function slackDestination(
  tx: Sql,
  ctx: Ctx,
  { row, isInternal }: { row: DeliveryRow; isInternal: boolean },
  given?: string,
): Promise<string> {
  const { slack } = await readSettings(tx, ctx);
  const channel = given ?? slack?.channel;
  const reader = isInternal && channel ? publicReaderOf(await selectAudiences(tx), channel) : null;
  if (reader) refuseField("/destination", readInPublic(channel ?? "", reader));
  // The channel of an audience is its own, whatever the organisation's is.
  if (typeof row.payload.audience === "string" && slack) return given ?? row.destination;
  const subject = { incidentId: row.incidentId, updateId: row.updateId, kind: "update" as const };
  const wanted = slackDelivery(subject, { slack: slack && { ...slack, channel: given ?? slack.channel } });
  if (wanted.refusal) throw new AppError("conflict", wanted.refusal);
  return wanted.destination;
}

/** @throws AppError "invalid" for what is no address, "conflict" where the update goes already, or must not go */
async function mailDestination(tx: Sql, row: DeliveryRow, given?: string): Promise<string> {
  const destination = given ?? row.destination;
  if (!isMailAddress(destination)) refuseField("/destination", "This is not an e-mail address that mail can go to.");
  const suppression = await findSuppression(tx, destination);
  if (suppression && row.subscriberId) {
    const how = "Give another address, or have an administrator release it under Settings, Subscribers.";
    throw new AppError("conflict", `${suppressedWords(suppression)} ${how}`);
  }
  const [twin] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.updateId, row.updateId ?? ""),
        eq(deliveries.channel, "email"),
        eq(deliveries.kind, row.kind),
        sql`lower(${deliveries.destination}) = ${destination.toLowerCase()}`,
        inArray(deliveries.state, ["queued", "sending", "retrying", "sent"]),
        ne(deliveries.id, row.id),
      ),
    )
    .limit(1);
  if (twin) throw new AppError("conflict", "This address gets the update already.");
  return destination;
}

/** What a delivery says without a text of its own. Pure. */
function wordsOf(update: UpdateRow, { channel }: Pick<DeliveryRow, "channel">): string {
  return update.wordings[channel as WordedChannel] ?? update.body;
}

/** Whether a text is none of those that the delivery or the update has: nobody has approved it. Pure. */
function isNewText(update: UpdateRow, row: DeliveryRow, given: string): boolean {
  return ![row.payload.body, wordsOf(update, row), update.body].includes(wellFormedText(given));
}

/** Text of this delivery alone; the update's own again when it is the same. */
function withText(row: DeliveryRow, update: UpdateRow, given?: string): Record<string, unknown> {
  const { payload } = row;
  if (given === undefined) return payload;
  const { body: _, ...rest } = payload;
  const body = wellFormedText(given);
  // A mail that says something else is another mail.
  const edits = Number(payload.edits ?? 0) + 1;
  return body === wordsOf(update, row) ? { ...rest, edits } : { ...rest, body, edits };
}

async function startAnew(tx: Sql, ctx: Ctx, update: UpdateRow, row: DeliveryRow, input: RetryDeliveryInput) {
  const isEdited = input.body !== undefined || input.destination !== undefined;
  const isOurs = row.channel === "slack" || row.channel === "email";
  if (isEdited && !isOurs) refuseField("/destination", "Only a message to Slack or a mail can be edited by itself.");
  if (input.body !== undefined && typeof row.payload.corrects === "string") {
    refuseField("/body", "This one edits a message in Slack: correct the update instead.");
  }
  const destination =
    row.channel === "slack"
      ? await slackDestination(tx, ctx, { row, isInternal: update.audience === "internal" }, input.destination)
      : row.channel === "email"
        ? await mailDestination(tx, row, input.destination)
        : row.destination;
  const anew = startedAnew(row, ctx.now());
  await saveDelivery(tx, row.id, { ...anew, destination, payload: withText({ ...row, ...anew }, update, input.body) });
  await enqueueDelivery(tx, ctx, row);
  if (!isEdited) return touchRoom(tx, ctx, update.incidentId, ["updates"]);
  await recordEvent(tx, ctx, {
    incidentId: update.incidentId,
    type: "delivery.edited",
    // The address stays in the delivery, where viewers see it masked.
    data: {
      updateId: update.id,
      channel: row.channel,
      fields: [...(input.body === undefined ? [] : ["text"]), ...(input.destination === undefined ? [] : ["address"])],
      ...(input.body !== undefined && { body: input.body }),
    },
    parts: ["updates"],
  });
}

/**
 * *Send again*: a delivery that failed, or of which nobody knows whether it arrived, starts anew, with another text or
 * to another address of its own where those were wrong. The update itself stays as it is.
 *
 * One transaction with its job and, when something was edited, the timeline's entry. Safe to repeat: one that waits,
 * is being sent or has arrived stays as it is.
 * @throws AppError "not_found" | "forbidden" | "invalid" | "conflict" while its channel is not set up, also when somebody
 * has to approve another text first
 */
export async function retryDelivery(
  ctx: Ctx,
  key: string,
  updateId: string,
  deliveryId: string,
  input: RetryDeliveryInput = {},
): Promise<UpdateView> {
  return ctx.db.transaction(async (tx) => {
    const { incident, update } = await lockUpdate(tx, ctx, key, updateId);
    requireStillPublic(incident);
    const [row] = await tx
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.id, deliveryId), eq(deliveries.updateId, update.id)))
      .for("update");
    if (!row) throw new AppError("not_found", "There is no such delivery.");
    if (!mayBeSentAgain(row)) return readUpdate(tx, ctx, update.id);
    if (row.destination === SUBSCRIBERS) {
      if (input.body !== undefined || input.destination !== undefined) {
        refuseField("/destination", "This row stands for all subscribers: send it again as it is.");
      }
      await expand(tx, ctx, update, row);
      await touchRoom(tx, ctx, update.incidentId, ["updates"]);
    } else {
      if (input.body !== undefined && isNewText(update, row, input.body)) {
        await requireNoApproval(tx, ctx, incident, update.audience);
      }
      await startAnew(tx, ctx, update, row, input);
    }
    return readUpdate(tx, ctx, update.id);
  });
}
