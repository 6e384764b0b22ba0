import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { services, users } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import type { Named } from "./parse-command.ts";
import type { SlackPeople } from "./slack-people.ts";

type Person = { id: string; name: string };
export type FoundPerson = { userId: string; name: string };

async function personByEmail(ctx: Ctx, email: string): Promise<FoundPerson> {
  const [user] = await ctx.db.read
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(and(eq(sql`lower(${users.email})`, email.toLowerCase()), isNull(users.disabledAt)));
  if (!user) throw new AppError("not_found", `Nobody in Muster has the address ${email}.`);
  return { userId: user.id, name: user.name };
}

function only(found: readonly Person[], name: string): Person | undefined {
  if (found.length > 1) {
    throw new AppError("invalid", `Several people are called ${name}: mention one of them, or write their address.`);
  }
  return found[0];
}

async function peopleNamed(ctx: Ctx, name: string): Promise<Person[]> {
  return ctx.db.read
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(and(eq(sql`lower(${users.name})`, name.toLowerCase()), isNull(users.disabledAt)))
    .orderBy(asc(users.name))
    .limit(2);
}

/** The account of somebody that a command names. @throws AppError "not_found" | "invalid" in words that say what to do */
export async function findPerson(
  ctx: Ctx,
  slack: SlackSettings,
  people: SlackPeople,
  named: Named,
): Promise<FoundPerson> {
  if (named.by === "email") return personByEmail(ctx, named.email);
  if (named.by === "mention") {
    const person = await people.find(slack, named.userId);
    if (!person.ok) throw new AppError("unavailable", `Muster could not find out who that is: ${person.reason}`);
    if (!person.email) throw new AppError("not_found", `Slack does not say the address of ${person.name}.`);
    return personByEmail(ctx, person.email);
  }
  const found = only(await peopleNamed(ctx, named.name), named.name);
  if (!found) {
    throw new AppError("not_found", `Nobody in Muster is called ${named.name}: mention them, or write their address.`);
  }
  return { userId: found.id, name: found.name };
}

/** Somebody, or a service whose people are meant. @throws AppError "not_found" | "invalid" */
export async function findPersonOrService(
  ctx: Ctx,
  slack: SlackSettings,
  people: SlackPeople,
  named: Named,
): Promise<{ userId: string } | { serviceId: string }> {
  if (named.by === "name") {
    const [service] = await ctx.db.read
      .select({ id: services.id })
      .from(services)
      .where(eq(sql`lower(${services.name})`, named.name.toLowerCase()));
    if (service) return { serviceId: service.id };
    if (!only(await peopleNamed(ctx, named.name), named.name)) {
      throw new AppError(
        "not_found",
        `Neither a service nor a person is called ${named.name}. A message goes behind a colon: /muster page checkout: please look.`,
      );
    }
  }
  const { userId } = await findPerson(ctx, slack, people, named);
  return { userId };
}
