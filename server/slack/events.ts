import { eq } from "drizzle-orm";
import { z } from "zod";
import { slackChannels } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import { type Core, ctxFor, touchRoom } from "#/server/events/index.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { readSettings } from "#/server/settings/index.ts";
import { keepMessage } from "./keep-message.ts";
import { type MessageEvent, messageEvent, mirroredChannel, mirrorMessage } from "./mirror-message.ts";
import { requireSlack, type SignedRequest, takeRequest } from "./signed-request.ts";
import type { SlackPeople } from "./slack-people.ts";

export const EVENT_JOB = "slack.event";
/** Reactions that keep a message as a note. */
export const KEEP_REACTIONS = ["pushpin", "round_pushpin"];

const channelEvent = z.object({
  type: z.enum(["channel_archive", "channel_unarchive", "channel_deleted", "channel_rename"]),
  channel: z.union([z.string(), z.object({ id: z.string(), name: z.string() })]),
});
const reactionEvent = z.object({
  type: z.literal("reaction_added"),
  user: z.string(),
  reaction: z.string(),
  item: z.object({ type: z.literal("message"), channel: z.string(), ts: z.string() }),
});
const known = z.union([messageEvent, reactionEvent, channelEvent]);
type Known = z.infer<typeof known>;

const envelope = z.discriminatedUnion("type", [
  z.object({ type: z.literal("url_verification"), challenge: z.string().max(500) }),
  z.object({
    type: z.literal("event_callback"),
    event_id: z.string().min(1).max(200),
    api_app_id: z.string().default(""),
    event: z.record(z.string(), z.unknown()),
  }),
]);

function channelIdOf(event: Known): string {
  if (event.type === "reaction_added") return event.item.channel;
  return typeof event.channel === "string" ? event.channel : event.channel.id;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AppError("invalid", "The body is not JSON.");
  }
}

/**
 * Takes an event from Slack. What concerns the channel of an incident is stored with its job in one transaction before
 * the answer, once however often Slack repeats it; everything else is answered and forgotten.
 * @throws AppError "unauthenticated" | "invalid"
 */
export async function receiveEvent(core: Core, request: SignedRequest): Promise<{ challenge: string } | null> {
  await requireSlack(core, request);
  const parsed = envelope.safeParse(wellFormed(jsonOf(request.body)));
  if (!parsed.success) return null;
  if (parsed.data.type === "url_verification") return { challenge: parsed.data.challenge };
  const { event_id: eventId, api_app_id: appId } = parsed.data;
  const event = known.safeParse(parsed.data.event);
  if (!event.success) return null;
  const data = event.data;
  if (data.type === "reaction_added" && !KEEP_REACTIONS.includes(data.reaction)) return null;
  await core.db.transaction(async (tx) => {
    if (!(await mirroredChannel(tx, channelIdOf(data)))) return;
    const isNew = await takeRequest(tx, core, `event:${eventId}`, { isDone: true });
    if (isNew) await core.queue.enqueue(tx, EVENT_JOB, { event: data, appId });
  });
  return null;
}

/** Somebody archived, renamed or deleted the channel in Slack: the room shows it as it is. */
async function followChannel(core: Core, event: z.infer<typeof channelEvent>): Promise<void> {
  const channelId = channelIdOf(event);
  const change =
    event.type === "channel_rename"
      ? { name: typeof event.channel === "string" ? undefined : event.channel.name.slice(0, 80) }
      : event.type === "channel_unarchive"
        ? { state: "open" as const, archivedAt: null }
        : { state: "archived" as const, archivedAt: core.now() };
  await core.db.transaction(async (tx) => {
    const isThis = eq(slackChannels.channelId, channelId);
    const [row] = await tx.select().from(slackChannels).where(isThis);
    if (!row || (event.type === "channel_rename" && !change.name)) return;
    await tx.update(slackChannels).set(change).where(isThis);
    await touchRoom(tx, ctxFor(core, systemActor), row.incidentId, ["chat"]);
  });
}

async function keepReacted(
  core: Core,
  documents: Documents,
  people: SlackPeople,
  event: z.infer<typeof reactionEvent>,
): Promise<void> {
  const { slack } = await readSettings(core.db.read, core);
  if (!slack) return;
  const asker = await people.asker(slack, event.user);
  // A reaction asks nothing back: who may not keep notes has reacted, and that is all.
  if ("refusal" in asker) return;
  try {
    await keepMessage(asker.ctx, documents, { channelId: event.item.channel, ts: event.item.ts });
  } catch (error) {
    if (!isAppError(error) || error.code === "unavailable") throw error;
  }
}

/** Does what a stored event asks for. Safe to repeat. */
export async function handleEvent(
  core: Core,
  documents: Documents,
  people: SlackPeople,
  data: Record<string, unknown>,
  isLastTry: boolean,
): Promise<void> {
  const event = known.parse(data.event);
  if (event.type === "message") {
    return mirrorMessage(core, { people, isLastTry, appId: String(data.appId ?? "") }, event as MessageEvent);
  }
  if (event.type === "reaction_added") return keepReacted(core, documents, people, event);
  return followChannel(core, event);
}
