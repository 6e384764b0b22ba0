import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentMembers, users } from "#/db/schema/index.ts";

/** Those of these addresses that belong to an account which may see a private incident: its members, and owners. */
export async function whoMaySeeByAddress(tx: Sql, incidentId: string, addresses: readonly string[]): Promise<string[]> {
  if (addresses.length === 0) return [];
  const wanted = addresses.map((address) => address.toLowerCase());
  const isMember = sql`exists (select 1 from ${incidentMembers} where ${incidentMembers.incidentId} = ${incidentId} and ${incidentMembers.userId} = ${users.id})`;
  const found = await tx
    .select({ email: sql<string>`lower(${users.email})` })
    .from(users)
    .where(
      and(inArray(sql`lower(${users.email})`, wanted), isNull(users.disabledAt), or(eq(users.role, "owner"), isMember)),
    );
  return found.map((row) => row.email);
}
