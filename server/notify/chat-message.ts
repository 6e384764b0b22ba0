/** A message to a chat that cannot be edited afterwards. All of it is plain text. */
export type ChatMessage = {
  heading: string;
  body: string;
  /** Small print under it, a line each. */
  notes: readonly string[];
  /** Where to read on. */
  link: { text: string; url: string } | null;
};

/** As much of a text as fits; what is cut off is shown by an ellipsis. Never cuts inside a character. Pure. */
export function fitText(text: string, lengthMax: number): string {
  return text.length <= lengthMax
    ? text
    : `${text
        .slice(0, lengthMax - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, "")}…`;
}
