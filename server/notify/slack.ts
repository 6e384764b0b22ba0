import {
  type KnownBlock,
  type Logger,
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from "@slack/web-api";
import { messageOf } from "#/server/platform/errors.ts";
import { failed, type SendFailure, type SendOutcome, sent } from "./outcome.ts";
import { type SlackMessage, slackMessage } from "./slack-text.ts";

/** What Slack is called with; `apiUrl` points the official client elsewhere. */
export type SlackCredentials = { botToken: string; apiUrl?: string | undefined };

/** Slack answers in well under a second; after this nobody knows whether it took the message. */
export const SLACK_TIMEOUT_MS = 10_000;
/** Messages read back when an answer was lost. */
const RECONCILE_MESSAGES = 100;
const METADATA_EVENT = "muster_delivery";

/** Slack's own trouble: the same call may work later. */
const TRANSIENT = [
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
];
/** Trouble in the middle of the work: some of it may be done. */
const DOUBTFUL = ["internal_error", "fatal_error", "request_timeout"];
const REASONS: Record<string, string> = {
  channel_not_found: "Slack does not know the channel, or Muster is not in it.",
  not_in_channel: "Muster is not a member of the Slack channel: invite it there.",
  is_archived: "The Slack channel is archived.",
  invalid_auth: "Slack does not accept the token.",
  not_authed: "Slack does not accept the token.",
  account_inactive: "The Slack token belongs to an account that was removed.",
  token_revoked: "The Slack token was revoked.",
  token_expired: "The Slack token has expired.",
  missing_scope:
    "The Slack token lacks a permission that this needs: compare the app with the manifest under Settings, Channels.",
  users_not_found: "Slack knows nobody with this person's e-mail address.",
  cannot_dm_bot: "Slack does not allow a direct message to this account.",
  user_disabled: "This person's Slack account was removed.",
  msg_too_long: "The message is too long for Slack.",
  msg_blocks_too_long: "The message is too long for Slack.",
  invalid_blocks: "Slack did not accept the form of the message.",
  message_not_found: "The message is no longer in Slack.",
  cant_update_message: "Slack does not allow this message to be edited.",
  edit_window_closed: "Slack no longer allows this message to be edited.",
  restricted_action: "A rule of the Slack workspace does not allow this.",
  name_taken: "A Slack channel of this name exists already.",
  user_is_restricted: "The Slack account that Muster uses may not do this.",
  method_not_supported_for_channel_type: "Slack does not allow this in a channel of this kind.",
};
/** The message that was to be answered is gone: the answer stands by itself then. */
const NO_THREAD = ["thread_not_found", "message_not_found", "cannot_reply_to_message"];

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** The official client for one call; exported for the calls of `slack-acts.ts`. */
export function clientOf(credentials: SlackCredentials, timeoutMs: number): WebClient {
  return new WebClient(credentials.botToken, {
    ...(credentials.apiUrl && { slackApiUrl: credentials.apiUrl }),
    timeout: timeoutMs,
    // The queue owns the schedule: the client neither repeats nor sleeps.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    logger: silent,
  });
}

/** Errors before a connection stood: nothing was handed over. */
const NOT_CONNECTED = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === "string" && code !== "slack_webapi_request_error") return code;
  }
  return "";
}

function doubtOf(isDoubtful: boolean): { isDoubtful?: true } {
  return isDoubtful ? { isDoubtful: true } : {};
}

/** What a failed call means. */
export function slackFailure(error: unknown): SendFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return failed("retry", "Slack asks to wait.", error.retryAfter * 1000);
  }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    if (TRANSIENT.includes(code)) {
      const extra = { code, ...doubtOf(DOUBTFUL.includes(code)) };
      return failed("retry", `Slack has a problem of its own (${code}).`, undefined, extra);
    }
    return failed("permanent", REASONS[code] ?? `Slack refused this (${code}).`, undefined, { code });
  }
  if (error instanceof WebAPIHTTPError) {
    const isTransient = error.statusCode >= 500 || error.statusCode === 429 || error.statusCode === 408;
    const reason = `Slack answered with HTTP ${error.statusCode}.`;
    return failed(isTransient ? "retry" : "permanent", reason, undefined, doubtOf(error.statusCode >= 500));
  }
  if (error instanceof WebAPIRequestError) {
    if (NOT_CONNECTED.includes(codeOf(error.original))) {
      return failed("retry", "Slack could not be reached.", undefined, { trouble: "service" });
    }
    return failed("unknown", "Slack took the message but did not answer: it may or may not have arrived.");
  }
  const text = messageOf(error);
  if (/retry header|rate limit/i.test(text)) return failed("retry", "Slack asks to wait.");
  return failed("unknown", `Slack's answer could not be read: ${text.slice(0, 200)}`);
}

function withoutDoubt({ isDoubtful: _, ...failure }: SendFailure): SendFailure {
  return failure.kind === "unknown" ? { ...failure, kind: "retry" } : failure;
}

/** Names a message for `chat.update`, which takes the id of a channel, not its name. */
function providerIdOf(channel: string | undefined, ts: string | undefined, asked: string): string {
  return `${channel ?? asked}/${ts ?? ""}`;
}

type Call = { credentials: SlackCredentials; message: SlackMessage; deliveryId: string; timeoutMs?: number };

function contentOf(call: Call): { text: string; blocks: KnownBlock[] } {
  return slackMessage(call.message);
}

/** The message that another one answers; `broadcast` shows the answer in the channel, too. */
export type SlackThread = { ts: string; broadcast: boolean };

/**
 * Posts one message; `providerId` names it afterwards. No repetition: the caller owns the schedule.
 * The delivery's id goes along as metadata, so that a message whose answer was lost can be found again. When the
 * message it answers was removed in Slack, it is posted by itself.
 */
export async function postSlackMessage(
  call: Call & { channel: string; thread?: SlackThread | undefined },
): Promise<SendOutcome> {
  const client = clientOf(call.credentials, call.timeoutMs ?? SLACK_TIMEOUT_MS);
  const { thread, ...alone } = call;
  const message = {
    channel: call.channel,
    ...contentOf(call),
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: METADATA_EVENT, event_payload: { delivery: call.deliveryId } },
  };
  try {
    const answer = thread
      ? await client.chat.postMessage(
          thread.broadcast
            ? { ...message, thread_ts: thread.ts, reply_broadcast: true }
            : { ...message, thread_ts: thread.ts },
        )
      : await client.chat.postMessage(message);
    return sent(providerIdOf(answer.channel, answer.ts, call.channel));
  } catch (error) {
    const failure = slackFailure(error);
    return thread && NO_THREAD.includes(failure.code ?? "") ? postSlackMessage(alone) : failure;
  }
}

/**
 * The channel of direct messages with whoever has this address in Slack. Safe to repeat.
 * Needs the permissions `users:read.email` and `im:write`.
 */
export async function openDirectMessage(call: {
  credentials: SlackCredentials;
  email: string;
  timeoutMs?: number;
}): Promise<{ ok: true; channel: string } | SendFailure> {
  const client = clientOf(call.credentials, call.timeoutMs ?? SLACK_TIMEOUT_MS);
  try {
    const { user } = await client.users.lookupByEmail({ email: call.email });
    if (!user?.id) return failed("permanent", REASONS.users_not_found ?? "");
    const { channel } = await client.conversations.open({ users: user.id });
    return channel?.id ? { ok: true, channel: channel.id } : failed("permanent", "Slack opened no conversation.");
  } catch (error) {
    const outcome = slackFailure(error);
    // Nothing was posted: there is nothing to be unsure about.
    return withoutDoubt(outcome);
  }
}

/** Edits a message in place. Safe to repeat. */
export async function updateSlackMessage(call: Call & { providerId: string }): Promise<SendOutcome> {
  const client = clientOf(call.credentials, call.timeoutMs ?? SLACK_TIMEOUT_MS);
  const [channel = "", ts = ""] = call.providerId.split("/");
  try {
    await client.chat.update({ channel, ts, ...contentOf(call) });
    return sent(call.providerId);
  } catch (error) {
    const outcome = slackFailure(error);
    // The same edit twice is the same message: there is nothing to be unsure about.
    return withoutDoubt(outcome);
  }
}

/** `unreadable`: Slack does not let us look; `later`: it could not be asked now. */
export type Found =
  | { state: "found"; providerId: string }
  | { state: "absent" }
  | { state: "unreadable" }
  | { state: "later"; why: SendFailure };

/** Looks in the channel's history, or in a thread, for a message whose answer was lost. Needs the permission to read it. */
export async function findSlackMessage(input: {
  credentials: SlackCredentials;
  channel: string;
  deliveryId: string;
  since: Date;
  /** The message that it answers. */
  threadTs?: string | undefined;
  timeoutMs?: number;
}): Promise<Found> {
  const client = clientOf(input.credentials, input.timeoutMs ?? SLACK_TIMEOUT_MS);
  const asked = {
    channel: input.channel,
    oldest: String(input.since.getTime() / 1000),
    include_all_metadata: true,
    limit: RECONCILE_MESSAGES,
  };
  try {
    const history = input.threadTs
      ? await client.conversations.replies({ ...asked, ts: input.threadTs })
      : await client.conversations.history(asked);
    // Without a list nothing was read, whatever the answer said.
    if (!Array.isArray(history.messages)) return { state: "unreadable" };
    const message = history.messages.find((one) => {
      const payload = one.metadata?.event_payload as { delivery?: unknown } | undefined;
      return one.metadata?.event_type === METADATA_EVENT && payload?.delivery === input.deliveryId;
    });
    if (message) return { state: "found", providerId: providerIdOf(input.channel, message.ts, input.channel) };
    return history.has_more ? { state: "unreadable" } : { state: "absent" };
  } catch (error) {
    const why = slackFailure(error);
    return why.ok || why.kind === "permanent" ? { state: "unreadable" } : { state: "later", why };
  }
}
