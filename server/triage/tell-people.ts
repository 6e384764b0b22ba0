import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, incidentServices, incidents, rosterRoles, services, tellings } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor, recordEvent } from "#/server/events/index.ts";
import { type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { isMailAddress, sealTarget } from "#/server/notify/index.ts";
import { maskedTellLine, type TellTarget, tellLine } from "#/server/notify/shared/tell-target.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { isReachable, readSettings, tellTargetsOfIncident } from "#/server/settings/index.ts";
import {
  addDeliveries,
  type Decision,
  type NewDelivery,
  type TriageWord,
  whoMaySeeByAddress,
} from "#/server/updates/index.ts";
import { toldText, type Wave, wavesOf } from "./rules.ts";

export const TELL_JOB = "triage.tell";
const MINUTE_MS = 60_000;

function unique(targets: readonly TellTarget[]): TellTarget[] {
  return [...new Map(targets.map((target) => [tellLine(target).toLowerCase(), target])).values()];
}

/** Everybody and everything that hears of an incident first: Slack's channel, the organisation's list, its services'. */
export async function tellTargetsOf(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  settings: Settings,
): Promise<TellTarget[]> {
  const channel = settings.slack?.channel;
  const ofChannel: TellTarget[] = channel ? [{ kind: "slack", to: channel, region: "us" }] : [];
  return unique([...ofChannel, ...settings.tell, ...(await tellTargetsOfIncident(tx, ctx, incident.id))]);
}

/** Those who can be reached, and who may know: of a private incident the accounts that may see it. */
async function withoutOutsiders(
  tx: Sql,
  incident: IncidentRow,
  targets: readonly TellTarget[],
  settings: Settings,
): Promise<TellTarget[]> {
  const reachable = targets.filter((target) => isReachable(target, settings));
  const fit = reachable.filter((target) => target.kind !== "email" || isMailAddress(target.to));
  if (incident.visibility !== "private") return fit;
  const emails = fit.filter((target) => target.kind === "email");
  const members = await whoMaySeeByAddress(
    tx,
    incident.id,
    emails.map((target) => target.to),
  );
  return emails.filter((target) => members.includes(target.to.toLowerCase()));
}

/** Pagers repeat by themselves: each is told once, and again only when that failed. */
async function withoutPaged(tx: Sql, incidentId: string, targets: readonly TellTarget[]): Promise<TellTarget[]> {
  const paged = await tx
    .select({ destination: deliveries.destination })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.incidentId, incidentId),
        eq(deliveries.kind, "triage"),
        inArray(deliveries.channel, ["pagerduty", "opsgenie"]),
        inArray(deliveries.state, ["queued", "sending", "retrying", "sent"]),
      ),
    );
  const known = new Set(paged.map((row) => row.destination));
  return targets.filter((target) => !known.has(maskedTellLine(target)));
}

/** What an incident's word says now. */
export async function wordOf(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  about: { wave: number; minutes: number; isFallback: boolean; decision?: Decision },
): Promise<TriageWord> {
  const names = await tx
    .select({ name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incident.id));
  return {
    incidentId: incident.id,
    reference: incident.reference,
    title: incident.title,
    severity: incident.severity ?? incident.suggestedSeverity,
    services: names.map((service) => service.name),
    url: `${ctx.config.publicUrl}/incidents/${incident.reference}`,
    wave: about.wave,
    waitingMinutes: about.minutes,
    isFallback: about.isFallback,
    isPrivate: incident.visibility === "private",
    isDeclared: incident.status !== "triage",
    decision: about.decision ?? null,
  };
}

/** The delivery of a word to one target; keys go into the row encrypted. Pure but for the cipher. */
export function deliveryTo(ctx: Ctx, target: TellTarget, kind: "triage" | "decision", word: TriageWord): NewDelivery {
  const subject = { incidentId: word.incidentId, updateId: null, kind };
  if (target.kind === "email" || target.kind === "slack") {
    return { ...subject, channel: target.kind, destination: target.to, payload: { ...word } };
  }
  const payload = { ...word, target: sealTarget(ctx.config.authSecret, target) };
  return { ...subject, channel: target.kind, destination: maskedTellLine(target), payload };
}

async function sendWave(tx: Sql, ctx: Ctx, incident: IncidentRow, number: number, wave: Wave): Promise<number> {
  const settings = await readSettings(tx, ctx);
  const first = await tellTargetsOf(tx, ctx, incident, settings);
  const all = wave.withFallback ? unique([...first, ...settings.fallbackTell]) : first;
  const isOfFirst = new Set(first.map(tellLine));
  const targets = await withoutPaged(tx, incident.id, await withoutOutsiders(tx, incident, all, settings));
  const about = { wave: number, minutes: wave.atMinutes };
  const word = await wordOf(tx, ctx, incident, { ...about, isFallback: false });
  await addDeliveries(
    tx,
    ctx,
    targets.map((target) =>
      deliveryTo(ctx, target, "triage", { ...word, isFallback: !isOfFirst.has(tellLine(target)) }),
    ),
  );
  const withFallback = targets.some((target) => !isOfFirst.has(tellLine(target)));
  await recordEvent(tx, ctx, {
    incidentId: incident.id,
    type: "people.told",
    data: {
      slack: targets.some((target) => target.kind === "slack"),
      emails: targets.filter((target) => target.kind === "email").length,
      wave: number,
      text: toldText({ targets, ...about, withFallback }),
    },
    parts: ["updates"],
  });
  return targets.length;
}

/** Plans the next wave, or the end after the last one. */
async function plan(tx: Sql, ctx: Ctx, incidentId: string, startedAt: Date, next: number): Promise<void> {
  const wave = wavesOf((await readSettings(tx, ctx)).telling)[next];
  const nextAt = wave ? new Date(startedAt.getTime() + wave.atMinutes * MINUTE_MS) : null;
  await tx
    .update(tellings)
    .set({ wave: next - 1, nextAt, endedAt: nextAt ? null : ctx.now() })
    .where(eq(tellings.incidentId, incidentId));
  if (nextAt) await ctx.queue.enqueue(tx, TELL_JOB, { incidentId, wave: next }, { startAt: nextAt });
}

/**
 * Tells people that a triage incident opened, in the transaction that opens it, and plans the next wave.
 * When nobody can be told, the timeline says so. Drills tell nobody.
 */
async function tellOpening(tx: Sql, ctx: Ctx, incident: IncidentRow): Promise<void> {
  const startedAt = ctx.now();
  await tx.insert(tellings).values({ incidentId: incident.id, startedAt }).onConflictDoNothing();
  await sendWave(tx, ctx, incident, 0, { atMinutes: 0, withFallback: false });
  await plan(tx, ctx, incident.id, startedAt, 1);
}

/** Nobody has it yet: it is in triage, or a route declared it and nobody commands. */
async function isAwaited(tx: Sql, incident: IncidentRow): Promise<boolean> {
  if (incident.status === "triage") return true;
  if (!isOpen(incident.status)) return false;
  const commands = await tx
    .select({ id: rosterRoles.incidentId })
    .from(rosterRoles)
    .where(
      and(eq(rosterRoles.incidentId, incident.id), eq(rosterRoles.role, "commander"), isNotNull(rosterRoles.holderId)),
    );
  return commands.length === 0;
}

/**
 * Tells people again that nobody has accepted. One transaction with its deliveries and the plan of the next wave.
 * Safe to repeat: a wave goes out once, and none after somebody decided.
 */
export async function tellAgain(core: Core, incidentId: string, number: number): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const known = await tx.select({ id: incidents.id }).from(incidents).where(eq(incidents.id, incidentId));
    if (known.length === 0) return;
    const incident = await lockIncident(tx, ctx, incidentId);
    const [telling] = await tx.select().from(tellings).where(eq(tellings.incidentId, incidentId)).for("update");
    if (!telling || telling.endedAt || telling.wave >= number || !(await isAwaited(tx, incident))) return;
    const planned = wavesOf((await readSettings(tx, ctx)).telling)[number];
    const minutes = Math.round((ctx.now().getTime() - telling.startedAt.getTime()) / MINUTE_MS);
    // The settings may have changed since: what is due now is told as it is now.
    if (planned) await sendWave(tx, ctx, incident, number, { ...planned, atMinutes: Math.max(minutes, 1) });
    await plan(tx, ctx, incidentId, telling.startedAt, number + 1);
  });
}

/** Somebody decided: nobody is told again. Answers whether anybody still was. In the caller's transaction. */
export async function stopTelling(tx: Sql, ctx: Ctx, incidentId: string): Promise<boolean> {
  const stopped = await tx
    .update(tellings)
    .set({ endedAt: ctx.now(), nextAt: null })
    .where(and(eq(tellings.incidentId, incidentId), isNull(tellings.endedAt)))
    .returning({ incidentId: tellings.incidentId });
  return stopped.length > 0;
}

/** Taken out of a merge it waits again: people hear at the next interval. In the caller's transaction. */
export async function startTellingAgain(tx: Sql, ctx: Ctx, incident: IncidentRow): Promise<void> {
  if (incident.status !== "triage" || incident.mode === "drill") return;
  const startedAt = ctx.now();
  const fresh = { startedAt, wave: 0, nextAt: null, endedAt: null };
  await tx
    .insert(tellings)
    .values({ incidentId: incident.id, ...fresh })
    .onConflictDoUpdate({ target: tellings.incidentId, set: fresh });
  await plan(tx, ctx, incident.id, startedAt, 1);
}

/** Has every new triage incident told, and every one that a route declared; `recover` plans again what a restored database lost. Before the queue starts. */
export function registerTelling(core: Core): { recover(): Promise<void> } {
  core.handlers.on("incident.triaged", async (tx, ctx, event) => {
    const [incident] = await tx.select().from(incidents).where(eq(incidents.id, event.incidentId));
    if (incident && incident.mode !== "drill") await tellOpening(tx, ctx, incident);
  });
  core.handlers.on("incident.declared", async (tx, ctx, event) => {
    if (event.data.routeId === undefined) return;
    const [incident] = await tx.select().from(incidents).where(eq(incidents.id, event.incidentId));
    if (incident && incident.mode !== "drill") await tellOpening(tx, ctx, incident);
  });
  core.queue.work(TELL_JOB, {}, (data) => tellAgain(core, String(data.incidentId), Number(data.wave)));
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        const waiting = await tx
          .select()
          .from(tellings)
          .where(and(isNull(tellings.endedAt), isNotNull(tellings.nextAt)));
        for (const { incidentId, wave, nextAt } of waiting) {
          const startAt = nextAt ?? core.now();
          await core.queue.enqueue(tx, TELL_JOB, { incidentId, wave: wave + 1 }, { startAt });
        }
      }),
  };
}
