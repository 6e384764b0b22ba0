import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { PreviewUpdateInput, PublishUpdateInput, UpdateView } from "#/server/updates/contract.ts";
import type { UpdateRulesView } from "#/server/updates/planned/contract.ts";
import { offeredPause } from "#/server/updates/shared/cadence.ts";
import {
  type Audience,
  type Channel,
  channels,
  type NextChoice,
  type UpdateStatus,
  updateStatuses,
  type Wordings,
  wordedChannels,
} from "#/server/updates/shared/lists.ts";
import { inMinutes } from "#/server/updates/shared/next-update.ts";
import { audiencesInput, type ByHand } from "./audience-words.ts";

/** What the composer holds beside the text. */
export type UpdateForm = {
  status: UpdateStatus;
  audience: Audience;
  title: string;
  channels: Channel[];
  components: { id: string; status: ComponentStatus }[];
  next: NextChoice;
  /** What a channel says instead of the text. */
  wordings: Wordings;
  /** Named audiences chosen by hand; null while the server chooses. */
  byHand: ByHand | null;
};

/** The status that an update would most likely have now. Pure. */
export function likelyStatus(status: IncidentView["status"]): UpdateStatus {
  if (status === "closed") return "resolved";
  return updateStatuses.find((each) => each === status) ?? "investigating";
}

/** Updates, newest first. Pure. */
export function newestFirst<T extends Pick<UpdateView, "publishedAt">>(updates: readonly T[]): T[] {
  return updates.toSorted((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt));
}

/** Components that the last public update left broken, newest word first. Pure. */
export function brokenComponents(updates: readonly UpdateView[]): UpdateForm["components"] {
  const states = new Map<string, ComponentStatus>();
  for (const update of newestFirst(updates)) {
    for (const change of update.components) if (!states.has(change.id)) states.set(change.id, change.newStatus);
  }
  return [...states].filter(([, status]) => status !== "operational").map(([id, status]) => ({ id, status }));
}

/** The composer as it opens: what was said last goes on. Pure. */
export function startOf(incident: IncidentView, updates: readonly UpdateView[], rules: UpdateRulesView): UpdateForm {
  const lastPublic = newestFirst(updates).find((update) => update.audience === "public");
  return {
    status: likelyStatus(incident.status),
    audience: "public",
    title: lastPublic?.title ?? "",
    channels: lastPublic ? [...lastPublic.channels] : [...channels],
    components: brokenComponents(updates),
    next: { kind: "minutes", minutes: offeredPause(rules) },
    wordings: {},
    byHand: null,
  };
}

/** Why nothing can be published about an incident, in words; null when it can. Pure. */
export function whyNotPublishable(incident: Pick<IncidentView, "visibility" | "mode" | "status">): string | null {
  if (incident.visibility === "private") return "A private incident is not published.";
  if (incident.mode === "drill") return "A drill is not published: drills never leave the building.";
  if (incident.status === "declined" || incident.status === "merged") {
    return `This incident was ${incident.status}: there is nothing to publish about it.`;
  }
  return null;
}

/** When the next update comes if this one goes out now; a resolved incident has none. Pure. */
export function nextUpdateOf(form: Pick<UpdateForm, "next" | "status">, nowMs: number): Date | null {
  if (form.status === "resolved" || form.next.kind === "none") return null;
  return form.next.kind === "minutes" ? inMinutes(nowMs, form.next.minutes) : new Date(form.next.at);
}

/** The channels that an update goes to: an internal one stays off the page. Pure. */
export function sentChannels(form: Pick<UpdateForm, "audience" | "channels">): Channel[] {
  return form.audience === "internal" ? form.channels.filter((each) => each !== "status_page") : form.channels;
}

/** Words of their own, of the channels that it goes to. Pure. */
function sentWordings(form: UpdateForm, body: string): Wordings {
  const sent = sentChannels(form);
  const kept = wordedChannels.flatMap((channel) => {
    const text = form.wordings[channel]?.trim();
    return text && text !== body && sent.includes(channel) ? [[channel, text] as const] : [];
  });
  return Object.fromEntries(kept);
}

/** The same for a preview, of which anything may be missing. A resolved update leaves its components operational, so it names none. Pure. */
export function previewInput(form: UpdateForm, text: string, nowMs: number): PreviewUpdateInput {
  const body = text.trim();
  const wordings = sentWordings(form, body);
  return {
    status: form.status,
    body,
    channels: sentChannels(form),
    audience: form.audience,
    nextUpdateAt: nextUpdateOf(form, nowMs)?.toISOString() ?? null,
    ...(form.title.trim() && { title: form.title.trim() }),
    ...(form.components.length > 0 && form.status !== "resolved" && { components: form.components }),
    ...(Object.keys(wordings).length > 0 && { wordings }),
    ...audiencesInput(form.audience, form.byHand),
  };
}

/** What is sent to publish it. Pure. */
export function publishInput(
  form: UpdateForm,
  text: string,
  { nowMs, ...more }: { nowMs: number } & Pick<PublishUpdateInput, "seen" | "isDraft">,
): PublishUpdateInput {
  return { ...previewInput(form, text, nowMs), ...more };
}

/** What a writer sees of an incident, to be compared with later. Pure. */
export function seenOf(
  incident: Pick<IncidentView, "status" | "severity">,
  updates: readonly Pick<UpdateView, "id" | "publishedAt">[],
): NonNullable<PublishUpdateInput["seen"]> {
  const [newest] = newestFirst(updates);
  return { updateId: newest?.id ?? null, status: incident.status, severity: incident.severity };
}
