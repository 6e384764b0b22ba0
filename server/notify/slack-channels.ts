import type { SendFailure } from "./outcome.ts";
import { clientOf, SLACK_TIMEOUT_MS, type SlackCredentials, slackFailure } from "./slack.ts";

/** Channels that are looked through by name; a workspace with more needs another name. */
const PAGES_MAX = 5;
const PAGE_CHANNELS = 1_000;
/** Slack takes 250 characters of a topic. */
export const TOPIC_LENGTH_MAX = 250;

type Failed = SendFailure;
export type SlackChannel = { id: string; name: string; creator: string; createdAt: Date; isArchived: boolean };

/** A call whose answer may be lost: done again it does the same, so nobody has to wonder. */
async function repeatable<T>(work: () => Promise<T>): Promise<{ ok: true; value: T } | Failed> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const failure = slackFailure(error);
    return failure.kind === "unknown" ? { ...failure, kind: "retry" } : failure;
  }
}

const client = (credentials: SlackCredentials) => clientOf(credentials, SLACK_TIMEOUT_MS);

/** Whom the token belongs to, where the workspace is, and what the token may do. */
export async function slackIdentity(credentials: SlackCredentials) {
  const answer = await repeatable(() => client(credentials).auth.test());
  if (!answer.ok) return answer;
  const { url = "", user_id = "", team = "", user = "", response_metadata } = answer.value;
  return { ok: true as const, url, userId: user_id, team, user, scopes: response_metadata?.scopes ?? [] };
}

/**
 * Makes a public channel. After a lost answer the name is taken: whoever calls looks whether by us.
 * The failure's `code` is `name_taken` for a name that exists, also in the archive.
 */
export async function createSlackChannel(
  credentials: SlackCredentials,
  name: string,
): Promise<{ ok: true; id: string; name: string } | Failed> {
  const answer = await repeatable(() => client(credentials).conversations.create({ name, is_private: false }));
  if (!answer.ok) return answer;
  const { channel } = answer.value;
  return channel?.id
    ? { ok: true, id: channel.id, name: channel.name ?? name }
    : { ok: false, kind: "retry", reason: "Slack did not say which channel it made." };
}

/** A channel by its name, among the public ones that are not archived; undefined when it is not found. */
export async function findSlackChannel(
  credentials: SlackCredentials,
  name: string,
): Promise<{ ok: true; channel: SlackChannel | undefined } | Failed> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const asked = { limit: PAGE_CHANNELS, exclude_archived: true, types: "public_channel", ...(cursor && { cursor }) };
    const answer = await repeatable(() => client(credentials).conversations.list(asked));
    if (!answer.ok) return answer;
    const found = answer.value.channels?.find((channel) => channel.name === name);
    if (found?.id) {
      const { id, creator = "", created = 0, is_archived: isArchived = false } = found;
      return { ok: true, channel: { id, name, creator, createdAt: new Date(created * 1000), isArchived } };
    }
    cursor = answer.value.response_metadata?.next_cursor || undefined;
    if (!cursor) break;
  }
  return { ok: true, channel: undefined };
}

/** Sets a channel's topic, plain text. Safe to repeat. */
export async function setSlackTopic(credentials: SlackCredentials, channel: string, topic: string) {
  return repeatable(() => client(credentials).conversations.setTopic({ channel, topic }));
}

/** Answers that leave nothing to do: they are in it, or can never be. */
const NOTHING_TO_INVITE = [
  "already_in_channel",
  "cant_invite_self",
  "cant_invite",
  "user_not_found",
  "no_user",
  "user_is_restricted",
  "user_is_ultra_restricted",
  "user_team_not_in_channel",
  "ura_max_channels",
];

/** Brings somebody into a channel. Safe to repeat; who is in it already, or cannot be, is no failure. */
export async function inviteToSlackChannel(credentials: SlackCredentials, channel: string, user: string) {
  const answer = await repeatable(() => client(credentials).conversations.invite({ channel, users: user }));
  return !answer.ok && NOTHING_TO_INVITE.includes(answer.code ?? "") ? { ok: true as const, value: undefined } : answer;
}

/** The account of an address; undefined when Slack knows nobody by it. */
export async function slackUserByEmail(
  credentials: SlackCredentials,
  email: string,
): Promise<{ ok: true; userId: string | undefined } | Failed> {
  const answer = await repeatable(() => client(credentials).users.lookupByEmail({ email }));
  if (answer.ok) return { ok: true, userId: answer.value.user?.id };
  return answer.code === "users_not_found" ? { ok: true, userId: undefined } : answer;
}

/** Archives a channel. Safe to repeat: one that is archived, or gone, stays so. */
export async function archiveSlackChannel(credentials: SlackCredentials, channel: string) {
  const answer = await repeatable(() => client(credentials).conversations.archive({ channel }));
  const isOver = !answer.ok && ["already_archived", "channel_not_found"].includes(answer.code ?? "");
  return isOver ? { ok: true as const, value: undefined } : answer;
}

/** Takes a channel out of the archive. Most workspaces do not let an app do that: the failure is permanent then. */
export async function unarchiveSlackChannel(credentials: SlackCredentials, channel: string) {
  const answer = await repeatable(() => client(credentials).conversations.unarchive({ channel }));
  return !answer.ok && answer.code === "not_archived" ? { ok: true as const, value: undefined } : answer;
}
