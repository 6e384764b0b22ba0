import { eq } from "drizzle-orm";
import { deliveries } from "#/db/schema/index.ts";
import { subscriberUrl } from "#/server/audience/index.ts";
import type { Core } from "#/server/events/index.ts";
import {
  findSlackMessage,
  type Mail,
  type MailLimits,
  type MailLines,
  type Outside,
  openDirectMessage,
  openTarget,
  postSlackMessage,
  type SlackMessage,
  type SlackThread,
  sendMail,
  sendOpsgenieCall,
  sendPagerDutyEvent,
  sendWebhook,
  updateSlackMessage,
  webhookSecret,
} from "#/server/notify/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { publicBase, publicPageUrl } from "#/server/settings/index.ts";
import type { Claim } from "./claim-deliveries.ts";
import {
  type Letter,
  mailIds,
  mailOfNotice,
  mailOfUpdate,
  type Notice,
  slackOfNotice,
  slackOfUpdate,
} from "./compose.ts";
import { mailOfMaintenance, slackOfMaintenance } from "./compose-maintenance.ts";
import { mailOfTriage, pagerOfTriage, slackOfTriage, type TriageWord, webhookOfTriage } from "./compose-triage.ts";
import { type DeliveryRow, NO_MAIL, NO_SLACK } from "./delivery-store.ts";
import { cardAnsweredBy, readCard } from "./read-card.ts";
import { readMaintenanceWord } from "./read-maintenance-word.ts";
import type { Reads } from "./read-together.ts";
import type { Outcome } from "./record-outcomes.ts";
import { isOnPage } from "./rules.ts";
import { sendToDestination } from "./send-to-destination.ts";
import type { Audience, Channel, WordedChannel } from "./shared/lists.ts";
import { slackOfCard, slackOfWord, type Word } from "./slack-card.ts";
import { type LinkAct, triageLink } from "./triage-link.ts";
import { isStatusNews } from "./update-queries.ts";

/** What the delivery of an update needs of the status page. */
export type PageBuilder = { rebuild(): Promise<void> };
/** The ways out of the building that are given at the start. */
export type Doors = {
  page: PageBuilder;
  outside: Outside;
  /** Tells the sender of an alert that it is over. */
  source(row: DeliveryRow): Promise<Outcome>;
  /** Connections to the mail server that are kept from one mail to the next. */
  lines: MailLines;
  /** Shorter waits for answers than the doors' own. */
  limits?: { slackMs?: number; mail?: MailLimits };
};

/** What a sending works with. */
export type Desk = { core: Core; reads: Reads; doors: Doors };
type Smtp = NonNullable<Settings["smtp"]>;

/** Where the readers of an update read on: its public page, its room for internal readers, or nowhere. */
export function linkOf(
  core: Pick<Core, "config">,
  settings: Settings,
  update: { audience: Audience; channels: readonly Channel[]; reference: string; publicId: string | null },
): Letter["link"] {
  const { reference, publicId } = update;
  if (update.audience === "internal") {
    return { text: `Open ${reference}`, url: `${core.config.publicUrl}/incidents/${reference}` };
  }
  if (!isOnPage(update) || !publicId) return null;
  return { text: "Status page", url: publicPageUrl(settings, core.config, `/status/incidents/${publicId}`) };
}

/** An update as the readers of a channel get it, in that channel's own words where it has some; null: as the page says it. */
async function letterOf(
  { core, reads }: Desk,
  updateId: string,
  settings: Settings,
  channel: WordedChannel | null,
): Promise<Letter> {
  const found = await reads.update(updateId);
  if (!found) throw new Error("a delivery's update is gone");
  const { update, reference, title, publicId } = found;
  const isInternal = update.audience === "internal";
  return {
    audience: update.audience,
    status: update.status,
    // The internal title is for internal readers only; a public update always has its own.
    title: isInternal ? (update.title ?? `${reference} ${title}`) : (update.title ?? "Service incident"),
    body: (channel && update.wordings[channel]) ?? update.body,
    components: update.components,
    publishedAt: update.publishedAt,
    correctedAt: update.correctedAt,
    pageName: settings.statusPage.name,
    link: linkOf(core, settings, { ...update, reference, publicId }),
  };
}

/** The text that somebody gave this one delivery after it had failed. */
function inOwnWords(letter: Letter, row: DeliveryRow): Letter {
  return typeof row.payload.body === "string" ? { ...letter, body: row.payload.body } : letter;
}

async function slackMessageOf(desk: Desk, row: DeliveryRow, settings: Settings): Promise<SlackMessage> {
  const { core } = desk;
  if (row.kind === "notice") return slackOfNotice(row.payload as Notice);
  if (row.maintenanceId) return slackOfMaintenance(await readMaintenanceWord(core.db.read, row));
  if (row.kind === "word") return slackOfWord(row.payload as Word);
  // Without the signing secret a press could not be told from a forged one.
  const hasButtons = Boolean(settings.slack?.signingSecret);
  if (row.kind === "card" && row.incidentId) {
    return slackOfCard(await readCard(core.db.read, core, row.incidentId), hasButtons);
  }
  if (!row.updateId) return slackOfTriage(row.payload as TriageWord, hasButtons);
  return slackOfUpdate(inOwnWords(await letterOf(desk, row.updateId, settings, "slack"), row));
}

/** Corrects a posted message; one that never arrived needs no correction, one on its way is waited for. */
async function correctSlack(desk: Desk, row: DeliveryRow, settings: Settings, originalId: string): Promise<Outcome> {
  const { slack } = settings;
  if (!slack) return { ok: false, kind: "permanent", reason: NO_SLACK };
  const [original] = await desk.core.db.read.select().from(deliveries).where(eq(deliveries.id, originalId));
  if (original?.state === "sent" && original.providerId) {
    const message = await slackMessageOf(desk, row, settings);
    return updateSlackMessage({ credentials: slack, providerId: original.providerId, message, deliveryId: row.id });
  }
  const isOnItsWay =
    original && (["queued", "sending", "retrying"].includes(original.state) || original.payload.reconcile);
  if (isOnItsWay) return { ok: false, kind: "retry", reason: "The message itself is still on its way." };
  return {
    ok: false,
    kind: "cancelled",
    reason: "The message did not arrive in Slack, so there is nothing to correct.",
  };
}

/** The message that a delivery answers: an update shows in the channel, too, when it changes the status. */
async function threadOf(core: Core, row: DeliveryRow): Promise<(SlackThread & { channel: string }) | undefined> {
  const card = await cardAnsweredBy(core.db.read, row);
  if (!card) return undefined;
  const broadcast = row.updateId ? await isStatusNews(core.db.read, row.updateId) : row.payload.isBroadcast !== false;
  return { ...card, broadcast };
}

/** Looks for a message whose answer was lost; sends it when it is not there, and asks a person when nobody can tell. */
async function reconcileSlack(
  row: DeliveryRow,
  place: { channel: string; threadTs: string | undefined },
  settings: Settings,
  timeoutMs?: number,
): Promise<Outcome> {
  const { slack } = settings;
  if (!slack) return { ok: false, kind: "permanent", reason: NO_SLACK };
  const found = await findSlackMessage({
    credentials: slack,
    ...place,
    deliveryId: row.id,
    since: new Date(row.createdAt.getTime() - 60_000),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  if (found.state === "found") return { ok: true, providerId: found.providerId };
  if (found.state === "absent") return { ok: false, kind: "retry", reason: "It did not arrive in Slack." };
  if (found.state === "later") return { ...found.why, kind: "retry", isDoubtful: true };
  // Trouble of Slack's own is seldom a posted message: better twice than not at all.
  if (row.payload.isSlight) return { ok: false, kind: "retry", reason: row.lastError ?? "Slack had a problem." };
  const reason = "Slack did not confirm this message: look in the channel, then send it again if it is missing.";
  return { ok: false, kind: "undecided", reason };
}

async function sendSlack(desk: Desk, { row, mode }: Claim, settings: Settings): Promise<Outcome> {
  const timeoutMs = desk.doors.limits?.slackMs;
  const { slack } = settings;
  if (!slack) return { ok: false, kind: "permanent", reason: NO_SLACK };
  const { corrects } = row.payload;
  if (typeof corrects === "string") return correctSlack(desk, row, settings, corrects);
  const direct = row.notificationId ? await openDirectMessage({ credentials: slack, email: row.destination }) : null;
  if (direct && !direct.ok) return direct;
  const thread = await threadOf(desk.core, row);
  const channel = direct?.channel ?? thread?.channel ?? row.destination;
  if (mode === "reconcile") return reconcileSlack(row, { channel, threadTs: thread?.ts }, settings, timeoutMs);
  const message = await slackMessageOf(desk, row, settings);
  const limit = timeoutMs !== undefined && { timeoutMs };
  return postSlackMessage({ credentials: slack, channel, message, deliveryId: row.id, thread, ...limit });
}

function handOver({ doors }: Desk, smtp: Smtp, mail: Mail): Promise<Outcome> {
  return sendMail(smtp, mail, doors.limits?.mail, doors.lines);
}

async function sendEmail(desk: Desk, { row }: Claim, settings: Settings): Promise<Outcome> {
  const { core, reads } = desk;
  const { smtp } = settings;
  if (!smtp) return { ok: false, kind: "permanent", reason: NO_MAIL };
  if (row.kind === "notice") {
    // Each notice is a mail of its own; the same one again is the same mail.
    const ids = mailIds(core.config, { ...row, version: row.id });
    return handOver(desk, smtp, { to: row.destination, ...mailOfNotice(row.payload as Notice), ...ids });
  }
  if (!row.updateId && !row.maintenanceId) {
    const word = row.payload as TriageWord;
    const link = (act: LinkAct) => triageLink(core.config, row.id, act, row.createdAt);
    const mail = mailOfTriage(word, { accept: link("accept"), merge: link("merge"), decline: link("decline") });
    const version = word.wave > 0 ? `wave ${word.wave}` : "";
    return handOver(desk, smtp, { to: row.destination, ...mail, ...mailIds(core.config, { ...row, version }) });
  }
  if (row.updateId && typeof row.payload.audience === "string") return mailAudience(desk, row, row.updateId, settings);
  const subscriber = row.subscriberId ? await reads.subscriber(row.subscriberId) : undefined;
  if (!subscriber || subscriber.unsubscribedAt) {
    return { ok: false, kind: "cancelled", reason: "The subscriber left before this was sent." };
  }
  const unsubscribeUrl = subscriberUrl(core.config, publicBase(settings, core.config), "unsubscribe", subscriber.id);
  const listId = `updates.${new URL(unsubscribeUrl).hostname}`;
  const to = { to: row.destination, unsubscribeUrl, listId };
  if (!row.updateId) {
    const mail = mailOfMaintenance(await readMaintenanceWord(core.db.read, row), unsubscribeUrl);
    return handOver(desk, smtp, { ...to, ...mail, ...mailIds(core.config, { ...row, version: row.id }) });
  }
  const letter = inOwnWords(await letterOf(desk, row.updateId, settings, "email"), row);
  // A correction is a mail of its own; the same one again is the same mail.
  const version = [row.kind === "correction" ? row.id : "", row.payload.edits ?? ""].join("");
  const mail = mailOfUpdate(letter, unsubscribeUrl);
  return handOver(desk, smtp, { ...to, ...mail, ...mailIds(core.config, { ...row, version }) });
}

/** A mail to an address that an administrator put into an audience: it ends there, not by a link. */
async function mailAudience(desk: Desk, row: DeliveryRow, updateId: string, settings: Settings): Promise<Outcome> {
  if (!settings.smtp) return { ok: false, kind: "permanent", reason: NO_MAIL };
  const { subject, content } = mailOfUpdate(inOwnWords(await letterOf(desk, updateId, settings, "email"), row), null);
  const version = [row.kind === "correction" ? row.id : "", row.payload.edits ?? ""].join("");
  const footer = { text: `You get this because this address is in the audience ${row.payload.audience} in Muster.` };
  const mail = { to: row.destination, subject, content: { ...content, footer } };
  return handOver(desk, settings.smtp, { ...mail, ...mailIds(desk.core.config, { ...row, version }) });
}

async function sendToPage(page: PageBuilder): Promise<Outcome> {
  try {
    // Answers only after the swap: "sent" means that the page shows it.
    await page.rebuild();
    return { ok: true, providerId: "status_page" };
  } catch (error) {
    return { ok: false, kind: "retry", reason: `The page could not be built: ${messageOf(error).slice(0, 200)}` };
  }
}

/** Webhooks and pagers: the key is in the row, encrypted. */
async function sendToTarget(core: Core, row: DeliveryRow, outside: Outside): Promise<Outcome> {
  const target = openTarget(core.config.authSecret, row.payload.target);
  const word = row.payload as TriageWord;
  if (!target) return { ok: false, kind: "permanent", reason: "Its key cannot be read any more: enter it again." };
  if (target.kind === "pagerduty") return sendPagerDutyEvent(outside, target, pagerOfTriage(word));
  if (target.kind === "opsgenie") return sendOpsgenieCall(outside, target, pagerOfTriage(word));
  const { authSecret } = core.config;
  const { target: _, ...said } = row.payload;
  const payload = webhookOfTriage(said as TriageWord, row.createdAt);
  return sendWebhook(outside, {
    url: target.to,
    id: row.id,
    payload,
    secrets: [webhookSecret(authSecret)],
    now: core.now(),
  });
}

/** Makes one attempt, outside of any transaction. */
export async function sendDelivery(desk: Desk, claim: Claim): Promise<Outcome> {
  const { core, reads, doors } = desk;
  const { row } = claim;
  switch (row.channel) {
    case "status_page":
      return sendToPage(doors.page);
    case "slack":
      return sendSlack(desk, claim, await reads.settings());
    case "email":
      return sendEmail(desk, claim, await reads.settings());
    case "source":
      return doors.source(row);
    default:
      // Of the targets of tell lists none is an update, and none has a row of its own.
      if (row.updateId || row.kind === "event") {
        const settings = await reads.settings();
        const letter = (updateId: string) => letterOf(desk, updateId, settings, null);
        return sendToDestination(core, row, doors.outside, letter);
      }
      return sendToTarget(core, row, doors.outside);
  }
}
