import { and, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { users } from "#/db/schema/index.ts";
import { type Actor, can } from "#/server/access/index.ts";

export type Decider = { actor: Actor } | { refusal: string };

/**
 * Who acts for an address outside of the building: its account, when its role allows it. An address without an account
 * acts by itself only where `byLink` is given: an administrator put it on the list of those who hear.
 */
export async function deciderOf(q: Sql, email: string, options: { byLink: boolean }): Promise<Decider> {
  const [user] = await q
    .select()
    .from(users)
    .where(and(eq(sql`lower(${users.email})`, email.toLowerCase())));
  if (!user) {
    if (options.byLink) return { actor: { kind: "system", name: `${email}, by link` } };
    return {
      refusal: `Nobody in Muster has the address ${email}. Sign in there, or ask an administrator for an account.`,
    };
  }
  if (user.disabledAt) return { refusal: "This account was disabled." };
  const actor: Actor = { kind: "user", userId: user.id, name: user.name, email: user.email, role: user.role };
  if (!can(actor, "incidents.write"))
    return { refusal: "Your account may read, not decide. An administrator can change that." };
  return { actor };
}
