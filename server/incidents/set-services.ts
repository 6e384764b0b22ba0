import { eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentServices, services } from "#/db/schema/index.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { findServiceByKey } from "#/server/services/index.ts";
import { SERVICE_NAME_LENGTH_MAX } from "#/server/services/shared/lists.ts";

/**
 * The ids of services given by id, name or alias; a name that is not known makes the service,
 * so that an alert's label or a hurried form never has to wait for an administrator.
 */
export async function resolveServices(tx: Sql, keys: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const key of new Set(keys.map((text) => wellFormedText(text.trim()).slice(0, SERVICE_NAME_LENGTH_MAX)))) {
    if (!key) continue;
    const found = await findServiceByKey(tx, key);
    if (found) {
      ids.push(found.id);
      continue;
    }
    // Two deliveries may bring the same new name at once: the second waits, then reads the first one's row.
    await tx.insert(services).values({ name: key }).onConflictDoNothing();
    const made = await findServiceByKey(tx, key);
    if (made) ids.push(made.id);
  }
  return [...new Set(ids)];
}

/** Makes these the services of an incident. */
export async function setServices(tx: Sql, incidentId: string, serviceIds: readonly string[]): Promise<void> {
  await tx.delete(incidentServices).where(eq(incidentServices.incidentId, incidentId));
  if (serviceIds.length > 0) {
    await tx.insert(incidentServices).values(serviceIds.map((serviceId) => ({ incidentId, serviceId })));
  }
}

/** The names of services, for the words of an event. */
export async function serviceNames(q: Sql, serviceIds: readonly string[]): Promise<string[]> {
  if (serviceIds.length === 0) return [];
  const found = await q
    .select({ name: services.name })
    .from(services)
    .where(inArray(services.id, [...serviceIds]));
  return found.map((service) => service.name).sort();
}

/** The ids of an incident's services, sorted. */
export async function currentServiceIds(q: Sql, incidentId: string): Promise<string[]> {
  const found = await q
    .select({ serviceId: incidentServices.serviceId })
    .from(incidentServices)
    .where(eq(incidentServices.incidentId, incidentId));
  return found.map((row) => row.serviceId).sort();
}
