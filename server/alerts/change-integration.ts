import { and, asc, eq, isNull } from "drizzle-orm";
import type { z } from "zod";
import type { Sql } from "#/db/client.ts";
import { integrations, services } from "#/db/schema/index.ts";
import { can, requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { resolveServices } from "#/server/incidents/index.ts";
import { decrypt, encrypt, randomToken, sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { changeIntegrationInput, IntegrationView } from "./contract.ts";
import { isSource } from "./sources/index.ts";

type Row = typeof integrations.$inferSelect;
type Change = z.infer<typeof changeIntegrationInput>;
const KEY_PURPOSE = "integration-key";
const SECRET_PURPOSE = "integration-secret";
const FORWARD_PURPOSE = "integration-forward";
const TOKEN_PURPOSE = "integration-source-token";
/** 192 bits in 32 characters: short enough for a routing key field (PagerDuty's has 32). */
const KEY_BYTES = 24;
const INTEGRATIONS_MAX = 500;

/** The secrets of an integration, opened; null where none is set. For those who verify, forward and ask with them. */
export function integrationSecrets(authSecret: string, row: Row) {
  const open = (purpose: string, value: string | null) => (value === null ? null : decrypt(authSecret, purpose, value));
  return {
    secret: open(SECRET_PURPOSE, row.secretSealed),
    forwardUrl: open(FORWARD_PURPOSE, row.forwardUrlSealed),
    sourceToken: open(TOKEN_PURPOSE, row.sourceTokenSealed),
  };
}

function newKey(ctx: Ctx): { key: string; keyHash: string; keySealed: string } {
  const key = randomToken(KEY_BYTES);
  return { key, keyHash: sha256(key), keySealed: encrypt(ctx.config.authSecret, KEY_PURPOSE, key) };
}

function present(ctx: Ctx, row: Row, service: { id: string; name: string } | null): IntegrationView {
  const key = can(ctx.actor, "integrations.write")
    ? decrypt(ctx.config.authSecret, KEY_PURPOSE, row.keySealed)
    : undefined;
  return {
    id: row.id,
    name: row.name,
    source: row.source,
    enabled: row.enabled,
    service,
    mapping: row.mapping,
    isSigned: row.secretSealed !== null,
    hasSourceToken: row.sourceTokenSealed !== null,
    ...(key && { forwardUrl: integrationSecrets(ctx.config.authSecret, row).forwardUrl }),
    ...(key && { key, url: `${ctx.config.publicUrl}/hooks/${key}` }),
    createdAt: row.createdAt.toISOString(),
    lastReceivedAt: row.lastReceivedAt?.toISOString() ?? null,
  };
}

async function serviceOf(tx: Sql, key: string | null | undefined): Promise<string | null> {
  if (!key) return null;
  const [id] = await resolveServices(tx, [key]);
  return id ?? null;
}

async function read(tx: Sql, ctx: Ctx, id: string): Promise<IntegrationView> {
  const [found] = await tx
    .select({ row: integrations, service: { id: services.id, name: services.name } })
    .from(integrations)
    .leftJoin(services, eq(services.id, integrations.serviceId))
    .where(and(eq(integrations.id, id), isNull(integrations.deletedAt)));
  if (!found) throw new AppError("not_found", "There is no such integration.");
  return present(ctx, found.row, found.service);
}

/** The integrations, oldest first; their keys only for administrators. */
export async function listIntegrations(q: Sql, ctx: Ctx): Promise<IntegrationView[]> {
  requireAbility(ctx.actor, "integrations.read");
  const found = await q
    .select({ row: integrations, service: { id: services.id, name: services.name } })
    .from(integrations)
    .leftJoin(services, eq(services.id, integrations.serviceId))
    .where(isNull(integrations.deletedAt))
    .orderBy(asc(integrations.createdAt))
    .limit(INTEGRATIONS_MAX);
  return found.map(({ row, service }) => present(ctx, row, service));
}

/** Makes an integration with a key of its own. One transaction. */
export async function createIntegration(
  ctx: Ctx,
  input: { name: string; source: string; service?: string | null | undefined },
): Promise<IntegrationView> {
  requireAbility(ctx.actor, "integrations.write");
  if (!isSource(input.source)) {
    throw new AppError("invalid", `There is no source “${input.source}”. GET /api/v1/sources lists them.`, {
      errors: [{ pointer: "/source", detail: "unknown source" }],
    });
  }
  return ctx.db.transaction(async (tx) => {
    const { keyHash, keySealed } = newKey(ctx);
    const serviceId = await serviceOf(tx, input.service);
    const [row] = await tx
      .insert(integrations)
      .values({ name: input.name, source: input.source, keyHash, keySealed, serviceId, createdAt: ctx.now() })
      .returning({ id: integrations.id });
    if (!row) throw new Error("an inserted integration was not returned");
    await recordAudit(tx, ctx, { action: "integration.create", objectKind: "integration", objectId: row.id });
    return read(tx, ctx, row.id);
  });
}

function sealed(ctx: Ctx, purpose: string, value: string | null): string | null {
  return value === null ? null : encrypt(ctx.config.authSecret, purpose, value);
}

/** What the audit log keeps of a change: never a secret. */
function withoutSecrets({ secret, forwardUrl, sourceToken, mapping, ...plain }: Change) {
  const named = { secret, forwardUrl, sourceToken, mapping };
  const touched = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value === null ? "removed" : "set"]],
  );
  return { ...plain, ...Object.fromEntries(touched) };
}

/** Changes an integration; secrets are kept encrypted. One transaction. @throws AppError "not_found" */
export async function changeIntegration(ctx: Ctx, id: string, change: Change): Promise<IntegrationView> {
  requireAbility(ctx.actor, "integrations.write");
  return ctx.db.transaction(async (tx) => {
    await read(tx, ctx, id);
    await tx
      .update(integrations)
      .set({
        id,
        ...(change.name !== undefined && { name: change.name }),
        ...(change.enabled !== undefined && { enabled: change.enabled }),
        ...(change.service !== undefined && { serviceId: await serviceOf(tx, change.service) }),
        ...(change.mapping !== undefined && { mapping: change.mapping }),
        ...(change.secret !== undefined && { secretSealed: sealed(ctx, SECRET_PURPOSE, change.secret) }),
        ...(change.forwardUrl !== undefined && { forwardUrlSealed: sealed(ctx, FORWARD_PURPOSE, change.forwardUrl) }),
        ...(change.sourceToken !== undefined && { sourceTokenSealed: sealed(ctx, TOKEN_PURPOSE, change.sourceToken) }),
      })
      .where(eq(integrations.id, id));
    await recordAudit(tx, ctx, {
      action: "integration.change",
      objectKind: "integration",
      objectId: id,
      detail: withoutSecrets(change),
    });
    return read(tx, ctx, id);
  });
}

/** Gives an integration a new key; the old URL answers 404 from then on, and an SNS topic is forgotten. One transaction. */
export async function rotateIntegrationKey(ctx: Ctx, id: string): Promise<IntegrationView> {
  requireAbility(ctx.actor, "integrations.write");
  return ctx.db.transaction(async (tx) => {
    await read(tx, ctx, id);
    const { keyHash, keySealed } = newKey(ctx);
    await tx.update(integrations).set({ keyHash, keySealed, snsTopic: null }).where(eq(integrations.id, id));
    await recordAudit(tx, ctx, { action: "integration.rotate", objectKind: "integration", objectId: id });
    return read(tx, ctx, id);
  });
}

/** Takes an integration out of use; its alerts and deliveries stay. One transaction. */
export async function removeIntegration(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "integrations.write");
  await ctx.db.transaction(async (tx) => {
    await read(tx, ctx, id);
    await tx.update(integrations).set({ deletedAt: ctx.now() }).where(eq(integrations.id, id));
    await recordAudit(tx, ctx, { action: "integration.remove", objectKind: "integration", objectId: id });
  });
}
