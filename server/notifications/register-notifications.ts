import { and, eq } from "drizzle-orm";
import { invitations } from "#/db/schema/index.ts";
import { type Core, type EventType, textIn } from "#/server/events/index.ts";
import { alarmOutside, commanderOf, usersOf, whoIsHere, whoTakesPart, whoWasTold } from "./alarm-people.ts";
import { ALARM_PEOPLE_MAX } from "./rules.ts";
import { incidentOf, settle, settleCalls } from "./store.ts";
import { type Told, tell } from "./told.ts";

async function tellInvited(told: Told): Promise<void> {
  const { ctx, event, incident } = told;
  const message = textIn(event.data, "message");
  await tell(told, [textIn(event.data, "userId")], {
    kind: "invitation",
    subject: `invitation:${textIn(event.data, "invitationId")}`,
    title: `${ctx.actor.name} asks you to come to ${incident.reference}`,
    body: message ? `${incident.title}. ${message}` : incident.title,
  });
}

/** The invitation of whoever answered it has nothing left to say. */
async function settleInvitation({ tx, ctx, event, incident }: Told): Promise<void> {
  const userId = textIn(event.data, "userId");
  const [row] = await tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.incidentId, incident.id), eq(invitations.userId, userId)));
  if (row) await settle(tx, ctx, incident.id, `invitation:${row.id}`, { userId });
}

async function tellOffered(told: Told): Promise<void> {
  const { tx, ctx, event, incident } = told;
  const role = textIn(event.data, "role");
  const userId = textIn(event.data, "holderId");
  await settle(tx, ctx, incident.id, `role:${role}`, { except: userId });
  const isOffer = event.type === "role.offered";
  await tell(told, [userId], {
    kind: "role",
    subject: `role:${role}`,
    title: isOffer
      ? `${ctx.actor.name} offers you ${role} of ${incident.reference}`
      : `${ctx.actor.name} made you ${role} of ${incident.reference}`,
    body: incident.title,
  });
  if (!isOffer) await settle(tx, ctx, incident.id, `alarm:${role}`);
}

async function settleRole({ tx, ctx, event, incident }: Told): Promise<void> {
  const role = textIn(event.data, "role");
  await settle(tx, ctx, incident.id, `role:${role}`);
  const isHeld = event.type !== "role.declined" && event.type !== "role.withdrawn" && event.type !== "role.released";
  if (isHeld) await settle(tx, ctx, incident.id, `alarm:${role}`);
}

async function alarm(told: Told): Promise<void> {
  const { tx, ctx, event, incident } = told;
  const role = textIn(event.data, "role");
  const minutes = Number(event.data.minutes) || 0;
  const isCommander = role === "commander";
  const title = isCommander ? `Nobody commands ${incident.reference}` : `Nobody is ${role} in ${incident.reference}`;
  const body = `For ${minutes} min: ${incident.title}`;
  const what = { kind: "alarm" as const, subject: `alarm:${role}`, title, body };
  if (!isCommander) {
    await tell(told, [...(await commanderOf(tx, incident.id)), ...(await whoIsHere(tx, incident.id))], what);
    return;
  }
  const { emails, owners } = await whoWasTold(tx, ctx, incident.id);
  const known = await usersOf(tx, emails);
  const part = await whoTakesPart(tx, incident.id);
  const people = [...new Set([...part, ...owners, ...known.map((user) => user.id)])];
  await tell(told, people.slice(0, ALARM_PEOPLE_MAX), what);
  const hasAccount = new Set(known.map((user) => user.email));
  await alarmOutside(
    told,
    title,
    body,
    emails.filter((email) => !hasAccount.has(email)),
  );
}

/** It fired again after the end: the last commander chooses where it goes; without one, whoever took part. */
async function tellHeld(told: Told): Promise<void> {
  const { tx, event, incident } = told;
  const commander = await commanderOf(tx, incident.id);
  const people = commander.length > 0 ? commander : await whoTakesPart(tx, incident.id);
  await tell(told, people.slice(0, ALARM_PEOPLE_MAX), {
    kind: "alarm",
    subject: "held",
    title: `Fired again after ${incident.reference} ended`,
    body: `${textIn(event.data, "alertTitle")}. Reopen ${incident.reference}, attach it elsewhere, or open a new incident.`,
  });
}

async function settleHeld({ tx, ctx, incident }: Told): Promise<void> {
  await settle(tx, ctx, incident.id, "held");
}

async function tellTaskOwner(told: Told): Promise<void> {
  const { tx, ctx, event, incident } = told;
  const ownerId = textIn(event.data, "ownerId");
  const taskId = textIn(event.data, "taskId");
  if (event.type === "task.changed" && textIn(event.data, "status") !== "open") return settleTask(told);
  if (!ownerId) return;
  await settle(tx, ctx, incident.id, `task:${taskId}`, { except: ownerId });
  await tell(told, [ownerId], {
    kind: "task",
    subject: `task:${taskId}`,
    title: `${ctx.actor.name} gave you a task in ${incident.reference}`,
    body: textIn(event.data, "title"),
  });
}

async function tellOverdue(told: Told): Promise<void> {
  const { tx, event, incident } = told;
  const ownerId = textIn(event.data, "ownerId");
  const people = [...(ownerId ? [ownerId] : []), ...(await commanderOf(tx, incident.id))];
  await tell(told, people, {
    kind: "overdue",
    subject: `overdue:${textIn(event.data, "taskId")}`,
    title: `The time for a task in ${incident.reference} is over`,
    body: textIn(event.data, "title"),
  });
}

async function settleTask({ tx, ctx, event, incident }: Told): Promise<void> {
  const taskId = textIn(event.data, "taskId");
  await settle(tx, ctx, incident.id, `task:${taskId}`);
  await settle(tx, ctx, incident.id, `overdue:${taskId}`);
}

async function settleEnded({ tx, ctx, incident }: Told): Promise<void> {
  await settleCalls(tx, ctx, incident.id);
}

const handlers: Partial<Record<EventType, (told: Told) => Promise<void>>> = {
  "person.invited": tellInvited,
  "person.joined": settleInvitation,
  "person.declined": settleInvitation,
  "role.offered": tellOffered,
  "role.assigned": tellOffered,
  "role.claimed": settleRole,
  "role.accepted": settleRole,
  "role.taken_over": settleRole,
  "role.declined": settleRole,
  "role.withdrawn": settleRole,
  "role.released": settleRole,
  "role.unfilled": alarm,
  "alert.held": tellHeld,
  "incident.reopened": settleHeld,
  "task.created": tellTaskOwner,
  "task.changed": tellTaskOwner,
  "task.assigned": tellTaskOwner,
  "task.overdue": tellOverdue,
  "task.done": settleTask,
  "incident.resolved": settleEnded,
  "incident.closed": settleEnded,
  "incident.declined": settleEnded,
  "incident.merged": settleEnded,
};

/** Tells people what concerns them, in the transaction of the event that causes it; before the queue starts. */
export function registerNotifications(core: Core): void {
  for (const [type, handle] of Object.entries(handlers)) {
    core.handlers.on(type as EventType, async (tx, ctx, event) => {
      const incident = await incidentOf(tx, event.incidentId);
      if (incident) await handle({ tx, ctx, event, incident });
    });
  }
}
