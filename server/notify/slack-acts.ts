import type { ModalView } from "@slack/web-api";
import { hmacSha256, sameSecret } from "#/server/platform/crypto.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { failed, type SendFailure } from "./outcome.ts";
import { clientOf, type SlackCredentials, slackFailure } from "./slack.ts";
import { type SlackMessage, slackMessage } from "./slack-text.ts";

/** Slack takes a press as lost after 3 s, and shows a warning to whoever pressed. */
const ACT_TIMEOUT_MS = 2_500;
/** An answer that comes later has time, but not for ever. */
const LATER_TIMEOUT_MS = 10_000;
/** What was signed longer ago may be a copy. */
export const SLACK_SIGNATURE_AGE_MAX_MS = 5 * 60_000;
/** Where the addresses lie that Slack gives for later answers. */
const RESPONSE_ORIGIN = "https://hooks.slack.com";

export type SlackView = ModalView;

/** Whether a request was signed by Slack, within the last five minutes. Pure. */
export function isSignedBySlack(
  signingSecret: string,
  request: { timestamp: string | undefined; signature: string | undefined; body: string },
  now: Date,
): boolean {
  const { timestamp = "", signature = "", body } = request;
  const isFresh =
    /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() - Number(timestamp) * 1000) <= SLACK_SIGNATURE_AGE_MAX_MS;
  const expected = `v0=${hmacSha256(signingSecret, `v0:${timestamp}:${body}`).toString("hex")}`;
  return isFresh && sameSecret(signature, expected);
}

/** Somebody in Slack: their address, null when they have none that can be trusted, and what they are called. */
export type SlackPerson = { ok: true; email: string | null; name: string };

/**
 * Who somebody in Slack is. Needs the permission `users:read.email`.
 * Bots, removed accounts, people of other workspaces and addresses that were not confirmed have no address here: what
 * they type in their profile is no proof of who they are.
 */
export async function slackPersonOf(
  credentials: SlackCredentials,
  userId: string,
  timeoutMs = ACT_TIMEOUT_MS,
): Promise<SlackPerson | SendFailure> {
  try {
    const { user } = await clientOf(credentials, timeoutMs).users.info({ user: userId });
    const profile = user?.profile;
    const isOwn = !user?.is_bot && !user?.deleted && !user?.is_stranger && (user?.is_email_confirmed ?? true) === true;
    const name = profile?.display_name || profile?.real_name || user?.real_name || user?.name || "Somebody in Slack";
    return { ok: true, email: (isOwn && profile?.email) || null, name };
  } catch (error) {
    return slackFailure(error);
  }
}

/** Opens a dialog for whoever pressed a button or typed a command; within 3 s of it. */
export async function openSlackView(
  credentials: SlackCredentials,
  triggerId: string,
  view: SlackView,
): Promise<{ ok: true } | SendFailure> {
  try {
    await clientOf(credentials, ACT_TIMEOUT_MS).views.open({ trigger_id: triggerId, view });
    return { ok: true };
  } catch (error) {
    return slackFailure(error);
  }
}

/** Says something to one person in a channel, that nobody else sees. */
export async function whisperInSlack(
  credentials: SlackCredentials,
  to: { channel: string; user: string; message: SlackMessage },
): Promise<{ ok: true } | SendFailure> {
  const { message, ...place } = to;
  try {
    await clientOf(credentials, ACT_TIMEOUT_MS).chat.postEphemeral({ ...place, ...slackMessage(message) });
    return { ok: true };
  } catch (error) {
    return slackFailure(error);
  }
}

/** Whether an address is Slack's own for later answers; the API may have been pointed elsewhere by the environment. Pure. */
export function isResponseUrl(credentials: Pick<SlackCredentials, "apiUrl">, responseUrl: string): boolean {
  if (!URL.canParse(responseUrl)) return false;
  const { origin } = new URL(responseUrl);
  return (
    origin === RESPONSE_ORIGIN || (credentials.apiUrl !== undefined && origin === new URL(credentials.apiUrl).origin)
  );
}

/** Answers a command or a press after Slack stopped waiting; seen by whoever asked alone. */
export async function answerSlackLater(
  credentials: SlackCredentials,
  responseUrl: string,
  message: SlackMessage,
): Promise<{ ok: true } | SendFailure> {
  if (!isResponseUrl(credentials, responseUrl)) return failed("permanent", "This is no address of Slack.");
  try {
    const response = await fetch(responseUrl, {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response_type: "ephemeral", replace_original: false, ...slackMessage(message) }),
      signal: AbortSignal.timeout(LATER_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok ? { ok: true } : failed("permanent", `Slack answered with HTTP ${response.status}.`);
  } catch (error) {
    return failed("unknown", `Slack did not answer: ${messageOf(error).slice(0, 200)}`);
  }
}
