import { and, desc, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import { type Core, type Ctx, type EventType, type RecordedEvent, textIn } from "#/server/events/index.ts";
import { findIncident, type IncidentRow } from "#/server/incidents/index.ts";
import { openTarget } from "#/server/notify/index.ts";
import { maskedTellLine } from "#/server/notify/shared/tell-target.ts";
import {
  addDeliveries,
  cardsOf,
  type Decision,
  decisionOf,
  type NewDelivery,
  type TriageWord,
} from "#/server/updates/index.ts";
import { startTellingAgain, stopTelling, wordOf } from "./tell-people.ts";

/** The messages that said that it waits: the reminders in Slack, and once each webhook and pager. Cards keep themselves. */
async function toldDeliveries(tx: Sql, incidentId: string) {
  const sent = await tx
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.incidentId, incidentId),
        eq(deliveries.kind, "triage"),
        inArray(deliveries.channel, ["slack", "webhook", "pagerduty", "opsgenie"]),
      ),
    )
    .orderBy(desc(deliveries.createdAt));
  const cards = new Set((await cardsOf(tx, incidentId)).map((card) => card.id));
  const seen = new Set<string>();
  return sent.filter((row) => {
    if (row.channel === "slack") return !cards.has(row.id);
    const isNew = !seen.has(`${row.channel} ${row.destination}`);
    seen.add(`${row.channel} ${row.destination}`);
    return isNew;
  });
}

/** Edits the reminders, ends the pages: everybody who was told by something that can be corrected hears how it went. */
async function tellDecision(tx: Sql, ctx: Ctx, incident: IncidentRow, decision: Decision): Promise<void> {
  const told = await toldDeliveries(tx, incident.id);
  if (told.length === 0) return;
  const wanted: NewDelivery[] = [];
  const { authSecret } = ctx.config;
  const now = await wordOf(tx, ctx, incident, { wave: 0, minutes: 0, isFallback: false, decision });
  for (const row of told) {
    // A merged incident's card goes on naming the incident that it was about.
    const word: TriageWord = {
      ...now,
      wave: Number(row.payload.wave ?? 0),
      isDeclared: row.payload.isDeclared === true,
    };
    const subject = { incidentId: incident.id, updateId: null, kind: "decision" as const, channel: row.channel };
    if (row.channel === "slack") {
      wanted.push({ ...subject, destination: row.destination, payload: { ...word, corrects: row.id } });
      continue;
    }
    const target = openTarget(authSecret, row.payload.target);
    if (!target) continue;
    const payload = { ...word, target: row.payload.target };
    wanted.push({ ...subject, destination: maskedTellLine(target), payload });
  }
  await addDeliveries(tx, ctx, wanted);
}

const decisive: readonly EventType[] = [
  "incident.accepted",
  "incident.declined",
  "incident.merged",
  "incident.resolved",
  "incident.reopened",
];

async function onDecision(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  await stopTelling(tx, ctx, event.incidentId);
  const incident = await findIncident(tx, { actor: { kind: "system", name: "Muster" } }, event.incidentId);
  if (incident.mode === "drill" || incident.visibility === "private") return;
  const decision = decisionOf(event.type, ctx.actor.name, event.data);
  if (decision) await tellDecision(tx, ctx, incident, decision);
}

/** What a route declared is somebody's when somebody commands it. */
async function onCommand(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  if (event.data.role !== "commander") return;
  const incident = await findIncident(tx, { actor: { kind: "system", name: "Muster" } }, event.incidentId);
  if (incident.status === "triage" || !(await stopTelling(tx, ctx, incident.id))) return;
  if (incident.mode === "drill" || incident.visibility === "private") return;
  const by = textIn(event.data, "holderName") || ctx.actor.name;
  await tellDecision(tx, ctx, incident, { what: "accepted", by, text: `✓ ${by} took command.` });
}

/** Has those who were told hear what was decided, in the transaction that decides it. Before the queue starts. */
export function registerDecisions(core: Core): void {
  for (const type of decisive) core.handlers.on(type, onDecision);
  for (const type of ["role.claimed", "role.assigned", "role.accepted"] as const) core.handlers.on(type, onCommand);
  core.handlers.on("incident.unmerged", async (tx, ctx, event) => {
    const incident = await findIncident(tx, { actor: { kind: "system", name: "Muster" } }, event.incidentId);
    await startTellingAgain(tx, ctx, incident);
  });
}
