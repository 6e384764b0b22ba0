import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentPresence, invitations, rosterRoles, slackChannels, users } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor, recordEvent, touchRoom } from "#/server/events/index.ts";
import { findIncident, type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import {
  archiveSlackChannel,
  createSlackChannel,
  findSlackChannel,
  inviteToSlackChannel,
  type SendFailure,
  setSlackTopic,
  slackIdentity,
  slackUserByEmail,
  unarchiveSlackChannel,
} from "#/server/notify/index.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";
import { addCard, backoffMs, wishedMs } from "#/server/updates/index.ts";
import { CHANNEL_ATTEMPTS_MAX, channelName, channelTopic, NAMES_TRIED_MAX } from "./channel-rules.ts";
import { CHANNEL_JOB, type ChannelRow, channelOf } from "./open-channel.ts";

type Work = { core: Core; slack: SlackSettings; incident: IncidentRow; row: ChannelRow };
type Done = { ok: true } | SendFailure;

const ok = { ok: true } as const;
/** People brought in by one run; the rest by the next, so that no run takes longer than a job may. */
const INVITES_PER_RUN = 5;
/** A channel that was made this long before its row was not made for it. */
const CLOCK_TOLERANCE_MS = 60_000;

async function save(work: Work, change: Partial<ChannelRow>): Promise<void> {
  await work.core.db.read.update(slackChannels).set(change).where(eq(slackChannels.incidentId, work.incident.id));
  Object.assign(work.row, change);
}

type Made = { ok: true; id: string; name: string } | SendFailure;

/** Makes the channel under the first name that is free. One that an earlier, cut-off try made is taken as it is. */
async function make({ core, slack, incident, row }: Work, botUserId: string): Promise<Made> {
  for (let n = 0; n < NAMES_TRIED_MAX; n += 1) {
    const name = channelName(incident, n);
    const made = await createSlackChannel(slack, name);
    if (made.ok || made.code !== "name_taken") return made;
    const known = await findSlackChannel(slack, name);
    if (!known.ok) return known;
    const { channel } = known;
    const since = row.requestedAt.getTime() - CLOCK_TOLERANCE_MS;
    if (
      channel?.creator === botUserId &&
      channel.createdAt.getTime() >= since &&
      !(await isUsed(core.db.read, channel.id))
    ) {
      return { ok: true, id: channel.id, name };
    }
  }
  return { ok: false, kind: "permanent", reason: "Every name that Muster tried is taken in Slack." };
}

async function isUsed(q: Sql, channelId: string): Promise<boolean> {
  const found = await q
    .select({ id: slackChannels.incidentId })
    .from(slackChannels)
    .where(eq(slackChannels.channelId, channelId));
  return found.length > 0;
}

/** Says that it is open, and puts the incident's card into it; one transaction. */
async function announce(
  work: Work,
  channel: { id: string; name: string; url: string; botUserId: string },
): Promise<void> {
  const { core, incident, row } = work;
  const ctx = ctxFor(core, { kind: "system", name: row.requestedByName });
  const opened = {
    state: "open" as const,
    channelId: channel.id,
    name: channel.name,
    url: channel.url,
    botUserId: channel.botUserId,
    openedAt: core.now(),
    archivedAt: null,
    lastError: null,
    attempts: 0,
  };
  await core.db.transaction(async (tx) => {
    const now = await lockIncident(tx, ctxFor(core, systemActor), incident.id);
    const current = await channelOf(tx, incident.id);
    // Somebody did not want it any more meanwhile: it is kept in mind, so that it goes to the archive.
    if (current?.state !== "opening") {
      await tx
        .update(slackChannels)
        .set({ channelId: channel.id, name: channel.name, url: channel.url })
        .where(eq(slackChannels.incidentId, incident.id));
      await core.queue.enqueue(tx, CHANNEL_JOB, { incidentId: incident.id });
      return;
    }
    await tx.update(slackChannels).set(opened).where(eq(slackChannels.incidentId, incident.id));
    await addCard(tx, ctx, now, channel.id);
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "slack.channel_opened",
      data: { name: `#${channel.name}` },
      parts: ["chat"],
    });
    await core.queue.enqueue(tx, CHANNEL_JOB, { incidentId: incident.id });
  });
}

async function open(work: Work): Promise<Done> {
  const { slack, row } = work;
  const identity = await slackIdentity(slack);
  if (!identity.ok) return identity;
  const botUserId = identity.userId;
  if (row.channelId) {
    const back = await unarchiveSlackChannel(slack, row.channelId);
    if (back.ok) {
      await announce(work, { id: row.channelId, name: row.name, url: row.url, botUserId });
      return ok;
    }
    if (back.kind !== "permanent") return back;
    // Most workspaces do not give a channel back to an app: people talk on in a new one.
  }
  const made = await make(work, botUserId);
  if (!made.ok) return made;
  const url = `${identity.url.replace(/\/$/, "")}/archives/${made.id}`;
  await save(work, { invited: [], topic: "" });
  await announce(work, { id: made.id, name: made.name, url, botUserId });
  return ok;
}

async function archive(work: Work): Promise<Done> {
  const { slack, row, core } = work;
  if (row.archivedAt || !row.channelId) return ok;
  const done = await archiveSlackChannel(slack, row.channelId);
  if (!done.ok) return done;
  await save(work, { archivedAt: core.now(), lastError: null, attempts: 0 });
  return ok;
}

async function setTopic(work: Work, channelId: string): Promise<Done> {
  const { core, slack, incident, row } = work;
  const [commander] = await core.db.read
    .select({ name: users.name })
    .from(rosterRoles)
    .innerJoin(users, eq(users.id, rosterRoles.holderId))
    .where(and(eq(rosterRoles.incidentId, incident.id), eq(rosterRoles.role, "commander")));
  const url = `${core.config.publicUrl}/incidents/${incident.reference}`;
  const topic = channelTopic({ ...incident, commander: commander?.name ?? null, url });
  if (topic === row.topic) return ok;
  const done = await setSlackTopic(slack, channelId, topic);
  if (!done.ok) return done;
  await save(work, { topic });
  return ok;
}

/** Addresses of those who belong in the channel: who asked for it, holders, who was asked and who came. */
async function wantedPeople(q: Sql, { incident, row }: Work): Promise<string[]> {
  const held = q.select({ id: rosterRoles.holderId }).from(rosterRoles).where(eq(rosterRoles.incidentId, incident.id));
  const asked = q
    .select({ id: invitations.userId })
    .from(invitations)
    .where(and(eq(invitations.incidentId, incident.id), isNull(invitations.declinedAt)));
  const came = q
    .select({ id: incidentPresence.userId })
    .from(incidentPresence)
    .where(eq(incidentPresence.incidentId, incident.id));
  const ids = new Set(
    [...(await held), ...(await asked), ...(await came)].map(({ id }) => id).filter((id) => id !== null),
  );
  if (row.requestedById) ids.add(row.requestedById);
  if (ids.size === 0) return [];
  const found = await q
    .select({ email: sql<string>`lower(${users.email})` })
    .from(users)
    .where(and(inArray(users.id, [...ids]), isNull(users.disabledAt)));
  return found.map(({ email }) => email);
}

/** Brings in who belongs there and was not yet; each once, so that who leaves stays away. `true`: there are more. */
async function invite(work: Work, channelId: string): Promise<{ ok: true; hasMore: boolean } | SendFailure> {
  const { core, slack, row } = work;
  const wanted = await wantedPeople(core.db.read, work);
  const missing = wanted.filter((email) => !row.invited.includes(email) && !row.unknown.includes(email));
  for (const email of missing.slice(0, INVITES_PER_RUN)) {
    const known = await slackUserByEmail(slack, email);
    if (!known.ok) return known;
    if (!known.userId) {
      await save(work, { unknown: [...row.unknown, email] });
      await touch(core, work.incident.id);
      continue;
    }
    const done = await inviteToSlackChannel(slack, channelId, known.userId);
    if (!done.ok) return done;
    await save(work, { invited: [...row.invited, email] });
  }
  return { ok: true, hasMore: missing.length > INVITES_PER_RUN };
}

async function touch(core: Core, incidentId: string): Promise<void> {
  const ctx: Ctx = ctxFor(core, systemActor);
  await core.db.transaction((tx) => touchRoom(tx, ctx, incidentId, ["chat"]));
}

async function keep(work: Work): Promise<Done> {
  const { core, row, incident } = work;
  if (!row.channelId) return ok;
  const topic = await setTopic(work, row.channelId);
  if (!topic.ok) return topic;
  const invited = await invite(work, row.channelId);
  if (!invited.ok) return invited;
  if (row.lastError || row.attempts > 0) {
    await save(work, { lastError: null, attempts: 0 });
    await touch(core, incident.id);
  }
  if (invited.hasMore) {
    await core.db.transaction((tx) => core.queue.enqueue(tx, CHANNEL_JOB, { incidentId: incident.id }));
  }
  return ok;
}

/** Writes down what did not work: tried again at Slack's own time, or given up with the reason in the room. */
async function recordFailure({ core, incident, row }: Work, failure: SendFailure): Promise<void> {
  const attempts = row.attempts + 1;
  const isLast = failure.kind === "permanent" || attempts >= CHANNEL_ATTEMPTS_MAX;
  await core.db.transaction(async (tx) => {
    const current = await channelOf(tx, incident.id);
    const state = isLast && current?.state === "opening" ? ("failed" as const) : current?.state;
    await tx
      .update(slackChannels)
      .set({ attempts, lastError: failure.reason, ...(state && { state }) })
      .where(eq(slackChannels.incidentId, incident.id));
    await touchRoom(tx, ctxFor(core, systemActor), incident.id, ["chat"]);
    if (isLast) return;
    const wish = failure.retryAfterMs;
    const pause = wish === undefined ? backoffMs(attempts, Math.random()) : wishedMs(wish);
    const startAt = new Date(core.now().getTime() + pause);
    await core.queue.enqueue(tx, CHANNEL_JOB, { incidentId: incident.id }, { startAt });
  });
}

/**
 * Brings an incident's channel in Slack to where it should be: made, in the archive, with its people and its topic.
 * Safe to repeat at any point: each step is written down when Slack has confirmed it.
 */
export async function syncChannel(core: Core, incidentId: string): Promise<void> {
  const row = await channelOf(core.db.read, incidentId);
  const { slack } = await readSettings(core.db.read, core);
  if (!row || !slack || row.state === "failed") return;
  const incident = await findIncident(core.db.read, { actor: systemActor }, incidentId);
  const work: Work = { core, slack, incident, row };
  const steps = { opening: open, open: keep, archived: archive };
  const done = await steps[row.state](work);
  if (!done.ok) await recordFailure(work, done);
}
