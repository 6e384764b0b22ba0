import type { ModalView } from "@slack/web-api";
import { hmacSha256, sameSecret } from "#/server/platform/crypto.ts";
import { failed, type SendFailure } from "./outcome.ts";
import { clientOf, type SlackCredentials, slackFailure } from "./slack.ts";

/** Slack takes a press as lost after 3 s, and shows a warning to whoever pressed. */
const ACT_TIMEOUT_MS = 2_500;
/** What was signed longer ago may be a copy. */
export const SLACK_SIGNATURE_AGE_MAX_MS = 5 * 60_000;

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

function asFailure(error: unknown): SendFailure {
  const outcome = slackFailure(error);
  return outcome.ok ? failed("retry", "Slack's answer could not be read.") : outcome;
}

/** The address of somebody in Slack. Needs the permission `users:read.email`. */
export async function slackAddressOf(
  credentials: SlackCredentials,
  userId: string,
): Promise<{ ok: true; email: string } | SendFailure> {
  try {
    const { user } = await clientOf(credentials, ACT_TIMEOUT_MS).users.info({ user: userId });
    const email = user?.profile?.email;
    return email ? { ok: true, email } : failed("permanent", "Slack does not say your e-mail address.");
  } catch (error) {
    return asFailure(error);
  }
}

/** Opens a dialog for whoever pressed a button; within 3 s of the press. */
export async function openSlackView(
  credentials: SlackCredentials,
  triggerId: string,
  view: SlackView,
): Promise<{ ok: true } | SendFailure> {
  try {
    await clientOf(credentials, ACT_TIMEOUT_MS).views.open({ trigger_id: triggerId, view });
    return { ok: true };
  } catch (error) {
    return asFailure(error);
  }
}

/** Says something to one person in a channel, that nobody else sees. The text is in Slack's own form. */
export async function whisperInSlack(
  credentials: SlackCredentials,
  to: { channel: string; user: string; text: string },
): Promise<{ ok: true } | SendFailure> {
  try {
    await clientOf(credentials, ACT_TIMEOUT_MS).chat.postEphemeral(to);
    return { ok: true };
  } catch (error) {
    return asFailure(error);
  }
}
