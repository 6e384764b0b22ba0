import { and, eq } from "drizzle-orm";
import { z } from "zod";
import type { Sql } from "#/db/client.ts";
import { slackChannels, slackMessages } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor, touchRoom } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";
import { mentionedIn, plainSlackText } from "./plain-text.ts";
import { MESSAGES_PER_INCIDENT_MAX } from "./shared/lists.ts";
import type { SlackPeople } from "./slack-people.ts";

const ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/);
const file = z.object({ name: z.string().optional(), title: z.string().optional() });
const spoken = z.object({
  ts,
  user: z.string().optional(),
  username: z.string().optional(),
  bot_id: z.string().optional(),
  app_id: z.string().optional(),
  bot_profile: z.object({ app_id: z.string().optional(), name: z.string().optional() }).optional(),
  text: z.string().default(""),
  thread_ts: ts.optional(),
  edited: z.object({ ts }).optional(),
  files: z.array(file).optional(),
  subtype: z.string().optional(),
});
export type Spoken = z.infer<typeof spoken>;

/** A message event: something said, what was said changed, or it was taken back. */
export const messageEvent = z.union([
  z.object({
    type: z.literal("message"),
    subtype: z.literal("message_changed"),
    channel: z.string(),
    message: spoken,
  }),
  z.object({ type: z.literal("message"), subtype: z.literal("message_deleted"), channel: z.string(), deleted_ts: ts }),
  spoken.extend({ type: z.literal("message"), channel: z.string() }),
]);
export type MessageEvent = z.infer<typeof messageEvent>;

/** What people say; joining, topics and the like are no talk. */
const talk = [undefined, "thread_broadcast", "file_share", "me_message", "bot_message"];

/** When Slack says that something was said. Pure. */
export function instantOf(slackTs: string): Date {
  return new Date(Math.round(Number(slackTs) * 1000));
}

type Channel = { incidentId: string; botUserId: string };

export async function mirroredChannel(q: Sql, channelId: string): Promise<Channel | undefined> {
  const [row] = await q
    .select({ incidentId: slackChannels.incidentId, botUserId: slackChannels.botUserId })
    .from(slackChannels)
    .where(eq(slackChannels.channelId, channelId));
  return row;
}

/** Muster's own messages stand in the timeline already. Pure. */
export function isOurs(said: Spoken, channel: Pick<Channel, "botUserId">, appId: string): boolean {
  if (said.user !== undefined && said.user === channel.botUserId) return true;
  return appId !== "" && (said.app_id === appId || said.bot_profile?.app_id === appId);
}

type Author = { id: string | null; name: string };
/** What a message is kept with; the last try does without the names that Slack does not give. */
export type Mirror = { people: SlackPeople; appId: string; isLastTry: boolean };

async function authorOf({ people, isLastTry }: Mirror, slack: SlackSettings, said: Spoken): Promise<Author> {
  if (!said.user) return { id: null, name: said.username ?? said.bot_profile?.name ?? "A bot" };
  const person = await people.find(slack, said.user);
  if (!person.ok) {
    if (person.kind !== "permanent" && !isLastTry) throw new AppError("unavailable", person.reason);
    // Nothing of what was said is lost for a name that Slack does not give.
    return { id: null, name: said.user };
  }
  const account = person.email ? await people.accountOf(person.email) : undefined;
  if (account && account !== "disabled") return { id: account.userId, name: account.name };
  return { id: null, name: person.name };
}

/** How many people of one message are asked for by name; the rest keep their ids. */
const MENTIONS_MAX = 10;

async function plainText(people: SlackPeople, slack: SlackSettings, said: Spoken): Promise<string> {
  const names = new Map<string, string>();
  for (const userId of mentionedIn(said.text).slice(0, MENTIONS_MAX)) {
    const person = await people.find(slack, userId);
    if (person.ok) names.set(userId, person.name);
  }
  const text = plainSlackText(said.text, (userId) => names.get(userId));
  const files = (said.files ?? []).map((one) => `[file: ${one.title || one.name || "without a name"}]`);
  return wellFormedText([text, ...files].filter(Boolean).join("\n"));
}

async function countIn(tx: Sql, incidentId: string): Promise<number> {
  return tx.$count(slackMessages, eq(slackMessages.incidentId, incidentId));
}

type Row = typeof slackMessages.$inferSelect;

async function find(tx: Sql, channelId: string, messageTs: string): Promise<Row | undefined> {
  const isThis = and(eq(slackMessages.channelId, channelId), eq(slackMessages.ts, messageTs));
  const [row] = await tx.select().from(slackMessages).where(isThis).for("update");
  return row;
}

/** Keeps what was said as it is now; an older version that comes late changes nothing. */
async function keep(tx: Sql, ctx: Ctx, incidentId: string, channelId: string, said: Kept): Promise<void> {
  const before = await find(tx, channelId, said.ts);
  if (before?.deletedAt) return;
  const isOlder = before && (said.editedAt?.getTime() ?? 0) <= (before.editedAt?.getTime() ?? 0);
  if (before && (isOlder || before.text === said.text)) return;
  if (!before && (await countIn(tx, incidentId)) >= MESSAGES_PER_INCIDENT_MAX) return;
  const seq = await touchRoom(tx, ctx, incidentId, ["chat"]);
  if (before) {
    const change = { text: said.text, editedAt: said.editedAt, seq };
    await tx.update(slackMessages).set(change).where(eq(slackMessages.id, before.id));
    return;
  }
  await tx
    .insert(slackMessages)
    .values({ ...said, incidentId, channelId, at: instantOf(said.ts), seq })
    .onConflictDoNothing();
}

type Kept = Pick<Row, "ts" | "threadTs" | "slackUserId" | "authorId" | "authorName" | "text" | "editedAt">;

/** Takes back what was said: its place stays, its text goes. One that was never seen is remembered as gone. */
async function remove(tx: Sql, ctx: Ctx, incidentId: string, channelId: string, messageTs: string): Promise<void> {
  const before = await find(tx, channelId, messageTs);
  if (before?.deletedAt) return;
  const seq = await touchRoom(tx, ctx, incidentId, ["chat"]);
  const gone = { text: "", deletedAt: ctx.now(), seq };
  if (before) {
    await tx.update(slackMessages).set(gone).where(eq(slackMessages.id, before.id));
    return;
  }
  await tx.insert(slackMessages).values({
    ...gone,
    incidentId,
    channelId,
    ts: messageTs,
    slackUserId: "",
    authorName: "Somebody",
    at: instantOf(messageTs),
  });
}

/**
 * Keeps a message of an incident's channel as Slack has it now. Safe to repeat, in any order: what was deleted stays so,
 * and the newest version counts. @throws AppError "unavailable" so that the job comes again
 */
export async function mirrorMessage(core: Core, mirror: Mirror, event: MessageEvent): Promise<void> {
  const channel = await mirroredChannel(core.db.read, event.channel);
  const { slack } = await readSettings(core.db.read, core);
  if (!channel) return;
  if (!slack) throw new AppError("unavailable", "Slack is not connected.");
  const ctx = ctxFor(core, systemActor);
  if ("deleted_ts" in event) {
    const { deleted_ts: messageTs } = event;
    await core.db.transaction((tx) => remove(tx, ctx, channel.incidentId, event.channel, messageTs));
    return;
  }
  const said: Spoken = "message" in event ? event.message : event;
  if (!talk.includes(said.subtype) || isOurs(said, channel, mirror.appId)) return;
  const author = await authorOf(mirror, slack, said);
  const kept: Kept = {
    ts: said.ts,
    threadTs: said.thread_ts && said.thread_ts !== said.ts ? said.thread_ts : null,
    slackUserId: said.user ?? said.bot_id ?? "",
    authorId: author.id,
    authorName: wellFormedText(author.name),
    text: await plainText(mirror.people, slack, said),
    editedAt: said.edited ? instantOf(said.edited.ts) : null,
  };
  await core.db.transaction((tx) => keep(tx, ctx, channel.incidentId, event.channel, kept));
}
