import { z } from "zod";
import type { Documents } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { whisperInSlack } from "#/server/notify/index.ts";
import { AppError, messageOf } from "#/server/platform/errors.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import { receiveEvent } from "./events.ts";
import { keepMessage } from "./keep-message.ts";
import { parseCommand } from "./parse-command.ts";
import { isOurButton, onPress, type Press } from "./press.ts";
import { ANSWER_WITHIN_MS, ephemeral, type Reply, replyInTime, say, sayError } from "./reply.ts";
import { runCommand } from "./run-command.ts";
import { doOnce, requestIdOf, requireSlack, type SignedRequest } from "./signed-request.ts";
import { createSlackPeople, type SlackPeople } from "./slack-people.ts";
import { onSubmission, type Submission, submittedView, writtenIn } from "./submit.ts";
import { readMetadata } from "./view-parts.ts";

/** What Slack itself takes of a command. */
const COMMAND_LENGTH_MAX = 4_000;
/** The shortcut of a message that keeps it as a note. */
export const KEEP_SHORTCUT = "message.keep";

const user = z.object({ id: z.string() });
const place = z.object({ id: z.string() });
const interaction = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("block_actions"),
    user,
    channel: place.optional(),
    trigger_id: z.string().default(""),
    response_url: z.string().default(""),
    actions: z.array(z.object({ action_id: z.string(), value: z.string().default("") })),
  }),
  z.object({ type: z.literal("view_submission"), user, view: submittedView }),
  z.object({
    type: z.literal("message_action"),
    user,
    channel: place,
    callback_id: z.string(),
    response_url: z.string().default(""),
    message: z.object({ ts: z.string() }),
  }),
]);
type Interaction = z.infer<typeof interaction>;
type Answer = Record<string, unknown> | null;

function interactionIn(body: string): Interaction | undefined {
  const payload = new URLSearchParams(body).get("payload");
  try {
    // Kinds that are not ours are nothing to answer: Slack would show an error to whoever pressed.
    return interaction.safeParse(JSON.parse(payload ?? "null")).data;
  } catch {
    throw new AppError("invalid", "The payload is not JSON.");
  }
}

/** Waits as long as Slack does; what takes longer goes on, is written into the log when it fails, and told to `onLate`. */
async function inTime(
  core: Core,
  work: Promise<Answer>,
  onLate?: (late: Promise<Answer>) => Promise<unknown>,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), ANSWER_WITHIN_MS);
  });
  work.catch((error: unknown) => core.log.error({ error: messageOf(error) }, "a press in Slack failed"));
  const first = await Promise.race([work, late]).finally(() => clearTimeout(timer));
  if (first !== "late") return first;
  onLate?.(work).catch((error: unknown) => core.log.error({ error: messageOf(error) }, "a late word to Slack failed"));
  return null;
}

type Door = { core: Core; documents: Documents; people: SlackPeople; slack: SlackSettings };
type To = { channel: string; user: string };

async function whisper({ core, slack }: Door, to: To, reply: Reply): Promise<null> {
  const sent = await whisperInSlack(slack, { ...to, message: reply });
  if (!sent.ok) core.log.warn({ reason: sent.reason }, "an answer did not reach Slack");
  return null;
}

async function pressed(door: Door, given: Extract<Interaction, { type: "block_actions" }>): Promise<null> {
  const [action] = given.actions;
  if (!action || !isOurButton(action.action_id)) return null;
  const press: Press = {
    actionId: action.action_id,
    incidentId: action.value,
    userId: given.user.id,
    channelId: given.channel?.id ?? "",
    triggerId: given.trigger_id,
  };
  const reply = await onPress({ ...door, press }).catch((error: unknown) => sayError(door.core, error));
  return reply && press.channelId ? whisper(door, { channel: press.channelId, user: press.userId }, reply) : null;
}

async function submitted(door: Door, submission: Submission): Promise<Answer> {
  const done = await onSubmission(door.core, door.slack, door.people, submission);
  if (!done) return null;
  if ("problems" in done) return done.problems;
  // What was said comes after the answer: the dialog closes first.
  if (done.reply) void whisperBelow(door, submission, done.reply);
  return null;
}

/** Says something where the dialog was asked for. */
async function whisperBelow(door: Door, { userId, view }: Submission, reply: Reply): Promise<void> {
  const { channelId } = readMetadata(view.private_metadata);
  if (channelId) await whisper(door, { channel: channelId, user: userId }, reply);
  else door.core.log.warn("an answer to a dialog has no channel to go to");
}

/** Slack closed the dialog before it was known that it is refused: whoever sent it hears so, and gets their words back. */
async function submittedLate(door: Door, submission: Submission, late: Promise<Answer>): Promise<void> {
  const answer = await late.catch((error: unknown) => sayError(door.core, error));
  if (!answer) return;
  const problems = "errors" in answer ? Object.values(answer.errors as Record<string, string>) : [];
  const refusal = "errors" in answer ? say(`Nothing was done: ${problems.join(" ")}`) : (answer as Reply);
  const words = writtenIn(submission.view);
  const body = words ? `${refusal.body}\n\nYou wrote:\n${words}` : refusal.body;
  await whisperBelow(door, submission, { ...refusal, body });
}

async function kept(door: Door, given: Extract<Interaction, { type: "message_action" }>): Promise<null> {
  if (given.callback_id !== KEEP_SHORTCUT) return null;
  const to = { channel: given.channel.id, user: given.user.id };
  const asker = await door.people.asker(door.slack, given.user.id);
  if ("refusal" in asker) return whisper(door, to, say(asker.refusal));
  const place = { channelId: given.channel.id, ts: given.message.ts };
  const reply = await keepMessage(asker.ctx, door.documents, place).then(
    ({ reference, isNew, noteId }) =>
      say(isNew ? "Kept as a note." : "It is a note already.", {
        text: `Open ${reference}`,
        url: `${door.core.config.publicUrl}/incidents/${reference}#t=${noteId}`,
      }),
    (error: unknown) => sayError(door.core, error),
  );
  return whisper(door, to, reply);
}

/** The three addresses at which Slack talks to us. Each does a request once, and answers within Slack's 3 s. */
export function createSlackDoor(core: Core, documents: Documents) {
  const people = createSlackPeople(core);

  return {
    /** `/muster …`. The answer is seen by whoever typed it alone; null when a dialog opens instead. @throws AppError "unauthenticated" */
    async command(request: SignedRequest): Promise<Answer> {
      const slack = await requireSlack(core, request);
      const form = new URLSearchParams(request.body);
      const channelId = form.get("channel_id") ?? "";
      return doOnce<Answer>(core, requestIdOf(request), async () => {
        const command = parseCommand((form.get("text") ?? "").slice(0, COMMAND_LENGTH_MAX));
        if (!command) return ephemeral(say("Muster does not know this command. /muster help names them all."));
        const work = async (): Promise<Reply | null> => {
          const asker = await people.asker(slack, form.get("user_id") ?? "");
          if ("refusal" in asker) return say(asker.refusal, { text: "Open Muster", url: core.config.publicUrl });
          const asked = { ctx: asker.ctx, slack, people, channelId, triggerId: form.get("trigger_id") ?? "" };
          return runCommand(asked, command);
        };
        const reply = await replyInTime(core, slack, form.get("response_url") ?? "", work());
        return reply && ephemeral(reply);
      });
    },
    /** Buttons, dialogs and shortcuts. @throws AppError "unauthenticated" | "invalid" */
    async interaction(request: SignedRequest): Promise<Answer> {
      const slack = await requireSlack(core, request);
      const given = interactionIn(request.body);
      if (!given) return null;
      const door: Door = { core, documents, people, slack };
      return doOnce<Answer>(core, requestIdOf(request), () => {
        if (given.type === "message_action") return inTime(core, kept(door, given));
        if (given.type === "block_actions") return inTime(core, pressed(door, given));
        const submission: Submission = { userId: given.user.id, view: given.view };
        return inTime(core, submitted(door, submission), (late) => submittedLate(door, submission, late));
      });
    },
    /** What happens in the channels of incidents. @throws AppError "unauthenticated" | "invalid" */
    event: (request: SignedRequest): Promise<Answer> => receiveEvent(core, request),
  };
}
export type SlackDoor = ReturnType<typeof createSlackDoor>;
