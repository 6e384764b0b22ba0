import { declineReasons, REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import type { SlackView } from "#/server/notify/index.ts";
import type { SuggestionView } from "#/server/triage/contract.ts";
import { about, dialog, plain, type ViewSubject } from "./view-parts.ts";

/** Asks why a triage incident is none. Pure. */
export function declineView(subject: ViewSubject): SlackView {
  return {
    ...dialog("triage.decline", "Decline", "Decline", subject),
    blocks: [
      about(subject),
      {
        type: "input",
        block_id: "reason",
        label: plain("Why is it none?"),
        element: {
          type: "static_select",
          action_id: "reason",
          initial_option: { text: plain(declineReasons[0]), value: declineReasons[0] },
          options: declineReasons.map((reason) => ({ text: plain(reason), value: reason })),
        },
      },
      {
        type: "input",
        block_id: "words",
        optional: true,
        label: plain("In your words"),
        element: { type: "plain_text_input", action_id: "words", multiline: true, max_length: REASON_LENGTH_MAX - 60 },
      },
    ],
  };
}

/** Asks into which incident; the likeliest are offered with their reasons, any other by its reference. Pure. */
export function mergeView(subject: ViewSubject, suggestions: readonly SuggestionView[]): SlackView {
  const options = suggestions.map(({ incident, reasons }) => ({
    text: plain(`${incident.reference} ${incident.title}`),
    description: plain(reasons.join(" · ")),
    value: incident.reference,
  }));
  const [first] = options;
  return {
    ...dialog("triage.merge", "Merge", "Merge", subject),
    blocks: [
      about(subject),
      ...(first
        ? [
            {
              type: "input" as const,
              block_id: "into",
              optional: true,
              label: plain("Into which incident?"),
              element: { type: "radio_buttons" as const, action_id: "into", initial_option: first, options },
            },
          ]
        : []),
      {
        type: "input",
        block_id: "other",
        optional: first !== undefined,
        label: plain(first ? "Or another one" : "Into which incident? Its reference, as INC-42"),
        element: { type: "plain_text_input", action_id: "other", max_length: 100, placeholder: plain("INC-42") },
      },
    ],
  };
}
