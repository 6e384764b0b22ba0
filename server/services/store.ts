import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { serviceAliases, serviceDependencies, services, users } from "#/db/schema/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { findServiceByKey } from "./find-service.ts";

function invalid(pointer: string, detail: string): AppError {
  return new AppError("invalid", `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
}

/** @throws AppError "invalid" for somebody who is not here */
export async function requireOwner(tx: Sql, ownerId: string | null | undefined): Promise<void> {
  if (!ownerId) return;
  const found = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, ownerId), isNull(users.disabledAt)));
  if (found.length === 0) throw invalid("/ownerId", "is nobody who is here.");
}

/** @throws AppError "conflict" when another service has this name, or answers to it */
export async function requireFreeName(tx: Sql, name: string, exceptId: string | null): Promise<void> {
  const found = await findServiceByKey(tx, name);
  if (!found || found.id === exceptId) return;
  const isName = found.name.toLowerCase() === name.toLowerCase();
  throw new AppError(
    "conflict",
    isName ? "There is a service of this name already." : `“${name}” is another name of ${found.name} already.`,
  );
}

/** Each once, in any case, and not the service's own name. Pure. */
export function distinctAliases(aliases: readonly string[], name: string): string[] {
  const seen = new Set([name.toLowerCase()]);
  return aliases.filter((alias) => {
    const key = alias.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Makes these the other names of a service. Part of the caller's transaction. @throws AppError "conflict" when one is taken */
export async function writeAliases(
  tx: Sql,
  service: { id: string; name: string },
  aliases: readonly string[],
): Promise<void> {
  await tx.delete(serviceAliases).where(eq(serviceAliases.serviceId, service.id));
  const wanted = distinctAliases(aliases, service.name);
  for (const alias of wanted) await requireFreeName(tx, alias, service.id);
  if (wanted.length === 0) return;
  await tx.insert(serviceAliases).values(wanted.map((alias) => ({ serviceId: service.id, alias })));
}

/** A service that takes this name no longer lists it as an alias. Part of the caller's transaction. */
export async function dropAlias(tx: Sql, service: { id: string; name: string }): Promise<void> {
  await tx
    .delete(serviceAliases)
    .where(
      and(
        eq(serviceAliases.serviceId, service.id),
        eq(sql`lower(${serviceAliases.alias})`, service.name.toLowerCase()),
      ),
    );
}

/** The ids of services given by id or name. @throws AppError "invalid" for one that is not known, or is the service itself */
export async function resolveDependencies(tx: Sql, serviceId: string, keys: readonly string[]): Promise<string[]> {
  const ids = new Set<string>();
  for (const [at, key] of keys.entries()) {
    const found = await findServiceByKey(tx, key);
    if (!found) throw invalid(`/dependsOn/${at}`, `There is no service called “${key}”.`);
    if (found.id === serviceId) throw invalid(`/dependsOn/${at}`, "A service does not depend on itself.");
    ids.add(found.id);
  }
  return [...ids];
}

/** Makes these the services that one needs. Part of the caller's transaction. */
export async function writeDependencies(tx: Sql, serviceId: string, dependsOnIds: readonly string[]): Promise<void> {
  await tx.delete(serviceDependencies).where(eq(serviceDependencies.serviceId, serviceId));
  if (dependsOnIds.length === 0) return;
  await tx.insert(serviceDependencies).values(dependsOnIds.map((dependsOnId) => ({ serviceId, dependsOnId })));
}

type Ref = { id: string; name: string };
export type ServiceParts = { aliases: string[]; dependsOn: Ref[]; dependedOnBy: Ref[] };

/** Other names and neighbours of these services, each list by name. */
export async function readParts(q: Sql, ids: readonly string[]): Promise<Map<string, ServiceParts>> {
  const parts = new Map<string, ServiceParts>(
    ids.map((id) => [id, { aliases: [], dependsOn: [], dependedOnBy: [] } satisfies ServiceParts]),
  );
  if (ids.length === 0) return parts;
  const aliases = await q
    .select()
    .from(serviceAliases)
    .where(inArray(serviceAliases.serviceId, [...ids]))
    .orderBy(sql`lower(${serviceAliases.alias})`);
  for (const { serviceId, alias } of aliases) parts.get(serviceId)?.aliases.push(alias);
  const needs = await q
    .select({ of: serviceDependencies.serviceId, id: services.id, name: services.name })
    .from(serviceDependencies)
    .innerJoin(services, eq(services.id, serviceDependencies.dependsOnId))
    .where(inArray(serviceDependencies.serviceId, [...ids]))
    .orderBy(sql`lower(${services.name})`);
  for (const { of, ...ref } of needs) parts.get(of)?.dependsOn.push(ref);
  const needed = await q
    .select({ of: serviceDependencies.dependsOnId, id: services.id, name: services.name })
    .from(serviceDependencies)
    .innerJoin(services, eq(services.id, serviceDependencies.serviceId))
    .where(inArray(serviceDependencies.dependsOnId, [...ids]))
    .orderBy(sql`lower(${services.name})`);
  for (const { of, ...ref } of needed) parts.get(of)?.dependedOnBy.push(ref);
  return parts;
}
