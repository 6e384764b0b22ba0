import { asc, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type ComponentChange, maintenanceUpdates } from "#/db/schema/index.ts";
import { userIdOf } from "#/server/access/index.ts";
import { selectRecipients } from "#/server/audience/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { publicPageUrl, readSettings } from "#/server/settings/index.ts";
import {
  addDeliveries,
  type MaintenanceWord,
  mailDeliveries,
  type NewDelivery,
  PUBLIC_ID_LENGTH,
  STATUS_PAGE,
  slackDelivery,
} from "#/server/updates/index.ts";
import { MAINTENANCE_UPDATES_MAX } from "./shared/lists.ts";
import { lastUpdate, type MaintenanceRow, type MaintenanceUpdateRow, selectStates } from "./store.ts";

type Message = Pick<MaintenanceWord, "updateId" | "status" | "body"> & { at: Date };

async function wordOf(tx: Sql, ctx: Ctx, row: MaintenanceRow, { at, ...message }: Message): Promise<MaintenanceWord> {
  const settings = await readSettings(tx, ctx);
  return {
    ...message,
    title: row.title,
    components: (await selectStates(tx, row.componentIds)).map((one) => one.name),
    from: row.fromAt.toISOString(),
    until: row.untilAt.toISOString(),
    at: at.toISOString(),
    pageName: settings.statusPage.name,
    url: publicPageUrl(settings, ctx.config, `/status/maintenance/${row.publicId}`),
  };
}

/** One message for each place that the maintenance's news go to. */
async function outgoing(
  tx: Sql,
  ctx: Ctx,
  row: MaintenanceRow,
  kind: "maintenance" | "maintenance_reminder",
  word: MaintenanceWord,
): Promise<NewDelivery[]> {
  const settings = await readSettings(tx, ctx);
  const subject = { incidentId: null, maintenanceId: row.id, updateId: null, kind, payload: { ...word } };
  const wanted: NewDelivery[] = row.channels.includes("slack") ? [slackDelivery(subject, settings)] : [];
  if (!row.channels.includes("email")) return wanted;
  const recipients = await selectRecipients(tx, { audience: "public", components: row.componentIds });
  return [...wanted, ...mailDeliveries(subject, settings, recipients)];
}

/** What will be done, as it was announced. */
async function firstText(tx: Sql, maintenanceId: string): Promise<string> {
  const [row] = await tx
    .select({ body: maintenanceUpdates.body })
    .from(maintenanceUpdates)
    .where(eq(maintenanceUpdates.maintenanceId, maintenanceId))
    .orderBy(asc(maintenanceUpdates.publishedAt))
    .limit(1);
  return row?.body ?? "";
}

type Said = { body: string; components: readonly ComponentChange[]; notify: boolean };

/**
 * Says something about a maintenance: on the page, and by its channels unless `notify` is false.
 * In the caller's transaction with its deliveries. @throws AppError "conflict" when too much was said already
 */
export async function say(tx: Sql, ctx: Ctx, row: MaintenanceRow, said: Said): Promise<MaintenanceUpdateRow> {
  const spoken = await tx.$count(maintenanceUpdates, eq(maintenanceUpdates.maintenanceId, row.id));
  if (spoken >= MAINTENANCE_UPDATES_MAX && userIdOf(ctx.actor)) {
    throw new AppError("conflict", `A maintenance has at most ${MAINTENANCE_UPDATES_MAX} updates.`);
  }
  const last = await lastUpdate(tx, row.id);
  const now = ctx.now();
  const publishedAt = last && last.publishedAt >= now ? new Date(last.publishedAt.getTime() + 1) : now;
  const [update] = await tx
    .insert(maintenanceUpdates)
    .values({
      maintenanceId: row.id,
      publicId: randomBase36(PUBLIC_ID_LENGTH),
      status: row.status,
      body: said.body,
      components: [...said.components],
      isNotified: said.notify && row.channels.length > 0,
      publishedById: userIdOf(ctx.actor),
      publishedByName: ctx.actor.name,
      publishedAt,
    })
    .returning();
  if (!update) throw new Error("an inserted update was not returned");
  const word = await wordOf(tx, ctx, row, {
    updateId: update.id,
    status: row.status,
    body: said.body,
    at: publishedAt,
  });
  const onPage: NewDelivery = {
    incidentId: null,
    maintenanceId: row.id,
    updateId: null,
    kind: "maintenance",
    channel: "status_page",
    destination: STATUS_PAGE,
    payload: { updateId: update.id },
  };
  const sent = said.notify ? await outgoing(tx, ctx, row, "maintenance", word) : [];
  await addDeliveries(tx, ctx, [onPage, ...sent]);
  return update;
}

/** Tells people once more that a maintenance comes. In the caller's transaction with its deliveries. */
export async function remind(tx: Sql, ctx: Ctx, row: MaintenanceRow): Promise<void> {
  const first = await firstText(tx, row.id);
  const word = await wordOf(tx, ctx, row, { updateId: null, status: row.status, body: first, at: ctx.now() });
  await addDeliveries(tx, ctx, await outgoing(tx, ctx, row, "maintenance_reminder", word));
}
