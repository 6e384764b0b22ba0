import {
  PROSE_LENGTH_MAX,
  type Severity,
  severities,
  severityMeanings,
  TITLE_LENGTH_MAX,
} from "#/server/incidents/shared/lists.ts";
import type { SlackView } from "#/server/notify/index.ts";
import {
  type Audience,
  type Channel,
  UPDATE_BODY_LENGTH_MAX,
  type UpdateStatus,
  updateStatuses,
} from "#/server/updates/shared/lists.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import { about, checks, dialog, note, radios, select, textField, type ViewSubject } from "./view-parts.ts";

/** No severity was chosen. */
export const NO_SEVERITY = "none";

/** Asks for what an incident needs to be declared. Pure. */
export function declareView(given: { title: string; severity: Severity | null; channelId: string }): SlackView {
  const choices = severities.map((value) => ({
    value,
    text: `${value} ${severityMeanings[value].name}`,
    about: severityMeanings[value].meaning,
  }));
  return {
    ...dialog("incident.declare", "Declare an incident", "Declare", { channelId: given.channelId }),
    blocks: [
      textField("title", "What is broken?", { lengthMax: TITLE_LENGTH_MAX, initial: given.title }),
      select(
        "severity",
        "How bad is it?",
        [{ value: NO_SEVERITY, text: "Not known yet" }, ...choices],
        given.severity ?? NO_SEVERITY,
      ),
      textField("summary", "What do you know?", { lengthMax: PROSE_LENGTH_MAX, isLong: true, isOptional: true }),
    ],
  };
}

export type UpdateDraft = {
  status: UpdateStatus;
  body: string;
  audience: Audience;
  channels: readonly Channel[];
  available: readonly Channel[];
  pageName: string;
  /** What happens besides, a sentence each: who else hears, and who has to agree. */
  notes: readonly string[];
};

const channelWords = (pageName: string): Record<Channel, string> => ({
  status_page: `${pageName}: everybody can read it`,
  slack: "Slack",
  email: "E-mail to the subscribers",
});

/** Minutes until people hear again; none is chosen by leaving the clock as it is. */
export const nextUpdateChoices = ["keep", "15", "30", "60", "120"] as const;

/** Asks for an update, with what would be published laid open before the press. Pure. */
export function updateView(subject: ViewSubject, draft: UpdateDraft): SlackView {
  const words = channelWords(draft.pageName);
  return {
    ...dialog("update.publish", "Publish update", "Publish update", subject),
    blocks: [
      about(subject),
      select(
        "status",
        "Status",
        updateStatuses.map((value) => ({ value, text: updateStatusWords[value] })),
        draft.status,
      ),
      textField("body", "What should people know?", {
        lengthMax: UPDATE_BODY_LENGTH_MAX,
        isLong: true,
        initial: draft.body,
        hint: "The impact, and when they hear again. No host names, no promise of a time to fix.",
      }),
      radios(
        "audience",
        "For whom?",
        [
          { value: "internal", text: "Internal", about: "Colleagues and internal followers" },
          { value: "public", text: "PUBLIC", about: "Customers and everybody else" },
        ],
        draft.audience,
      ),
      checks(
        "channels",
        "Where?",
        draft.available.map((value) => ({ value, text: words[value] })),
        draft.channels,
      ),
      select(
        "next",
        "Next update",
        nextUpdateChoices.map((value) => ({ value, text: value === "keep" ? "As it is" : `In ${value} minutes` })),
        "keep",
      ),
      ...draft.notes.map(note),
    ],
  };
}

/** Asks what ended it. Pure. */
export function resolveView(subject: ViewSubject): SlackView {
  return {
    ...dialog("incident.resolve", "Resolve", "Resolve incident", subject),
    blocks: [
      about(subject),
      textField("summary", "What fixed it?", {
        lengthMax: PROSE_LENGTH_MAX,
        isLong: true,
        isOptional: true,
        hint: "It publishes nothing: tell people with an update.",
      }),
    ],
  };
}
