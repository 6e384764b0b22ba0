import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { services } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { openTellList, readTellLines, sealTellList } from "#/server/notify/index.ts";
import type { TellTarget } from "#/server/notify/shared/tell-target.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import type { ChangeServiceInput, CreateServiceInput, ServiceView } from "./contract.ts";
import { findService } from "./service-queries.ts";
import {
  dropAlias,
  requireFreeName,
  requireOwner,
  resolveDependencies,
  writeAliases,
  writeDependencies,
} from "./store.ts";

const taken = new AppError("conflict", "There is a service of this name already.");

/** The columns of a change: what is undefined is left out, so that it stays as it is; repeated addresses count once. */
function valuesOf(ctx: Ctx, input: ChangeServiceInput, kept: readonly TellTarget[] = []) {
  const { tellEmails, tell, aliases: _, dependsOn: __, ...columns } = input;
  const given = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  const list = tell && sealTellList(ctx.config.authSecret, readTellLines(tell, kept, "tell"));
  return {
    ...(given as Omit<ChangeServiceInput, "tellEmails" | "tell" | "aliases" | "dependsOn">),
    ...(list && { tellEmails: list.emails, tellSealed: list.sealed }),
    ...(tellEmails !== undefined && { tellEmails: [...new Set(tellEmails)] }),
  };
}

/** What the audit log keeps of a change: of a runbook that it was written, not its text; of keys nothing. */
function detailOf({ runbook, tell, ...rest }: ChangeServiceInput) {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...(runbook !== undefined && { runbook: `${runbook.length} characters` }),
    ...(tell !== undefined && { tell: "changed" }),
  };
}

/** What lies in tables of its own. Part of the caller's transaction. */
async function writeParts(tx: Sql, service: { id: string; name: string }, input: ChangeServiceInput): Promise<void> {
  if (input.aliases) await writeAliases(tx, service, input.aliases);
  else if (input.name !== undefined) await dropAlias(tx, service);
  if (input.dependsOn) {
    await writeDependencies(tx, service.id, await resolveDependencies(tx, service.id, input.dependsOn));
  }
}

/**
 * Adds a service. One transaction with its audit entry. Not safe to repeat: the second is a conflict.
 *
 * @throws AppError "forbidden" | "conflict" when the name or an alias is taken, in any case | "invalid"
 */
export async function createService(ctx: Ctx, given: CreateServiceInput): Promise<ServiceView> {
  requireAbility(ctx.actor, "services.write");
  return ctx.db.transaction(async (tx) => {
    const input = wellFormed(given) as CreateServiceInput;
    await requireOwner(tx, input.ownerId);
    await requireFreeName(tx, input.name, null);
    const values = { ...valuesOf(ctx, input), name: input.name, createdAt: ctx.now() };
    const [row] = await tx.insert(services).values(values).onConflictDoNothing().returning({ id: services.id });
    if (!row) throw taken;
    await writeParts(tx, { id: row.id, name: input.name }, input);
    const entry = {
      action: "service.created",
      objectKind: "service",
      objectId: row.id,
      detail: detailOf(input),
    };
    await recordAudit(tx, ctx, entry);
    return findService(tx, ctx, row.id);
  });
}

/**
 * Changes a service; what is left out stays. One transaction with its audit entry. Safe to repeat.
 *
 * @throws AppError "not_found" | "forbidden" | "conflict" when the name or an alias is taken | "invalid"
 */
export async function changeService(
  ctx: Ctx,
  command: { id: string; change: ChangeServiceInput },
): Promise<ServiceView> {
  requireAbility(ctx.actor, "services.write");
  const { id } = command;
  const change = wellFormed(command.change) as ChangeServiceInput;
  return ctx.db.transaction(async (tx) => {
    const [before] = await tx.select().from(services).where(eq(services.id, id)).for("update");
    if (!before) throw new AppError("not_found", "There is no such service.");
    if (Object.keys(detailOf(change)).length === 0) return findService(tx, ctx, id);
    const kept = openTellList(ctx.config.authSecret, { emails: before.tellEmails, sealed: before.tellSealed });
    await requireOwner(tx, change.ownerId);
    if (change.name !== undefined) await requireFreeName(tx, change.name, id);
    const columns = valuesOf(ctx, change, kept);
    if (Object.keys(columns).length > 0) await tx.update(services).set(columns).where(eq(services.id, id));
    await writeParts(tx, { id, name: change.name ?? before.name }, change);
    await recordAudit(tx, ctx, {
      action: "service.changed",
      objectKind: "service",
      objectId: id,
      detail: detailOf(change),
    });
    return findService(tx, ctx, id);
  });
}

/**
 * Takes a service away; incidents and alerts stay and name it no more. One transaction with its audit entry.
 *
 * @throws AppError "not_found" | "forbidden"
 */
export async function deleteService(ctx: Ctx, { id }: { id: string }): Promise<void> {
  requireAbility(ctx.actor, "services.write");
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.delete(services).where(eq(services.id, id)).returning({ name: services.name });
    if (!row) throw new AppError("not_found", "There is no such service.");
    const entry = { action: "service.deleted", objectKind: "service", objectId: id, detail: { name: row.name } };
    await recordAudit(tx, ctx, entry);
  });
}
