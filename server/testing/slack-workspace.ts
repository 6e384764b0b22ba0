import { createHmac } from "node:crypto";
import { messageProblems, viewProblems } from "./block-kit.ts";

type Args = Record<string, unknown>;
type Answer = { ok: boolean; error?: string } & Record<string, unknown>;
export type SlackPost = {
  channel: string;
  ts: string;
  text: string;
  blocks: unknown[];
  threadTs: string | undefined;
  isBroadcast: boolean;
  metadata: unknown;
};
export type SlackUser = { id: string; email?: string; name: string; isBot?: boolean; isStranger?: boolean };
export type SlackChannelState = {
  id: string;
  name: string;
  creator: string;
  created: number;
  topic: string;
  members: Set<string>;
  isArchived: boolean;
};

export const BOT_USER = "UMUSTER";
const TEAM_ID = "T0ACME";
const NAME = /^[\p{Ll}\p{Lo}\p{N}_-]{1,80}$/u;
const refused = (error: string): Answer => ({ ok: false, error });
const text = (value: unknown): string => (typeof value === "string" ? value : "");

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/**
 * A Slack workspace as its Web API documents it, for the methods that are called here: it keeps channels, people and
 * messages, and refuses what Slack would refuse, blocks beyond the limits of Block Kit among it.
 *
 * People: those that a test adds; anybody else is known by `U-<address>`. A channel that was never made here exists.
 */
export function createSlackWorkspace() {
  const people = new Map<string, SlackUser>();
  const channels = new Map<string, SlackChannelState>();
  const posts: SlackPost[] = [];
  const views: { trigger: string; view: Record<string, unknown> }[] = [];
  /** Why something was refused, for the test's own words. */
  const problems: string[] = [];
  let serial = 0;
  const state = { canUnarchive: false };

  const nextTs = () => `1700000000.${String(++serial).padStart(6, "0")}`;
  const userOf = (id: string): SlackUser =>
    people.get(id) ?? {
      id,
      name: id.replace(/^U-/, "").split("@")[0] ?? id,
      ...(id.includes("@") && { email: id.slice(2) }),
    };

  function invalid(found: string[]): Answer | undefined {
    if (found.length === 0) return undefined;
    problems.push(...found);
    return { ...refused("invalid_blocks"), response_metadata: { messages: found } };
  }

  function messageIn(args: Args): { text: string; blocks: unknown[] } {
    return { text: text(args.text), blocks: (parsed(args.blocks) as unknown[] | undefined) ?? [] };
  }

  function place(args: Args): { channel: string } | Answer {
    const asked = text(args.channel);
    if (!asked) return refused("channel_not_found");
    const known = channels.get(asked);
    if (known?.isArchived) return refused("is_archived");
    return { channel: asked };
  }

  function post(args: Args): Answer {
    const where = place(args);
    if (!("channel" in where)) return where as Answer;
    const message = messageIn(args);
    const wrong = invalid(messageProblems(message));
    if (wrong) return wrong;
    const channel = String(where.channel);
    const threadTs = text(args.thread_ts) || undefined;
    if (threadTs && !posts.some((one) => one.channel === channel && one.ts === threadTs))
      return refused("thread_not_found");
    const ts = nextTs();
    const isBroadcast = String(args.reply_broadcast) === "true";
    posts.push({ channel, ts, ...message, threadTs, isBroadcast, metadata: parsed(args.metadata) });
    return { ok: true, channel, ts, message: { type: "message", ts, ...message } };
  }

  function update(args: Args): Answer {
    const known = posts.find((one) => one.channel === args.channel && one.ts === args.ts);
    const message = messageIn(args);
    const wrong = invalid(messageProblems(message));
    if (wrong) return wrong;
    if (known) Object.assign(known, message);
    return { ok: true, channel: text(args.channel), ts: text(args.ts), text: message.text };
  }

  function history(args: Args, wanted: (one: SlackPost) => boolean): Answer {
    const oldest = Number(args.oldest ?? 0);
    const found = posts.filter((one) => one.channel === args.channel && wanted(one));
    const messages = found.map(({ ts, text: said, metadata, threadTs }) => ({
      type: "message",
      ts,
      text: said,
      metadata,
      ...(threadTs && { thread_ts: threadTs }),
    }));
    // The clock of the tests is not Slack's: what was posted here counts as recent.
    return { ok: true, messages: messages.reverse(), has_more: false, oldest };
  }

  function create(args: Args): Answer {
    const name = text(args.name);
    if (!NAME.test(name)) return refused(name.length > 80 ? "invalid_name_maxlength" : "invalid_name_specials");
    if ([...channels.values()].some((one) => one.name === name)) return refused("name_taken");
    const channel = addChannel(name, BOT_USER);
    return { ok: true, channel: { id: channel.id, name, creator: channel.creator, created: channel.created } };
  }

  function addChannel(name: string, creator: string): SlackChannelState {
    const id = `C0NEW${String(channels.size + 1).padStart(5, "0")}`;
    const created = Math.floor(Date.now() / 1000);
    const channel = { id, name, creator, created, topic: "", members: new Set([creator]), isArchived: false };
    channels.set(id, channel);
    return channel;
  }

  function inChannel(args: Args, act: (channel: SlackChannelState) => Answer): Answer {
    const channel = channels.get(text(args.channel));
    return channel ? act(channel) : refused("channel_not_found");
  }

  const methods: Record<string, (args: Args) => Answer> = {
    "auth.test": () => ({
      ok: true,
      url: "https://acme.slack.com/",
      team: "Acme",
      user: "muster",
      team_id: TEAM_ID,
      user_id: BOT_USER,
      bot_id: "B0MUSTER",
    }),
    "chat.postMessage": post,
    "chat.update": update,
    "chat.postEphemeral": (args) => invalid(messageProblems(messageIn(args))) ?? { ok: true, message_ts: nextTs() },
    "views.open": (args) => {
      const view = parsed(args.view) as Record<string, unknown>;
      const wrong = invalid(viewProblems(view));
      if (wrong) return wrong;
      if (!args.trigger_id) return refused("invalid_arguments");
      views.push({ trigger: text(args.trigger_id), view });
      return { ok: true, view: { id: `V${views.length}`, ...view } };
    },
    "users.info": (args) => {
      const user = userOf(text(args.user));
      const profile = { display_name: user.name, real_name: user.name, email: user.email };
      const flags = { is_bot: user.isBot ?? false, is_stranger: user.isStranger ?? false, deleted: false };
      return { ok: true, user: { id: user.id, team_id: TEAM_ID, name: user.name, profile, ...flags } };
    },
    "users.lookupByEmail": (args) => {
      const email = text(args.email).toLowerCase();
      const known = [...people.values()].find((one) => one.email === email);
      return { ok: true, user: { id: known?.id ?? `U-${email}` } };
    },
    "conversations.open": (args) => ({ ok: true, channel: { id: `D-${text(args.users)}` } }),
    "conversations.create": create,
    "conversations.list": () => ({
      ok: true,
      channels: [...channels.values()]
        .filter((one) => !one.isArchived)
        .map(({ id, name, creator, created }) => ({ id, name, creator, created, is_archived: false })),
      response_metadata: { next_cursor: "" },
    }),
    "conversations.history": (args) => history(args, (one) => !one.threadTs || one.isBroadcast),
    "conversations.replies": (args) => history(args, (one) => one.threadTs === args.ts || one.ts === args.ts),
    "conversations.setTopic": (args) =>
      inChannel(args, (channel) => {
        if (channel.isArchived) return refused("is_archived");
        if (text(args.topic).length > 250) return refused("too_long");
        channel.topic = text(args.topic);
        return { ok: true };
      }),
    "conversations.invite": (args) =>
      inChannel(args, (channel) => {
        const users = text(args.users);
        if (channel.isArchived) return refused("is_archived");
        if (users === BOT_USER) return refused("cant_invite_self");
        if (channel.members.has(users)) return refused("already_in_channel");
        channel.members.add(users);
        return { ok: true, channel: { id: channel.id } };
      }),
    "conversations.archive": (args) =>
      inChannel(args, (channel) => {
        if (channel.isArchived) return refused("already_archived");
        channel.isArchived = true;
        return { ok: true };
      }),
    "conversations.unarchive": (args) =>
      inChannel(args, (channel) => {
        if (!state.canUnarchive) return refused("not_in_channel");
        if (!channel.isArchived) return refused("not_archived");
        channel.isArchived = false;
        return { ok: true };
      }),
  };

  return {
    people,
    channels,
    posts,
    views,
    problems,
    state,
    addChannel,
    /** What Slack answers to a call of its API. */
    answer: (method: string, args: Args): Answer => methods[method]?.(args) ?? refused("unknown_method"),
    clear(): void {
      people.clear();
      channels.clear();
      for (const one of [posts, views, problems]) one.length = 0;
      state.canUnarchive = false;
    },
  };
}
export type SlackWorkspace = ReturnType<typeof createSlackWorkspace>;

/** A request of Slack's, signed as Slack signs it. */
export function signedBySlack(
  secret: string,
  body: string,
  at: Date,
): { body: string; timestamp: string; signature: string; headers: Record<string, string> } {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  const headers = { "x-slack-request-timestamp": timestamp, "x-slack-signature": signature };
  return { body, timestamp, signature, headers };
}
