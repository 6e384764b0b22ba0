import { z } from "zod";
import { systemActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor } from "#/server/events/index.ts";
import {
  acceptIncident,
  declineIncident,
  findIncident,
  type IncidentRow,
  mergeIncident,
} from "#/server/incidents/index.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { escapeSlack, isSignedBySlack, openSlackView, slackAddressOf, whisperInSlack } from "#/server/notify/index.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";
import { triageButtons } from "#/server/updates/index.ts";
import { declineView, mergeView } from "./slack-views.ts";
import { suggestMerge } from "./suggest-merge.ts";
import { deciderOf } from "./who-decides.ts";

const field = z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() });
const interaction = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("block_actions"),
    user: z.object({ id: z.string() }),
    channel: z.object({ id: z.string() }).optional(),
    trigger_id: z.string().default(""),
    actions: z.array(z.object({ action_id: z.string(), value: z.string().default("") })),
  }),
  z.object({
    type: z.literal("view_submission"),
    user: z.object({ id: z.string() }),
    view: z.object({
      callback_id: z.string(),
      private_metadata: z.string(),
      state: z.object({ values: z.record(z.string(), z.record(z.string(), field)) }),
    }),
  }),
]);
type Press = Extract<z.infer<typeof interaction>, { type: "block_actions" }>;
type Submission = Extract<z.infer<typeof interaction>, { type: "view_submission" }>;
type Slack = NonNullable<Settings["slack"]>;

export type SignedRequest = { timestamp: string | undefined; signature: string | undefined; body: string };

/** Who pressed, as their account here. */
async function whoPressed(core: Core, slack: Slack, slackUserId: string): Promise<Ctx | { refusal: string }> {
  const found = await slackAddressOf(slack, slackUserId);
  if (!found.ok) return { refusal: `Muster could not find out who you are: ${found.reason}` };
  const decider = await deciderOf(core.db.read, found.email, { byLink: false });
  return "refusal" in decider ? decider : ctxFor(core, decider.actor);
}

/** The incident of a card. Cards of private incidents and drills are never posted, so a press about one is none. */
async function incidentOfCard(core: Core, id: string): Promise<IncidentRow | undefined> {
  const row = await findIncident(core.db.read, { actor: systemActor }, id).catch(() => undefined);
  return row?.visibility === "public" && row.mode !== "drill" ? row : undefined;
}

function subjectOf(core: Core, { id, reference, title }: IncidentRow) {
  return { incidentId: id, reference, title, url: `${core.config.publicUrl}/incidents/${reference}` };
}

async function refuse(core: Core, slack: Slack, press: Press, reason: string, row?: IncidentRow): Promise<void> {
  if (!press.channel) return;
  const link = row ? ` <${subjectOf(core, row).url}|Open ${row.reference}>` : ` <${core.config.publicUrl}|Open Muster>`;
  await whisperInSlack(slack, {
    channel: press.channel.id,
    user: press.user.id,
    text: `${escapeSlack(reason)}${link}`,
  });
}

async function onPress(core: Core, slack: Slack, press: Press): Promise<void> {
  const [action] = press.actions;
  const isOurs = (Object.values(triageButtons) as string[]).includes(action?.action_id ?? "");
  if (!action || !isOurs) return;
  const row = await incidentOfCard(core, action.value);
  if (!row) return refuse(core, slack, press, "There is no such incident any more.");
  if (row.status !== "triage") {
    return refuse(core, slack, press, `${row.reference} is decided already: it is ${row.status}.`, row);
  }
  if (action.action_id === triageButtons.accept) {
    const ctx = await whoPressed(core, slack, press.user.id);
    if ("refusal" in ctx) return refuse(core, slack, press, ctx.refusal, row);
    try {
      await acceptIncident(ctx, { incident: row.id });
    } catch (error) {
      if (!isAppError(error)) throw error;
      await refuse(core, slack, press, error.message, row);
    }
    return;
  }
  // The dialog first: Slack forgets the press after 3 s. Who they are is asked when they send it.
  const subject = subjectOf(core, row);
  const view =
    action.action_id === triageButtons.decline
      ? declineView(subject)
      : mergeView(subject, await suggestMerge(core.db.read, ctxFor(core, systemActor), row.id));
  const opened = await openSlackView(slack, press.trigger_id, view);
  if (!opened.ok) await refuse(core, slack, press, `Slack did not open the dialog: ${opened.reason}`, row);
}

type ViewAnswer = { response_action: "errors"; errors: Record<string, string> } | null;

async function onSubmission(core: Core, slack: Slack, { user, view }: Submission): Promise<ViewAnswer> {
  const isDecline = view.callback_id === "triage.decline";
  if (!isDecline && view.callback_id !== "triage.merge") return null;
  const { values } = view.state;
  const place = isDecline ? "reason" : "other";
  const problem = (text: string): ViewAnswer => ({ response_action: "errors", errors: { [place]: text } });
  const row = await incidentOfCard(core, view.private_metadata);
  if (!row) return problem("There is no such incident any more.");
  const ctx = await whoPressed(core, slack, user.id);
  if ("refusal" in ctx) return problem(`${ctx.refusal} ${subjectOf(core, row).url}`);
  try {
    if (isDecline) {
      const parts = [values.reason?.reason?.selected_option?.value, values.words?.words?.value?.trim()];
      const reason = parts.filter(Boolean).join(": ").slice(0, REASON_LENGTH_MAX);
      await declineIncident(ctx, { incident: row.id, reason });
    } else {
      const into = values.other?.other?.value?.trim() || values.into?.into?.selected_option?.value;
      if (!into) return problem("Choose an incident, or write its reference.");
      await mergeIncident(ctx, { incident: row.id, into });
    }
    return null;
  } catch (error) {
    if (isAppError(error)) return problem(error.message);
    throw error;
  }
}

/**
 * What somebody pressed or sent in Slack. The answer is the body for Slack, or null for none.
 * Safe to repeat: Slack sends again what was answered late. @throws AppError "unauthenticated" | "invalid"
 */
export async function handleSlackInteraction(core: Core, request: SignedRequest): Promise<ViewAnswer> {
  const { slack } = await readSettings(core.db.read, core);
  if (!slack?.signingSecret) {
    throw new AppError(
      "unauthenticated",
      "Slack's signing secret is not set: an administrator can do that under Settings → Channels.",
    );
  }
  if (!isSignedBySlack(slack.signingSecret, request, core.now())) {
    throw new AppError("unauthenticated", "This is not signed by Slack, or older than five minutes.");
  }
  const payload = new URLSearchParams(request.body).get("payload");
  let parsed: ReturnType<typeof interaction.safeParse> | undefined;
  try {
    parsed = interaction.safeParse(JSON.parse(payload ?? "null"));
  } catch {
    throw new AppError("invalid", "The payload is not JSON.");
  }
  // Kinds that are not ours are nothing to answer: Slack would show an error to whoever pressed.
  if (!parsed.success) return null;
  if (parsed.data.type === "view_submission") return onSubmission(core, slack, parsed.data);
  await onPress(core, slack, parsed.data);
  return null;
}
