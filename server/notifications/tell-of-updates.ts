import { and, eq, inArray, ne } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { plannedUpdates, users } from "#/db/schema/index.ts";
import { type Core, type EventType, textIn } from "#/server/events/index.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import { utcText } from "#/server/updates/index.ts";
import type { ApprovalRule } from "#/server/updates/shared/planned.ts";
import { alarmOutside, commanderOf, holderOf, usersOf, whoIsHere, whoTakesPart, whoWasTold } from "./alarm-people.ts";
import { ALARM_PEOPLE_MAX } from "./rules.ts";
import { incidentOf, notify, settle } from "./store.ts";
import { type Told, tell } from "./told.ts";

/** What a planned update is about, for settling: everyone who could approve it has nothing left to do. */
const approvalOf = (plannedId: string) => `approval:${plannedId}`;
const DUE = "update-due";
/** As much of the text as a notification shows. */
const EXCERPT_LENGTH = 300;

/** Those of these people who may publish. */
async function publishers(tx: Sql, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const found = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(inArray(users.id, [...new Set(ids)]), ne(users.role, "viewer")));
  return found.map((row) => row.id);
}

/** Who can approve: the commander; where any second person can, who leads or writes, and who is here. */
async function approversOf(tx: Sql, incidentId: string, rule: ApprovalRule, askedById: string): Promise<string[]> {
  const commander = await commanderOf(tx, incidentId);
  if (rule === "commander" && commander.length > 0) return commander;
  const writer = await holderOf(tx, incidentId, "communications");
  const near = await publishers(tx, [...commander, ...writer, ...(await whoIsHere(tx, incidentId))]);
  const others = near.filter((id) => id !== askedById);
  if (others.length > 0) return others;
  // Nobody is near: whoever ever took part.
  return (await publishers(tx, await whoTakesPart(tx, incidentId))).filter((id) => id !== askedById);
}

async function tellApprovers(told: Told): Promise<void> {
  const { tx, event, incident } = told;
  const plannedId = textIn(event.data, "plannedId");
  const [row] = await tx.select().from(plannedUpdates).where(eq(plannedUpdates.id, plannedId));
  if (!row) return;
  const rule = (await updateRulesAt(tx, incident)).approvalFor(row.audience);
  const isLed = (await commanderOf(tx, incident.id)).length > 0;
  const people = await approversOf(tx, incident.id, rule, row.askedById ?? "");
  const text = typeof row.content.body === "string" ? row.content.body.slice(0, EXCERPT_LENGTH) : "";
  const what = row.kind === "correction" ? "a correction" : "an update";
  const lead = rule === "commander" && !isLed ? "Nobody commands: take the role to approve it. " : "";
  // Who was asked for an earlier text and is not asked for this one has nothing left to do.
  await settle(tx, told.ctx, incident.id, approvalOf(plannedId));
  await notify(tx, told.ctx, incident, people.slice(0, ALARM_PEOPLE_MAX), {
    kind: "approval",
    subject: approvalOf(plannedId),
    // One event may ask for several: a new commander is asked for all that wait.
    cause: `approval:${plannedId}:${event.id}`,
    entryId: event.id,
    title: `${row.askedByName} asks you to approve ${what} of ${incident.reference}`,
    body: `${lead}${text}`,
  });
}

/** Whoever commands now is the one who is asked: what waits for a commander waits for them. */
async function tellNewCommander(told: Told): Promise<void> {
  const { tx, event, incident } = told;
  if (textIn(event.data, "role") !== "commander") return;
  const waiting = await tx
    .select()
    .from(plannedUpdates)
    .where(and(eq(plannedUpdates.incidentId, incident.id), eq(plannedUpdates.state, "waiting")));
  const rules = await updateRulesAt(tx, incident);
  for (const row of waiting) {
    if (rules.approvalFor(row.audience) !== "commander") continue;
    await tellApprovers({ ...told, event: { ...event, data: { plannedId: row.id } } });
  }
}

async function settleApproval({ tx, ctx, event, incident }: Told): Promise<void> {
  await settle(tx, ctx, incident.id, approvalOf(textIn(event.data, "plannedId")));
}

/** Whoever asked hears what came of it, and a commander who was passed over hears that too. */
async function tellOutcome(told: Told): Promise<void> {
  const { tx, ctx, event, incident } = told;
  await settleApproval(told);
  const { reference } = incident;
  const asker = textIn(event.data, "askedById");
  const reason = textIn(event.data, "reason");
  const what = textIn(event.data, "kind") === "correction" ? "correction" : "update";
  const subject = `outcome:${textIn(event.data, "plannedId")}`;
  const at = textIn(event.data, "publishAt");
  const isLater = at !== "" && new Date(at) > ctx.now();
  const outcome = (title: string, body: string) => ({ kind: "update" as const, subject, title, body });
  if (event.type === "update.approved") {
    const body = isLater ? `It goes out at ${utcText(new Date(at))}.` : "It is on its way.";
    await tell(told, [asker], outcome(`${ctx.actor.name} approved your ${what} of ${reference}`, body));
  } else if (event.type === "update.approval_declined") {
    await tell(told, [asker], outcome(`${ctx.actor.name} declined your ${what} of ${reference}`, reason));
  } else if (event.type === "update.approval_bypassed") {
    const title = `${ctx.actor.name} let ${what === "update" ? "an update" : "a correction"} of ${reference} out without approval`;
    await tell(told, [...(await commanderOf(tx, incident.id)), asker], outcome(title, reason));
  } else {
    const people = [
      asker,
      ...(await holderOf(tx, incident.id, "communications")),
      ...(await commanderOf(tx, incident.id)),
    ];
    await tell(told, people, outcome(`A scheduled ${what} of ${reference} was not published`, reason));
  }
}

/** Whom an update that is due calls: who writes updates, then the commander too, then everyone. */
async function tellOverdue(told: Told): Promise<void> {
  const { tx, ctx, event, incident } = told;
  const step = Number(event.data.step) || 0;
  const minutes = Number(event.data.minutes) || 0;
  const late = minutes > 0 ? `is ${minutes} min late` : "is due";
  const title = `The next update of ${incident.reference} ${late}`;
  const what = { kind: "update" as const, subject: DUE, title, body: incident.title };
  const writer = await publishers(tx, await holderOf(tx, incident.id, "communications"));
  const commander = await commanderOf(tx, incident.id);
  if (step < 2) {
    const led = step === 0 && writer.length > 0 ? writer : [...writer, ...commander];
    const people = led.length > 0 ? led : await publishers(tx, await whoIsHere(tx, incident.id));
    await tell(told, people.slice(0, ALARM_PEOPLE_MAX), what);
    return;
  }
  const { emails, owners } = await whoWasTold(tx, ctx, incident.id);
  const known = await usersOf(tx, emails);
  const part = await whoTakesPart(tx, incident.id);
  const people = [...new Set([...writer, ...commander, ...part, ...owners, ...known.map((user) => user.id)])];
  await tell(told, people.slice(0, ALARM_PEOPLE_MAX), what);
  const hasAccount = new Set(known.map((user) => user.email));
  const others = emails.filter((email) => !hasAccount.has(email));
  await alarmOutside(told, title, incident.title, others);
}

async function settleDue({ tx, ctx, event, incident }: Told): Promise<void> {
  const { fields } = event.data;
  if (event.type === "incident.changed" && !(Array.isArray(fields) && fields.includes("nextUpdateDueAt"))) return;
  await settle(tx, ctx, incident.id, DUE);
}

const handlers: [EventType, (told: Told) => Promise<void>][] = [
  ["update.approval_asked", tellApprovers],
  ["role.claimed", tellNewCommander],
  ["role.assigned", tellNewCommander],
  ["role.accepted", tellNewCommander],
  ["role.taken_over", tellNewCommander],
  ["update.plan_cancelled", settleApproval],
  ["update.approval_lifted", settleApproval],
  ["update.approved", tellOutcome],
  ["update.approval_declined", tellOutcome],
  ["update.approval_bypassed", tellOutcome],
  ["update.refused", tellOutcome],
  ["update.overdue", tellOverdue],
  ["update.published", settleDue],
  ["incident.changed", settleDue],
  ["incident.resolved", settleDue],
  ["incident.closed", settleDue],
  ["incident.declined", settleDue],
  ["incident.merged", settleDue],
];

/** Tells people of updates that wait for them or are due, in the transaction of the event; before the queue starts. */
export function registerUpdateNotifications(core: Core): void {
  for (const [type, handle] of handlers) {
    core.handlers.on(type, async (tx, ctx, event) => {
      const incident = await incidentOf(tx, event.incidentId);
      if (incident) await handle({ tx, ctx, event, incident });
    });
  }
}
