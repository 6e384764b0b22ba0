import { escapeSlack, fitPlain } from "#/server/notify/index.ts";

/** Slack takes 75 characters for the text of an option. */
const OPTION_LENGTH_MAX = 75;
/** And 24 for what stands on a dialog. */
const TITLE_LENGTH_MAX = 24;

export const plain = (text: string, lengthMax = OPTION_LENGTH_MAX) => ({
  type: "plain_text" as const,
  text: fitPlain(text, lengthMax),
  emoji: false,
});

/** What a dialog is about. `channelId` is where it was asked for: a word that comes late is said there. */
export type ViewSubject = {
  incidentId: string;
  reference: string;
  title: string;
  url: string;
  channelId?: string | undefined;
};

export function about({ reference, title, url }: ViewSubject) {
  const text = `<${url}|${escapeSlack(reference)}> ${escapeSlack(title)}`;
  return { type: "section" as const, text: { type: "mrkdwn" as const, text, verbatim: true } };
}

/** Slack takes no more in one section. */
const SECTION_LENGTH_MAX = 3_000;

/** A sentence beside the fields. */
export function note(text: string) {
  return { type: "section" as const, text: plain(text, SECTION_LENGTH_MAX) };
}

/** What a dialog carries through Slack and back. */
export type DialogOf = { incidentId?: string | undefined; channelId?: string | undefined };

export function metadataOf({ incidentId, channelId }: DialogOf): string {
  return JSON.stringify({ incidentId, channelId });
}

/** The same when it comes back. It was signed by Slack, but nothing is believed of its shape. Pure. */
export function readMetadata(text: string): DialogOf {
  try {
    const { incidentId, channelId } = JSON.parse(text) as Record<string, unknown>;
    return {
      incidentId: typeof incidentId === "string" ? incidentId : undefined,
      channelId: typeof channelId === "string" ? channelId : undefined,
    };
  } catch {
    return {};
  }
}

/** The frame of a dialog. */
export function dialog(callbackId: string, title: string, submit: string, subject: DialogOf) {
  return {
    type: "modal" as const,
    callback_id: callbackId,
    private_metadata: metadataOf(subject),
    title: plain(title, TITLE_LENGTH_MAX),
    submit: plain(submit, TITLE_LENGTH_MAX),
    close: plain("Cancel", TITLE_LENGTH_MAX),
  };
}

type Choice = { value: string; text: string; about?: string };

function optionOf({ value, text, about: hint }: Choice) {
  return { value, text: plain(text), ...(hint && { description: plain(hint) }) };
}

/** One of several, in a menu. The names of block and action are the same, so that a value has one name. */
export function select(name: string, label: string, choices: readonly Choice[], initial?: string | null) {
  const options = choices.map(optionOf);
  const chosen = options.find((option) => option.value === initial);
  return {
    type: "input" as const,
    block_id: name,
    label: plain(label),
    element: { type: "static_select" as const, action_id: name, options, ...(chosen && { initial_option: chosen }) },
  };
}

/** One of few, all in sight. */
export function radios(name: string, label: string, choices: readonly Choice[], initial: string) {
  const options = choices.map(optionOf);
  const chosen = options.find((option) => option.value === initial);
  return {
    type: "input" as const,
    block_id: name,
    label: plain(label),
    element: { type: "radio_buttons" as const, action_id: name, options, ...(chosen && { initial_option: chosen }) },
  };
}

/** Any of few. */
export function checks(name: string, label: string, choices: readonly Choice[], initial: readonly string[]) {
  const options = choices.map(optionOf);
  const chosen = options.filter((option) => initial.includes(option.value));
  return {
    type: "input" as const,
    block_id: name,
    label: plain(label),
    element: {
      type: "checkboxes" as const,
      action_id: name,
      options,
      ...(chosen.length > 0 && { initial_options: chosen }),
    },
  };
}

type TextOptions = { lengthMax: number; isLong?: boolean; isOptional?: boolean; initial?: string; hint?: string };
/** Slack takes no more in one field. */
const INPUT_LENGTH_MAX = 3_000;

export function textField(name: string, label: string, options: TextOptions) {
  const lengthMax = Math.min(options.lengthMax, INPUT_LENGTH_MAX);
  const initial = options.initial ? fitPlain(options.initial, lengthMax) : "";
  return {
    type: "input" as const,
    block_id: name,
    label: plain(label),
    ...(options.isOptional && { optional: true }),
    ...(options.hint && { hint: plain(options.hint, 150) }),
    element: {
      type: "plain_text_input" as const,
      action_id: name,
      multiline: options.isLong ?? false,
      max_length: lengthMax,
      ...(initial && { initial_value: initial }),
    },
  };
}
