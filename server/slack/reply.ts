import type { Core } from "#/server/events/index.ts";
import { answerSlackLater, fitPlain, type SlackMessage, type SlackPiece, slackMessage } from "#/server/notify/index.ts";
import { isAppError, messageOf } from "#/server/platform/errors.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";

/** Slack shows an error after 3 s: half a second for the way here and half for the way back. */
export const ANSWER_WITHIN_MS = 2_000;

/** What somebody sees who asked, and nobody else. */
export type Reply = SlackMessage;

/** A reply of one sentence. Pure. */
export function say(body: string, link?: { text: string; url: string }): Reply {
  return { heading: "", body, context: link ? [link] : [] };
}

/** A reply of lines. Pure. */
export function sayLines(heading: string, lines: readonly (readonly SlackPiece[])[]): Reply {
  return { heading: "", body: heading, lines, context: [] };
}

/** The body of the answer to a command. Pure. */
export function ephemeral(reply: Reply): Record<string, unknown> {
  return { response_type: "ephemeral", ...slackMessage(reply) };
}

/** What went wrong, for whoever asked; what nobody expected is logged and said in plain words. */
export function sayError(core: Core, error: unknown): Reply {
  if (isAppError(error)) return say(fitPlain(error.message, 1_000));
  core.log.error({ error: messageOf(error) }, "a request from Slack failed");
  return say("Something went wrong in Muster, and nothing was changed. Try again, or use the room.");
}

/**
 * Waits for a reply as long as Slack does; one that comes later goes to the address that Slack gave for it, and until
 * then whoever asked reads that it is on its way.
 */
export async function replyInTime(
  core: Core,
  slack: SlackSettings,
  responseUrl: string,
  work: Promise<Reply | null>,
): Promise<Reply | null> {
  const reply = work.catch((error: unknown) => sayError(core, error));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ANSWER_WITHIN_MS);
  });
  const first = await Promise.race([reply, late]);
  clearTimeout(timer);
  if (first !== "late") return first;
  void reply.then(async (message) => {
    if (!message) return;
    const sent = await answerSlackLater(slack, responseUrl, message);
    if (!sent.ok) core.log.warn({ reason: sent.reason }, "a late answer did not reach Slack");
  });
  return say("Muster is at it; the answer comes in a moment.");
}
