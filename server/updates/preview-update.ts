import type { ComponentChange } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type ReachedAudience, selectComponents, selectRecipients } from "#/server/audience/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget, type IncidentRow } from "#/server/incidents/index.ts";
import { renderMail, slackMessage } from "#/server/notify/index.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import type { Settings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";
import { reachedAudiences } from "./audience-deliveries.ts";
import { type Letter, mailOfUpdate, slackOfUpdate } from "./compose.ts";
import { chatOfUpdate } from "./compose-event.ts";
import type { ChannelPreview, PreviewUpdateInput, UpdatePreview } from "./contract.ts";
import { changesIn, findPublicIncident, lastPublicTitle, namedBy } from "./public-incident.ts";
import { impactOf, isOnPage, publicTitle, wholeText } from "./rules.ts";
import { linkOf } from "./send-delivery.ts";
import type { Audience, Impact, UpdateStatus, WordedChannel } from "./shared/lists.ts";

/** An update that nobody published, as the status page would show it. */
export type UnpublishedUpdate = {
  incidentId: string;
  title: string;
  impact: Impact;
  status: UpdateStatus;
  body: string;
  components: readonly ComponentChange[];
};
/** Renders an incident's page with one more update on it; the status page's part of a preview. */
export type PagePreviewer = (update: UnpublishedUpdate) => Promise<string>;

type Draft = {
  incident: IncidentRow;
  audience: Audience;
  input: PreviewUpdateInput;
  title: string;
  components: ComponentChange[];
  /** The components that the update itself names. */
  namedIds: readonly string[];
  settings: Settings;
  publicId: string | null;
  /** The named audiences that would hear it. */
  reached: readonly ReachedAudience[];
};

function wordsFor(ctx: Ctx, input: PreviewUpdateInput, channel: WordedChannel | "status_page"): string {
  const text = channel === "status_page" ? input.body : input.wordings?.[channel] || input.body;
  const { nextUpdateAt, dataLost } = input;
  return wholeText(text, input.status === "resolved" ? { dataLost } : { nextUpdateAt }, ctx.now());
}

function letterOf(ctx: Ctx, draft: Draft, channel: WordedChannel | "status_page"): Letter {
  const { audience, input, incident, settings, publicId } = draft;
  return {
    audience,
    status: input.status,
    title: draft.title,
    body: wordsFor(ctx, input, channel),
    components: draft.components,
    publishedAt: ctx.now(),
    correctedAt: null,
    pageName: settings.statusPage.name,
    // Before the first publish nobody knows the address; it looks the same.
    link: linkOf(ctx, settings, {
      audience,
      channels: input.channels,
      reference: incident.reference,
      publicId: publicId ?? "…",
    }),
  };
}

async function emailPreview(ctx: Ctx, draft: Draft): Promise<ChannelPreview> {
  const { audience, namedIds, input, reached } = draft;
  const subscribers = input.channels.includes("email")
    ? await selectRecipients(ctx.db.read, { audience, components: namedIds })
    : [];
  const recipients = subscribers.length + reached.flatMap(({ emails }) => emails).length;
  const { subject, content } = mailOfUpdate(letterOf(ctx, draft, "email"), `${ctx.config.publicUrl}/unsubscribe/…`);
  return { channel: "email", recipients, subject, ...(await renderMail(content)) };
}

function slackPreview(ctx: Ctx, draft: Draft): ChannelPreview {
  const { text, blocks } = slackMessage(slackOfUpdate(letterOf(ctx, draft, "slack")));
  const asRecords = blocks.map((block) => ({ ...block }) as Record<string, unknown>);
  return { channel: "slack", to: slackChannelsOf(draft), text, blocks: asRecords };
}

function slackChannelsOf({ input, settings, reached }: Draft): string[] {
  const own = input.channels.includes("slack") ? (settings.slack?.channel ?? []) : [];
  return [own, ...reached.map(({ slackChannels }) => slackChannels)].flat();
}

/** The chats in which named audiences read, each kind once. */
function chatPreviews(ctx: Ctx, draft: Draft): ChannelPreview[] {
  const places = draft.reached.flatMap(({ destinations }) => destinations).filter((one) => one.disabledAt === null);
  return (["mattermost", "teams"] as const).flatMap((channel) => {
    const to = places.filter(({ kind }) => kind === channel).map(({ name }) => name);
    if (to.length === 0) return [];
    return [{ channel, to, message: chatOfUpdate(letterOf(ctx, draft, "status_page"), false) }];
  });
}

async function pagePreview(ctx: Ctx, draft: Draft, page: PagePreviewer): Promise<ChannelPreview> {
  const { incident, input, title, components } = draft;
  const html = await page({
    incidentId: incident.id,
    title,
    impact: input.impact ?? impactOf(incident.severity),
    status: input.status,
    body: wordsFor(ctx, input, "status_page"),
    components,
  });
  return { channel: "status_page", html };
}

/**
 * What the readers of each channel would get, made by the same code that sends it. Writes and sends nothing.
 * @throws AppError "not_found" | "forbidden" | "invalid" when it would say something in the wrong place
 */
export async function previewUpdate(
  ctx: Ctx,
  key: string,
  given: PreviewUpdateInput,
  page: PagePreviewer,
): Promise<UpdatePreview> {
  const q = ctx.db.read;
  const { row: incident } = await findIncidentOrTarget(q, ctx, key);
  requireAbility(ctx.actor, "updates.publish", await accessTo(q, ctx, incident));
  const input = wellFormed(given) as PreviewUpdateInput;
  const audience = input.audience ?? "public";
  const known = await findPublicIncident(q, incident.id);
  const onPage = isOnPage({ audience, channels: input.channels });
  const components = changesIn(await selectComponents(q), input, known, onPage);
  const named = namedBy(input, components);
  const names = named.map((each) => each.name);
  const title =
    audience === "public"
      ? publicTitle(input.title, await lastPublicTitle(q, incident.id), names)
      : input.title || `${incident.reference} ${incident.title}`;
  const settings = await readSettings(q, ctx);
  const namedIds = named.map((each) => each.id);
  const reached = await reachedAudiences(q, { incident, input, named: namedIds, settings });
  const publicId = known?.publicId ?? null;
  const draft: Draft = { incident, audience, input, title, components, namedIds, settings, publicId, reached };
  const channels: ChannelPreview[] = [];
  if (onPage) channels.push(await pagePreview(ctx, draft, page));
  if (input.channels.includes("slack") || slackChannelsOf(draft).length > 0) channels.push(slackPreview(ctx, draft));
  if (input.channels.includes("email") || reached.some(({ emails }) => emails.length > 0)) {
    channels.push(await emailPreview(ctx, draft));
  }
  channels.push(...chatPreviews(ctx, draft));
  return { title, body: wordsFor(ctx, input, "status_page"), channels };
}
