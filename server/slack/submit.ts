import { z } from "zod";
import type { Core, Ctx } from "#/server/events/index.ts";
import { createIncidentInput } from "#/server/incidents/contract.ts";
import {
  createIncident,
  declineIncident,
  type IncidentRow,
  mergeIncident,
  resolveIncident,
} from "#/server/incidents/index.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { isAppError } from "#/server/platform/errors.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import { publishUpdateInput } from "#/server/updates/contract.ts";
import { neededApproval, planUpdate, publishUpdate } from "#/server/updates/index.ts";
import { NO_SEVERITY } from "./command-views.ts";
import { incidentOfCard } from "./press.ts";
import { type Reply, say } from "./reply.ts";
import type { SlackPeople } from "./slack-people.ts";
import { readMetadata } from "./view-parts.ts";
import { incidentInSlack, linkTo } from "./which-incident.ts";

const field = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).nullish(),
});
export const submittedView = z.object({
  callback_id: z.string(),
  private_metadata: z.string(),
  blocks: z.array(z.object({ type: z.string(), block_id: z.string().default("") })).default([]),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), field)) }),
});
export type Submission = { userId: string; view: z.infer<typeof submittedView> };
/** What Slack shows at the fields of the dialog, which stays open then. */
export type Problems = { response_action: "errors"; errors: Record<string, string> };
/** Done, with what is said about it where the dialog was asked for; or what is wrong with the dialog. */
export type Submitted = { reply: Reply | null } | { problems: Problems };

type Values = {
  text(name: string): string;
  chosen(name: string): string;
  all(name: string): string[];
};

function valuesOf({ state }: Submission["view"]): Values {
  const at = (name: string) => state.values[name]?.[name];
  return {
    text: (name) => at(name)?.value?.trim() ?? "",
    chosen: (name) => at(name)?.selected_option?.value ?? "",
    all: (name) => (at(name)?.selected_options ?? []).map((option) => option.value),
  };
}

/** What somebody wrote into a dialog, apart from what they chose in it. Pure. */
export function writtenIn({ state }: Submission["view"]): string {
  const fields = Object.values(state.values).flatMap((block) => Object.values(block));
  return fields.flatMap((one) => one.value?.trim() || []).join("\n");
}

type Work = { core: Core; ctx: Ctx; values: Values };

async function decline({ ctx, values }: Work, row: IncidentRow): Promise<null> {
  const parts = [values.chosen("reason"), values.text("words")];
  const reason = parts.filter(Boolean).join(": ").slice(0, REASON_LENGTH_MAX).toWellFormed();
  await declineIncident(ctx, { incident: row.id, reason });
  return null;
}

async function merge({ ctx, values }: Work, row: IncidentRow): Promise<null | { wrong: string }> {
  const into = values.text("other") || values.chosen("into");
  if (!into) return { wrong: "Choose an incident, or write its reference." };
  const target = await incidentInSlack(ctx.db.read, ctx, into);
  await mergeIncident(ctx, { incident: row.id, into: target.id });
  return null;
}

async function publish({ ctx, values }: Work, row: IncidentRow): Promise<Reply | { wrong: string; at: string }> {
  const minutes = Number(values.chosen("next"));
  const nextUpdateAt = new Date(ctx.now().getTime() + minutes * 60_000).toISOString();
  const parsed = publishUpdateInput.safeParse({
    status: values.chosen("status"),
    body: values.text("body"),
    channels: values.all("channels"),
    audience: values.chosen("audience") || undefined,
    ...(minutes > 0 && { nextUpdateAt }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { wrong: issue?.message ?? "This cannot be published.", at: String(issue?.path[0] ?? "body") };
  }
  const needed = await neededApproval(ctx.db.read, ctx, row, parsed.data.audience ?? "public");
  if (needed) {
    const planned = await planUpdate(ctx, row.id, { update: parsed.data });
    if (planned.state === "waiting") {
      return say(`${needed}: your update about ${row.reference} waits for it. The room shows it.`, linkTo(row, ctx));
    }
  } else await publishUpdate(ctx, row.id, parsed.data);
  return say(`Your update about ${row.reference} is on its way; the room shows where it arrived.`, linkTo(row, ctx));
}

async function resolve({ ctx, values }: Work, row: IncidentRow): Promise<Reply> {
  const after = await resolveIncident(ctx, { incident: row.id, summary: values.text("summary") });
  return say(`You resolved ${after.reference}. It publishes nothing: /muster update tells people.`, linkTo(after, ctx));
}

async function declare({ ctx, values }: Work): Promise<Reply | { wrong: string; at: string }> {
  const severity = values.chosen("severity");
  const parsed = createIncidentInput.safeParse({
    title: values.text("title"),
    severity: severity === NO_SEVERITY || severity === "" ? null : severity,
    summary: values.text("summary"),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { wrong: issue?.message ?? "This cannot be declared.", at: String(issue?.path[0] ?? "title") };
  }
  const row = await createIncident(ctx, parsed.data);
  return say(`You declared ${row.reference}: ${row.title}`, linkTo(row, ctx));
}

type Handler = (work: Work, row: IncidentRow) => Promise<Reply | null | { wrong: string; at?: string }>;
/** Each dialog with the field that shows what is wrong with all of it. */
const dialogs: Record<string, { place: string; handle: Handler }> = {
  "triage.decline": { place: "reason", handle: decline },
  "triage.merge": { place: "other", handle: merge },
  "update.publish": { place: "body", handle: publish },
  "incident.resolve": { place: "summary", handle: resolve },
};

/** Slack shows as much at a field. */
const PROBLEM_LENGTH_MAX = 300;

/** Does what a dialog asks for, once it is clear who sent it; undefined for a dialog that is not ours. */
export async function onSubmission(
  core: Core,
  slack: SlackSettings,
  people: SlackPeople,
  { userId, view }: Submission,
): Promise<Submitted | undefined> {
  const isDeclare = view.callback_id === "incident.declare";
  const dialog = dialogs[view.callback_id];
  if (!isDeclare && !dialog) return undefined;
  const place = dialog?.place ?? "title";
  // Slack takes errors at fields of the dialog alone; with any other it shows trouble of its own, and not the words.
  const fields = view.blocks.filter((block) => block.type === "input").map((block) => block.block_id);
  const problem = (text: string, at = place): Submitted => ({
    problems: {
      response_action: "errors",
      errors: { [fields.includes(at) ? at : place]: text.slice(0, PROBLEM_LENGTH_MAX) },
    },
  });
  const { incidentId } = readMetadata(view.private_metadata);
  const row = isDeclare ? undefined : await incidentOfCard(core, incidentId ?? "");
  if (!isDeclare && !row) return problem("There is no such incident any more.");
  const asker = await people.asker(slack, userId);
  if ("refusal" in asker) return problem(`${asker.refusal} ${row ? linkTo(row, core).url : core.config.publicUrl}`);
  const work: Work = { core, ctx: asker.ctx, values: valuesOf(view) };
  try {
    const done = row && dialog ? await dialog.handle(work, row) : await declare(work);
    return done && "wrong" in done ? problem(done.wrong, done.at) : { reply: done };
  } catch (error) {
    if (isAppError(error)) return problem(error.message, error.errors?.[0]?.pointer.slice(1));
    throw error;
  }
}
