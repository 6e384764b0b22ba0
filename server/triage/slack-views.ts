import { declineReasons, REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { escapeSlack, type SlackView } from "#/server/notify/index.ts";
import type { SuggestionView } from "./contract.ts";

/** Slack takes 75 characters for the text of an option. */
const OPTION_LENGTH_MAX = 75;

const plain = (text: string, lengthMax = OPTION_LENGTH_MAX) => ({
  type: "plain_text" as const,
  text: text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text,
  emoji: false,
});

export type ViewSubject = { incidentId: string; reference: string; title: string; url: string };

function about({ reference, title, url }: ViewSubject) {
  const text = `<${url}|${escapeSlack(reference)}> ${escapeSlack(title)}`;
  return { type: "section" as const, text: { type: "mrkdwn" as const, text, verbatim: true } };
}

/** Asks why a triage incident is none. Pure. */
export function declineView(subject: ViewSubject): SlackView {
  return {
    type: "modal",
    callback_id: "triage.decline",
    private_metadata: subject.incidentId,
    title: plain("Decline", 24),
    submit: plain("Decline", 24),
    close: plain("Cancel", 24),
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
    type: "modal",
    callback_id: "triage.merge",
    private_metadata: subject.incidentId,
    title: plain("Merge", 24),
    submit: plain("Merge", 24),
    close: plain("Cancel", 24),
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
