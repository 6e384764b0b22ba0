import { and, eq } from "drizzle-orm";
import { rosterRoles, users } from "#/db/schema/index.ts";
import { can, userIdOf } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { roleName } from "#/server/roster/contract.ts";
import { acceptRole, claimRole, offerRole, releaseRole } from "#/server/roster/index.ts";
import { findPerson } from "./find-person.ts";
import { type Command, takeNamed, takeWord } from "./parse-command.ts";
import { type Reply, say } from "./reply.ts";
import type { Asked } from "./run-command.ts";
import { linkTo, whichIncident } from "./which-incident.ts";

async function holderOf(ctx: Ctx, row: IncidentRow, role: string) {
  const [found] = await ctx.db.read
    .select({ id: users.id, name: users.name })
    .from(rosterRoles)
    .innerJoin(users, eq(users.id, rosterRoles.holderId))
    .where(and(eq(rosterRoles.incidentId, row.id), eq(rosterRoles.role, role)));
  return found;
}

async function isOfferedToAsker(ctx: Ctx, row: IncidentRow, role: string): Promise<boolean> {
  const [found] = await ctx.db.read
    .select({ offeredToId: rosterRoles.offeredToId })
    .from(rosterRoles)
    .where(and(eq(rosterRoles.incidentId, row.id), eq(rosterRoles.role, role)));
  return found?.offeredToId !== null && found?.offeredToId === userIdOf(ctx.actor);
}

/** Takes a role that is free or was offered; a held one has to be offered by its holder. @throws AppError "conflict" */
export async function takeRole(ctx: Ctx, row: IncidentRow, role: string): Promise<Reply> {
  const input = { incident: row.id, role };
  if (await isOfferedToAsker(ctx, row, role)) await acceptRole(ctx, input);
  else await claimRole(ctx, input);
  return say(`You are ${role} of ${row.reference}.`, linkTo(row, ctx));
}

async function giveRole(asked: Asked, row: IncidentRow, role: string, words: string): Promise<Reply> {
  const { ctx, slack, people } = asked;
  const named = takeNamed(words);
  if (!named) throw new AppError("invalid", "Say to whom: mention them, or write their address.");
  const person = await findPerson(ctx, slack, people, named);
  if (person.userId === userIdOf(ctx.actor)) return takeRole(ctx, row, role);
  const holder = await holderOf(ctx, row, role);
  // A free role is filled; of a held one the other says yes first.
  if (!holder || (holder.id !== userIdOf(ctx.actor) && can(ctx.actor, "roster.assign"))) {
    await claimRole(ctx, { incident: row.id, role, userId: person.userId });
    return say(`${person.name} is ${role} of ${row.reference}.`, linkTo(row, ctx));
  }
  await offerRole(ctx, { incident: row.id, role, userId: person.userId });
  return say(`You offered ${role} of ${row.reference} to ${person.name}, who has to accept.`, linkTo(row, ctx));
}

/** `role commander`, `role commander @person`, `role commander release`. @throws AppError */
export async function roleCommand(asked: Asked, command: Command): Promise<Reply> {
  const { ctx, channelId } = asked;
  const { word, rest } = takeWord(command.rest);
  const parsed = roleName.safeParse(word);
  if (!parsed.success) {
    throw new AppError("invalid", "A role is one word, as commander, operations, communications or scribe.");
  }
  const role = parsed.data;
  const row = await whichIncident(ctx, command.reference, channelId);
  if (rest === "" || rest.toLowerCase() === "me") return takeRole(ctx, row, role);
  if (["release", "leave", "drop"].includes(rest.toLowerCase())) {
    await releaseRole(ctx, { incident: row.id, role });
    return say(`Nobody is ${role} of ${row.reference} now.`, linkTo(row, ctx));
  }
  return giveRole(asked, row, role, rest);
}
