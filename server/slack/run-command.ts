import { asc, desc, eq } from "drizzle-orm";
import { updates } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { changeIncidentInput, createIncidentInput } from "#/server/incidents/contract.ts";
import { changeIncident, createIncident, type IncidentRow, resolveIncident } from "#/server/incidents/index.ts";
import { activeStatuses, severities } from "#/server/incidents/shared/lists.ts";
import { invitePeople } from "#/server/invitations/index.ts";
import { INVITATION_MESSAGE_LENGTH_MAX } from "#/server/invitations/shared/lists.ts";
import { openSlackView, type SlackView } from "#/server/notify/index.ts";
import { AppError, unreachable } from "#/server/platform/errors.ts";
import type { Settings, SlackSettings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";
import { incidentAudiences, neededApproval } from "#/server/updates/index.ts";
import { audiences, type Channel, channels, updateStatuses } from "#/server/updates/shared/lists.ts";
import { helpReply, openReply, rolesReply, statusReply, whoReply } from "./command-replies.ts";
import { declareView, resolveView, type UpdateDraft, updateView } from "./command-views.ts";
import { findPersonOrService } from "./find-person.ts";
import { openSlackChannel } from "./open-channel.ts";
import { type Command, takeNamed, takeSeverity, takeWord } from "./parse-command.ts";
import { plainSlackText } from "./plain-text.ts";
import { type Reply, say } from "./reply.ts";
import { roleCommand } from "./role-command.ts";
import type { SlackPeople } from "./slack-people.ts";
import type { ViewSubject } from "./view-parts.ts";
import { incidentIdOfChannel, linkTo, whichIncident } from "./which-incident.ts";

/** What a command is done with: who asks, from where, and how Slack is reached. */
export type Asked = {
  ctx: Ctx;
  slack: SlackSettings;
  people: SlackPeople;
  channelId: string;
  triggerId: string;
};

/** The first thing that is wrong with an input, in words. @throws AppError "invalid" */
function parsed<T>(
  result: { success: true; data: T } | { success: false; error: { issues: { message: string }[] } },
): T {
  if (result.success) return result.data;
  throw new AppError("invalid", result.error.issues[0]?.message ?? "That cannot be right.");
}

export function subjectOf(row: IncidentRow, { ctx, channelId }: Pick<Asked, "ctx" | "channelId">): ViewSubject {
  const { id, reference, title } = row;
  return { incidentId: id, reference, title, url: linkTo(row, ctx).url, channelId };
}

/** A dialog instead of an answer; Slack forgets the command after 3 s. */
async function ask({ slack, triggerId }: Asked, view: SlackView): Promise<null> {
  const opened = await openSlackView(slack, triggerId, view);
  if (!opened.ok) throw new AppError("unavailable", `Slack did not open the dialog: ${opened.reason}`);
  return null;
}

async function declare(asked: Asked, command: Command): Promise<Reply | null> {
  requireAbility(asked.ctx.actor, "incidents.create");
  const { severity, rest } = takeSeverity(command.rest);
  const title = plainSlackText(rest, () => undefined);
  if (!title) return ask(asked, declareView({ title: "", severity, channelId: asked.channelId }));
  const row = await createIncident(asked.ctx, parsed(createIncidentInput.safeParse({ title, severity })));
  return say(`You declared ${row.reference}${severity ? ` as ${severity}` : ""}: ${row.title}`, linkTo(row, asked.ctx));
}

/** Where an update can go now. */
export function availableChannels({ slack, smtp }: Pick<Settings, "slack" | "smtp">): Channel[] {
  const isReady = { status_page: true, slack: Boolean(slack?.channel), email: smtp !== null };
  return channels.filter((channel) => isReady[channel]);
}

/** What happens besides when an update is published: which groups hear by themselves, and who has to agree first. */
async function notesOf(ctx: Ctx, row: IncidentRow): Promise<string[]> {
  const notes: string[] = [];
  const groups = (await incidentAudiences(ctx, row.id, [])).filter((one) => one.isMatching && !one.isBuiltIn);
  const names = groups.map(({ name, kind }) => (kind === "public" ? `${name} (PUBLIC)` : name));
  if (names.length > 0) notes.push(`Groups that hear by themselves: ${names.join(", ")}`);
  for (const audience of audiences) {
    const needed = await neededApproval(ctx.db.read, ctx, row, audience);
    const which = audience === "public" ? "A PUBLIC update" : "An internal update";
    if (needed) notes.push(`${which} waits for approval first. ${needed}.`);
  }
  return notes;
}

/** What the dialog starts with: as the last update went out; the first one stays among colleagues until somebody says otherwise. */
export async function draftOf(ctx: Ctx, row: IncidentRow, rest: string): Promise<UpdateDraft> {
  const { word, rest: after } = takeWord(rest);
  const named = updateStatuses.find((status) => status === word.replace(/:$/, ""));
  const own = updateStatuses.find((status) => status === row.status);
  const [last] = await ctx.db.read
    .select({ audience: updates.audience, channels: updates.channels })
    .from(updates)
    .where(eq(updates.incidentId, row.id))
    .orderBy(desc(updates.publishedAt), asc(updates.id))
    .limit(1);
  const settings = await readSettings(ctx.db.read, ctx);
  const available = availableChannels(settings);
  const chosen: readonly Channel[] = last?.channels ?? ["slack"];
  return {
    status: named ?? own ?? "investigating",
    body: plainSlackText(named ? after : rest, () => undefined),
    audience: last?.audience ?? "internal",
    channels: chosen.filter((channel) => available.includes(channel)),
    available,
    pageName: settings.statusPage.name,
    notes: await notesOf(ctx, row),
  };
}

async function update(asked: Asked, command: Command): Promise<Reply | null> {
  requireAbility(asked.ctx.actor, "updates.publish");
  const row = await whichIncident(asked.ctx, command.reference, asked.channelId);
  return ask(asked, updateView(subjectOf(row, asked), await draftOf(asked.ctx, row, command.rest)));
}

async function status(asked: Asked, command: Command): Promise<Reply | null> {
  const { ctx, channelId } = asked;
  const { word } = takeWord(command.rest);
  // Outside of an incident's own channel the question is about everything.
  if (!word && !command.reference && !(await incidentIdOfChannel(ctx.db.read, channelId))) return openReply(ctx);
  if (!word) return statusReply(ctx, await whichIncident(ctx, command.reference, channelId));
  if (word === "resolved") return resolve(asked, { ...command, rest: takeWord(command.rest).rest });
  const wanted = activeStatuses.find((one) => one === word);
  if (!wanted) {
    throw new AppError("invalid", `There is no status ${word}: choose ${activeStatuses.join(", ")} or resolved.`);
  }
  const row = await whichIncident(ctx, command.reference, channelId);
  const after = await changeIncident(ctx, { incident: row.id, change: { status: wanted } });
  return say(`${after.reference} is ${after.status} now.`, linkTo(after, ctx));
}

async function severity(asked: Asked, command: Command): Promise<Reply> {
  const { ctx, channelId } = asked;
  const { severity: wanted } = takeSeverity(command.rest);
  if (!wanted) throw new AppError("invalid", `Say which severity: ${severities.join(", ")}.`);
  const row = await whichIncident(ctx, command.reference, channelId);
  const change = parsed(changeIncidentInput.safeParse({ severity: wanted }));
  const after = await changeIncident(ctx, { incident: row.id, change });
  return say(`${after.reference} is ${after.severity} now.`, linkTo(after, ctx));
}

async function page(asked: Asked, command: Command): Promise<Reply> {
  const { ctx, slack, people, channelId } = asked;
  const named = takeNamed(command.rest);
  if (!named) throw new AppError("invalid", "Say whom: /muster page @person, or a service: /muster page checkout.");
  const row = await whichIncident(ctx, command.reference, channelId);
  const who = await findPersonOrService(ctx, slack, people, named);
  const message = plainSlackText(named.rest, () => undefined);
  if (message.length > INVITATION_MESSAGE_LENGTH_MAX) {
    throw new AppError("invalid", `The message has at most ${INVITATION_MESSAGE_LENGTH_MAX} characters.`);
  }
  const invitations = await invitePeople(ctx, { incident: row.id, ...who, ...(message && { message }) });
  const names = invitations.map((invitation) => invitation.person.name).join(", ");
  return say(`${names}: asked to come to ${row.reference}. Who does not come is reached by message.`, linkTo(row, ctx));
}

async function resolve(asked: Asked, command: Command): Promise<Reply | null> {
  const { ctx, channelId } = asked;
  requireAbility(ctx.actor, "incidents.write");
  const row = await whichIncident(ctx, command.reference, channelId);
  const summary = plainSlackText(command.rest, () => undefined);
  if (!summary) return ask(asked, resolveView(subjectOf(row, asked)));
  const after = await resolveIncident(ctx, { incident: row.id, summary: summary.slice(0, 4_000).toWellFormed() });
  return say(`You resolved ${after.reference}. It publishes nothing: /muster update tells people.`, linkTo(after, ctx));
}

async function channel(asked: Asked, command: Command): Promise<Reply> {
  const { ctx, channelId } = asked;
  const row = await whichIncident(ctx, command.reference, channelId);
  const view = await openSlackChannel(ctx, row.id);
  if (view.state === "open")
    return say(`${row.reference} has a channel already.`, { text: `#${view.name}`, url: view.url });
  return say(`A channel for ${row.reference} is being opened; you are brought in.`, linkTo(row, ctx));
}

/** Does what a command asks for; null when a dialog asks on. @throws AppError as the commands do */
export async function runCommand(asked: Asked, command: Command): Promise<Reply | null> {
  const { ctx, channelId } = asked;
  switch (command.verb) {
    case "help":
      return helpReply();
    case "declare":
      return declare(asked, command);
    case "update":
      return update(asked, command);
    case "status":
      return status(asked, command);
    case "severity":
      return severity(asked, command);
    case "role":
      return command.rest
        ? roleCommand(asked, command)
        : rolesReply(ctx, await whichIncident(ctx, command.reference, channelId));
    case "who":
      return whoReply(ctx, await whichIncident(ctx, command.reference, channelId));
    case "page":
      return page(asked, command);
    case "resolve":
      return resolve(asked, command);
    case "channel":
      return channel(asked, command);
    default:
      return unreachable(command.verb);
  }
}
