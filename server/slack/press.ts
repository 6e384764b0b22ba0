import { systemActor } from "#/server/access/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import { acceptIncident, findIncident, type IncidentRow } from "#/server/incidents/index.ts";
import { openSlackView, type SlackView } from "#/server/notify/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import { suggestMerge } from "#/server/triage/index.ts";
import { cardButtons, mayLeave, triageButtons } from "#/server/updates/index.ts";
import { updateView } from "./command-views.ts";
import { openSlackChannel } from "./open-channel.ts";
import { type Reply, say } from "./reply.ts";
import { takeRole } from "./role-command.ts";
import { draftOf } from "./run-command.ts";
import type { SlackPeople } from "./slack-people.ts";
import { declineView, mergeView } from "./triage-views.ts";
import type { ViewSubject } from "./view-parts.ts";
import { linkTo } from "./which-incident.ts";

/** A press of a button on a card. */
export type Press = { actionId: string; incidentId: string; userId: string; channelId: string; triggerId: string };
type Work = { core: Core; slack: SlackSettings; people: SlackPeople; press: Press };

const ours: readonly string[] = [...Object.values(triageButtons), ...Object.values(cardButtons)];

/** Whether Muster made this button. Pure. */
export function isOurButton(actionId: string): boolean {
  return ours.includes(actionId);
}

/** The incident of a card. Of private ones and drills there is no card, so a press about one is about nothing. */
export async function incidentOfCard(core: Core, id: string): Promise<IncidentRow | undefined> {
  const row = await findIncident(core.db.read, { actor: systemActor }, id).catch(() => undefined);
  return row && mayLeave(row) ? row : undefined;
}

function subjectOf({ core, press }: Work, { id, reference, title, ...row }: IncidentRow): ViewSubject {
  return { incidentId: id, reference, title, url: linkTo({ reference, ...row }, core).url, channelId: press.channelId };
}

async function openView({ slack, press }: Work, view: SlackView): Promise<null> {
  const opened = await openSlackView(slack, press.triggerId, view);
  if (!opened.ok) throw new AppError("unavailable", `Slack did not open the dialog: ${opened.reason}`);
  return null;
}

async function asker({ slack, people, press }: Work): Promise<Ctx> {
  const found = await people.asker(slack, press.userId);
  if ("refusal" in found) throw new AppError("forbidden", found.refusal);
  return found.ctx;
}

async function onTriage(work: Work, row: IncidentRow): Promise<Reply | null> {
  const { core, press } = work;
  if (row.status !== "triage") {
    return say(`${row.reference} is decided already: it is ${row.status}.`, linkTo(row, core));
  }
  if (press.actionId === triageButtons.accept) {
    await acceptIncident(await asker(work), { incident: row.id });
    return null;
  }
  const subject = subjectOf(work, row);
  // It says no more than the card: who they are is asked when they send it.
  if (press.actionId === triageButtons.decline) return openView(work, declineView(subject));
  return openView(work, mergeView(subject, await suggestMerge(core.db.read, await asker(work), row.id)));
}

async function onCard(work: Work, row: IncidentRow): Promise<Reply | null> {
  switch (work.press.actionId) {
    case cardButtons.claim:
      return takeRole(await asker(work), row, "commander");
    case cardButtons.update:
      return openView(work, updateView(subjectOf(work, row), await draftOf(await asker(work), row, "")));
    default: {
      const view = await openSlackChannel(await asker(work), row.id);
      if (view.state !== "open") return say(`A channel for ${row.reference} is being opened; you are brought in.`);
      return say(`${row.reference} has a channel already.`, { text: `#${view.name}`, url: view.url });
    }
  }
}

/** Does what a button says; null when there is nothing to say: the card itself changes. @throws AppError as the commands do */
export async function onPress(work: Work): Promise<Reply | null> {
  const row = await incidentOfCard(work.core, work.press.incidentId);
  if (!row) return say("There is no such incident any more.", { text: "Open Muster", url: work.core.config.publicUrl });
  const isTriage = (Object.values(triageButtons) as string[]).includes(work.press.actionId);
  try {
    return isTriage ? await onTriage(work, row) : await onCard(work, row);
  } catch (error) {
    if (error instanceof AppError) return say(error.message, linkTo(row, work.core));
    throw error;
  }
}
