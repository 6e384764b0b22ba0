import { and, asc, count, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "#/db/client.ts";
import { heartbeats } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { knownSeverity } from "./mapping/severity.ts";
import { type IntegrationRow, receiveDelivery } from "./receive-delivery.ts";
import { type AlertSeverity, HEARTBEAT_NAME_LENGTH_MAX, HEARTBEAT_SECONDS_MAX } from "./shared/lists.ts";

export type HeartbeatRow = typeof heartbeats.$inferSelect;

/** As many as a large estate has; each is one row that is looked at. */
export const HEARTBEATS_MAX = 500;
/** Opsgenie's own. */
const INTERVAL_DEFAULT_SECONDS = 600;
const UNIT_SECONDS = { minutes: 60, hours: 3_600, days: 86_400 } as const;

const fields = z.object({
  description: z.string().max(10_000).optional(),
  interval: z.coerce.number().int().min(1).optional(),
  intervalUnit: z.enum(["minutes", "hours", "days"]).optional(),
  enabled: z.boolean().optional(),
  ownerTeam: z.object({ name: z.string().max(200).optional() }).nullish(),
  alertMessage: z.string().max(1_000).nullish(),
  alertTags: z.array(z.string().max(100)).max(20).optional(),
  alertPriority: z.string().max(20).optional(),
});
/** A heartbeat as Opsgenie's clients describe it. */
export const heartbeatInput = fields;
export type HeartbeatInput = z.infer<typeof fields>;

function secondsOf({ interval, intervalUnit = "minutes" }: HeartbeatInput): number | undefined {
  if (interval === undefined) return undefined;
  const seconds = interval * UNIT_SECONDS[intervalUnit];
  if (seconds <= HEARTBEAT_SECONDS_MAX) return seconds;
  throw new AppError("unprocessable", `The interval of a heartbeat is at most ${HEARTBEAT_SECONDS_MAX / 86_400} days.`);
}

function columnsOf(input: HeartbeatInput) {
  const intervalSeconds = secondsOf(input);
  const severity: AlertSeverity | null = input.alertPriority ? knownSeverity(input.alertPriority) : null;
  return {
    ...(input.description !== undefined && { description: input.description }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(input.enabled !== undefined && { enabled: input.enabled }),
    ...(input.ownerTeam !== undefined && { ownerTeam: input.ownerTeam?.name ?? null }),
    ...(input.alertMessage !== undefined && { alertMessage: input.alertMessage }),
    ...(input.alertTags !== undefined && { alertTags: input.alertTags }),
    ...(severity && { alertSeverity: severity }),
  };
}

/** When the next ping is late: nothing is waited for that is off, or that never came. Pure. */
function dueOf(row: Pick<HeartbeatRow, "enabled" | "lastPingAt" | "intervalSeconds">): Date | null {
  if (!row.enabled || row.lastPingAt === null) return null;
  return new Date(row.lastPingAt.getTime() + row.intervalSeconds * 1_000);
}

async function find(q: Sql, integrationId: string, name: string): Promise<HeartbeatRow | undefined> {
  const [row] = await q
    .select()
    .from(heartbeats)
    .where(and(eq(heartbeats.integrationId, integrationId), eq(heartbeats.name, name)));
  return row;
}

/** @throws AppError "not_found" */
export async function getHeartbeat(q: Sql, integrationId: string, name: string): Promise<HeartbeatRow> {
  const row = await find(q, integrationId, name);
  if (!row)
    throw new AppError(
      "not_found",
      `Heartbeat with name [${name.slice(0, HEARTBEAT_NAME_LENGTH_MAX)}] does not exist.`,
    );
  return row;
}

/** The heartbeats of an integration by name. */
export async function listHeartbeats(q: Sql, integrationId: string): Promise<HeartbeatRow[]> {
  return q.select().from(heartbeats).where(eq(heartbeats.integrationId, integrationId)).orderBy(asc(heartbeats.name));
}

async function requireRoom(core: Core, integrationId: string): Promise<void> {
  const [found] = await core.db.read
    .select({ all: count() })
    .from(heartbeats)
    .where(eq(heartbeats.integrationId, integrationId));
  if ((found?.all ?? 0) >= HEARTBEATS_MAX) {
    throw new AppError("unprocessable", `An integration has at most ${HEARTBEATS_MAX} heartbeats.`);
  }
}

/** What a heartbeat says when it goes missing, and when it is back: a delivery like any other. Safe to repeat. */
async function report(core: Core, integration: IntegrationRow, row: HeartbeatRow, state: "firing" | "resolved") {
  const said = {
    heartbeat: row.name,
    alias: `heartbeat:${row.name}`,
    state,
    message: row.alertMessage || `Heartbeat ${row.name} is missing`,
    description:
      `${row.description}\nExpected every ${row.intervalSeconds} seconds; last ping ${row.lastPingAt?.toISOString()}.`.trim(),
    severity: row.alertSeverity,
    tags: row.alertTags,
  };
  const body = new TextEncoder().encode(JSON.stringify(said));
  const route = { heartbeat: row.name };
  await receiveDelivery(core, { integration, source: "opsgenie", route, body, query: "", headers: new Headers() });
}

/** Says that a heartbeat is back. Safe to repeat. */
export function reportBack(core: Core, integration: IntegrationRow, row: HeartbeatRow): Promise<void> {
  return report(core, integration, row, "resolved");
}

/**
 * Says that a heartbeat is missing, then notes it: a crash in between says it again, and the alert counts it.
 * A ping that came in between ends the alert at once.
 */
export async function reportMissing(core: Core, integration: IntegrationRow, row: HeartbeatRow): Promise<void> {
  if (row.dueAt === null) return;
  await report(core, integration, row, "firing");
  const noted = await core.db.read
    .update(heartbeats)
    .set({ missingAt: core.now(), dueAt: null })
    .where(and(eq(heartbeats.id, row.id), eq(heartbeats.dueAt, row.dueAt)))
    .returning({ id: heartbeats.id });
  if (noted.length === 0) await reportBack(core, integration, row);
}

/** What people and senders say about a heartbeat. */
export type HeartbeatColumns = Partial<
  Pick<
    HeartbeatRow,
    | "description"
    | "intervalSeconds"
    | "enabled"
    | "ownerTeam"
    | "alertMessage"
    | "alertTags"
    | "alertSeverity"
    | "lastPingAt"
  >
>;

/** Changes a heartbeat; the alert of one that is missing ends with a ping, and when it is turned off. */
export async function changeHeartbeatRow(
  core: Core,
  integration: IntegrationRow,
  before: HeartbeatRow,
  set: HeartbeatColumns,
): Promise<HeartbeatRow> {
  const after = { ...before, ...set };
  // What is no longer missing, or no longer watched, has nothing to say.
  const isOver = before.missingAt !== null && (set.lastPingAt !== undefined || !after.enabled);
  if (isOver) await reportBack(core, integration, after);
  const missingAt = isOver ? null : before.missingAt;
  const dueAt = missingAt === null ? dueOf(after) : null;
  const [row] = await core.db.read
    .update(heartbeats)
    .set({ ...set, missingAt, dueAt })
    .where(eq(heartbeats.id, before.id))
    .returning();
  return row ?? after;
}

/** Adds a heartbeat, or changes the one of this name. @throws AppError "unprocessable" */
export async function saveHeartbeat(core: Core, integration: IntegrationRow, name: string, input: HeartbeatInput) {
  if (!name.trim() || name.length > HEARTBEAT_NAME_LENGTH_MAX) {
    throw new AppError("unprocessable", `A heartbeat has a name of at most ${HEARTBEAT_NAME_LENGTH_MAX} characters.`);
  }
  const columns = columnsOf(input);
  const before = await find(core.db.read, integration.id, name);
  if (before) return changeHeartbeatRow(core, integration, before, columns);
  const row = await addHeartbeat(core, integration, name, columns);
  return row ?? (await getHeartbeat(core.db.read, integration.id, name));
}

/** Adds a heartbeat; null when there is one of this name. @throws AppError "unprocessable" at the limit */
export async function addHeartbeat(
  core: Core,
  integration: IntegrationRow,
  name: string,
  columns: HeartbeatColumns,
): Promise<HeartbeatRow | null> {
  await requireRoom(core, integration.id);
  const [row] = await core.db.read
    .insert(heartbeats)
    .values({
      integrationId: integration.id,
      name,
      intervalSeconds: INTERVAL_DEFAULT_SECONDS,
      createdAt: core.now(),
      ...columns,
    })
    .onConflictDoNothing()
    .returning();
  return row ?? null;
}

/** Changes a heartbeat. @throws AppError "not_found" | "unprocessable" */
export async function changeHeartbeat(core: Core, integration: IntegrationRow, name: string, input: HeartbeatInput) {
  const before = await getHeartbeat(core.db.read, integration.id, name);
  return changeHeartbeatRow(core, integration, before, columnsOf(input));
}

/** Takes a heartbeat away, and its alert with it. @throws AppError "not_found" */
export async function removeHeartbeat(core: Core, integration: IntegrationRow, name: string): Promise<void> {
  const row = await getHeartbeat(core.db.read, integration.id, name);
  if (row.missingAt !== null) await reportBack(core, integration, row);
  await core.db.read.delete(heartbeats).where(eq(heartbeats.id, row.id));
}

/**
 * Notes a sign of life; the alert of a missing one ends. A name that nobody knows yet is kept, and watched once it is
 * told how often it comes, here or later.
 */
export async function pingHeartbeat(core: Core, integration: IntegrationRow, name: string, input: HeartbeatInput = {}) {
  const known = await find(core.db.read, integration.id, name);
  const row =
    known ?? (await saveHeartbeat(core, integration, name, { ...input, enabled: input.interval !== undefined }));
  return changeHeartbeatRow(core, integration, row, { lastPingAt: core.now() });
}
