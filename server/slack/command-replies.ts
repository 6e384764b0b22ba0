import { eq } from "drizzle-orm";
import { incidentPresence, invitations, rosterRoles, users } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { type IncidentRow, presentIncident } from "#/server/incidents/index.ts";
import type { SlackPiece } from "#/server/notify/index.ts";
import { slackOfIncident } from "#/server/updates/index.ts";
import { type Reply, sayLines } from "./reply.ts";
import { LISTED_MAX, linkTo, openInSlack } from "./which-incident.ts";

const commands: readonly (readonly [string, string])[] = [
  ["/muster declare [sev2] title", "Declare an incident; without a title a dialog asks"],
  ["/muster update [identified] [text]", "Publish an update: a dialog shows where it goes"],
  ["/muster status [identified]", "What is open and how it stands, or change the status"],
  ["/muster severity sev1", "Change the severity"],
  ["/muster role [commander] [@person]", "Who does what; take a role, or give it to somebody; `release` gives it back"],
  ["/muster who", "Who is on the incident"],
  ["/muster page @person [message]", "Ask somebody to come; `page checkout: message` asks a service's people"],
  ["/muster resolve [what fixed it]", "Resolve the incident"],
  ["/muster channel", "Open a channel for the incident"],
];

/** Every command in a line. Pure. */
export function helpReply(): Reply {
  return sayLines(
    "In an incident's own channel these are about that incident; elsewhere name it: /muster status INC-42 identified.",
    commands.map(([command, about]) => [{ strong: command }, `  ${about}`]),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** All that is open, a line each. */
export async function openReply(ctx: Ctx): Promise<Reply> {
  const open = await openInSlack(ctx.db.read);
  if (open.length === 0) return sayLines("No incident is open.", []);
  const lines = open.map((row): SlackPiece[] => {
    const { url } = linkTo(row, ctx);
    const severity = row.severity ?? row.suggestedSeverity ?? "no severity";
    return [{ text: row.reference, url }, `  ${severity} · ${capital(row.status)} · ${row.title}`];
  });
  const more = open.length === LISTED_MAX ? `The newest ${LISTED_MAX} open incidents:` : "Open incidents:";
  return sayLines(more, lines);
}

/** How one incident stands: what its card says. */
export async function statusReply(ctx: Ctx, row: IncidentRow): Promise<Reply> {
  return slackOfIncident(ctx.db.read, ctx, row.id);
}

/** Who holds which role. */
export async function rolesReply(ctx: Ctx, row: IncidentRow): Promise<Reply> {
  const view = await presentIncident(ctx.db.read, row);
  return sayLines(
    `Roles of ${row.reference}:`,
    view.roles.map((role) => {
      const offered = role.offeredTo ? `, offered to ${role.offeredTo.name}` : "";
      const open = role.isRequired ? "nobody, and it is needed" : "nobody";
      return [{ strong: role.role }, `  ${role.holder?.name ?? open}${offered}`];
    }),
  );
}

/** Everybody on the incident, and how far each is: role, in the room, asked. */
export async function whoReply(ctx: Ctx, row: IncidentRow): Promise<Reply> {
  const q = ctx.db.read;
  const people = new Map<string, { name: string; facts: string[] }>();
  const add = (id: string, name: string, fact: string) => {
    const known = people.get(id) ?? { name, facts: [] };
    known.facts.push(fact);
    people.set(id, known);
  };
  const held = await q
    .select({ id: users.id, name: users.name, role: rosterRoles.role })
    .from(rosterRoles)
    .innerJoin(users, eq(users.id, rosterRoles.holderId))
    .where(eq(rosterRoles.incidentId, row.id));
  for (const { id, name, role } of held) add(id, name, role);
  const came = await q
    .select({ id: users.id, name: users.name, leftAt: incidentPresence.leftAt })
    .from(incidentPresence)
    .innerJoin(users, eq(users.id, incidentPresence.userId))
    .where(eq(incidentPresence.incidentId, row.id));
  for (const { id, name, leftAt } of came) add(id, name, leftAt ? "was in the room" : "in the room now");
  const asked = await q
    .select({ id: users.id, name: users.name, row: invitations })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.userId))
    .where(eq(invitations.incidentId, row.id));
  for (const { id, name, row: invitation } of asked) {
    if (!invitation.joinedAt) add(id, name, invitation.declinedAt ? "cannot come" : "asked to come");
  }
  if (people.size === 0) return sayLines(`Nobody is on ${row.reference} yet.`, []);
  return sayLines(
    `On ${row.reference}:`,
    [...people.values()].map(({ name, facts }) => [{ strong: name }, `  ${facts.join(", ")}`]),
  );
}
