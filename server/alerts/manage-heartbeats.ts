import { and, eq, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { heartbeats, integrations } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ChangeHeartbeatInput, CreateHeartbeatInput, HeartbeatView } from "./contract.ts";
import {
  addHeartbeat,
  changeHeartbeatRow,
  type HeartbeatColumns,
  type HeartbeatRow,
  listHeartbeats,
  removeHeartbeat,
} from "./heartbeats.ts";
import type { IntegrationRow } from "./receive-delivery.ts";

function stateOf(row: HeartbeatRow): HeartbeatView["state"] {
  if (!row.enabled) return "off";
  if (row.missingAt) return "missing";
  return row.lastPingAt ? "fine" : "waiting";
}

function present(ctx: Ctx, row: HeartbeatRow): HeartbeatView {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    intervalSeconds: row.intervalSeconds,
    message: row.alertMessage,
    severity: row.alertSeverity,
    state: stateOf(row),
    lastPingAt: row.lastPingAt?.toISOString() ?? null,
    dueAt: row.dueAt?.toISOString() ?? null,
    missingAt: row.missingAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    pingUrl: `${ctx.config.publicUrl}/v2/heartbeats/${encodeURIComponent(row.name)}/ping`,
  };
}

async function integrationOf(q: Sql, id: string): Promise<IntegrationRow> {
  const [row] = await q
    .select()
    .from(integrations)
    .where(and(eq(integrations.id, id), isNull(integrations.deletedAt)));
  if (!row) throw new AppError("not_found", "There is no such integration.");
  return row;
}

async function rowOf(q: Sql, integrationId: string, id: string): Promise<HeartbeatRow> {
  const [row] = await q
    .select()
    .from(heartbeats)
    .where(and(eq(heartbeats.id, id), eq(heartbeats.integrationId, integrationId)));
  if (!row) throw new AppError("not_found", "There is no such heartbeat.");
  return row;
}

function columnsOf({ message, severity, ...same }: ChangeHeartbeatInput): HeartbeatColumns {
  const given = {
    ...same,
    ...(message !== undefined && { alertMessage: message || null }),
    ...(severity !== undefined && { alertSeverity: severity }),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function audit(ctx: Ctx, act: string, row: Pick<HeartbeatRow, "id" | "name">, detail: object = {}): Promise<void> {
  return recordAudit(ctx.db.read, ctx, {
    action: `heartbeat.${act}`,
    objectKind: "heartbeat",
    objectId: row.id,
    detail: { name: row.name, ...detail },
  });
}

/** The heartbeats of an integration by name. @throws AppError "forbidden" | "not_found" */
export async function readHeartbeats(ctx: Ctx, integrationId: string): Promise<HeartbeatView[]> {
  requireAbility(ctx.actor, "integrations.read");
  await integrationOf(ctx.db.read, integrationId);
  return (await listHeartbeats(ctx.db.read, integrationId)).map((row) => present(ctx, row));
}

/** Adds a heartbeat. @throws AppError "conflict" when one of this name is there | "forbidden" | "not_found" | "unprocessable" */
export async function createHeartbeat(ctx: Ctx, integrationId: string, input: CreateHeartbeatInput) {
  requireAbility(ctx.actor, "integrations.write");
  const integration = await integrationOf(ctx.db.read, integrationId);
  const { name, ...rest } = input;
  const row = await addHeartbeat(ctx, integration, name, columnsOf(rest));
  if (!row) throw new AppError("conflict", `There is a heartbeat called “${name}” already.`);
  await audit(ctx, "create", row);
  return present(ctx, row);
}

/** Changes a heartbeat; one that is turned off takes its alert along. @throws AppError "forbidden" | "not_found" */
export async function editHeartbeat(ctx: Ctx, integrationId: string, id: string, change: ChangeHeartbeatInput) {
  requireAbility(ctx.actor, "integrations.write");
  const integration = await integrationOf(ctx.db.read, integrationId);
  const before = await rowOf(ctx.db.read, integrationId, id);
  const row = await changeHeartbeatRow(ctx, integration, before, columnsOf(change));
  await audit(ctx, "change", row, change);
  return present(ctx, row);
}

/** Takes a heartbeat away, and its alert with it. @throws AppError "forbidden" | "not_found" */
export async function deleteHeartbeat(ctx: Ctx, integrationId: string, id: string): Promise<void> {
  requireAbility(ctx.actor, "integrations.write");
  const integration = await integrationOf(ctx.db.read, integrationId);
  const row = await rowOf(ctx.db.read, integrationId, id);
  await removeHeartbeat(ctx, integration, row.name);
  await audit(ctx, "remove", row);
}
