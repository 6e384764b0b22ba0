import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { PublishUpdateInput, UpdateView } from "#/server/updates/contract.ts";
import {
  type Audience,
  type Channel,
  channels,
  type UpdateStatus,
  updateStatuses,
} from "#/server/updates/shared/lists.ts";
import { audiencesInput, type ByHand } from "./audience-words.ts";

/** What the composer holds beside the text, which is shared. */
export type UpdateForm = {
  status: UpdateStatus;
  audience: Audience;
  title: string;
  channels: Channel[];
  components: { id: string; status: ComponentStatus }[];
  /** Named audiences chosen by hand; null while the server chooses. */
  byHand: ByHand | null;
  /** Minutes until the next update; 0 says none, null leaves it as it is. */
  nextMinutes: number | null;
};

/** The status that an update would most likely have now. Pure. */
export function likelyStatus(status: IncidentView["status"]): UpdateStatus {
  if (status === "closed") return "resolved";
  return updateStatuses.find((each) => each === status) ?? "investigating";
}

/** Components that the last public update left broken, newest word first. Pure. */
export function brokenComponents(updates: readonly UpdateView[]): UpdateForm["components"] {
  const newestFirst = [...updates].sort((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt));
  const states = new Map<string, ComponentStatus>();
  for (const update of newestFirst) {
    for (const change of update.components) if (!states.has(change.id)) states.set(change.id, change.newStatus);
  }
  return [...states].filter(([, status]) => status !== "operational").map(([id, status]) => ({ id, status }));
}

/** The composer as it opens: what was said last goes on. Pure. */
export function startOf(incident: IncidentView, updates: readonly UpdateView[]): UpdateForm {
  const newest = updates.toSorted((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt));
  const lastPublic = newest.find((update) => update.audience === "public");
  return {
    status: likelyStatus(incident.status),
    audience: "public",
    title: lastPublic?.title ?? "",
    channels: lastPublic ? [...lastPublic.channels] : [...channels],
    components: brokenComponents(updates),
    byHand: null,
    nextMinutes: null,
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

/** What is sent to publish it. A resolved update leaves its components operational, so it names none. Pure. */
export function publishInput(form: UpdateForm, body: string): PublishUpdateInput {
  const sent = form.audience === "internal" ? form.channels.filter((each) => each !== "status_page") : form.channels;
  return {
    status: form.status,
    body: body.trim(),
    channels: sent,
    audience: form.audience,
    ...audiencesInput(form.audience, form.byHand),
    ...(form.title.trim() && { title: form.title.trim() }),
    ...(form.components.length > 0 && form.status !== "resolved" && { components: form.components }),
  };
}
