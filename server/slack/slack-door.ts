import { z } from "zod";
import type { Documents } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { whisperInSlack } from "#/server/notify/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import { receiveEvent } from "./events.ts";
import { keepMessage } from "./keep-message.ts";
import { parseCommand } from "./parse-command.ts";
import { isOurButton, onPress, type Press } from "./press.ts";
import { ANSWER_WITHIN_MS, ephemeral, type Reply, replyInTime, say, sayError } from "./reply.ts";
import { runCommand } from "./run-command.ts";
import { doOnce, requestIdOf, requireSlack, type SignedRequest } from "./signed-request.ts";
import { createSlackPeople } from "./slack-people.ts";
import { onSubmission, type Submission, submittedView } from "./submit.ts";

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

/** The three addresses at which Slack talks to us. Each does a request once, and answers within Slack's 3 s. */
export function createSlackDoor(core: Core, documents: Documents) {
  const people = createSlackPeople(core);

  async function whisper(slack: SlackSettings, to: { channel: string; user: string }, reply: Reply): Promise<void> {
    const sent = await whisperInSlack(slack, { ...to, message: reply });
    if (!sent.ok) core.log.warn({ reason: sent.reason }, "an answer did not reach Slack");
  }

  async function pressed(slack: SlackSettings, given: Extract<Interaction, { type: "block_actions" }>): Promise<null> {
    const [action] = given.actions;
    if (!action || !isOurButton(action.action_id)) return null;
    const press: Press = {
      actionId: action.action_id,
      incidentId: action.value,
      userId: given.user.id,
      channelId: given.channel?.id ?? "",
      triggerId: given.trigger_id,
    };
    const reply = await onPress({ core, slack, people, press }).catch((error: unknown) => sayError(core, error));
    if (reply && press.channelId) await whisper(slack, { channel: press.channelId, user: press.userId }, reply);
    return null;
  }

  async function submitted(slack: SlackSettings, submission: Submission): Promise<Answer> {
    const done = await onSubmission(core, slack, people, submission);
    if (!done) return null;
    if ("problems" in done) return done.problems;
    // What was said comes after the answer: the dialog closes first.
    if (done.reply && done.channelId) {
      void whisper(slack, { channel: done.channelId, user: submission.userId }, done.reply);
    }
    return null;
  }

  async function kept(slack: SlackSettings, given: Extract<Interaction, { type: "message_action" }>): Promise<null> {
    if (given.callback_id !== KEEP_SHORTCUT) return null;
    const to = { channel: given.channel.id, user: given.user.id };
    const asker = await people.asker(slack, given.user.id);
    if ("refusal" in asker) {
      await whisper(slack, to, say(asker.refusal));
      return null;
    }
    const reply = await keepMessage(asker.ctx, documents, { channelId: given.channel.id, ts: given.message.ts }).then(
      ({ reference, isNew, noteId }) =>
        say(isNew ? "Kept as a note." : "It is a note already.", {
          text: `Open ${reference}`,
          url: `${core.config.publicUrl}/incidents/${reference}#t=${noteId}`,
        }),
      (error: unknown) => sayError(core, error),
    );
    await whisper(slack, to, reply);
    return null;
  }

  /** Waits as long as Slack does; what takes longer goes on, and is written into the log when it fails. */
  async function inTime(work: Promise<Answer>): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), ANSWER_WITHIN_MS);
    });
    work.catch((error: unknown) => core.log.error({ error: String(error) }, "a press in Slack failed"));
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  return {
    people,
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
      return doOnce<Answer>(core, requestIdOf(request), () => {
        if (given.type === "view_submission") {
          return inTime(submitted(slack, { userId: given.user.id, view: given.view }));
        }
        return inTime(given.type === "message_action" ? kept(slack, given) : pressed(slack, given));
      });
    },
    /** What happens in the channels of incidents. @throws AppError "unauthenticated" | "invalid" */
    event: (request: SignedRequest): Promise<Answer> => receiveEvent(core, request),
  };
}
export type SlackDoor = ReturnType<typeof createSlackDoor>;
